import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Db } from '../database/database.ts';
import { Invalid } from '../errors.ts';
import { type FileId, newId } from '../ids.ts';
import { insertFile, type StoredFile } from './queries.ts';

/** Where the bytes of files are. The row in stored_file is written by the caller's transaction. */
export interface FileStore {
  /** @throws Invalid on `field` when the content is larger than `limitBytes`; nothing is kept then */
  put(content: Readable | Buffer, options: { limitBytes: number; field: string }): Promise<StoredBytes>;
  open(fileId: FileId): Readable;
  /** A path that this machine's processes can read. */
  path(fileId: FileId): string;
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
  };
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
