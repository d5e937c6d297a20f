import {
  HEADER_WINDOW,
  type HeadingMatch,
  type HeadingPath,
  type HeadingPlace,
  matchHeadings,
  matchSheets,
  pathKey,
  readWorkbook,
  type SheetInfo,
  type SheetRow,
} from '../../platform/workbook/index.ts';
import { kinds } from './kinds/index.ts';
import { Refused } from './refused.ts';
import { headingOf, type Section } from './sections.ts';
import { type AskedSheet, columnLetter, KIND_NAMES, type OpenHeading, type ReadSheet, UPLOAD_KINDS } from './upload.ts';
import type { KindOfUpload } from './work.ts';

export type Mappings = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

const quoted = (names: readonly string[]): string => names.map((name) => `«${name}»`).join(', ');

/** Which sheets of the file are which sections. @throws Refused when one that must be there is not */
export async function findSheets(path: string, kind: KindOfUpload): Promise<Map<string, Section>> {
  const sheets: Pick<SheetInfo, 'name' | 'hidden'>[] = [];
  for await (const _ of readWorkbook(path, {
    onSheet: ({ name, hidden }) => {
      sheets.push({ name, hidden });
      return false;
    },
  }));
  const matched = matchSheets(
    sheets,
    kind.sections.map(({ layout }) => layout),
  );
  const found = new Map<string, Section>();
  for (const [name, layout] of matched) found.set(name, kind.sections.find((one) => one.layout === layout)!);
  const visible = sheets.filter(({ hidden }) => !hidden).map(({ name }) => name);
  refuseOtherKind(visible, kind);
  // A .csv has one sheet without a name: where no sheet is the main one, its headings tell which it is.
  if (found.size === 0 && kind.mandatory.length === 0 && visible.length === 1) {
    const of = await recogniseSheet(path, visible[0]!, kind);
    if (of) found.set(visible[0]!, of);
  }
  const present = new Set([...found.values()].map(({ key }) => key));
  const absent = kind.sections.filter(({ key }) => kind.mandatory.includes(key) && !present.has(key));
  if (absent.length > 0 || found.size === 0) {
    const wanted = (absent.length > 0 ? absent : kind.sections).map(({ layout }) => layout.name);
    throw new Refused(
      `В файле нет листа ${quoted(wanted.slice(0, 3))}. Есть листы: ${quoted(visible.slice(0, 10))}. Назовите лист так же, как в шаблоне, и загрузите файл ещё раз.`,
    );
  }
  return found;
}

/** The section that knows most headings of the sheet. */
async function recogniseSheet(path: string, name: string, kind: KindOfUpload): Promise<Section | null> {
  const rows: SheetRow[] = [];
  let merges: SheetInfo['merges'] = [];
  for await (const event of readWorkbook(path, { onSheet: (sheet) => sheet.name === name })) {
    if (event.type === 'sheet') merges = event.sheet.merges;
    else if (event.row > HEADER_WINDOW) break;
    else rows.push(event);
  }
  const known = ({ layout }: Section) => matchHeadings({ rows, merges, layout, saved: new Map() })?.columns.size ?? 0;
  const [best] = kind.sections.map((of) => ({ of, count: known(of) })).sort((a, b) => b.count - a.count);
  return best && best.count > 0 ? best.of : null;
}

/** @throws Refused when the sheets bear the names of another kind, and none of its own */
function refuseOtherKind(visible: readonly string[], own: KindOfUpload): void {
  const names = new Set(visible.map((name) => name.trim().toLowerCase()));
  const hits = ({ sections }: KindOfUpload) =>
    sections.filter(({ layout }) =>
      [layout.name, ...(layout.synonyms ?? [])].some((name) => names.has(name.toLowerCase())),
    ).length;
  const [best] = UPLOAD_KINDS.map((kind) => ({ kind, count: hits(kinds[kind]) })).sort((a, b) => b.count - a.count);
  if (!best || best.count === 0 || hits(own) > 0) return;
  const name = KIND_NAMES[best.kind];
  throw new Refused(`Похоже, это другой файл: «${name}». Вернитесь к списку загрузок и выберите «${name}».`);
}

export interface MatchedSheet {
  sheet: ReadSheet;
  firstDataRow: number;
  open: OpenHeading[];
  /** Keys of required columns that were not found. */
  missing: string[];
  /** The clerk is to say where the headings stand. */
  asked: AskedSheet | null;
}

export interface FirstRows {
  info: SheetInfo;
  rows: readonly SheetRow[];
  /** More rows follow. */
  more: boolean;
}

/** What the organisation's clerks said before, and what was said of this file. */
interface Said {
  saved?: ReadonlyMap<string, string | null> | undefined;
  place?: HeadingPlace | undefined;
  optional: boolean;
}

/**
 * Tells the columns of a sheet by its first rows. Null when the sheet is empty. Where fewer than two headings are known, it asks.
 * @throws Refused when it holds no table, or two columns under one heading
 */
