import { createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileId, isUuid, newId } from '../ids.ts';
import { lateStream } from './late-stream.ts';
import { causeOf, Measure } from './measure.ts';
import { FileMissing, type FileStore } from './store.ts';

export interface LocalFiles extends FileStore {
  /** Where a file of this folder lies, or would lie. */
  path(fileId: FileId): string;
}

/** Files in a local folder, named by their id: nothing that a person typed reaches the file system. */
export function localFiles(folder: string): LocalFiles {
  const pathOf = (fileId: FileId) => join(folder, fileId.slice(-2), fileId);
  /** A folder that is not mounted must not look like one whose files are lost. */
  const missing = async (error: unknown): Promise<never> => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await access(folder);
    throw new FileMissing({ cause: error });
  };
  return {
    place: folder,
    path: pathOf,
    async put(content, { fileId = newId<FileId>(), ...limit }) {
      const path = pathOf(fileId);
      const measure = new Measure(limit);
      const source = content instanceof Readable ? content : Readable.from([content]);
      // Before the first await: a source that fails meanwhile is heard.
      const passing = pipeline(source, measure);
      passing.catch(() => undefined);
      try {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(measure, createWriteStream(`${path}.part`));
        await rename(`${path}.part`, path);
      } catch (error) {
        measure.destroy();
        await rm(`${path}.part`, { force: true });
        throw await causeOf(passing, error);
      }
      return { fileId, sizeBytes: measure.sizeBytes, sha256: measure.sha256() };
    },
    open: (fileId, range) =>
      lateStream(async () => {
        const file = await open(pathOf(fileId)).catch(missing);
        return file.createReadStream(range && { start: range.first, end: range.last });
      }),
    async withLocalCopy(fileId, run) {
      const path = pathOf(fileId);
      await access(path).catch(missing);
      return run(path);
    },
    remove: (fileId) => rm(pathOf(fileId), { force: true }),
    async removeForsaken(before, known) {
      let removed = 0;
      for (const shelf of await shelves(folder)) {
        const old = await oldFiles(shelf, before);
        const kept = await known(old.map(({ fileId }) => fileId));
        for (const { fileId, path } of old) {
          // A part is not the file: where its writing broke off, it goes though a row may name the file.
          if (kept.has(fileId) && !path.endsWith(PART)) continue;
          await rm(path, { force: true });
          removed += 1;
        }
      }
      return removed;
    },
    async isEmpty() {
      for (const shelf of await shelves(folder)) if ((await readdir(shelf)).length > 0) return false;
      return true;
    },
  };
}

const PART = '.part';

/** Other things may lie in the folder: only what this store has put there is touched. */
async function shelves(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // Nothing was ever put, or it is not mounted; made here, it would look like one whose files are lost.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
    .map((entry) => join(folder, entry.name));
}

/** Files of one shelf that were last written before the moment, with those whose writing broke off. */
async function oldFiles(shelf: string, before: Date): Promise<{ fileId: FileId; path: string }[]> {
  const found: { fileId: FileId; path: string }[] = [];
  for (const name of await readdir(shelf)) {
    const fileId = name.replace(/\.part$/, '');
    const path = join(shelf, name);
    if (!isUuid(fileId)) continue;
    // Another worker's sweep, or the end of a writing, may take it away meanwhile.
    const about = await stat(path).catch(() => null);
    if (about && about.mtime < before) found.push({ fileId: fileId as FileId, path });
  }
  return found;
}
