import { type Selectable, sql } from 'kysely';
import type { Db, Tables, Transaction } from '../../../platform/database/database.ts';
import type { DraftId, FileId, PersonId } from '../../../platform/ids.ts';
import type { Draft, DraftContent, DraftFile } from '../draft.ts';
import '../tables.ts';

interface DraftKey {
  personId: PersonId;
  draftId: DraftId;
}

export async function selectDraft(db: Db, { personId, draftId }: DraftKey): Promise<Draft | null> {
  const row = await db
    .selectFrom('appeal_draft')
    .selectAll()
    .where('person_id', '=', personId)
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row ? toDraft(row) : null;
}

/** Holds the draft until the end of the transaction. */
export async function lockDraft(trx: Transaction, { personId, draftId }: DraftKey): Promise<Draft | null> {
  const row = await trx
    .selectFrom('appeal_draft')
    .selectAll()
    .where('person_id', '=', personId)
    .where('draft_id', '=', draftId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toDraft(row) : null;
}

/** The last changed first, after the last one shown. */
export async function selectDrafts(
  db: Db,
  personId: PersonId,
  { after, limit }: { after: { updatedAt: Date; draftId: DraftId } | null; limit: number },
): Promise<Draft[]> {
  let query = db.selectFrom('appeal_draft').selectAll().where('person_id', '=', personId);
  if (after) query = query.where(sql<boolean>`(updated_at, draft_id) < (${after.updatedAt}, ${after.draftId}::uuid)`);
  const rows = await query.orderBy('updated_at', 'desc').orderBy('draft_id', 'desc').limit(limit).execute();
  return rows.map(toDraft);
}

export async function countDrafts(db: Db, personId: PersonId): Promise<number> {
  const row = await db
    .selectFrom('appeal_draft')
    .select((select) => select.fn.countAll<bigint>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** @returns false when there is a draft of this id already */
export async function insertDraft(db: Db, key: DraftKey, content: DraftContent, at: Date): Promise<boolean> {
  const made = await db
    .insertInto('appeal_draft')
    .values({ person_id: key.personId, draft_id: key.draftId, ...toRow(content), created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.columns(['person_id', 'draft_id']).doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
}

/** Writes the content of a locked draft anew. @returns its new version */
export async function updateDraft(db: Db, key: DraftKey, content: DraftContent, at: Date): Promise<number> {
  const row = await db
    .updateTable('appeal_draft')
    .set({ ...toRow(content), version: sql<number>`version + 1`, updated_at: at })
    .where('person_id', '=', key.personId)
    .where('draft_id', '=', key.draftId)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

/** With its files' rows. @returns false when it was gone already */
export async function deleteDraftRow(db: Db, { personId, draftId }: DraftKey): Promise<boolean> {
  const gone = await db
    .deleteFrom('appeal_draft')
    .where('person_id', '=', personId)
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return gone.numDeletedRows === 1n;
}

export async function selectDraftFiles(db: Db, { personId, draftId }: DraftKey): Promise<DraftFile[]> {
  const rows = await db
    .selectFrom('appeal_draft_file')
    .selectAll()
    .where('person_id', '=', personId)
    .where('draft_id', '=', draftId)
    .orderBy('position')
    .orderBy('file_id')
    .execute();
  return rows.map((row) => ({
    fileId: row.file_id,
    name: row.name,
    description: row.description,
    mediaType: row.media_type,
    sizeBytes: Number(row.size_bytes),
  }));
}

export async function insertDraftFiles(
  db: Db,
  { personId, draftId }: DraftKey,
  files: readonly DraftFile[],
  firstPosition: number,
): Promise<void> {
  if (files.length === 0) return;
  await db
    .insertInto('appeal_draft_file')
    .values(
      files.map((file, index) => ({
        person_id: personId,
        draft_id: draftId,
        file_id: file.fileId,
        name: file.name,
        description: file.description,
        media_type: file.mediaType,
        size_bytes: BigInt(file.sizeBytes),
        position: firstPosition + index,
      })),
    )
    .execute();
}

/** @returns false when the draft has no such file */
export async function deleteDraftFile(db: Db, { personId, draftId }: DraftKey, fileId: FileId): Promise<boolean> {
  const gone = await db
    .deleteFrom('appeal_draft_file')
    .where('person_id', '=', personId)
    .where('draft_id', '=', draftId)
    .where('file_id', '=', fileId)
    .executeTakeFirst();
  return gone.numDeletedRows === 1n;
}

/** Sendings and new drafts of one person wait for one another: of several at once no more come through than the limit allows. */
export async function lockAuthor(trx: Transaction, personId: PersonId): Promise<void> {
  await trx.selectFrom('person').select('person_id').where('person_id', '=', personId).forNoKeyUpdate().execute();
}

export async function countSentSince(db: Db, personId: PersonId, since: Date) {
  const row = await db
    .selectFrom('own_appeal')
    .select(({ fn }) => [fn.countAll<bigint>().as('count'), fn.min('sent_at').as('first')])
    .where('person_id', '=', personId)
    .where('role', '=', 'author')
    .where('sent_at', '>', since)
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), first: row.first as Date | null };
}

/** The person's line of an appeal that they sent or joined; null when it is not theirs. */
export async function selectOwnLine(db: Db, personId: PersonId, appealId: string) {
  const row = await db
    .selectFrom('own_appeal')
    .select(['house_id as houseId', 'appeal_id as appealId', 'number', 'role', 'state'])
    .where('person_id', '=', personId)
    .where('appeal_id', '=', appealId as never)
    .executeTakeFirst();
  return row ?? null;
}

const toRow = (content: DraftContent) => ({
  fias_guid: content.fiasGuid,
  address: content.address,
  is_territory: content.isTerritory,
  flat: content.flat,
  region_code: content.regionCode,
  oktmo: content.oktmo,
  municipality: content.municipality,
  topic_code: content.topicCode,
  own_topic: content.ownTopic,
  addressee_id: content.addresseeId,
  addressee_power: content.addresseePower,
  addressee_chosen: content.addresseeChosen,
  email: content.email,
  answer_email: content.answerEmail,
  phone: content.phone,
  text: content.text,
  parent_house_id: content.parentHouseId,
  parent_id: content.parentId,
  relation: content.relation,
});

const toDraft = (row: Selectable<Tables['appeal_draft']>): Draft => ({
  draftId: row.draft_id,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  fiasGuid: row.fias_guid,
  address: row.address,
  isTerritory: row.is_territory,
  flat: row.flat,
  regionCode: row.region_code,
  oktmo: row.oktmo,
  municipality: row.municipality,
  topicCode: row.topic_code,
  ownTopic: row.own_topic,
  addresseeId: row.addressee_id,
  addresseePower: row.addressee_power,
  addresseeChosen: row.addressee_chosen,
  email: row.email,
  phone: row.phone,
  answerEmail: row.answer_email,
  text: row.text,
  parentHouseId: row.parent_house_id,
  parentId: row.parent_id,
  relation: row.relation,
});
