import { type Selectable, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, PersonId, UploadId } from '../../../platform/ids.ts';
import type { UploadUndoTable } from '../tables.ts';
import type { Dependent, FigureName, Figures, Undo, UndoState } from '../undo/undo.ts';
import type { UploadKey } from '../upload.ts';
import '../tables.ts';

const undoOf = (row: Selectable<UploadUndoTable>): Undo => ({
  organisationId: row.organisation_id,
  uploadId: row.upload_id,
  state: row.state,
  figures: Object.fromEntries(Object.entries(row.figures).map(([name, amount]) => [name, BigInt(amount)])),
  dependents: row.dependents,
  housesTotal: row.houses_total,
  housesDone: row.houses_done,
  attempts: row.attempts,
  problem: row.problem,
  askedBy: row.asked_by,
  askedAt: row.asked_at,
  lookedAt: row.looked_at,
  reason: row.reason,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  doneAt: row.done_at,
  changedAt: row.changed_at,
});

const figuresText = (figures: Figures): string =>
  JSON.stringify(
    Object.fromEntries(
      (Object.entries(figures) as [FigureName, bigint][]).map(([name, amount]) => [name, `${amount}`]),
    ),
  );

export async function selectUndo(db: Db, key: UploadKey): Promise<Undo | null> {
  const row = await db
    .selectFrom('upload_undo')
    .selectAll()
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .executeTakeFirst();
  return row ? undoOf(row) : null;
}

/** Begins a look, the first or one more. @returns false while a look or the undoing itself is under way, or it is done */
export async function beginLook(db: Db, key: UploadKey, by: PersonId, at: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into upload_undo (organisation_id, upload_id, state, asked_by, asked_at, changed_at)
    values (${key.organisationId}, ${key.uploadId}, 'looking', ${by}, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (organisation_id, upload_id) do update set state = 'looking', figures = '{}', dependents = 0, houses_total = 0,
      houses_done = 0, attempts = 0, problem = null, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
      looked_at = null, changed_at = excluded.changed_at
    where upload_undo.state = 'looked'`.execute(db);
  return numAffectedRows === 1n;
}

export interface UndoChange {
  state?: UndoState;
  figures?: Figures;
  dependents?: number;
  houses_total?: number;
  houses_done?: number;
  attempts?: number;
  problem?: string | null;
  looked_at?: Date | null;
  reason?: string;
  decided_by?: PersonId;
  decided_at?: Date;
  done_at?: Date;
}

/** Changes it where it is in the state that the caller knows: of two that try, one does. @returns whether it was changed */
export async function updateUndo(
  db: Db,
  key: UploadKey,
  from: UndoState,
  change: UndoChange,
  at: Date,
): Promise<boolean> {
  const { figures, ...rest } = change;
  const { numUpdatedRows } = await db
    .updateTable('upload_undo')
    .set({ ...rest, ...(figures && { figures: figuresText(figures) }), changed_at: at })
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Those that are being worked on but of which nothing has been heard since: their process has died with its machine. */
export async function selectSilentUndos(db: Db, since: Date): Promise<UploadKey[]> {
  return db
    .selectFrom('upload_undo')
    .select(['organisation_id as organisationId', 'upload_id as uploadId'])
    .where('state', 'in', ['looking', 'undoing'])
    .where('changed_at', '<', since)
    .limit(100)
    .execute();
}

/** The houses to which an upload has brought something, in the order in which money is locked. */
export async function selectLoadedHouses(db: Db, key: UploadKey): Promise<HouseId[]> {
  const { rows } = await sql<{ houseId: HouseId }>`
    select distinct house_id as "houseId" from upload_document
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} and applied and house_id is not null
    order by 1`.execute(db);
  return rows.map(({ houseId }) => houseId);
}

export async function replaceDependents(db: Db, key: UploadKey, dependents: readonly Dependent[]): Promise<void> {
  await db
    .deleteFrom('upload_dependent')
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .execute();
  if (dependents.length === 0) return;
  const rows = dependents.map((one, index) => ({
    organisation_id: key.organisationId,
    upload_id: key.uploadId,
    position: index + 1,
    kind: one.kind,
    title: one.title,
    what: one.what,
    house_id: one.houseId ?? null,
    account_id: one.accountId ?? null,
    document_id: one.documentId ?? null,
    other_upload_id: one.otherUploadId ?? null,
  }));
  await sql`insert into upload_dependent
    select * from json_populate_recordset(null::upload_dependent, ${JSON.stringify(rows)}::json)`.execute(db);
}

export type ListedDependent = Required<Dependent> & { position: number };

/** What depends, in the order of houses, after the last one shown. */
export async function selectDependentPage(
  db: Db,
  key: UploadKey,
  after: number,
  limit: number,
): Promise<ListedDependent[]> {
  const { rows } = await sql<ListedDependent>`
    select position, kind, title, what, house_id as "houseId", account_id as "accountId", document_id as "documentId",
      other_upload_id as "otherUploadId"
    from upload_dependent where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} and position > ${after}::int
    order by position limit ${limit}`.execute(db);
  return rows;
}

/** How many depend in each way. */
export async function countDependents(db: Db, key: UploadKey): Promise<{ kind: Dependent['kind']; count: number }[]> {
  const { rows } = await sql<{ kind: Dependent['kind']; count: number }>`
    select kind, count(*)::int as count from upload_dependent
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} group by 1 order by 2 desc, 1`.execute(
    db,
  );
  return rows;
}

/** Later uploads that stand in the way, those to be taken back first first. */
export async function selectUploadsInTheWay(
  db: Db,
  key: UploadKey,
  limit: number,
): Promise<{ uploadId: UploadId; fileName: string; createdAt: Date }[]> {
  const { rows } = await sql<{ uploadId: UploadId; fileName: string; createdAt: Date }>`
    select u.upload_id as "uploadId", u.file_name as "fileName", u.created_at as "createdAt" from upload u
    where u.organisation_id = ${key.organisationId} and u.upload_id in (
      select other_upload_id from upload_dependent
      where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId})
    order by u.created_at desc limit ${limit}`.execute(db);
  return rows;
}
