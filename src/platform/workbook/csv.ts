import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { textCell } from './cell-values.ts';
import { WorkbookError } from './errors.ts';
import type { LimitGuard } from './limits.ts';
import type { ReadOptions, WorkbookEvent } from './types.ts';

/** The name of the only sheet of a text table. */
export const CSV_SHEET = 'CSV';

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'windows-1251';

export interface CsvDialect {
  readonly encoding: CsvEncoding;
  readonly byteOrderMark: boolean;
  readonly delimiter: ';' | ',' | '\t';
}

export interface CsvRecord {
  /** As it stands in the file, without the line end. */
  readonly raw: string;
  readonly fields: readonly string[];
  /** `\r\n`, `\n`, `\r`, or nothing at the end of the file. */
  readonly lineEnd: string;
}

const SAMPLE = 256 * 1024;

/** A text table is told by what it is not: no control characters, valid in UTF-8 or else taken for Windows-1251. */
export async function detectCsv(path: string): Promise<CsvDialect | null> {
  const file = await open(path);
  const sample = Buffer.alloc(SAMPLE);
  const { bytesRead } = await file.read(sample, 0, SAMPLE, 0).finally(() => file.close());
  const bytes = sample.subarray(0, bytesRead);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return dialectOf('utf-16le', true, bytes.toString('utf16le'));
  const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (bytes.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12)) return null;
  const encoding: CsvEncoding = byteOrderMark || isUtf8(bytes) ? 'utf-8' : 'windows-1251';
  return dialectOf(encoding, byteOrderMark, new TextDecoder(encoding).decode(bytes));
}

/** The sample may end inside a character: `stream` forgives that and nothing else. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function dialectOf(encoding: CsvEncoding, byteOrderMark: boolean, sample: string): CsvDialect | null {
  const text = sample.replace(/^\ufeff/, '');
  if (/^\s*(?:<|%PDF|\{\\rtf)/.test(text)) return null;
  const named = /^sep=([;,\t])\r?\n/.exec(text)?.[1];
  return { encoding, byteOrderMark, delimiter: (named as CsvDialect['delimiter']) ?? delimiterOf(text) };
}

/** The sign that splits the first lines into most fields; `;` among equals, for it is what Excel writes in Russian. */
function delimiterOf(text: string): CsvDialect['delimiter'] {
  const lines = text
    .split(/\r\n|\n|\r/, 20)
    .map((line) => line.replace(/"[^"]*"/g, ''))
    .filter((line) => line !== '');
  const score = (sign: string) => lines.reduce((sum, line) => sum + Math.min(line.split(sign).length - 1, 100), 0);
  const linesWith = (sign: string) => lines.filter((line) => line.includes(sign)).length;
  const ranked = ([';', '\t', ','] as const).map((sign) => ({ sign, weight: linesWith(sign) * 1000 + score(sign) }));
  // A comma inside numbers («12,5») must not outweigh the real sign, so it counts only where the others are scarce.
  const strong = ranked.find(({ sign }) => sign !== ',' && linesWith(sign) * 2 > lines.length);
  return strong?.sign ?? ranked.reduce((best, next) => (next.weight > best.weight ? next : best)).sign;
}

/** Records of a text table. A quote opens only at the beginning of a field; inside, `""` is a quote and line ends are text. */
export async function* csvRecords(path: string, dialect: CsvDialect, guard: LimitGuard): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder(dialect.encoding, { fatal: true });
  let rest = '';
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    bytes += chunk.length;
    guard.unpacked(bytes);
    rest += decodeOrThrow(() => decoder.decode(chunk, { stream: true }));
    const taken = yield* takeRecords(rest, dialect.delimiter, false);
    rest = rest.slice(taken);
    if (rest.length > 1024 * 1024) throw unclosedQuote();
  }
  rest += decodeOrThrow(() => decoder.decode());
  if (rest !== '') yield* takeRecords(rest, dialect.delimiter, true);
}

const decodeOrThrow = (decode: () => string): string => {
  try {
    return decode();
  } catch (error) {
    throw new WorkbookError(
      'broken_text',
      'В файле смешаны кодировки. Сохраните таблицу заново в формате .xlsx или .csv (UTF-8) и загрузите ещё раз.',
      { cause: error },
    );
  }
};

const unclosedQuote = (): WorkbookError =>
  new WorkbookError(
    'broken_text',
    'В файле есть открытая и не закрытая кавычка ("). Сохраните таблицу в формате .xlsx и загрузите ещё раз.',
  );

function* takeRecords(text: string, delimiter: string, last: boolean): Generator<CsvRecord, number> {
  let start = 0;
  let fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (at === text.length && (!last || (fields.length === 0 && at === start))) break;
    const field = readField(text, at, delimiter);
    if (field === null) {
      if (last) throw unclosedQuote();
      break;
    }
    const sign = text[field.end];
    // The sign after the field may still come with the next piece, and so may the \n of a \r\n.
    if (!last && (sign === undefined || (sign === '\r' && field.end + 1 === text.length))) break;
    fields.push(field.value);
    at = field.end + 1;
    if (sign === delimiter) continue;
    const lineEnd = sign === undefined ? '' : sign === '\r' && text[at] === '\n' ? '\r\n' : sign;
    yield { raw: text.slice(start, field.end), fields, lineEnd };
    start = at = field.end + lineEnd.length;
    fields = [];
    if (sign === undefined) break;
  }
  return start;
}

function readField(text: string, start: number, delimiter: string): { value: string; end: number } | null {
  if (text[start] !== '"') {
    const end = endOfField(text, start, delimiter);
    return { value: text.slice(start, end), end };
  }
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return null;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      // «"Ромашка" ООО» is not quoted right; what follows the quote still belongs to the field.
      const end = endOfField(text, quote + 1, delimiter);
      return { value: value + text.slice(quote + 1, end), end };
    }
    value += '"';
    from = quote + 2;
  }
}

function endOfField(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === delimiter || sign === '\n' || sign === '\r') return at;
  }
  return text.length;
}

/** The line «sep=;» that Excel understands is no row, but it counts as the first one where Excel does not show it. */
export const isSeparatorLine = (record: CsvRecord): boolean => /^\ufeff?sep=[;,\t]$/.test(record.raw);

export async function* readCsv(
  path: string,
  dialect: CsvDialect,
  guard: LimitGuard,
  options: ReadOptions,
): AsyncGenerator<WorkbookEvent> {
  const sheet = { name: CSV_SHEET, index: 0, hidden: false };
  if (options.onSheet?.(sheet) === false) return;
  yield { type: 'sheet', sheet: { ...sheet, merges: [] } };
  let row = 0;
  for await (const record of csvRecords(path, dialect, guard)) {
    if (row === 0 && isSeparatorLine(record)) continue;
    row += 1;
    guard.cells(record.fields.length, CSV_SHEET, row);
    const cells = record.fields.map((field) => {
      guard.text(field.length);
      return textCell(field);
    });
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    if (cells.length === 0) continue;
    guard.row();
    yield { type: 'row', sheet: CSV_SHEET, row, cells };
  }
}
