import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FileKind, Reading } from './file-kinds.ts';
import { RowScanner } from './scan-rows.ts';

const FLUSH_CHARACTERS = 1 << 18;

/**
 * Reads one file of the register and writes its lines to COPY, as fast as the slower of the two.
 * @throws GarFormatError when the file is cut off or no flat list of rows
 * @returns rows read and rows kept
 */
export async function copyRows(
  source: Readable,
  copy: Writable,
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
  // COPY ends with an error of the server, or when all lines are written: a failure must not wait for a drain that never comes.
  const done = finished(copy);
  done.catch(() => undefined);
  const flush = async () => {
    const more = copy.write(Buffer.from(lines, 'latin1'));
    lines = '';
    if (!more) await Promise.race([once(copy, 'drain'), done]);
  };
  try {
    for await (const chunk of source) {
      scanner.write(chunk as Buffer);
      if (lines.length > FLUSH_CHARACTERS) await flush();
    }
    scanner.end();
    await flush();
    copy.end();
  } catch (error) {
    copy.destroy(error as Error);
    throw error;
  }
  await done;
  return { read: scanner.rows, kept };
}
