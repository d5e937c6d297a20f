import { HeaderGrid, type HeadingPath, isColumnNumbers } from './header-block.ts';
import { bareForm } from './heading-text.ts';
import { type ColumnLayout, type SheetLayout, STATUS_HEADING } from './layout.ts';
import {
  type Candidate,
  type ColumnMatches,
  candidatesOf,
  type MatchTier,
  matchColumns,
  pathKey,
} from './match-columns.ts';
import { HEADER_WINDOW, type MergedRange, type SheetInfo, type SheetRow } from './types.ts';

export { pathKey } from './match-columns.ts';

export interface HeadingMatch {
  /** 0-based column of the file -> key of the layout. */
  readonly columns: ReadonlyMap<number, string>;
  /** How each of them was told, for the page that shows the mapping. */
  readonly matchedBy: ReadonlyMap<number, MatchTier>;
  /** Headings that no column of the layout answers to; they are not read. */
  readonly unknown: readonly HeadingPath[];
  /** Required columns that the file does not have. */
  readonly missing: readonly ColumnLayout[];
  readonly duplicates: readonly { readonly key: string; readonly columns: readonly number[] }[];
  readonly ambiguous: readonly { readonly column: number; readonly keys: readonly string[] }[];
  /** Rows of the headings, 1-based and inclusive, and where data begin. */
  readonly headingRows: { readonly top: number; readonly bottom: number };
  readonly firstDataRow: number;
  /** Where «Статус обработки» stands, and where it would be appended. 0-based. */
  readonly statusColumn: number | null;
  readonly lastColumn: number;
}

export interface HeadingQuery {
  /** The first rows of the sheet, at most `HEADER_WINDOW`, as `readWorkbook` gives them. */
  readonly rows: readonly SheetRow[];
  readonly merges: readonly MergedRange[];
  readonly layout: SheetLayout;
  /** `pathKey` of a heading -> key, as mapped by hand before; null leaves the column out. */
  readonly saved?: ReadonlyMap<string, string | null>;
  /** Where a person says that the headings stand: then nothing is guessed. */
  readonly place?: HeadingPlace;
  /** How many columns must be told for the rows to count as headings. Default 2; 1 gives a guess for a person to look at. */
  readonly least?: number;
}

export interface HeadingPlace {
  /** The first row of the headings, 1-based. */
  readonly top: number;
  /** Where data begin; null: right below the headings, however many rows their merged cells take. */
  readonly data: number | null;
}

/** Headings of the known forms take up to this many rows. */
const DEEPEST_HEADING = 4;
const STATUS = bareForm(STATUS_HEADING);

/**
 * Finds the rows of the headings and which column is which. Title rows above are passed over, and so are rows of column numbers
 * below. Null when no row holds a heading of the layout: it is another sheet.
 */
export function matchHeadings(query: HeadingQuery): HeadingMatch | null {
  const rows = query.rows.filter((row) => row.row <= HEADER_WINDOW);
  const grid = new HeaderGrid(rows, query.merges);
  const candidates = candidatesOf(query.layout.columns);
  const saved = query.saved ?? new Map<string, string | null>();
  if (query.place) return matchPlace(grid, query.place, candidates, saved, query.layout);
  let best: Block | null = null;
  for (const [at, { row }] of rows.entries()) {
    for (let first = at; first >= 0 && row - rows[first]!.row < DEEPEST_HEADING; first--) {
      const top = rows[first]!.row;
      const headings = grid.paths(top, row);
      const matches = matchColumns(headings, candidates, saved);
      // Among equals the earlier and the shorter: what lies below is data.
      if (matches.score > (best?.matches.score ?? 0)) best = { top, bottom: row, headings, matches };
    }
  }
  if (!best || !enough(best.matches, query.layout, query.least ?? LEAST)) {
    // What a clerk has mapped before is no chance hit, be it one column among many that are passed over.
    const mapped = best?.headings.some(({ path }) => saved.has(pathKey(path)));
    if (!best || !mapped || best.matches.found.size === 0) return null;
  }
  const bottom = lastHeadingRow(grid, best.top, grid.bottomOf(best.bottom), [...best.matches.found.keys()]);
  const headings = bottom === best.bottom ? best.headings : grid.paths(best.top, bottom);
  return describe(grid, { ...best, bottom, headings }, query.layout);
}

