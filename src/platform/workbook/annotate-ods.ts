import { STATUS_HEADING } from './layout.ts';
import type { NoteCursor, StatusPlace } from './notes.ts';
import { readWorkbook } from './read-workbook.ts';
import type { CellText, SheetInfo, SheetRow, WorkbookLimits } from './types.ts';
import type { ExportRow, ExportSheet } from './write-workbook.ts';

/** The sheets of a file as sheets to write, with the notes filled in. Each reads the file again up to its own rows. */
export async function annotatedSheets(
  path: string,
  limits: WorkbookLimits,
  placeOf: (sheet: string) => Promise<StatusPlace>,
  notes: NoteCursor,
): Promise<ExportSheet[]> {
  const sheets: SheetInfo[] = [];
  for await (const event of readWorkbook(path, { limits })) if (event.type === 'sheet') sheets.push(event.sheet);
  return sheets.map(({ name, hidden, merges, index }) => ({
    name,
    hidden,
    merges,
    rows: annotatedRows(path, { name, index }, limits, placeOf, notes),
  }));
}

async function* annotatedRows(
  path: string,
  sheet: Pick<SheetInfo, 'name' | 'index'>,
  limits: WorkbookLimits,
  placeOf: (sheet: string) => Promise<StatusPlace>,
  notes: NoteCursor,
): AsyncGenerator<ExportRow> {
  const place = (await notes.peek(sheet.name)) ? await placeOf(sheet.name) : null;
  for await (const event of readWorkbook(path, { limits, onSheet: ({ index }) => index === sheet.index })) {
    if (event.type !== 'row') continue;
    if (place) yield* missing(sheet.name, event.row, place, notes);
    yield { row: event.row, cells: place ? await withNotes(event, place, notes) : event.cells };
  }
  if (place) yield* missing(sheet.name, Number.POSITIVE_INFINITY, place, notes);
}

async function* missing(
  sheet: string,
  until: number,
  place: StatusPlace,
  notes: NoteCursor,
): AsyncGenerator<ExportRow> {
  for (let note = await notes.peek(sheet); note && note.row < until; note = await notes.peek(sheet)) {
    yield { row: note.row, cells: await withNotes({ sheet, row: note.row, cells: [] }, place, notes) };
  }
}

async function withNotes(row: SheetRow, place: StatusPlace, notes: NoteCursor): Promise<(CellText | null)[]> {
  const cells = [...row.cells];
  const fills = await notes.take(row.sheet, row.row, place);
  if (place.appended && row.row === place.headingRow) fills.set(place.statusColumn, STATUS_HEADING);
  for (const [column, text] of fills) {
    while (cells.length <= column) cells.push(null);
    cells[column] = { text, kind: 'text' };
  }
  return cells;
}
