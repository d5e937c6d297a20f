import type { Context } from '../context.ts';
import { transaction } from '../database/database.ts';
import type { FileId } from '../ids.ts';
import { tryStoreLockShared } from './queries.ts';

/**
 * Removes the bytes of files whose rows were taken away, after that is committed. While a backup is being made they stay: it may have begun
 * when the rows were there, and has yet to copy what they name. The nightly sweep takes them then.
 */
export async function removeFiles(
  { db, files }: Pick<Context, 'db' | 'files'>,
  fileIds: readonly FileId[],
): Promise<void> {
  if (fileIds.length === 0) return;
  // The transaction does nothing but hold the lock: it keeps no row and no moment.
  await transaction(db, async (trx) => {
    if (!(await tryStoreLockShared(trx))) return;
    for (const fileId of fileIds) await files.remove(fileId);
  });
}
