import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { annotateCsv } from './annotate-csv.ts';
import { annotatedSheets } from './annotate-ods.ts';
import { annotateXlsx } from './annotate-xlsx.ts';
import { CSV_SHEET } from './csv.ts';
import { bareForm } from './heading-text.ts';
import { STATUS_HEADING } from './layout.ts';
import { LimitGuard } from './limits.ts';
import type { HeadingMatch } from './match-headings.ts';
import { NoteCursor, type RowNote, type StatusPlace } from './notes.ts';
import { detectFormat, readWorkbook } from './read-workbook.ts';
import { DEFAULT_LIMITS, HEADER_WINDOW, type SheetRow, type WorkbookLimits } from './types.ts';
import { writeWorkbook } from './write-workbook.ts';

export interface AnnotateOptions {
  readonly limits?: WorkbookLimits;
  /** What `matchHeadings` found, by sheet. For a sheet that is not here the place of the status is looked for. */
  readonly headings?: ReadonlyMap<string, Pick<HeadingMatch, 'headingRows' | 'statusColumn'>>;
}

/**
 * Writes the user's own file again with «Статус обработки» (and other cells, by column) filled in. Rows, styles, formulas and other
 * sheets stay as they are. An .xlsx gives an .xlsx, a .csv a .csv in its encoding; an .ods gives an .xlsx with the same cells.
 * @param notes in the order of sheets and rows; taken as the file is written
 * @throws WorkbookError as `readWorkbook`; Error when notes come out of order or name a sheet that is not there
 */
export async function annotateWorkbook(
  inputPath: string,
  outputPath: string,
  notes: AsyncIterable<RowNote>,
  options: AnnotateOptions = {},
): Promise<{ format: 'xlsx' | 'csv'; converted: boolean }> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const guard = new LimitGuard(limits);
  const detected = await detectFormat(inputPath, guard);
  const cursor = new NoteCursor(notes);
  const placeOf = (sheet: string) => statusPlace(inputPath, sheet, options, limits);
  if (detected.format === 'xlsx') {
    await annotateXlsx(inputPath, outputPath, guard, placeOf, cursor);
  } else if (detected.format === 'csv') {
    await annotateCsv(inputPath, outputPath, detected.dialect, guard, await placeOf(CSV_SHEET), cursor);
  } else {
    const sheets = await annotatedSheets(inputPath, limits, placeOf, cursor);
    await pipeline(writeWorkbook(sheets), createWriteStream(outputPath));
  }
  await cursor.end();
  return { format: detected.format === 'csv' ? 'csv' : 'xlsx', converted: detected.format === 'ods' };
}

async function statusPlace(
  path: string,
  sheet: string,
  { headings }: AnnotateOptions,
  limits: WorkbookLimits,
): Promise<StatusPlace> {
  const rows = await firstRows(path, sheet, limits);
  const known = headings?.get(sheet);
  const found = known?.statusColumn ?? statusColumnOf(rows);
  // Beyond the last value of the first rows, so that a column without a heading is not written over.
  const free = Math.max(0, ...rows.map((row) => row.cells.length));
  return {
    headingRow: known?.headingRows.bottom ?? headingRowOf(rows),
    statusColumn: found ?? free,
    appended: found === null,
  };
}

async function firstRows(path: string, sheet: string, limits: WorkbookLimits): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const event of readWorkbook(path, { limits, onSheet: ({ name }) => name === sheet })) {
    if (event.type !== 'row') continue;
    if (event.row > HEADER_WINDOW) break;
    rows.push(event);
  }
  return rows;
}

function statusColumnOf(rows: readonly SheetRow[]): number | null {
  const status = bareForm(STATUS_HEADING);
  for (const { cells } of rows) {
    const column = cells.findIndex((cell) => cell !== null && bareForm(cell.text) === status);
    if (column >= 0) return column;
  }
  return null;
}

/** The first row with most texts: titles above have one, and data below have no more. */
function headingRowOf(rows: readonly SheetRow[]): number {
  const texts = (row: SheetRow) => row.cells.filter((cell) => cell?.kind === 'text').length;
  const most = Math.max(0, ...rows.map(texts));
  return rows.find((row) => texts(row) === most)?.row ?? 1;
}
