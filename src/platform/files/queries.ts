import type { Db } from '../database/database.ts';
import type { FileId } from '../ids.ts';

export interface StoredFile {
  fileId: FileId;
  name: string;
  mediaType: string;
  sizeBytes: number;
  sha256: Buffer;
}

export async function insertFile(db: Db, file: StoredFile, at: Date): Promise<void> {
  await db
    .insertInto('stored_file')
    .values({
      file_id: file.fileId,
      name: file.name,
      media_type: file.mediaType,
      size_bytes: BigInt(file.sizeBytes),
      sha256: file.sha256,
      created_at: at,
    })
    .execute();
}

export async function selectFile(db: Db, fileId: FileId): Promise<StoredFile | null> {
  const row = await db.selectFrom('stored_file').selectAll().where('file_id', '=', fileId).executeTakeFirst();
  return row
    ? {
        fileId: row.file_id,
        name: row.name,
        mediaType: row.media_type,
        sizeBytes: Number(row.size_bytes),
        sha256: row.sha256,
      }
    : null;
}

/** Those of some files that have a row. */
export async function selectKnownFiles(db: Db, ids: readonly FileId[]): Promise<Set<FileId>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('stored_file')
    .select('file_id')
    .where((where) => where('file_id', '=', where.fn.any(where.val(ids as FileId[]))))
    .execute();
  return new Set(rows.map((row) => row.file_id));
}
