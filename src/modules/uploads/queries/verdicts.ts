import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { QUOTE, type UploadKey, type Verdict } from '../upload.ts';
import type { Fill } from '../work.ts';
import '../tables.ts';

export interface VerdictRow {
  document: number;
  title: string;
  houseId: HouseId | null;
  verdict: Verdict;
  applied: boolean;
  fills: Fill[];
}

export interface NoteRow {
  sheet: number;
  row: number;
  document: number;
  /** 0-based column of the file. */
  column: number | null;
  wrong: boolean;
  message: string;
}

const of = (key: UploadKey) => sql`organisation_id = ${key.organisationId} and upload_id = ${key.uploadId}`;

/** Before documents are judged again: what was said of them before goes. */
export async function deleteVerdicts(db: Db, key: UploadKey): Promise<void> {
  await sql`delete from upload_note where ${of(key)}`.execute(db);
  await sql`delete from upload_document where ${of(key)}`.execute(db);
}

export async function upsertVerdicts(db: Db, key: UploadKey, rows: readonly VerdictRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into upload_document (organisation_id, upload_id, document, title, house_id, verdict, applied, fills)
    select ${key.organisationId}::uuid, ${key.uploadId}::uuid, given.*
    from unnest(${rows.map((row) => row.document)}::int[], ${rows.map((row) => row.title)}::text[],
      ${rows.map((row) => row.houseId)}::uuid[], ${rows.map((row) => row.verdict)}::text[],
      ${rows.map((row) => row.applied)}::boolean[], ${rows.map((row) => JSON.stringify(row.fills))}::json[]) as given
    on conflict (organisation_id, upload_id, document) do update set
      verdict = excluded.verdict, applied = excluded.applied, fills = excluded.fills`.execute(db);
}

/** Adds what is to be said of rows; notes of one row keep the order in which they came. */
export async function insertNotes(db: Db, key: UploadKey, notes: readonly NoteRow[]): Promise<void> {
  if (notes.length === 0) return;
  const seen = new Map<string, number>();
  const positions = notes.map(({ sheet, row }) => {
    const position = (seen.get(`${sheet} ${row}`) ?? 0) + 1;
    seen.set(`${sheet} ${row}`, position);
    return position;
  });
  await sql`
    insert into upload_note (organisation_id, upload_id, sheet, row_number, position, document, column_number, wrong, message)
    select ${key.organisationId}::uuid, ${key.uploadId}::uuid, given.sheet, given.row_number,
      given.position + coalesce((select max(position) from upload_note known where known.organisation_id = ${key.organisationId}
        and known.upload_id = ${key.uploadId} and known.sheet = given.sheet and known.row_number = given.row_number), 0),
      given.document, given.column_number, given.wrong, given.message
    from unnest(${notes.map((note) => note.sheet)}::int[], ${notes.map((note) => note.row)}::int[], ${positions}::int[],
      ${notes.map((note) => note.document)}::int[], ${notes.map((note) => note.column)}::int[],
      ${notes.map((note) => note.wrong)}::boolean[], ${notes.map((note) => note.message)}::text[])
      as given (sheet, row_number, position, document, column_number, wrong, message)`.execute(db);
}

/** Good documents with something to write, house by house in the order of the file. */
export async function selectDocumentsToApply(db: Db, key: UploadKey) {
  return db
    .selectFrom('upload_document')
    .select(['document', 'title', 'house_id as houseId', 'verdict'])
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .where('verdict', 'in', ['new', 'changed'])
    .orderBy('house_id')
    .orderBy('document')
    .execute();
}

export async function selectVerdicts(db: Db, key: UploadKey, documents: readonly number[]): Promise<VerdictRow[]> {
  const { rows } = await sql<VerdictRow>`
    select document, title, house_id as "houseId", verdict, applied, fills from upload_document
    where ${of(key)} and document = any(${documents}::int[])`.execute(db);
  return rows;
}

/** Notes of rows between two rows of the workbook, the first exclusive, the last inclusive. */
export async function selectNotesBetween(
  db: Db,
  key: UploadKey,
  from: { sheet: number; row: number },
  to: { sheet: number; row: number },
): Promise<NoteRow[]> {
  const { rows } = await sql<NoteRow>`
    select sheet, row_number as row, document, column_number as "column", wrong, message from upload_note
    where ${of(key)} and (sheet, row_number) > (${from.sheet}::int, ${from.row}::int)
      and (sheet, row_number) <= (${to.sheet}::int, ${to.row}::int)
    order by sheet, row_number, position`.execute(db);
  return rows;
}

export interface NoteKey {
  sheet: number;
  row: number;
  position: number;
}

/** A page of errors, or of warnings, with the document each belongs to. */
export async function selectNotePage(
  db: Db,
  key: UploadKey,
  { wrong, after, limit }: { wrong: boolean; after: NoteKey | null; limit: number },
): Promise<(NoteRow & { position: number; title: string })[]> {
  const from = after ?? { sheet: -1, row: 0, position: 0 };
  const { rows } = await sql<NoteRow & { position: number; title: string }>`
    select n.sheet, n.row_number as row, n.position, n.document, n.column_number as "column", n.wrong, n.message,
      coalesce(d.title, '') as title
    from upload_note n
    left join upload_document d on d.organisation_id = n.organisation_id and d.upload_id = n.upload_id and d.document = n.document
    where n.organisation_id = ${key.organisationId} and n.upload_id = ${key.uploadId} and n.wrong = ${wrong}
      and (n.sheet, n.row_number, n.position) > (${from.sheet}::int, ${from.row}::int, ${from.position}::int)
    order by n.sheet, n.row_number, n.position limit ${limit}`.execute(db);
  return rows;
}

export async function countNotes(db: Db, key: UploadKey): Promise<{ wrong: number; warnings: number }> {
  const { rows } = await sql<{ wrong: number; warnings: number }>`
    select count(*) filter (where wrong)::int as wrong, count(*) filter (where not wrong)::int as warnings
    from upload_note where ${of(key)}`.execute(db);
  return rows[0] ?? { wrong: 0, warnings: 0 };
}

/** What is said of many rows alike. */
export interface Cause {
  sheet: number;
  column: number | null;
  message: string;
  rows: number;
}

/** The most frequent notes, those of one row alone left out; what stood in each cell is left aside. */
export async function selectCauses(db: Db, key: UploadKey, wrong: boolean, limit: number): Promise<Cause[]> {
  const { rows } = await sql<Cause>`
    select sheet, column_number as "column", split_part(message, ${QUOTE}, 1) as message, count(*)::int as rows
    from upload_note
    where ${of(key)} and wrong = ${wrong} group by 1, 2, 3 having count(*) > 1
    order by 4 desc, 1, 2, 3 limit ${limit}`.execute(db);
  return rows;
}
