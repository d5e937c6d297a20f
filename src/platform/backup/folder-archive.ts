import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type BackupReader, type BackupWriter, counted, type WrittenPart } from './archive.ts';
import { BackupError } from './backup-error.ts';

/** Everybody's data: for nobody but whoever makes backups. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** A backup as a folder: each part is a file. */
export async function writeFolder(path: string): Promise<BackupWriter> {
  const folder = `${path}.part`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  return {
    async add(name, content) {
      const target = join(folder, name);
      await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
      let part: WrittenPart | undefined;
      const counting = (source: AsyncIterable<Buffer>) =>
        counted(source, (written) => {
          part = written;
        });
      try {
        await pipeline(content, counting, createWriteStream(target, { flags: 'wx', mode: FILE_MODE }));
      } catch (error) {
        await rm(target, { force: true });
        throw error;
      }
      return part!;
    },
    async finish() {
      flush(folder);
      await rename(folder, path);
    },
    abandon: () => rm(folder, { recursive: true, force: true }),
  };
}

/** One call for the whole file system: one for each of a million files would take hours. */
function flush(folder: string): void {
  const { status } = spawnSync('sync', ['-f', folder]);
  if (status !== 0) spawnSync('sync');
}

export function readFolder(folder: string): BackupReader {
  return {
    async open(name) {
      const file = await open(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new BackupError(`В копии нет части ${name}.`);
        throw error;
      });
      return file.createReadStream();
    },
    close: async () => undefined,
  };
}
