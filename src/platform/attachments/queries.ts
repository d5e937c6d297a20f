import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import type { StoredBytes } from '../files/store.ts';
import type { FileId } from '../ids.ts';
import type { Attachment, ReceivedAttachment } from './attachment.ts';

/** @returns false when it has its row already */
export async function insertAttachment(db: Db, file: ReceivedAttachment, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('stored_file')
    .values({
      file_id: file.fileId,
      name: file.name,
      media_type: file.mediaType,
      size_bytes: BigInt(file.sizeBytes),
      sha256: file.sha256,
      created_at: at,
      verdict: 'waiting',
    })
    .onConflict((conflict) => conflict.column('file_id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** In the order of the ids; files that have no row are left out. */
export async function selectAttachments(db: Db, ids: readonly FileId[]): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('stored_file as file')
    .leftJoin('stored_file as shown', 'shown.file_id', 'file.shown_id')
    .select(['file.file_id', 'file.shown_id', 'file.name', 'file.media_type', 'file.size_bytes', 'file.verdict'])
    .select(['file.threat', 'shown.name as shown_name', 'shown.media_type as shown_type'])
    .select(['shown.size_bytes as shown_bytes', 'file.sha256', 'shown.sha256 as shown_sha256'])
    .where((where) => where('file.file_id', '=', where.fn.any(where.val(ids as FileId[]))))
    .execute();
  const found = new Map(rows.map((row) => [row.file_id, row]));
  return ids.flatMap((id): Attachment[] => {
    const row = found.get(id);
    if (!row) return [];
    return [
      {
        fileId: row.file_id,
        shownId: row.shown_id,
        name: row.name,
        shownName: row.shown_name ?? row.name,
        mediaType: row.media_type,
        shownMediaType: row.shown_type ?? row.media_type,
        sizeBytes: Number(row.size_bytes),
        shownSizeBytes: Number(row.shown_bytes ?? row.size_bytes),
        sha256: row.sha256,
        shownSha256: row.shown_sha256 ?? row.sha256,
        verdict: row.verdict,
        threat: row.threat,
      },
    ];
  });
}

/** Removes a file's row and that of its copy; the nightly sweep takes the bytes. */
export async function deleteAttachment(db: Db, fileId: FileId): Promise<void> {
  await db
    .deleteFrom('stored_file')
    .where((where) =>
      where.or([
        where('file_id', '=', fileId),
        where('file_id', '=', (inner) =>
          inner
            .selectFrom('stored_file as original')
            .select('original.shown_id')
            .where('original.file_id', '=', fileId),
        ),
      ]),
    )
    .execute();
}

export type Judgement =
  | { verdict: 'clean' | 'unscanned'; shownId: FileId | null }
  | { verdict: 'unreadable' }
  | { verdict: 'infected'; threat: string };

/** Judges a waiting file. @returns false when it was judged or removed meanwhile */
export async function updateVerdict(db: Db, fileId: FileId, judgement: Judgement, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('stored_file')
    .set({
      verdict: judgement.verdict,
      judged_at: at,
      threat: judgement.verdict === 'infected' ? judgement.threat : null,
      shown_id: 'shownId' in judgement ? judgement.shownId : null,
      problem: null,
    })
    .where('file_id', '=', fileId)
    .where('verdict', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Notes why a file still waits. @returns how often it was tried; null when it waits no more */
export async function updateProblem(db: Db, fileId: FileId, problem: string): Promise<number | null> {
  const row = await db
    .updateTable('stored_file')
    .set((set) => ({ problem, tries: set('tries', '+', 1) }))
    .where('file_id', '=', fileId)
    .where('verdict', '=', 'waiting')
    .returning('tries')
    .executeTakeFirst();
  return row?.tries ?? null;
}

/** Waiting files, the oldest first. */
export async function selectWaiting(db: Db, limit: number): Promise<FileId[]> {
  const rows = await db
    .selectFrom('stored_file')
    .select('file_id')
    .where('verdict', '=', 'waiting')
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.file_id);
}

/** How many files wait: all of them, and those that were tried in vain. */
export async function countWaiting(db: Db): Promise<{ waiting: number; stuck: number }> {
  return db
    .selectFrom('stored_file')
    .select([sql<number>`count(*)::int`.as('waiting'), sql<number>`count(problem)::int`.as('stuck')])
    .where('verdict', '=', 'waiting')
    .executeTakeFirstOrThrow();
}

export interface ScannerTrial {
  triedAt: Date;
  /** Null: the scanner found what it had to find. */
  problem: string | null;
}

export async function selectTrial(db: Db, address: string): Promise<ScannerTrial | null> {
  const row = await db
    .selectFrom('file_scanner')
    .select(['tried_at', 'problem'])
    .where('address', '=', address)
    .executeTakeFirst();
  return row ? { triedAt: row.tried_at, problem: row.problem } : null;
}

export async function upsertTrial(db: Db, address: string, { triedAt, problem }: ScannerTrial): Promise<void> {
  await db
    .insertInto('file_scanner')
    .values({ address, tried_at: triedAt, problem })
    .onConflict((conflict) => conflict.column('address').doUpdateSet({ tried_at: triedAt, problem }))
    .execute();
}

/** A file that comes in pieces, as far as it has come. */
export interface ArrivingFile {
  fileId: FileId;
  /** Of all its pieces. */
  sizeBytes: number;
  /** Files of the store, in their order. */
  pieces: readonly FileId[];
}

export async function insertArriving(db: Db, fileId: FileId, at: Date): Promise<void> {
  await db.insertInto('arriving_file').values({ file_id: fileId, begun_at: at }).execute();
}

export async function selectArriving(db: Db, fileId: FileId): Promise<ArrivingFile | null> {
  const row = await db.selectFrom('arriving_file').selectAll().where('file_id', '=', fileId).executeTakeFirst();
  return row ? { fileId, sizeBytes: Number(row.size_bytes), pieces: row.pieces } : null;
}

/** @returns false when the file has not this length any more, or is not there */
export async function appendPiece(db: Db, fileId: FileId, offset: number, piece: StoredBytes): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('arriving_file')
    .set((set) => ({
      size_bytes: BigInt(offset + piece.sizeBytes),
      pieces: sql<FileId[]>`${set.ref('pieces')} || ${piece.fileId}::uuid`,
    }))
    .where('file_id', '=', fileId)
    .where('size_bytes', '=', BigInt(offset))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** @returns the pieces it had; null when it was not there */
export async function deleteArriving(db: Db, fileId: FileId): Promise<FileId[] | null> {
  const row = await db.deleteFrom('arriving_file').where('file_id', '=', fileId).returning('pieces').executeTakeFirst();
  return row?.pieces ?? null;
}

/** Files that nobody went on with; the sweep of the store takes their pieces. */
export async function deleteArrivingBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from arriving_file where file_id in (
      select file_id from arriving_file where begun_at < ${moment} order by begun_at limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}
