import type { Config } from '../config.ts';
import type { Db } from '../database/database.ts';
import { localFiles } from './local-files.ts';
import { insertFile, type StoredFile } from './queries.ts';
import { type S3Setting, s3Files } from './s3-files.ts';
import type { FileStore, StoredBytes } from './store.ts';

export { localFiles } from './local-files.ts';
export { FileMissing, type FileStore, type StoredBytes } from './store.ts';

/** The store that the settings name. */
export function openFiles(config: Pick<Config, 'FILES_DIR' | S3Setting>): FileStore {
  return config.FILES_DIR === undefined ? s3Files(config) : localFiles(config.FILES_DIR);
}

/** Writes the row of a file that was put into the store. */
export function recordFile(
  db: Db,
  bytes: StoredBytes,
  meta: { name: string; mediaType: string },
  at: Date,
): Promise<void> {
  const file: StoredFile = { ...bytes, name: meta.name.slice(-1024), mediaType: meta.mediaType };
  return insertFile(db, file, at);
}
