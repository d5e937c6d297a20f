import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

export async function selectBillViews(
  db: Db,
  personId: PersonId,
  after: string | null,
  limit: number,
): Promise<{ documentId: string; firstAt: Date }[]> {
  let query = db
    .selectFrom('bill_view')
    .select(['document_id as documentId', 'first_at as firstAt'])
    .where('person_id', '=', personId);
  if (after) query = query.where('document_id', '>', after as never);
  return query.orderBy('document_id').limit(limit).execute();
}

export async function deleteBillViews(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('bill_view').where('person_id', '=', personId).execute();
}
