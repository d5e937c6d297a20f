/** What a cell holds, as the file says; `date` also covers times and date with time. */
export type CellKind = 'text' | 'number' | 'date' | 'boolean' | 'error';

/**
 * Why the text of a cell may differ from what the person typed:
 * - `imprecise`: a number of 10^15 or more. Spreadsheets keep 15 digits, so the last digits of an account are lost already;
 * - `not_calculated`: a formula that the program which saved the file did not calculate. Text is empty.
 */
export type CellProblem = 'imprecise' | 'not_calculated';

/**
 * One cell. Text: trimmed, no-break spaces turned to spaces, line breaks as \n.
 * Numbers: plain decimal with a point, no exponent, at most 15 significant digits (what a spreadsheet shows).
 * Dates: `YYYY-MM-DD`, with a time of day `YYYY-MM-DDTHH:MM:SS`, a time alone `HH:MM:SS`. Booleans: `true`, `false`.
 * Errors: `#N/A` and the like. An empty cell is null, never an empty text (but see `not_calculated`).
 */
export interface CellText {
  readonly text: string;
  readonly kind: CellKind;
  readonly problem?: CellProblem;
}

/** A merged range: rows 1-based as Excel shows them, columns 0-based; all ends inclusive. */
export interface MergedRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface SheetInfo {
  readonly name: string;
  /** Position in the workbook, from 0. */
  readonly index: number;
  readonly hidden: boolean;
  /** Only those that begin in the first `HEADER_WINDOW` rows: headings need them, data do not. */
  readonly merges: readonly MergedRange[];
}

export interface SheetRow {
  readonly sheet: string;
  /** 1-based, as Excel shows it. Rows without a value are not given. */
  readonly row: number;
  /** By 0-based column; ends with the last cell that has a value. */
  readonly cells: readonly (CellText | null)[];
  /** Hidden by hand or by a filter: whoever looks at the sheet does not see it. */
  readonly hidden?: true;
}

export type WorkbookEvent =
  | { readonly type: 'sheet'; readonly sheet: SheetInfo }
  | ({ readonly type: 'row' } & SheetRow);

export type WorkbookFormat = 'xlsx' | 'ods' | 'csv';

export interface WorkbookLimits {
  /** All parts unpacked, bytes. */
  readonly unpackedBytes: number;
  readonly sheets: number;
  /** Rows with a value, over all sheets that are read. */
  readonly rows: number;
  readonly cellsPerRow: number;
  /** Characters in one cell. */
  readonly cellText: number;
  /** Bytes of shared strings kept in memory; the rest waits in a temporary file. */
  readonly sharedTextInMemory: number;
}

/** Room for 200,000 rows of 36 columns in a process of 400 MiB. 32,767 is Excel's own length of a cell. */
export const DEFAULT_LIMITS: WorkbookLimits = {
  unpackedBytes: 1024 * 1024 * 1024,
  sheets: 50,
  rows: 200_000,
  cellsPerRow: 512,
  cellText: 32_767,
  sharedTextInMemory: 64 * 1024 * 1024,
};

/** Headings are looked for in this many first rows of a sheet. */
export const HEADER_WINDOW = 30;

export interface ReadOptions {
  readonly limits?: WorkbookLimits;
  /** Asked before the rows of a sheet are unpacked; false skips them (reference lists, hidden sheets). */
  readonly onSheet?: (sheet: Pick<SheetInfo, 'name' | 'index' | 'hidden'>) => boolean;
  /** Where shared strings wait when they outgrow the memory bound. Default: the system's temporary folder. */
  readonly temporaryFolder?: string;
}
