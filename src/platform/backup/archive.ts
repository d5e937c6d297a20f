import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

export interface WrittenPart {
  sizeBytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Where a backup is written: a folder, or one file. Until `finish` it bears another name. */
export interface BackupWriter {
  /** A part whose content fails is not there afterwards. */
  add(name: string, content: Readable): Promise<WrittenPart>;
  /** Everything is on the disk when it has the name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

export interface BackupReader {
  /**
   * Fastest in the order in which parts were written.
   * @throws BackupError when there is no such part, or it is cut short
   */
  open(name: string): Promise<Readable>;
  close(): Promise<void>;
}

/** Passes bytes on and tells at the end how many they were and their hash. */
export async function* counted(content: AsyncIterable<Buffer>, tell: (part: WrittenPart) => void) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of content) {
    sizeBytes += piece.length;
    hash.update(piece);
    yield piece;
  }
  tell({ sizeBytes, sha256: hash.digest('hex') });
}
