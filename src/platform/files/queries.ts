import { sql } from 'kysely';
import type { Db, Transaction } from '../database/database.ts';
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

/** The store has it no more, or has other bytes under its name, or cannot give them. */
export const DAMAGES = ['missing', 'changed', 'unreadable'] as const;
export type Damage = (typeof DAMAGES)[number];

export interface FileToCheck {
  fileId: FileId;
  sizeBytes: number;
  sha256: Buffer;
  /** As the last look found it. */
  damage: Damage | null;
}

const CHECKED = sql<Date>`coalesce(checked_at, created_at)`;

const toCheck = (db: Db) =>
  db.selectFrom('stored_file').select(['file_id as fileId', 'size_bytes as sizeBytes', 'sha256', 'damage']);
const asToCheck = (row: { fileId: FileId; sizeBytes: bigint; sha256: Buffer; damage: Damage | null }): FileToCheck => ({
  ...row,
  sizeBytes: Number(row.sizeBytes),
});

/** Files that nothing is known against, last looked at before the moment, the longest ago first. A new one counts as looked at. */
export async function selectToCheck(db: Db, before: Date, limit: number): Promise<FileToCheck[]> {
  const rows = await toCheck(db)
    .where('damage', 'is', null)
    .where(CHECKED, '<', before)
    .orderBy(CHECKED)
    .limit(limit)
    .execute();
  return rows.map(asToCheck);
}

/** Damaged files, last looked at before the moment, the longest ago first. */
export async function selectDamagedToCheck(db: Db, before: Date, limit: number): Promise<FileToCheck[]> {
  const rows = await toCheck(db)
    .where('damage', 'is not', null)
    .where('checked_at', '<', before)
    .orderBy('checked_at')
    .limit(limit)
    .execute();
  return rows.map(asToCheck);
}

/** @returns false when the row is gone */
export async function updateCheck(db: Db, fileId: FileId, damage: Damage | null, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('stored_file')
    .set({ checked_at: at, damage })
    .where('file_id', '=', fileId)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface StoreHealth {
  damaged: Readonly<Record<Damage, number>>;
  /** Every file that is not damaged was looked at, or put, after this; null where there is none. */
  checkedSince: Date | null;
}

export async function selectStoreHealth(db: Db): Promise<StoreHealth> {
  const counts = await db
    .selectFrom('stored_file')
    .select(['damage', sql<number>`count(*)::int`.as('count')])
    .where('damage', 'is not', null)
    .groupBy('damage')
    .execute();
  const countOf = (damage: Damage) => counts.find((row) => row.damage === damage)?.count ?? 0;
  const oldest = await db
    .selectFrom('stored_file')
    .select(CHECKED.as('at'))
    .where('damage', 'is', null)
    .orderBy(CHECKED)
    .limit(1)
    .executeTakeFirst();
  return {
    damaged: { missing: countOf('missing'), changed: countOf('changed'), unreadable: countOf('unreadable') },
    checkedSince: oldest?.at ?? null,
  };
}

export interface DamagedFile {
  fileId: FileId;
  mediaType: string;
  sizeBytes: number;
  createdAt: Date;
  checkedAt: Date;
  damage: Damage;
}

/** Damaged files, those looked at longest ago first. */
export async function selectDamaged(db: Db, limit: number): Promise<DamagedFile[]> {
  const rows = await db
    .selectFrom('stored_file')
    .select(['file_id', 'media_type', 'size_bytes', 'created_at', 'checked_at', 'damage'])
    .where('damage', 'is not', null)
    .orderBy('checked_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    fileId: row.file_id,
    mediaType: row.media_type,
    sizeBytes: Number(row.size_bytes),
    createdAt: row.created_at,
    checkedAt: row.checked_at!,
    damage: row.damage!,
  }));
}

/** A backup holds it while it counts on what is in the store, and whoever takes files out of the store: 'domovoy' in ASCII. */
export const STORE_LOCK = 0x646f6d6f766f79n;

/** Until the transaction ends. @returns false when somebody else holds it */
export async function tryStoreLock(trx: Transaction): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock(${STORE_LOCK}::bigint) as taken`.execute(trx);
  return rows[0]!.taken;
}

/** The same for those who do not hinder each other. */
export async function tryStoreLockShared(trx: Transaction): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock_shared(${STORE_LOCK}::bigint) as taken`.execute(trx);
  return rows[0]!.taken;
}
