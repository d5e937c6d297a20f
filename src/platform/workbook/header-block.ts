import type { CellText, MergedRange, SheetRow } from './types.ts';

/** A column's headings from the top down, each said once however many cells it is merged over. */
export interface HeadingPath {
  readonly column: number;
  readonly path: readonly string[];
  /** The same where groups are not merged but stand over their first column only, as in .csv. Absent when nothing differs. */
  readonly filledPath?: readonly string[];
}

/** The first rows of a sheet as one grid in which merged cells show their text over their whole range. */
export class HeaderGrid {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly #rows: Map<number, readonly (CellText | null)[]>;
  readonly #merges: readonly MergedRange[];
  readonly #width: number;

  constructor(rows: readonly SheetRow[], merges: readonly MergedRange[]) {
    this.#rows = new Map(rows.map((row) => [row.row, row.cells]));
    this.#merges = merges;
    this.firstRow = rows[0]?.row ?? 1;
    this.lastRow = rows.at(-1)?.row ?? 0;
    this.#width = Math.max(0, ...rows.map((row) => row.cells.length));
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  /** Values of a row as they stand, merges not spread. */
  values(row: number): readonly (CellText | null)[] {
    return this.#rows.get(row) ?? [];
  }

  /** Paths of all columns over the rows from `top` to `bottom`, both inclusive. Columns without a heading are left out. */
  paths(top: number, bottom: number): HeadingPath[] {
    const paths: HeadingPath[] = [];
    const groups: (string | null)[] = [];
    for (let column = 0; column < this.#width; column++) {
      const cells = [];
      for (let row = top; row <= bottom; row++) cells.push(this.#at(row, column, top, bottom));
      const path = distinct(cells);
      // Where cells are merged, an empty cell beside a group does not belong to it.
      const filled = this.#merges.length === 0 ? this.#filled(cells, groups) : path;
      if (path.length === 0) continue;
      paths.push(filled.length === path.length ? { column, path } : { column, path, filledPath: filled });
    }
    return paths;
  }

  /** The last row that a merge beginning at or above `row` reaches: headings merged downwards end there. */
  bottomOf(row: number): number {
    const reached = this.#merges.filter(
      (merge) => merge.top <= row && merge.bottom > row && this.#text(merge.top, merge.left),
    );
    return Math.max(row, ...reached.map((merge) => merge.bottom));
  }

  #at(row: number, column: number, top: number, bottom: number): { text: string; origin: string } | null {
    const merge = this.#merges.find(
      (range) => range.top <= row && row <= range.bottom && range.left <= column && column <= range.right,
    );
    const from = merge ? { row: merge.top, column: merge.left } : { row, column };
    if (from.row < top || from.row > bottom) return null;
    const text = this.#text(from.row, from.column);
    return text === null ? null : { text, origin: `${from.row}:${from.column}` };
  }

  #text(row: number, column: number): string | null {
    const cell = this.#rows.get(row)?.[column];
    return cell ? cell.text : null;
  }

  /** Carries a group over the next columns as long as they have a heading below and nothing in the group's row. */
  #filled(cells: readonly ({ text: string } | null)[], groups: (string | null)[]): string[] {
    const leaf = cells.at(-1);
    const path: string[] = [];
    for (const [level, cell] of cells.slice(0, -1).entries()) {
      if (cell || !leaf) groups[level] = leaf ? (cell?.text ?? null) : null;
      const group = cell?.text ?? groups[level];
      if (group && group !== path.at(-1)) path.push(group);
    }
    if (leaf && leaf.text !== path.at(-1)) path.push(leaf.text);
    return leaf ? path : distinct(cells);
  }
}

function distinct(cells: readonly ({ text: string; origin?: string } | null)[]): string[] {
  const path: string[] = [];
  let origin: string | undefined;
  for (const cell of cells) {
    if (!cell || (cell.origin !== undefined && cell.origin === origin)) continue;
    origin = cell.origin;
    path.push(cell.text);
  }
  return path;
}

/** A row that only numbers the columns: «1 2 3 …» or «1 2 2.1 3». At least three cells, growing from 1. */
export function isColumnNumbers(cells: readonly (CellText | null)[], headingCount: number): boolean {
  const values = cells.filter((cell) => cell !== null).map((cell) => cell.text);
  if (values.length < 3 || values.length * 2 < headingCount || Number(values[0]) !== 1) return false;
  const whole = values.map(Number);
  const steps = whole.every((value, at) => at === 0 || (value > whole[at - 1]! && value - whole[at - 1]! <= 1));
  return steps && values.every((value) => /^\d{1,3}(\.\d{1,2})?$/.test(value));
}
