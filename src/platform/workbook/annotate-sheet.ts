import { STATUS_HEADING } from './layout.ts';
import type { Fills, NoteCursor, StatusPlace } from './notes.ts';
import { RowSplitter, type SheetPiece } from './row-splitter.ts';
import { columnLetters, columnOf } from './xlsx-sheet.ts';
import { escapeXml, XmlScanner } from './xml-scanner.ts';

type RowPiece = Extract<SheetPiece, { kind: 'row' }>;

const STATUS_WIDTH = 60;

/** Rewrites a worksheet part with the notes filled in. What no note touches leaves as it came. */
export async function* annotateSheet(
  pieces: AsyncIterable<string>,
  sheet: string,
  place: StatusPlace,
  notes: NoteCursor,
): AsyncGenerator<string> {
  const splitter = new RowSplitter();
  const scanner = new XmlScanner(splitter);
  let head = true;
  for await (const piece of pieces) {
    scanner.write(piece);
    const ready = splitter.pieces;
    splitter.pieces = [];
    for (const next of ready) {
      if (next.kind === 'other') yield head && place.appended ? widenHead(next.xml, place.statusColumn) : next.xml;
      else if (next.kind === 'end') yield* missingRows(sheet, Number.POSITIVE_INFINITY, next.prefix, place, notes);
      else yield* annotatedRow(next, sheet, place, notes);
      head = false;
    }
  }
  scanner.end();
  splitter.finish();
  for (const rest of splitter.pieces) if (rest.kind === 'other') yield rest.xml;
}

async function* annotatedRow(
  piece: RowPiece,
  sheet: string,
  place: StatusPlace,
  notes: NoteCursor,
): AsyncGenerator<string> {
  yield* missingRows(sheet, piece.row, piece.prefix, place, notes);
  const fills = await notes.take(sheet, piece.row, place);
  if (place.appended && piece.row === place.headingRow) fills.set(place.statusColumn, STATUS_HEADING);
  yield fills.size === 0 ? piece.xml : fillRow(piece, fills);
}

/** Rows that have notes and stand before `until`, but are not in the file because they are empty. */
async function* missingRows(
  sheet: string,
  until: number,
  prefix: string,
  place: StatusPlace,
  notes: NoteCursor,
): AsyncGenerator<string> {
  for (let note = await notes.peek(sheet); note && note.row < until; note = await notes.peek(sheet)) {
    const fills = await notes.take(sheet, note.row, place);
    const tag = `<${prefix}row r="${note.row}"/>`;
    const row: RowPiece = { kind: 'row', xml: tag, row: note.row, tagEnd: tag.length, empty: true, cells: [], prefix };
    yield fillRow(row, fills);
  }
}

function fillRow(piece: RowPiece, fills: Fills): string {
  const columns = [...fills.keys()].sort((a, b) => a - b);
  const last = columns.at(-1)!;
  // The heading that we append looks like the heading beside it.
  const lastStyle = fills.get(last) === STATUS_HEADING ? piece.cells.at(-1)?.style : undefined;
  let xml = startTag(piece, last);
  let from = piece.tagEnd;
  let next = 0;
  for (const cell of piece.cells) {
    xml += piece.xml.slice(from, cell.start);
    for (; next < columns.length && columns[next]! < cell.column; next++)
      xml += filledCell(piece, columns[next]!, fills);
    const replaced = columns[next] === cell.column;
    xml += replaced ? filledCell(piece, cell.column, fills, cell.style) : piece.xml.slice(cell.start, cell.end);
    if (replaced) next++;
    from = cell.end;
  }
  for (; next < columns.length; next++) xml += filledCell(piece, columns[next]!, fills, lastStyle);
  return xml + (piece.empty ? `</${piece.prefix}row>` : piece.xml.slice(from));
}

/** The start tag, opened when it was empty; `spans` tells which columns hold cells and must not lie. */
function startTag(piece: RowPiece, lastColumn: number): string {
  const tag = piece.xml
    .slice(0, piece.tagEnd)
    .replace(/(\sspans=["']\d+:)(\d+)/, (whole, start: string, end: string) =>
      Number(end) > lastColumn ? whole : `${start}${lastColumn + 1}`,
    );
  return piece.empty ? tag.replace(/\s*\/>$/, '>') : tag;
}

function filledCell({ prefix, row }: RowPiece, column: number, fills: Fills, style?: string): string {
  const text = fills.get(column)!;
  const styled = style === undefined ? '' : ` s="${style}"`;
  const reference = `${columnLetters(column)}${row}`;
  if (text === '') return `<${prefix}c r="${reference}"${styled}/>`;
  return `<${prefix}c r="${reference}"${styled} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escapeXml(text)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** Some readers stop at the edge that `dimension` names, and a status of two words in a narrow column cannot be read. */
function widenHead(xml: string, column: number): string {
  const letters = columnLetters(column);
  const dimension = xml.replace(
    /(<(?:[\w.-]+:)?dimension\s[^>]*?ref=["'])([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?/,
    (whole, start: string, left: string, top: string, right = left, bottom = top) =>
      columnOf(right, 0, right.length) >= column ? whole : `${start}${left}${top}:${letters}${bottom}`,
  );
  return withWidth(dimension, column + 1);
}

function withWidth(xml: string, number: number): string {
  const rows = /<((?:[\w.-]+:)?)sheetData/.exec(xml);
  const prefix = rows?.[1] ?? '';
  const col = `<${prefix}col min="${number}" max="${number}" width="${STATUS_WIDTH}" customWidth="1"/>`;
  const end = xml.indexOf(`</${prefix}cols>`);
  if (end >= 0) {
    const taken = [...xml.matchAll(/<(?:[\w.-]+:)?col\s[^>]*?max=["'](\d+)/g)].some(([, max]) => Number(max) >= number);
    return taken ? xml : xml.slice(0, end) + col + xml.slice(end);
  }
  return rows ? `${xml.slice(0, rows.index)}<${prefix}cols>${col}</${prefix}cols>${xml.slice(rows.index)}` : xml;
}