/** One chance hit («Адрес» in a page of instructions) is no table: two columns, or all that the layout has. */
const LEAST = 2;
const enough = (matches: ColumnMatches, layout: SheetLayout, least: number): boolean =>
  matches.found.size + matches.duplicates.length >= Math.min(least, layout.columns.length);

function matchPlace(
  grid: HeaderGrid,
  { top, data }: HeadingPlace,
  candidates: readonly Candidate[],
  saved: ReadonlyMap<string, string | null>,
  layout: SheetLayout,
): HeadingMatch | null {
  let bottom = data === null ? grid.bottomOf(top) : Math.min(data - 1, top + DEEPEST_HEADING - 1);
  const isHeading = (row: number) => grid.has(row) && !isColumnNumbers(grid.values(row), grid.values(top).length);
  while (bottom > top && !isHeading(bottom)) bottom -= 1;
  const headings = grid.paths(top, bottom);
  if (headings.length === 0) return null;
  const found = describe(grid, { top, bottom, headings, matches: matchColumns(headings, candidates, saved) }, layout);
  return data === null ? found : { ...found, firstDataRow: data };
}

interface Block {
  top: number;
  bottom: number;
  headings: HeadingPath[];
  matches: ColumnMatches;
}

function describe(grid: HeaderGrid, { top, bottom, headings, matches }: Block, layout: SheetLayout): HeadingMatch {
  const { found, duplicates, ambiguous } = matches;
  const isStatus = (heading: HeadingPath) => heading.path.some((part) => bareForm(part) === STATUS);
  const told = new Set([...found.values()].map(({ key }) => key).concat(duplicates.map(({ key }) => key)));
  const claimed = new Set([
    ...found.keys(),
    ...duplicates.flatMap(({ columns }) => columns),
    ...ambiguous.map((each) => each.column),
  ]);
  let firstDataRow = bottom + 1;
  while (isColumnNumbers(grid.values(firstDataRow), headings.length)) firstDataRow += 1;
  return {
    columns: new Map([...found].map(([column, { key }]) => [column, key])),
    matchedBy: new Map([...found].map(([column, { by }]) => [column, by])),
    unknown: headings.filter((heading) => !claimed.has(heading.column) && !isStatus(heading)),
    missing: layout.columns.filter((column) => column.required && !told.has(column.key)),
    duplicates,
    ambiguous,
    headingRows: { top, bottom },
    firstDataRow,
    statusColumn: headings.findLast(isStatus)?.column ?? null,
    lastColumn: Math.max(...headings.map(({ column }) => column)),
  };
}

/**
 * Rows below that hold only texts, and none in a column that we know, are headings of groups that we do not know: a row of data
 * without any known value would be of no use anyway.
 */
function lastHeadingRow(grid: HeaderGrid, top: number, bottom: number, known: readonly number[]): number {
  let last = bottom;
  while (last - top + 1 < DEEPEST_HEADING) {
    const cells = grid.values(last + 1);
    const values = cells.filter((cell) => cell !== null);
    if (values.length === 0 || values.some(({ kind }) => kind !== 'text') || known.some((column) => cells[column]))
      break;
    last += 1;
  }
  return last;
}

/**
 * Which sheet of the file is which of the layouts: by name, then by synonym. Hidden sheets (`conf`, lists of values) are left out.
 * A file with one visible sheet under any name is taken for the only, or the only required, layout.
 */
export function matchSheets(
  sheets: readonly Pick<SheetInfo, 'name' | 'hidden'>[],
  layouts: readonly SheetLayout[],
): Map<string, SheetLayout> {
  const visible = sheets.filter((sheet) => !sheet.hidden && sheet.name.toLowerCase() !== 'conf');
  const found = new Map<string, SheetLayout>();
  for (const layout of layouts) {
    const names = [layout.name, ...(layout.synonyms ?? [])].map(bareForm);
    const sheet = names
      .map((name) => visible.find((each) => bareForm(each.name) === name))
      .find((each) => each !== undefined);
    if (sheet && !found.has(sheet.name)) found.set(sheet.name, layout);
  }
  const [main, ...others] = layouts.length === 1 ? layouts : layouts.filter((layout) => layout.required);
  const [only, ...more] = visible;
  if (found.size === 0 && only && more.length === 0 && main && others.length === 0) found.set(only.name, main);
  return found;
}
