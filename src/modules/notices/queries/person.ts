import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import type { NoticeId } from '../notice.ts';
import '../tables.ts';

export async function selectNoticesOfPerson(db: Db, personId: PersonId, after: NoticeId | null, limit: number) {
  let query = db
    .selectFrom('notice')
    .select(['notice_id as noticeId', 'kind', 'created_at as createdAt'])
    .where('person_id', '=', personId);
  if (after) query = query.where('notice_id', '>', after);
  return query.orderBy('notice_id').limit(limit).execute();
}

export async function selectChosen(db: Db, personId: PersonId) {
  return db
    .selectFrom('notice_choice')
    .select(['kind', 'channel', 'wanted', 'changed_at as changedAt'])
    .where('person_id', '=', personId)
    .orderBy('kind')
    .execute();
}

/** Everything of a person's notices; the look-up of subscriptions with it, by the hashes of their addresses. */
export async function deleteNoticesOf(db: Db, personId: PersonId, endpointHashes: readonly Buffer[]): Promise<void> {
  if (endpointHashes.length > 0)
    await db
      .deleteFrom('push_endpoint')
      .where('endpoint_hash', 'in', endpointHashes as Buffer[])
      .where('person_id', '=', personId)
      .execute();
  await db.deleteFrom('push_message').where('person_id', '=', personId).execute();
  await db.deleteFrom('push_device').where('person_id', '=', personId).execute();
  await db.deleteFrom('notice_choice').where('person_id', '=', personId).execute();
  await db.deleteFrom('notice_address').where('person_id', '=', personId).execute();
  await db.deleteFrom('notice_address_proof').where('person_id', '=', personId).execute();
  await db.deleteFrom('notice').where('person_id', '=', personId).execute();
}
