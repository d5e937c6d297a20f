import { Readable } from 'node:stream';
import { ZipWriter } from '../zip-writer.ts';
import type { CellText, MergedRange } from './types.ts';
import { STYLE, styleSheet, workbookParts } from './xlsx-parts.ts';
import { columnLetters } from './xlsx-sheet.ts';
import { escapeXml } from './xml-scanner.ts';
import { FIRST_ZIP_DATE } from './zip.ts';

/** A text, or a cell of another kind with its value as `CellText` says it. */
export type ExportCell = string | null | CellText;

export interface ExportRow {
  /** 1-based; without it the next one. Must grow. */
  readonly row?: number;
  readonly cells: readonly ExportCell[];
}

export interface ExportSheet {
  readonly name: string;
  readonly hidden?: boolean;
  /** So many first rows are set in bold and stay in view. */
  readonly headingRows?: number;
  /** Widths of columns in characters. */
  readonly widths?: readonly number[];
  readonly merges?: readonly MergedRange[];
  readonly rows: Iterable<ExportRow> | AsyncIterable<ExportRow>;
}

/**
 * An .xlsx as a stream: rows are taken as the reader of the stream asks for them, so an export of any length fits in memory.
 * Every text is a text: one that begins with = + - @ is marked as typed with an apostrophe and is never calculated.
 * @param modified the date of the parts in the archive; the same input and date give the same bytes
 */
export function writeWorkbook(sheets: readonly ExportSheet[], modified: Date = new Date(FIRST_ZIP_DATE)): Readable {
  const zip = new ZipWriter();
  const names = sheetNames(sheets.map((sheet) => sheet.name));
  const parts = workbookParts(sheets.map((sheet, index) => ({ name: names[index]!, hidden: sheet.hidden ?? false })));
  for (const [name, xml] of parts) zip.text(name, xml, modified);
  zip.text('xl/styles.xml', styleSheet, modified);
  for (const [index, sheet] of sheets.entries()) {
    zip.part(`xl/worksheets/sheet${index + 1}.xml`, modified, () =>
      Readable.from(batched(sheetXml(sheet)), { objectMode: false }),
    );
  }
  zip.end();
  return zip.output;
}

/** Excel allows 31 characters without []:*?/\ and tells names apart without regard to case. */
export function sheetNames(wanted: readonly string[]): string[] {
  const taken = new Set<string>();
  return wanted.map((name) => {
    const base =
      name
        .replace(/[[\]:*?/\\]/g, ' ')
        .replace(/^'+|'+$/g, '')
        .trim()
        .slice(0, 31) || 'Лист';
    let unique = base;
    for (let copy = 2; taken.has(unique.toLowerCase()); copy++) unique = `${base.slice(0, 27)} (${copy})`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Joins small texts, for a compressor and a pipe work best on larger pieces. */
export async function* batched(parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const part of parts) {
    text += part;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

async function* sheetXml(sheet: ExportSheet): AsyncGenerator<string> {
  const headings = sheet.headingRows ?? 0;
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">';
  if (headings > 0) {
    yield `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${headings}" topLeftCell="A${headings + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
  }
  if (sheet.widths?.length) {
    const columns = sheet.widths.map(
      (width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
    );
    yield `<cols>${columns.join('')}</cols>`;
  }
  yield '<sheetData>';
  let number = 0;
  for await (const row of sheet.rows) {
    number = row.row ?? number + 1;
    yield rowXml(number, row.cells, number <= headings);
  }
  yield '</sheetData>';
  if (sheet.merges?.length) {
    const ranges = sheet.merges.map((range) => `<mergeCell ref="${rangeText(range)}"/>`);
    yield `<mergeCells count="${ranges.length}">${ranges.join('')}</mergeCells>`;
  }
  yield '</worksheet>';
}

const rangeText = (range: MergedRange): string =>
  `${columnLetters(range.left)}${range.top}:${columnLetters(range.right)}${range.bottom}`;

function rowXml(row: number, cells: readonly ExportCell[], heading: boolean): string {
  let xml = `<row r="${row}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell === null || cell === '') continue;
    xml += cellXml(
      `${columnLetters(column)}${row}`,
      typeof cell === 'string' ? { text: cell, kind: 'text' } : cell,
      heading,
    );
  }
  return `${xml}</row>`;
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;

function cellXml(reference: string, { text, kind }: CellText, heading: boolean): string {
  if (kind === 'number' && NUMBER.test(text)) return `<c r="${reference}"><v>${text}</v></c>`;
  if (kind === 'boolean') return `<c r="${reference}" t="b"><v>${text === 'true' ? 1 : 0}</v></c>`;
  if (kind === 'date') {
    const serial = isoToSerial(text);
    if (serial !== null)
      return `<c r="${reference}" s="${text.includes('T') ? STYLE.dateTime : STYLE.date}"><v>${serial}</v></c>`;
  }
  const style = heading ? STYLE.heading : /^[=+\-@\t\r]/.test(text) ? STYLE.quoted : STYLE.text;
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** The day number of `YYYY-MM-DD[THH:MM:SS]`; null before March 1900, where Excel counts a day that never was. */
export function isoToSerial(iso: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?$/.exec(iso);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const days = (Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return days < 61 ? null : days + (hours * 3600 + minutes * 60 + seconds) / 86_400;
}
