import {
  HEADER_WINDOW,
  type HeadingMatch,
  type HeadingPath,
  matchHeadings,
  matchSheets,
  pathKey,
  readWorkbook,
  type SheetInfo,
  type SheetRow,
} from '../../platform/workbook/index.ts';
import { Refused } from './refused.ts';
import { headingOf, type Section } from './sections.ts';
import { columnLetter, type OpenHeading, type ReadSheet } from './upload.ts';
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
  const present = new Set([...found.values()].map(({ key }) => key));
  const absent = kind.sections.filter(({ key }) => kind.mandatory.includes(key) && !present.has(key));
  if (absent.length > 0 || found.size === 0) {
    const wanted = (absent.length > 0 ? absent : kind.sections).map(({ layout }) => layout.name);
    const visible = sheets.filter(({ hidden }) => !hidden).map(({ name }) => name);
    throw new Refused(
      `В файле нет листа ${quoted(wanted.slice(0, 3))}. Есть листы: ${quoted(visible.slice(0, 10))}. Назовите лист так же, как в шаблоне, и загрузите файл ещё раз.`,
    );
  }
  return found;
}

export interface MatchedSheet {
  sheet: ReadSheet;
  firstDataRow: number;
  open: OpenHeading[];
  /** Keys of required columns that were not found. */
  missing: string[];
}

/**
 * Tells the columns of a sheet by its first rows. Null when the sheet is empty.
 * @throws Refused when it holds no table, or two columns under one heading
 */
export function matchSheet(
  info: SheetInfo,
  of: Section,
  rows: readonly SheetRow[],
  saved: ReadonlyMap<string, string | null> = new Map(),
): MatchedSheet | null {
  if (rows.length === 0) return null;
  const match = matchHeadings({ rows, merges: info.merges, layout: of.layout, saved });
  if (!match) {
    const names = of.layout.columns.slice(0, 3).map(({ key }) => headingOf(of, key));
    throw new Refused(
      `На листе «${info.name}» не нашли заголовков: в первых ${HEADER_WINDOW} строках должны быть столбцы ${quoted(names)} и другие. Возьмите наш шаблон или проверьте лист.`,
    );
  }
  refuseTwins(info, of, match);
  const columns = [...match.columns].sort(([a], [b]) => a - b);
  return {
    sheet: {
      index: info.index,
      name: info.name,
      section: of.key,
      keys: columns.map(([, key]) => key),
      columns: columns.map(([column]) => column),
      headingRows: match.headingRows,
      statusColumn: match.statusColumn,
    },
    firstDataRow: match.firstDataRow,
    open: openHeadings(info, of, match, saved),
    missing: match.missing.map(({ key }) => key),
  };
}

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
