import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FileKind, Reading } from './file-kinds.ts';
import { RowScanner } from './scan-rows.ts';

const FLUSH_CHARACTERS = 1 << 18;
/** How many flushes, of 256 to 400 kB each, reading may be ahead of the database: some two seconds of reading. */
const READ_AHEAD = 256;

/**
 * Reads one file of the register and writes its lines to COPY, as fast as the slower of the two.
 * @param opening the COPY, once the database is done with what it was asked before: the file is read meanwhile
 * @throws GarFormatError when the file is cut off or no flat list of rows
 * @returns rows read and rows kept
 */
export async function copyRows(
  source: Readable,
  opening: Promise<Writable>,
  kind: FileKind,
  reading: Reading,
): Promise<{ read: number; kept: number }> {
  let lines = '';
  let kept = 0;
  const scanner = new RowScanner(kind.attributes, (values) => {
    const line = kind.line(values, reading);
    if (line === null) return;
    kept++;
    lines += `${line}\n`;
  });
  // What fails is told by the promise that is waited for first; the others fail with it, and nobody may be waiting.
  opening.catch(() => undefined);
  // COPY ends with an error of the server, or when all lines are written: a failure must not wait for a drain that never comes.
  const done = opening.then((copy) => finished(copy));
  done.catch(() => undefined);
  const write = async (bytes: Buffer) => {
    const copy = await opening;
    if (!copy.write(bytes)) await Promise.race([once(copy, 'drain'), done]);
  };
  let last: Promise<unknown> = opening;
  const ahead: Promise<unknown>[] = [];
  const flush = async () => {
    const bytes = Buffer.from(lines, 'latin1');
    lines = '';
    last = last.then(() => write(bytes));
    last.catch(() => undefined);
    ahead.push(last);
    if (ahead.length > READ_AHEAD) await ahead.shift();
  };
  try {
    for await (const chunk of source) {
      scanner.write(chunk as Buffer);
      if (lines.length > FLUSH_CHARACTERS) await flush();
    }
    scanner.end();
    await flush();
    await last;
    (await opening).end();
  } catch (error) {
    (await opening).destroy(error as Error);
    throw error;
  }
  await done;
  return { read: scanner.rows, kept };
}