export function matchSheet(first: FirstRows, of: Section, said: Said): MatchedSheet | null {
  const { info, rows } = first;
  const saved = new Map([
    ...of.passedOver.map((heading) => [pathKey([heading]), null] as const),
    ...(said.saved ?? []),
  ]);
  const { place } = said;
  if (rows.length === 0) return null;
  const fixed = place ? null : fixedColumns(first, of);
  if (fixed) return fixed;
  const query = { rows, merges: info.merges, layout: of.layout, saved };
  const sure = matchHeadings({ ...query, ...(place && { place }) });
  const match = sure ?? matchHeadings({ ...query, least: 1 });
  const asked = sure ? null : askAbout(first, of, match, said.optional);
  if (!match) return { sheet: unread(info, of), firstDataRow: 0, open: [], missing: [], asked };
  refuseTwins(info, of, match);
  const columns = [...match.columns].sort(([a], [b]) => a - b);
  return {
    sheet: {
      ...unread(info, of),
      keys: columns.map(([, key]) => key),
      columns: columns.map(([column]) => column),
      headingRows: match.headingRows,
      statusColumn: match.statusColumn,
    },
    firstDataRow: match.firstDataRow,
    open: openHeadings(info, of, match, saved),
    missing: match.missing.map(({ key }) => key),
    asked,
  };
}

/** Columns in the fixed order of another program; null where the file does not begin as its files do. */
function fixedColumns({ info, rows }: FirstRows, of: Section): MatchedSheet | null {
  const begins = (row: SheetRow, text: string) => row.cells[0]?.text.startsWith(text) ?? false;
  if (!of.headless || !begins(rows[0]!, of.headless.begins)) return null;
  const data = rows.find((row) => !begins(row, '#'));
  if (!data)
    throw new Refused(`На листе «${info.name}» под строками, которые начинаются с #, нет ни одной строки с данными.`);
  const columns = of.headless.columns.flatMap((keys, column) => (keys ?? []).map((key) => ({ key, column })));
  const sheet = {
    ...unread(info, of),
    keys: columns.map(({ key }) => key),
    columns: columns.map(({ column }) => column),
    headingRows: { top: 1, bottom: data.row - 1 },
  };
  return { sheet, firstDataRow: data.row, open: [], missing: [], asked: null };
}

const unread = ({ index, name }: SheetInfo, of: Section): ReadSheet => ({
  index,
  name,
  section: of.key,
  keys: [],
  columns: [],
  headingRows: { top: 1, bottom: 1 },
  statusColumn: null,
});

const MOST_LETTERS = 90;

/** @throws Refused when there is nothing below any row that could hold headings */
function askAbout(
  { info, rows, more }: FirstRows,
  of: Section,
  match: HeadingMatch | null,
  optional: boolean,
): AskedSheet {
  const window = rows.filter(({ row }) => row <= HEADER_WINDOW);
  const last = more ? Number.POSITIVE_INFINITY : (rows.at(-1)?.row ?? 0);
  const shown = window.map(({ row, cells }) => ({
    row,
    text: shorten(cells.flatMap((cell) => cell?.text || []).join(' · ')),
    heading: row < last && cells.some((cell) => cell?.kind === 'text'),
  }));
  const begin = match?.firstDataRow ?? 0;
  const data = shown.some(({ row }) => row === begin) ? begin : null;
  const guess = match ? { top: match.headingRows.top, data } : null;
  if (!shown.some(({ heading }) => heading) || begin > last) {
    const names = of.layout.columns.slice(0, 3).map(({ key }) => headingOf(of, key));
    throw new Refused(
      `На листе «${info.name}» нет таблицы: нужна строка с заголовками (${quoted(names)} и другие) и хотя бы одна строка с данными под ней. Возьмите наш шаблон или проверьте лист.`,
    );
  }
  return { section: of.key, sheet: info.name, rows: shown, guess, optional };
}

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= MOST_LETTERS ? line : `${line.slice(0, MOST_LETTERS)}…`;
};

function refuseTwins(info: SheetInfo, of: Section, { duplicates }: HeadingMatch): void {
  const [twin] = duplicates;
  if (!twin) return;
  const letters = twin.columns.map(columnLetter).join(' и ');
  throw new Refused(
    `На листе «${info.name}» столбцы ${letters} одинаково подходят под «${headingOf(of, twin.key)}». Удалите или переименуйте лишний и загрузите файл ещё раз.`,
  );
}

/** Headings for the mapping page: unknown ones, and those that fit several columns. What a clerk said to pass over is known. */
function openHeadings(
  info: SheetInfo,
  of: Section,
  match: HeadingMatch,
  saved: ReadonlyMap<string, string | null>,
): OpenHeading[] {
  const taken = new Set(match.columns.values());
  const free = of.layout.columns.map(({ key }) => key).filter((key) => !taken.has(key));
  const keysOf = new Map(match.ambiguous.map(({ column, keys }) => [column, keys]));
  return match.unknown
    .filter((heading) => !saved.has(pathKey(heading.path)))
    .map((heading: HeadingPath) => ({
      section: of.key,
      sheet: info.name,
      column: heading.column,
      path: [...heading.path],
      choices: [...(keysOf.get(heading.column) ?? []), ...free],
    }));
}
