import { stat } from 'node:fs/promises';
import type { BackupReader, BackupWriter } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { readFolder, writeFolder } from './folder-archive.ts';
import { readTar, writeTar } from './tar-archive.ts';

const about = (path: string) => stat(path).catch(() => null);

/**
 * One file where the name ends in .tar, otherwise a folder.
 * @throws BackupError when there is something of this name
 */
export async function createArchive(path: string): Promise<BackupWriter> {
  if (await about(path)) throw new BackupError(`${path} уже есть: назовите новую копию по-другому.`);
  try {
    return await (path.endsWith('.tar') ? writeTar(path) : writeFolder(path));
  } catch (error) {
    throw new BackupError(`Нельзя писать в ${path} (${(error as NodeJS.ErrnoException).code ?? error}).`);
  }
}

/** @throws BackupError when there is nothing */
export async function openArchive(path: string): Promise<BackupReader> {
  const found = await about(path);
  if (!found) throw new BackupError(`${path} не найдено.`);
  return found.isDirectory() ? readFolder(path) : readTar(path);
}
