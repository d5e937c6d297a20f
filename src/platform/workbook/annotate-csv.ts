import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CSV_SHEET, type CsvDialect, type CsvRecord, csvRecords, isSeparatorLine } from './csv.ts';
import { STATUS_HEADING } from './layout.ts';
import type { LimitGuard } from './limits.ts';
import type { Fills, NoteCursor, StatusPlace } from './notes.ts';

/** Copies a text table in its own encoding; rows with notes get their fields replaced or appended. */
export async function annotateCsv(
  inputPath: string,
  outputPath: string,
  dialect: CsvDialect,
  guard: LimitGuard,
  place: StatusPlace,
  notes: NoteCursor,
): Promise<void> {
  const encode = encoderOf(dialect);
  async function* output(): AsyncGenerator<Buffer> {
    let row = 0;
    let text = dialect.byteOrderMark ? '\ufeff' : '';
    for await (const record of csvRecords(inputPath, dialect, guard)) {
      if (row === 0 && isSeparatorLine(record)) {
        text += record.raw + record.lineEnd;
        continue;
      }
      row += 1;
      const fills = await notes.take(CSV_SHEET, row, place);
      if (place.appended && row === place.headingRow) fills.set(place.statusColumn, STATUS_HEADING);
      text += (fills.size === 0 ? record.raw : filled(record, fills, dialect.delimiter)) + record.lineEnd;
      if (text.length < 65_536) continue;
      yield encode(text);
      text = '';
    }
    yield encode(text);
  }
  await pipeline(output, createWriteStream(outputPath));
}

/** Fields that no note touches keep their own quoting as long as only the end of the row changes. */
function filled(record: CsvRecord, fills: Fills, delimiter: string): string {
  const columns = [...fills.keys()].sort((a, b) => a - b);
  const width = record.fields.length;
  if (columns[0]! >= width) {
    let raw = record.raw;
    for (let column = width; column <= columns.at(-1)!; column++)
      raw += delimiter + field(fills.get(column) ?? '', delimiter);
    return raw;
  }
  const values: string[] = [];
  for (let column = 0; column < Math.max(width, columns.at(-1)! + 1); column++) {
    const note = fills.get(column);
    values.push(note === undefined ? quoted(record.fields[column] ?? '', delimiter) : field(note, delimiter));
  }
  return values.join(delimiter);
}

/** Our own text: one that a spreadsheet would calculate gets an apostrophe. */
const field = (text: string, delimiter: string): string =>
  quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text, delimiter);

const quoted = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function encoderOf(dialect: CsvDialect): (text: string) => Buffer {
  if (dialect.encoding === 'utf-8') return (text) => Buffer.from(text);
  if (dialect.encoding === 'utf-16le') return (text) => Buffer.from(text, 'utf16le');
  const decoder = new TextDecoder('windows-1251');
  const codes = new Map(Array.from({ length: 256 }, (_, code) => [decoder.decode(Uint8Array.of(code)), code]));
  // A sign that Windows-1251 does not have can only come from a note; the question mark stands for it.
  return (text) => Buffer.from(Uint8Array.from(text, (sign) => codes.get(sign) ?? 63));
}
