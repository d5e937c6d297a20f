import type { FileStore } from '../files/store.ts';
import type { FileId } from '../ids.ts';
import type { BackupReader } from './archive.ts';
import { type Manifest, partOf } from './manifest.ts';
import { progressOf } from './progress.ts';
import { readFileIds } from './verify-backup.ts';

/** Files have been judged by their size when they came. */
const NO_LIMIT = { limitBytes: Number.MAX_SAFE_INTEGER, field: '' };

/** Puts the files of a backup into the store under their ids. One that is there already is put again: it has the same bytes or none. */
export async function fillStore(
  files: FileStore,
  { files: { count } }: Manifest,
  reader: BackupReader,
  say: (line: string) => void,
): Promise<void> {
  const progress = progressOf(say);
  let done = 0;
  for await (const fileId of readFileIds(reader)) {
    await files.put(await reader.open(partOf.file(fileId)), { ...NO_LIMIT, fileId: fileId as FileId });
    done += 1;
    progress(`  файлов ${done} из ${count}`);
  }
}

/** Takes them out again, of a store that was empty before. */
export async function emptyStore(files: FileStore, reader: BackupReader): Promise<void> {
  for await (const fileId of readFileIds(reader)) await files.remove(fileId as FileId);
}
