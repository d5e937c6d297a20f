import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Db } from '../database/database.ts';
import { Invalid } from '../errors.ts';
import { type FileId, isUuid, newId } from '../ids.ts';
import { insertFile, type StoredFile } from './queries.ts';

/** Where the bytes of files are. The row in stored_file is written by the caller's transaction. */
export interface FileStore {
  /** @throws Invalid on `field` when the content is larger than `limitBytes`; nothing is kept then */
  put(content: Readable | Buffer, options: { limitBytes: number; field: string }): Promise<StoredBytes>;
  open(fileId: FileId): Readable;
  /** A path that this machine's processes can read. */
  path(fileId: FileId): string;
  /** Removes bytes that no row names. */
  remove(fileId: FileId): Promise<void>;
  /**
   * Removes what was put before the moment and belongs to nothing: bytes go into the store before the transaction that writes their row,
   * and some of those never come to an end. @returns how many files went
   */
  removeForsaken(before: Date, known: (ids: readonly FileId[]) => Promise<ReadonlySet<FileId>>): Promise<number>;
}

export interface StoredBytes {
  fileId: FileId;
  sizeBytes: number;
  sha256: Buffer;
}

/** Files in a local folder, named by their id: nothing that a person typed reaches the file system. */
export function localFiles(folder: string): FileStore {
  const pathOf = (fileId: FileId) => join(folder, fileId.slice(-2), fileId);
  return {
    async put(content, { limitBytes, field }) {
      const fileId = newId<FileId>();
      const path = pathOf(fileId);
      await mkdir(join(path, '..'), { recursive: true });
      const hash = createHash('sha256');
      let sizeBytes = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length;
          hash.update(chunk);
          if (sizeBytes > limitBytes)
            done(
              new Invalid([
                { field, message: `Файл больше ${Math.floor(limitBytes / 1_048_576)} МБ. Разделите его на части.` },
              ]),
            );
          else done(null, chunk);
        },
      });
      try {
        await pipeline(
          content instanceof Readable ? content : Readable.from([content]),
          meter,
          createWriteStream(`${path}.part`),
        );
        await rename(`${path}.part`, path);
      } catch (error) {
        await rm(`${path}.part`, { force: true });
        throw error;
      }
      return { fileId, sizeBytes, sha256: hash.digest() };
    },
    open: (fileId) => createReadStream(pathOf(fileId)),
    path: pathOf,
    remove: (fileId) => rm(pathOf(fileId), { force: true }),
    async removeForsaken(before, known) {
      let removed = 0;
      await mkdir(folder, { recursive: true });
      for (const shelf of await readdir(folder, { withFileTypes: true })) {
        // Other things may lie in the folder: only what this store has put there is touched.
        if (!shelf.isDirectory() || !/^[0-9a-f]{2}$/.test(shelf.name)) continue;
        const old = await oldFiles(join(folder, shelf.name), before);
        const kept = await known(old.map(({ fileId }) => fileId));
        for (const { fileId, path } of old) {
          if (kept.has(fileId)) continue;
          await rm(path, { force: true });
          removed += 1;
        }
      }
      return removed;
    },
  };
}

/** Files of one shelf that were last written before the moment, with those whose writing broke off. */
async function oldFiles(shelf: string, before: Date): Promise<{ fileId: FileId; path: string }[]> {
  const found: { fileId: FileId; path: string }[] = [];
  for (const name of await readdir(shelf)) {
    const fileId = name.replace(/\.part$/, '');
    const path = join(shelf, name);
    if (isUuid(fileId) && (await stat(path)).mtime < before) found.push({ fileId: fileId as FileId, path });
  }
  return found;
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
