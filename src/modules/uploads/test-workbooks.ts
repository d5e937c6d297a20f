import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll } from 'vitest';
import { ZipFile } from 'yazl';
import { type ExportCell, type MergedRange, readWorkbook, writeWorkbook } from '../../platform/workbook/index.ts';
import type { Section } from './sections.ts';

type Cells = Record<string, ExportCell>;
/** Rows of a section by key of the column; the file gets exactly the columns that some row names. */
export type Filled = readonly (readonly [Section, readonly Cells[]])[];

const folder = mkdtemp(join(tmpdir(), 'uploads-test-'));
let count = 0;
afterAll(async () => rm(await folder, { recursive: true, force: true }));
export const testPath = async (name: string) => join(await folder, `${++count}-${name}`);

interface Grid {
  name: string;
  rows: ExportCell[][];
  merges: MergedRange[];
  headingRows: number;
}

/** Heading rows with groups merged as our template has them, then the data. */
function gridOf([of, rows]: Filled[number], columns?: readonly string[]): Grid {
  const used = new Set(columns ?? rows.flatMap((row) => Object.keys(row)));
  const keys = Object.keys(of.columns).filter((key) => used.has(key));
  const paths = keys.map((key) => of.columns[key]!.path);
  const depth = Math.max(1, ...paths.map((path) => path.length));
  const headings: ExportCell[][] = Array.from({ length: depth }, () => keys.map(() => null));
  const merges: MergedRange[] = [];
  for (const [column, path] of paths.entries()) {
    for (const [level, text] of path.entries()) {
      const group = level < path.length - 1;
      const shared = group && paths[column - 1]?.[level] === text && (paths[column - 1]?.length ?? 0) > level + 1;
      if (shared) continue;
      headings[level]![column] = text;
      if (group) {
        let right = column;
        while (paths[right + 1]?.[level] === text && paths[right + 1]!.length > level + 1) right += 1;
        if (right > column) merges.push({ top: level + 1, bottom: level + 1, left: column, right });
      } else if (level + 1 < depth) merges.push({ top: level + 1, bottom: depth, left: column, right: column });
    }
  }
  return {
    name: of.layout.name,
    rows: [...headings, ...rows.map((row) => keys.map((key) => row[key] ?? null))],
    merges,
    headingRows: depth,
  };
}

/** An .xlsx in our own headings. */
export async function xlsxOf(...filled: Filled): Promise<Buffer> {
  const path = await testPath('made.xlsx');
  const sheets = filled.map((one) => {
    const { rows, ...sheet } = gridOf(one);
    return { ...sheet, rows: rows.map((cells) => ({ cells })) };
  });
  await pipeline(writeWorkbook(sheets), createWriteStream(path));
  return readFile(path);
}

/** Sheets of plain rows, the first of them the headings. */
export async function xlsxOfRows(...sheets: { name: string; rows: Iterable<ExportCell[]> }[]): Promise<Buffer> {
  const path = await testPath('rows.xlsx');
  const made = sheets.map(({ name, rows }) => ({
    name,
    rows: (function* () {
      for (const cells of rows) yield { cells };
    })(),
  }));
  await pipeline(writeWorkbook(made), createWriteStream(path));
  return readFile(path);
}

export const csvOf = (one: Filled[number]): Buffer => csvOfRows(gridOf(one).rows);

/** A .csv as Excel in Russia saves it: semicolons, a byte order mark, CRLF. */
export function csvOfRows(rows: readonly ExportCell[][]): Buffer {
  const text = (cell: ExportCell): string => (cell === null ? '' : typeof cell === 'string' ? cell : cell.text);
  const quoted = (value: string): string => (/[;"\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((cells) => cells.map((cell) => quoted(text(cell))).join(';'));
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`);
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function odsCell(cell: ExportCell, spans = ''): string {
  if (cell === null || cell === '') return '<table:table-cell/>';
  const { text, kind } = typeof cell === 'string' ? { text: cell, kind: 'text' } : cell;
  const value =
    kind === 'number'
      ? `office:value-type="float" office:value="${text}"`
      : kind === 'date'
        ? `office:value-type="date" office:date-value="${text}"`
        : 'office:value-type="string"';
  return `<table:table-cell ${value}${spans}><text:p>${escapeText(text)}</text:p></table:table-cell>`;
}

/** The same as LibreOffice saves it: an .ods with spans, typed values and a tail of repeated empty rows. */
export const odsOf = (...filled: Filled): Promise<Buffer> => odsHiding([], ...filled);

/** The same with rows hidden by a filter: 1-based, on every sheet. */
export async function odsHiding(hidden: readonly number[], ...filled: Filled): Promise<Buffer> {
  const tables = filled.map((one) => {
    const { name, rows, merges } = gridOf(one);
    const body = rows.map((cells, row) => {
      const made = cells.map((cell, column) => {
        const merge = merges.find((range) => range.top === row + 1 && range.left === column);
        const spans = merge
          ? ` table:number-columns-spanned="${merge.right - merge.left + 1}" table:number-rows-spanned="${merge.bottom - merge.top + 1}"`
          : '';
        return odsCell(cell, spans);
      });
      const visibility = hidden.includes(row + 1) ? ' table:visibility="filter"' : '';
      return `<table:table-row${visibility}>${made.join('')}<table:table-cell table:number-columns-repeated="16300"/></table:table-row>`;
    });
    return `<table:table table:name="${escapeText(name)}"><table:table-column table:number-columns-repeated="16384"/>${body.join('')}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`;
  });
  const content = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:spreadsheet>${tables.join('')}</office:spreadsheet></office:body></office:document-content>`;
  return zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': content });
}

/** A part may also be so many megabytes of spaces, which hardly take any room when packed. */
export async function zipOf(parts: Record<string, string | Buffer | { megabytes: number }>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, part] of Object.entries(parts))
    if (typeof part === 'object' && 'megabytes' in part)
      zip.addReadStreamLazy(name, { compressionLevel: 1 }, (done) => done(null, Readable.from(blank(part.megabytes))));
    else zip.addBuffer(Buffer.from(part), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function* blank(megabytes: number): Generator<Buffer> {
  const megabyte = Buffer.alloc(1024 * 1024, ' ');
  for (let count = 0; count < megabytes; count += 1) yield megabyte;
}

/** Texts of a file by sheet and row number. */
export async function textsOf(path: string): Promise<Record<string, Record<number, (string | null)[]>>> {
  const sheets: Record<string, Record<number, (string | null)[]>> = {};
  for await (const event of readWorkbook(path))
    if (event.type === 'row') {
      sheets[event.sheet] ??= {};
      sheets[event.sheet]![event.row] = event.cells.map((cell) => cell?.text ?? null);
    }
  return sheets;
}
