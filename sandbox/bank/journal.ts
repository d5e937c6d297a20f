import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines. A line is one whole change: it is on the disk before `append` returns, so what was
 * answered survives SIGKILL. A line cut short by a crash was never answered: it is dropped at the next opening.
 */
export interface Journal<Entry> {
  append(entry: Entry): void;
  close(): void;
}

export function openJournal<Entry>(path: string, replay: (entry: Entry) => void): Journal<Entry> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existed = existsSync(path);
  const kept = existed ? readFileSync(path) : Buffer.alloc(0);
  const whole = kept.lastIndexOf(0x0a) + 1;
  for (const line of kept.subarray(0, whole).toString('utf8').split('\n')) {
    if (line) replay(JSON.parse(line) as Entry);
  }
  const file = openSync(path, 'a', 0o600);
  let size = whole;
  if (size < kept.length) ftruncateSync(file, size);
  if (!existed) syncDirectory(dirname(path));
  return {
    append(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const written = writeSync(file, line);
      if (written !== line.length) {
        // A full disk takes a part: the change did not happen, and the next one must not be glued to its beginning.
        ftruncateSync(file, size);
        throw new Error(`journal ${path}: the disk took only a part of a line`);
      }
      fdatasyncSync(file);
      size += written;
    },
    close: () => closeSync(file),
  };
}

/** A new file's name is safe only when its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
