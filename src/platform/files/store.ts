import type { Readable } from 'node:stream';
import { Unavailable } from '../errors.ts';
import type { FileId } from '../ids.ts';

/** Bytes of a file, both ends included. */
export interface ByteRange {
  first: number;
  last: number;
}

export interface Putting {
  limitBytes: number;
  /** The form's field that errors belong to. */
  field: string;
  /** Of a file that comes back from a backup; otherwise a new one. */
  fileId?: FileId;
}

/** Where the bytes of files are. The row in stored_file is written by the caller's transaction, after the bytes. */
export interface FileStore {
  /** For logs and for the administrator: the folder, or the bucket and where it is. */
  readonly place: string;
  /** @throws Invalid on `field` when the content is larger than `limitBytes`; nothing is kept then, nor when the content breaks off */
  put(content: Readable | Buffer, options: Putting): Promise<StoredBytes>;
  /** The stream ends with FileMissing where there is no such file. */
  open(fileId: FileId, range?: ByteRange): Readable;
  /**
   * Runs the work with a path that programs of this machine can read, for those that take no stream; it is good until the work ends, and
   * the file behind it must not be changed. From S3 it is a copy in the temporary folder.
   * @throws FileMissing
   */
  withLocalCopy<T>(fileId: FileId, run: (path: string) => Promise<T>): Promise<T>;
  /** Removes bytes that no row names; nothing happens where there are none. */
  remove(fileId: FileId): Promise<void>;
  /**
   * Removes what was put before the moment and belongs to nothing: bytes go into the store before the transaction that writes their row,
   * and some of those never come to an end. What was begun before the moment and never finished goes too.
   * @returns how many files went
   */
  removeForsaken(before: Date, known: (ids: readonly FileId[]) => Promise<ReadonlySet<FileId>>): Promise<number>;
  /** Whether no file lies there. */
  isEmpty(): Promise<boolean>;
}

export interface StoredBytes {
  fileId: FileId;
  sizeBytes: number;
  sha256: Buffer;
}

/** A row names a file that the store does not have. */
export class FileMissing extends Unavailable {
  constructor(options?: ErrorOptions) {
    super('Этот файл сейчас не открывается: в хранилище его нет. Попробуйте позже или напишите в поддержку.', options);
  }
}

/**
 * Whether a failed reading speaks of that file alone: the store itself answers. A folder that is not there, or a server that is away, says
 * nothing of a file.
 */
export const isOfFile = async (files: FileStore, failure: unknown): Promise<boolean> =>
  failure instanceof FileMissing ||
  ((failure as NodeJS.ErrnoException)?.code !== 'ENOENT' &&
    (await files.isEmpty().then(
      () => true,
      () => false,
    )));
