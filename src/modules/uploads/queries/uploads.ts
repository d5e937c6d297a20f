import { type Selectable, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { FileId, HouseId, OrganisationId, PersonId, UploadId } from '../../../platform/ids.ts';
import type { UploadTable } from '../tables.ts';
import {
  TRANSITIONS,
  type Upload,
  type UploadDetails,
  type UploadKey,
  type UploadKind,
  type UploadPolicy,
  type UploadState,
} from '../upload.ts';
import '../tables.ts';

const uploadOf = (row: Selectable<UploadTable>): Upload => ({
  organisationId: row.organisation_id,
  uploadId: row.upload_id,
  kind: row.kind,
  state: row.state,
  policy: row.policy,
  fileId: row.file_id,
  fileName: row.file_name,
  resultFileId: row.result_file_id,
  resultName: row.result_name,
  uploadedBy: row.uploaded_by,
  houses: row.house_ids,
  throughId: row.through_id,
  attempts: row.attempts,
  rowsTotal: row.rows_total,
  rowsRead: row.rows_read,
  documents: {
    total: row.documents_total,
    new: row.documents_new,
    changed: row.documents_changed,
    same: row.documents_same,
    bad: row.documents_bad,
    applied: row.documents_applied,
  },
  problem: row.problem,
  details: row.details as UploadDetails,
  createdAt: row.created_at,
  changedAt: row.changed_at,
  traced: row.traced,
});

export async function insertUpload(
  db: Db,
  upload: Pick<
    Upload,
    'organisationId' | 'uploadId' | 'kind' | 'fileId' | 'fileName' | 'uploadedBy' | 'houses' | 'throughId'
  >,
  at: Date,
): Promise<void> {
  await db
    .insertInto('upload')
    .values({
      organisation_id: upload.organisationId,
      upload_id: upload.uploadId,
      kind: upload.kind,
      state: 'stored',
      file_id: upload.fileId,
      file_name: upload.fileName,
      uploaded_by: upload.uploadedBy,
      house_ids: upload.houses && [...upload.houses],
      through_id: upload.throughId,
      created_at: at,
      changed_at: at,
    })
    .execute();
}

/** One upload of an organisation; null when it has no such. */
export async function selectUpload(db: Db, organisationId: OrganisationId, uploadId: UploadId): Promise<Upload | null> {
  const row = await db
    .selectFrom('upload')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('upload_id', '=', uploadId)
    .executeTakeFirst();
  return row ? uploadOf(row) : null;
}

/** Whose uploads somebody may see. */
export interface UploadViewer {
  organisationId: OrganisationId;
  kinds: readonly UploadKind[];
  /**
   * Only those that this person sent and that go to no other houses: what was sent before some were closed to them is not theirs to load.
   * Null: those of everybody.
   */
  sentBy: { personId: PersonId; houses: readonly HouseId[] } | null;
  /** Only those that came through this settlement centre; null: those of everybody. */
  throughId: OrganisationId | null;
}

const seenBy = ({ organisationId, kinds, sentBy, throughId }: UploadViewer) =>
  sql<boolean>`(organisation_id = ${organisationId} and kind = any(${[...kinds]}::text[])
    and ${sentBy ? sql`uploaded_by = ${sentBy.personId} and house_ids <@ ${[...sentBy.houses]}::uuid[]` : sql`true`} and ${throughId ? sql`through_id = ${throughId}` : sql`true`})`;

/** One upload, when the viewer may see it. */
export async function selectSeenUpload(db: Db, viewer: UploadViewer, uploadId: UploadId): Promise<Upload | null> {
  const row = await db
    .selectFrom('upload')
    .selectAll()
    .where(seenBy(viewer))
    .where('upload_id', '=', uploadId)
    .executeTakeFirst();
  return row ? uploadOf(row) : null;
}

/** Those that somebody waits for or that wait for somebody, the newest first. */
export async function selectOpenUploads(db: Db, viewer: UploadViewer) {
  return db
    .selectFrom('upload')
    .select(['upload_id as uploadId', 'file_name as fileName', 'state', 'problem', 'changed_at as changedAt'])
    .where(seenBy(viewer))
    .where('state', 'in', ['stored', 'reading', 'needs_mapping', 'checked', 'applying', 'refused', 'failed'])
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute();
}

export interface ListKey {
  createdAt: Date;
  uploadId: UploadId;
}

/** A page of the uploads that a viewer may see, the newest first, after the last one shown. */
export async function selectUploadPage(
  db: Db,
  viewer: UploadViewer,
  after: ListKey | null,
  limit: number,
): Promise<Upload[]> {
  let query = db.selectFrom('upload').selectAll().where(seenBy(viewer));
  if (after)
    query = query.where(
      sql<boolean>`(created_at, upload_id) < (${after.createdAt}::timestamptz, ${after.uploadId}::uuid)`,
    );
  const rows = await query.orderBy('created_at', 'desc').orderBy('upload_id', 'desc').limit(limit).execute();
  return rows.map(uploadOf);
}

export interface UploadChange {
  state?: UploadState;
  policy?: UploadPolicy;
  attempts?: number;
  rows_total?: number;
  rows_read?: number;
  documents_total?: number;
  documents_new?: number;
  documents_changed?: number;
  documents_same?: number;
  documents_bad?: number;
  documents_applied?: number;
  problem?: string | null;
  details?: UploadDetails;
  result_file_id?: FileId | null;
  result_name?: string | null;
  traced?: boolean;
}

/**
 * Changes an upload. A change of state succeeds only from a state that allows it: of two that try, one does.
 * @returns whether the row was changed
 */
export async function updateUpload(db: Db, key: UploadKey, change: UploadChange, at: Date): Promise<boolean> {
  const { details, state, ...rest } = change;
  let query = db
    .updateTable('upload')
    .set({ ...rest, ...(state && { state }), ...(details && { details: JSON.stringify(details) }), changed_at: at })
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId);
  if (state) {
    const from = (Object.keys(TRANSITIONS) as UploadState[]).filter((one) => TRANSITIONS[one].includes(state));
    query = query.where('state', 'in', from);
  }
  const result = await query.executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What an upload has come to; whoever wants to change it waits until the end of the transaction. */
export async function lockProgress(
  trx: Db,
  key: UploadKey,
): Promise<{ state: UploadState; resultFileId: FileId | null } | null> {
  const row = await trx
    .selectFrom('upload')
    .select(['state', 'result_file_id as resultFileId'])
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Only one process at a time works on an upload: the other waits here. Held until the end of the transaction. */
export async function lockUpload(db: Db, uploadId: UploadId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${uploadId}, 0))`.execute(db);
}

/** Uploads that are being worked on but of which nothing has been heard since: their process has died with its machine. */
export async function selectSilentUploads(db: Db, since: Date): Promise<(UploadKey & { state: UploadState })[]> {
  const rows = await db
    .selectFrom('upload')
    .select(['organisation_id as organisationId', 'upload_id as uploadId', 'state'])
    .where('state', 'in', ['stored', 'reading', 'applying'])
    .where('changed_at', '<', since)
    .limit(100)
    .execute();
  return rows;
}

/** Headings that an organisation's clerks have mapped by hand: section -> heading -> key, null to be passed over. */
export async function selectMappings(
  db: Db,
  organisationId: OrganisationId,
  kind: UploadKind,
): Promise<Map<string, Map<string, string | null>>> {
  const rows = await db
    .selectFrom('upload_mapping')
    .select(['section', 'heading', 'column_key'])
    .where('organisation_id', '=', organisationId)
    .where('kind', '=', kind)
    .execute();
  const mappings = new Map<string, Map<string, string | null>>();
  for (const { section, heading, column_key } of rows) {
    const of = mappings.get(section) ?? new Map<string, string | null>();
    mappings.set(section, of.set(heading, column_key));
  }
  return mappings;
}

export async function upsertMapping(
  db: Db,
  mapping: { organisationId: OrganisationId; kind: UploadKind; section: string; heading: string; key: string | null },
  at: Date,
): Promise<void> {
  const row = { column_key: mapping.key, changed_at: at };
  await db
    .insertInto('upload_mapping')
    .values({
      organisation_id: mapping.organisationId,
      kind: mapping.kind,
      section: mapping.section,
      heading: mapping.heading,
      ...row,
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'kind', 'section', 'heading']).doUpdateSet(row))
    .execute();
}

/** The houses that rows of a file are of, loaded or not. */
export async function selectHousesInFile(db: Db, key: UploadKey): Promise<HouseId[]> {
  const { rows } = await sql<{ houseId: HouseId }>`
    select distinct house_id as "houseId" from upload_document
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} and house_id is not null`.execute(db);
  return rows.map(({ houseId }) => houseId);
}
