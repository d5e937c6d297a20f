import type { LimitGuard } from './limits.ts';
import { StringTable } from './string-table.ts';
import { HEADER_WINDOW, type MergedRange, type ReadOptions, type WorkbookEvent } from './types.ts';
import { openXlsxBook, type SheetPart, type XlsxBook } from './xlsx-package.ts';
import { columnOf, SheetListener } from './xlsx-sheet.ts';
import { attributesOf, decodeEntities, XmlScanner } from './xml-scanner.ts';
import { Package } from './zip.ts';

export async function* readXlsx(path: string, guard: LimitGuard, options: ReadOptions): AsyncGenerator<WorkbookEvent> {
  const pack = await Package.open(path, guard);
  let strings: StringTable | null = null;
  try {
    const book = await openXlsxBook(pack);
    guard.sheets(book.sheets.length);
    for (const sheet of book.sheets) {
      const { name, index, hidden } = sheet;
      if (options.onSheet?.({ name, index, hidden }) === false) continue;
      strings ??= await readSharedStrings(pack, book, guard, options.temporaryFolder);
      yield { type: 'sheet', sheet: { name, index, hidden, merges: await readMerges(pack, sheet.part) } };
      yield* readRows(pack, book, sheet, strings, guard);
    }
  } finally {
    strings?.close();
    pack.close();
  }
}

async function* readRows(
  pack: Package,
  book: XlsxBook,
  sheet: SheetPart,
  strings: StringTable,
  guard: LimitGuard,
): AsyncGenerator<WorkbookEvent> {
  const listener = new SheetListener({
    sheet: sheet.name,
    strings,
    dateStyles: book.dateStyles,
    date1904: book.date1904,
    guard,
  });
  const scanner = new XmlScanner(listener);
  for await (const piece of pack.pieces(sheet.part)) {
    scanner.write(piece);
    const { rows } = listener;
    if (rows.length === 0) continue;
    listener.rows = [];
    for (const row of rows) yield { type: 'row', ...row };
  }
  scanner.end();
}

async function readSharedStrings(
  pack: Package,
  book: XlsxBook,
  guard: LimitGuard,
  temporaryFolder: string | undefined,
): Promise<StringTable> {
  const strings = new StringTable(guard.limits.sharedTextInMemory, temporaryFolder);
  if (book.sharedStrings === null) return strings;
  let value = '';
  let inText = false;
  let inPhonetic = false;
  const scanner = new XmlScanner({
    open(name, _source, _start, _end, _nameEnd, empty) {
      if (name === 't') inText = !empty && !inPhonetic;
      else if (name === 'rPh') inPhonetic = !empty;
      else if (name === 'si' && empty) strings.add('');
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 'si') {
        strings.add(value);
        value = '';
      }
    },
    text(source, start, end, cdata) {
      if (!inText) return;
      const piece = source.slice(start, end);
      value += cdata ? piece : decodeEntities(piece);
      if (value.length > 64) guard.text(value.length);
    },
  });
  try {
    for await (const piece of pack.pieces(book.sharedStrings)) scanner.write(piece);
    scanner.end();
  } catch (error) {
    strings.close();
    throw error;
  }
  return strings;
}

/**
 * Merged ranges among the headings. A sheet lists them after its rows, so the part is unpacked once more and only searched, not
 * parsed, up to the end of the rows.
 */
export async function readMerges(pack: Package, part: string): Promise<MergedRange[]> {
  const merges: MergedRange[] = [];
  const scanner = new XmlScanner({
    open(name, source, _start, end, nameEnd) {
      if (name !== 'mergeCell') return;
      const [from = '', to = from] = (attributesOf(source, nameEnd, end).ref ?? '').replaceAll('$', '').split(':');
      const top = Number(/\d+$/.exec(from)?.[0]);
      const bottom = Number(/\d+$/.exec(to)?.[0]);
      if (!(top <= HEADER_WINDOW) || !(bottom >= top)) return;
      merges.push({ top, bottom, left: columnOf(from, 0, from.length), right: columnOf(to, 0, to.length) });
    },
    close() {},
  });
  // Everything before the end of the rows is left out, so the tail gets a beginning.
  scanner.write('<worksheet>');
  for await (const piece of tailPieces(pack.bytes(part))) scanner.write(piece);
  return merges;
}

const ROWS_END = /<\/(?:[\w.-]+:)?sheetData\s*>/;
/** Longer than the closing tag of the rows can be, and not so long that the search would see it twice. */
const OVERLAP = 64;

async function* tailPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let before = '';
  let found = false;
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    if (found) {
      yield decoder.decode(bytes, { stream: true });
      continue;
    }
    // `latin1` keeps one character a byte, which is all that this search needs.
    const text = before + bytes.toString('latin1');
    const end = text.includes('sheetData') ? ROWS_END.exec(text) : null;
    before = text.slice(-OVERLAP);
    if (!end) continue;
    found = true;
    yield decoder.decode(Buffer.from(text.slice(end.index + end[0].length), 'latin1'), { stream: true });
  }
}
