import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { FileId, PersonId } from '../../../platform/ids.ts';
import type { ExportId, ExportState } from '../tables.ts';
import '../tables.ts';

export interface ExportKey {
  personId: PersonId;
  exportId: ExportId;
}

export interface DataExport {
  exportId: ExportId;
  state: ExportState;
  done: number;
  parts: number;
  attempts: number;
  fileId: FileId | null;
  sizeBytes: number | null;
  orderedAt: Date;
  until: Date | null;
}

const COLUMNS = sql`export_id as "exportId", state, done, parts, attempts, file_id as "fileId", size_bytes::float8 as "sizeBytes",
  ordered_at as "orderedAt", until`;

/** @returns false when one is being made already */
export async function insertExport(
  db: Db,
  { personId, exportId }: ExportKey,
  parts: number,
  at: Date,
): Promise<boolean> {
  const written = await sql`
    insert into data_export (person_id, export_id, state, parts, ordered_at, changed_at)
    values (${personId}, ${exportId}, 'ordered', ${parts}, ${at}, ${at}) on conflict do nothing`.execute(db);
  return (written.numAffectedRows ?? 0n) > 0n;
}

/** The newest, if any. */
export async function selectLastExport(db: Db, personId: PersonId): Promise<DataExport | null> {
  const { rows } = await sql<DataExport>`
    select ${COLUMNS} from data_export where person_id = ${personId} order by export_id desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export async function selectExport(db: Db, { personId, exportId }: ExportKey): Promise<DataExport | null> {
  const { rows } = await sql<DataExport>`
    select ${COLUMNS} from data_export where person_id = ${personId} and export_id = ${exportId}`.execute(db);
  return rows[0] ?? null;
}

/** Begins a try. @returns its number; null when it is not to be made any more */
export async function beginExport(db: Db, { personId, exportId }: ExportKey, at: Date): Promise<number | null> {
  const row = await db
    .updateTable('data_export')
    .set((set) => ({ state: 'running', done: 0, attempts: set('attempts', '+', 1), changed_at: at }))
    .where('person_id', '=', personId)
    .where('export_id', '=', exportId)
    .where('state', 'in', ['ordered', 'running'])
    .returning('attempts')
    .executeTakeFirst();
  return row?.attempts ?? null;
}

export async function countDone(db: Db, { personId, exportId }: ExportKey, done: number, at: Date): Promise<void> {
  await db
    .updateTable('data_export')
    .set({ done, changed_at: at })
    .where('person_id', '=', personId)
    .where('export_id', '=', exportId)
    .where('state', '=', 'running')
    .execute();
}

/** @returns false when the archive is not wanted any more: its person is being erased, for one */
export async function finishExport(
  db: Db,
  { personId, exportId }: ExportKey,
  made: { fileId: FileId; sizeBytes: number; until: Date },
  at: Date,
): Promise<boolean> {
  const written = await db
    .updateTable('data_export')
    .set((set) => ({
      state: 'ready',
      done: set.ref('parts'),
      file_id: made.fileId,
      size_bytes: BigInt(made.sizeBytes),
      until: made.until,
      changed_at: at,
    }))
    .where('person_id', '=', personId)
    .where('export_id', '=', exportId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return written.numUpdatedRows > 0n;
}

export async function failExport(db: Db, { personId, exportId }: ExportKey, at: Date): Promise<void> {
  await db
    .updateTable('data_export')
    .set({ state: 'failed', changed_at: at })
    .where('person_id', '=', personId)
    .where('export_id', '=', exportId)
    .where('state', 'in', ['ordered', 'running'])
    .execute();
}

/** Takes archives of a person away. @returns the files to be removed */
export async function dropReadyExports(db: Db, personId: PersonId, at: Date): Promise<FileId[]> {
  const { rows } = await sql<{ fileId: FileId }>`
    with gone as (select export_id, file_id from data_export where person_id = ${personId} and state = 'ready' for update)
    update data_export set state = 'gone', file_id = null, until = null, changed_at = ${at} from gone
    where data_export.person_id = ${personId} and data_export.export_id = gone.export_id
    returning gone.file_id as "fileId"`.execute(db);
  return rows.map(({ fileId }) => fileId);
}

/** Rows of a person's archives. @returns the files to be removed */
export async function deleteExportsOf(db: Db, personId: PersonId): Promise<FileId[]> {
  const rows = await db.deleteFrom('data_export').where('person_id', '=', personId).returning('file_id').execute();
  return rows.flatMap((row) => row.file_id ?? []);
}

/** Whose archives have outlived their days. */
export async function selectExpired(db: Db, now: Date, limit: number): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select person_id as "personId" from data_export where state = 'ready' and until < ${now} order by until limit ${limit}`.execute(
    db,
  );
  return [...new Set(rows.map(({ personId }) => personId))];
}

/** Archives that nobody has been making for a while: their process was killed. */
export async function selectStalled(db: Db, before: Date): Promise<ExportKey[]> {
  const { rows } = await sql<ExportKey>`
    select person_id as "personId", export_id as "exportId" from data_export
    where state in ('ordered', 'running') and changed_at < ${before} limit 100`.execute(db);
  return rows;
}

export async function deleteStoredFiles(db: Db, fileIds: readonly FileId[]): Promise<void> {
  if (fileIds.length === 0) return;
  await sql`delete from stored_file where file_id = any(${[...fileIds]}::uuid[])`.execute(db);
}
