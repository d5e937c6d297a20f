import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { type Image, parseImage } from '../../../platform/database/image.ts';
import type { HouseId, UploadId } from '../../../platform/ids.ts';
import type { UploadChangeTable } from '../tables.ts';
import type { UploadKey } from '../upload.ts';
import '../tables.ts';

export type Entity = UploadChangeTable['entity'];

/** A row that an upload made, or changed in the columns that are named. */
export interface TracedChange {
  houseId: HouseId | null;
  entity: Entity;
  id: string;
  /** What stood in the columns that were changed; null: the upload made it. */
  before: Image | null;
  after: Image;
}

/** Keeps what an upload found. Of a row that it changes twice the first find counts, and the last writing. */
export async function insertChanges(db: Db, key: UploadKey, changes: readonly TracedChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ houseId, entity, id, before, after }) => ({
    organisation_id: key.organisationId,
    upload_id: key.uploadId,
    house_id: houseId,
    entity,
    entity_id: id,
    before,
    after,
  }));
  await sql`
    insert into upload_change (organisation_id, upload_id, house_id, entity, entity_id, before, after)
    select organisation_id, upload_id, house_id, entity, entity_id, before, after
    from json_populate_recordset(null::upload_change, ${JSON.stringify(rows)}::json)
    on conflict (organisation_id, upload_id, entity, entity_id) do update set after = upload_change.after || excluded.after,
      before = case when upload_change.before is null then null else excluded.before || upload_change.before end`.execute(
    db,
  );
}

export async function selectChanges(db: Db, key: UploadKey, houseId: HouseId | null): Promise<TracedChange[]> {
  const { rows } = await sql<Omit<TracedChange, 'before' | 'after'> & { before: string | null; after: string }>`
    select house_id as "houseId", entity, entity_id as id, before::text as before, after::text as after from upload_change
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId}
      and house_id is not distinct from ${houseId}::uuid
    order by entity, entity_id`.execute(db);
  return rows.map(({ before, after, ...row }) => ({
    ...row,
    before: before === null ? null : parseImage(before),
    after: parseImage(after),
  }));
}

/** The houses in which an upload has changed something; null stands for what is of no house. */
export async function selectChangedHouses(db: Db, key: UploadKey): Promise<(HouseId | null)[]> {
  const { rows } = await sql<{ houseId: HouseId | null }>`
    select distinct house_id as "houseId" from upload_change
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} order by 1`.execute(db);
  return rows.map(({ houseId }) => houseId);
}

/** Later uploads of the organisation that have changed some of the same things, the last of each. */
export async function selectLaterUploads(
  db: Db,
  key: UploadKey,
  ids: readonly string[],
): Promise<Map<string, UploadId>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; uploadId: UploadId }>`
    select distinct on (c.entity_id) c.entity_id as id, c.upload_id as "uploadId" from upload_change c
    join upload u on u.organisation_id = c.organisation_id and u.upload_id = c.upload_id and u.state = 'applied'
    where c.organisation_id = ${key.organisationId} and c.entity_id = any(${ids}::uuid[]) and c.upload_id > ${key.uploadId}
    order by c.entity_id, c.upload_id desc`.execute(db);
  return new Map(rows.map(({ id, uploadId }) => [id, uploadId]));
}

/** Takes the trace of old uploads away: they cannot be taken back any more. @returns how many there were */
export async function forgetTraces(db: Db, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<UploadKey>`
    update upload set traced = false where (organisation_id, upload_id) in (
      select organisation_id, upload_id from upload where traced and created_at < ${before}::timestamptz limit ${limit})
    returning organisation_id as "organisationId", upload_id as "uploadId"`.execute(db);
  for (const { organisationId, uploadId } of rows)
    await db
      .deleteFrom('upload_change')
      .where('organisation_id', '=', organisationId)
      .where('upload_id', '=', uploadId)
      .execute();
  return rows.length;
}
