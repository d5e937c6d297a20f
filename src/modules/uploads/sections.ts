import type { ColumnLayout, SheetLayout } from '../../platform/workbook/index.ts';
import { findName, type NameList, type Reader, Wrong } from './readers.ts';
import { QUOTE } from './upload.ts';

/** A column of a layout: what the workbook layer matches it by, and how a cell of it is read. */
export interface Column<Value> extends Omit<ColumnLayout, 'key'> {
  readonly read: Reader<Value>;
  /** The state classifier whose names stand in it; its code is what is kept. */
  readonly nsi?: number;
}
// biome-ignore lint/suspicious/noExplicitAny: columns of different values
export type Columns = Readonly<Record<string, Column<any>>>;

export interface Section<Of extends Columns = Columns> {
  readonly key: string;
  readonly columns: Of;
  readonly layout: SheetLayout;
  /** Headings of other programs that say nothing to us: nobody is asked about them. */
  readonly passedOver: readonly string[];
  readonly headless: Headless | null;
  /** A row without any value, to begin with. */
  readonly blank: Readonly<Record<string, null>>;
  readonly required: readonly string[];
}

/** A layout of another program without headings: lines of its own begin the file, then columns stand in a fixed order. */
export interface Headless {
  /** What the first cell of the file begins with. */
  readonly begins: string;
  /** The keys of the columns from the left; null: not read. Two keys may share a column. */
  readonly columns: readonly (readonly string[] | null)[];
}

export type ValuesOf<Of extends Columns> = {
  [Key in keyof Of]: Of[Key] extends Column<infer Value> ? Value | null : never;
};
export type RowOf<Kind extends Section> = Row<ValuesOf<Kind['columns']>>;

interface Words {
  readonly required?: boolean;
  readonly hint?: string;
  readonly kind?: NonNullable<ColumnLayout['kind']>;
  readonly options?: readonly string[];
  readonly nsi?: number;
  readonly width?: number;
}

/**
 * @param headings the heading as our template has it, then other wordings; «группа > заголовок» is a path over the header rows
 */
export function column<Value>(
  read: Reader<Value>,
  headings: string | readonly string[],
  words: Words = {},
): Column<Value> {
  const [path = [], ...synonyms] = [headings].flat().map((heading) => heading.split(' > '));
  return { read, path, synonyms, ...words };
}

interface SectionOptions {
  required?: boolean;
  passedOver?: readonly string[];
  headless?: Headless | null;
}

export function section<const Of extends Columns>(
  key: string,
  names: readonly [string, ...string[]],
  columns: Of,
  { required, passedOver = [], headless = null }: SectionOptions = {},
): Section<Of> {
  const [name, ...synonyms] = names;
  return {
    key,
    columns,
    passedOver,
    headless,
    blank: Object.fromEntries(Object.keys(columns).map((own) => [own, null])),
    required: Object.keys(columns).filter((own) => columns[own]!.required),
    layout: {
      name,
      synonyms,
      ...(required === undefined ? {} : { required }),
      columns: Object.entries(columns).map(([own, { read: _read, nsi: _nsi, ...layout }]) => ({ key: own, ...layout })),
    },
  };
}

/** A cell as it is staged: its text, or a text with what spoiled it on the way. */
export type StagedCell = string | null | readonly [problem: string, text: string];

/** A row of a section, read. */
export interface Row<Values = Record<string, unknown>> {
  readonly sheet: number;
  readonly row: number;
  readonly values: Values;
  readonly wrong: readonly { readonly key: string; readonly message: string }[];
}

export interface Lists {
  readonly byRegistry: ReadonlyMap<
    number,
    { list: NameList; shown: readonly string[]; names: ReadonlyMap<string, string> }
  >;
}

const SPOILED: Readonly<Record<string, string>> = {
  imprecise: 'Excel сохранил только 15 цифр: задайте столбцу формат «Текстовый» и введите номер заново',
  not_calculated: 'в ячейке формула без результата: откройте файл, дайте программе посчитать и сохраните заново',
  error: 'в ячейке ошибка формулы: исправьте её',
};

/** Reads a staged row: every cell by its column's reader, all that is wrong at once. Columns that the file lacks are null. */
export function readRow<Of extends Columns>(
  of: Section<Of>,
  keys: readonly string[],
  staged: { sheet: number; row: number; content: readonly StagedCell[] },
  { byRegistry }: Lists,
): Row<ValuesOf<Of>> {
  const values: Record<string, unknown> = { ...of.blank };
  const wrong: { key: string; message: string }[] = [];
  for (let index = 0; index < keys.length; index += 1) {
    const cell = staged.content[index] ?? null;
    if (cell === null) continue;
    const key = keys[index]!;
    const column = of.columns[key];
    if (!column) continue;
    const value = readCell(column, cell, byRegistry);
    if (value instanceof Wrong) wrong.push({ key, message: quoting(value.message, cell) });
    else values[key] = value;
  }
  for (const key of of.required)
    if (values[key] === null && !wrong.some((one) => one.key === key)) wrong.push({ key, message: 'заполните ячейку' });
  return { sheet: staged.sheet, row: staged.row, values: values as ValuesOf<Of>, wrong };
}

const MOST_QUOTED = 40;

/** What is wrong, with what stands there: a clerk of a thousand rows sees the slip without looking for the cell. */
function quoting(message: string, cell: NonNullable<StagedCell>): string {
  const text = typeof cell === 'string' ? cell.trim() : '';
  if (text === '' || message.includes(text)) return message;
  return `${message}${QUOTE}${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text}»)`;
}

function readCell(column: Column<unknown>, cell: NonNullable<StagedCell>, byRegistry: Lists['byRegistry']): unknown {
  if (typeof cell !== 'string') return new Wrong(SPOILED[cell[0]] ?? 'исправьте ячейку');
  const value = column.read(cell);
  if (column.nsi === undefined || typeof value !== 'string') return value;
  const names = byRegistry.get(column.nsi);
  return names ? findName(names.list, value, names.shown) : new Wrong('справочник ещё не загружен');
}

/** What a code of a classifier means: «Исправный» of "2" in НСИ 24. */
export const nameOfCode = ({ byRegistry }: Lists, registry: number, code: string): string =>
  byRegistry.get(registry)?.names.get(code) ?? code;

/** «Договор социального найма / Номер». */
export const headingOf = (of: Section, key: string): string => of.columns[key]?.path.join(' / ') ?? key;
