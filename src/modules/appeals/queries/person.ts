import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AppealId, DraftId, FileId, PersonId } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import '../tables.ts';

/** What stands for an address that was deleted: the column must not be empty. */
const NO_ADDRESS = 'удалён';

/** Appeals that the person wrote or joined, by key. */
export async function selectAppealsOfPerson(db: Db, personId: PersonId, after: AppealId | null, limit: number) {
  let query = db
    .selectFrom('own_appeal')
    .select(['appeal_id as appealId', 'house_id as houseId', 'role', 'number', 'topic_name as topic', 'address'])
    .select(['state', 'sent_at as sentAt'])
    .where('person_id', '=', personId);
  if (after) query = query.where('appeal_id', '>', after);
  return query.orderBy('appeal_id').limit(limit).execute();
}

/** Appeals of the person's own that somebody still has to answer. */
export async function selectOpenAppeals(db: Db, personId: PersonId) {
  return db
    .selectFrom('own_appeal')
    .select(['appeal_id as appealId', 'house_id as houseId', 'number', 'sent_at as sentAt'])
    .where('person_id', '=', personId)
    .where('role', '=', 'author')
    .where('state', 'in', ['sent', 'in_work'])
    .orderBy('appeal_id')
    .limit(20)
    .execute();
}

export async function selectDraftsOfPerson(db: Db, personId: PersonId) {
  return db
    .selectFrom('appeal_draft')
    .select(['draft_id as draftId', 'address', 'flat', 'topic_code as topic', 'own_topic as ownTopic', 'text'])
    .select(['email', 'answer_email as answerEmail', 'phone', 'updated_at as updatedAt'])
    .where('person_id', '=', personId)
    .orderBy('draft_id')
    .limit(500)
    .execute();
}

export async function selectDraftFilesOfPerson(
  db: Db,
  personId: PersonId,
): Promise<{ fileId: FileId; name: string }[]> {
  return db
    .selectFrom('appeal_draft_file')
    .select(['file_id as fileId', 'name'])
    .where('person_id', '=', personId)
    .orderBy('file_id')
    .execute();
}

export async function deleteDraftsOf(db: Db, personId: PersonId): Promise<DraftId[]> {
  const rows = await db.deleteFrom('appeal_draft').where('person_id', '=', personId).returning('draft_id').execute();
  return rows.map((row) => row.draft_id);
}

/** Takes phone and e-mails off an appeal, and off the person's joining it. The name stays with what was written, as the law has it. */
export async function blankContacts(db: Db, { houseId, appealId }: AppealKey, personId: PersonId): Promise<void> {
  await db
    .updateTable('appeal')
    .set({ phone: '', email: '', answer_email: NO_ADDRESS })
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where('author_id', '=', personId)
    .execute();
  await db
    .updateTable('appeal_joiner')
    .set({ answer_email: NO_ADDRESS })
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where('person_id', '=', personId)
    .execute();
}

export async function deleteOwnAppeals(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('own_appeal').where('person_id', '=', personId).execute();
}

/** Questions to the support with all that was written about them. */
export async function deleteSupportOf(db: Db, personId: PersonId): Promise<void> {
  await sql`delete from support_message where request_id in (
    select request_id from support_request where person_id = ${personId})`.execute(db);
  await db.deleteFrom('support_request').where('person_id', '=', personId).execute();
}
