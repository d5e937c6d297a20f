import type exceljs from 'exceljs';
import { type ColumnLayout, type SheetLayout, STATUS_HEADING } from './layout.ts';
import { sheetNames } from './write-workbook.ts';
import { columnLetters } from './xlsx-sheet.ts';

export interface TemplateOptions {
  /** Sentences at the top of the instruction sheet. */
  readonly instructions: readonly string[];
  /** When the template was made, for the properties of the file. */
  readonly created: Date;
  /** How many rows get drop-down lists. */
  readonly rows?: number;
}

const INSTRUCTION_SHEET = 'Инструкция';
const LIST_SHEET = 'Списки';
const NUMBER_FORMATS: Record<NonNullable<ColumnLayout['kind']>, string> = {
  // Text, so that leading zeros and digits beyond the fifteenth stay.
  text: '@',
  identifier: '@',
  month: '@',
  number: 'General',
  money: '0.00',
  date: 'dd.mm.yyyy',
};

/** What to type where neither a hint nor a list says it. */
const WAYS_TO_WRITE: Partial<Record<NonNullable<ColumnLayout['kind']>, string>> = {
  date: 'Дата: ДД.ММ.ГГГГ.',
  month: 'Месяц: ММ.ГГГГ, например 10.2026.',
  money: 'Сумма в рублях с копейками, например 1234,56.',
  number: 'Число, например 45,6.',
};

/** Our own .xlsx to fill in: headings as the layouts name them, required ones with *, lists of values, an instruction sheet. */
export async function writeTemplate(layouts: readonly SheetLayout[], options: TemplateOptions): Promise<Buffer> {
  // Half a second to load: only who makes a template pays for it.
  const { default: library } = await import('exceljs');
  const book = new library.Workbook();
  book.created = options.created;
  book.modified = options.created;
  const names = sheetNames([...layouts.map((layout) => layout.name), INSTRUCTION_SHEET, LIST_SHEET]);
  const sheets = layouts.map((_, index) => book.addWorksheet(names[index]!));
  const instruction = book.addWorksheet(names.at(-2)!);
  const lists = book.addWorksheet(names.at(-1)!, { state: 'hidden' });
  for (const [index, layout] of layouts.entries()) {
    const depth = writeHeadings(sheets[index]!, layout.columns);
    writeColumns(sheets[index]!, layout.columns, depth);
    writeLists(sheets[index]!, lists, layout.columns, depth + 1, options.rows ?? 2000);
  }
  writeInstruction(instruction, layouts, options.instructions);
  return Buffer.from(await book.xlsx.writeBuffer());
}

const headingText = (column: ColumnLayout): string => `${column.path.at(-1)}${column.required ? ' *' : ''}`;

/** Writes the heading rows and returns how many there are. Groups are merged to the right, headings without one downwards. */
function writeHeadings(sheet: exceljs.Worksheet, columns: readonly ColumnLayout[]): number {
  const depth = Math.max(1, ...columns.map((column) => column.path.length));
  for (const [index, column] of columns.entries()) {
    for (const [level, text] of column.path.entries()) {
      const isLeaf = level === column.path.length - 1;
      const cell = sheet.getCell(level + 1, index + 1);
      if (isLeaf) {
        cell.value = headingText(column);
        if (column.hint) cell.note = column.hint;
        if (level + 1 < depth) sheet.mergeCells(level + 1, index + 1, depth, index + 1);
      } else if (!sharesGroup(columns[index - 1], column, level)) {
        cell.value = text;
        const last = columns.findLastIndex((_, at) => at >= index && unbroken(columns, index, at, level));
        if (last > index) sheet.mergeCells(level + 1, index + 1, level + 1, last + 1);
      }
    }
  }
  const status = columns.length + 1;
  sheet.getCell(1, status).value = STATUS_HEADING;
  if (depth > 1) sheet.mergeCells(1, status, depth, status);
  for (let row = 1; row <= depth; row++) {
    for (let column = 1; column <= status; column++)
      styleHeading(sheet.getCell(row, column), columns[column - 1]?.required);
  }
  sheet.views = [{ state: 'frozen', ySplit: depth, xSplit: 0 }];
  return depth;
}

/** Whether both stand under the same group at this level and above. */
const sharesGroup = (left: ColumnLayout | undefined, right: ColumnLayout, level: number): boolean =>
  left !== undefined &&
  left.path.length > level + 1 &&
  right.path.length > level + 1 &&
  right.path.slice(0, level + 1).every((part, at) => part === left.path[at]);

function unbroken(columns: readonly ColumnLayout[], from: number, to: number, level: number): boolean {
  for (let at = from + 1; at <= to; at++) if (!sharesGroup(columns[at - 1], columns[at]!, level)) return false;
  return true;
}

function styleHeading(cell: exceljs.Cell, required: boolean | undefined): void {
  const side = { style: 'thin' as const, color: { argb: 'FFB0B7C0' } };
  cell.numFmt = '@';
  cell.font = { bold: true };
  cell.alignment = { wrapText: true, vertical: 'top' };
  cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: required ? 'FFFFF2CC' : 'FFEEF1F5' } };
  cell.border = { top: side, bottom: side, left: side, right: side };
}

function writeColumns(sheet: exceljs.Worksheet, columns: readonly ColumnLayout[], depth: number): void {
  for (const [index, layout] of columns.entries()) {
    const column = sheet.getColumn(index + 1);
    column.width = layout.width ?? Math.min(40, Math.max(14, headingText(layout).length / depth + 4));
    column.numFmt = NUMBER_FORMATS[layout.kind ?? 'text'];
  }
  for (let row = 1; row <= depth; row++) sheet.getRow(row).eachCell((cell) => (cell.numFmt = '@'));
  const status = sheet.getColumn(columns.length + 1);
  status.width = 60;
  status.numFmt = '@';
}

/** The file format has lists for ranges of cells; the types of exceljs leave that out. */
interface WithValidations {
  dataValidations: { add(range: string, validation: exceljs.DataValidation): void };
}

/** Values stand on a hidden sheet: a list inside the validation itself may have only 255 characters. */
function writeLists(
  sheet: exceljs.Worksheet,
  lists: exceljs.Worksheet,
  columns: readonly ColumnLayout[],
  firstRow: number,
  rows: number,
): void {
  for (const [index, { options }] of columns.entries()) {
    if (!options?.length) continue;
    const place = lists.columnCount + 1;
    for (const [at, option] of options.entries()) lists.getCell(at + 1, place).value = option;
    const letters = columnLetters(place - 1);
    const column = columnLetters(index);
    (sheet as unknown as WithValidations).dataValidations.add(`${column}${firstRow}:${column}${firstRow + rows - 1}`, {
      type: 'list',
      allowBlank: true,
      formulae: [`'${lists.name}'!$${letters}$1:$${letters}$${options.length}`],
      showErrorMessage: true,
      errorTitle: 'Значение не из списка',
      error: 'Выберите значение из списка.',
    });
  }
}

function writeInstruction(
  sheet: exceljs.Worksheet,
  layouts: readonly SheetLayout[],
  sentences: readonly string[],
): void {
  const widths = [26, 44, 16, 70];
  for (const [index, width] of widths.entries()) sheet.getColumn(index + 1).width = width;
  for (const sentence of sentences) {
    const { number } = sheet.addRow([sentence]);
    sheet.mergeCells(number, 1, number, widths.length);
    const cell = sheet.getCell(number, 1);
    cell.alignment = { wrapText: true, vertical: 'top' };
    // A merged cell does not grow with its text by itself.
    sheet.getRow(number).height = 15 * Math.max(1, Math.ceil(sentence.length / 140));
  }
  sheet.addRow([]);
  sheet.addRow(['Лист', 'Столбец', 'Обязательно', 'Что писать']).font = { bold: true };
  for (const layout of layouts) {
    for (const column of layout.columns) {
      const values = column.options?.length
        ? `Одно из: ${column.options.join(', ')}.`
        : WAYS_TO_WRITE[column.kind ?? 'text'];
      const row = sheet.addRow([
        layout.name,
        column.path.join(' / '),
        column.required ? 'да' : 'нет',
        [column.hint, values].filter((part) => part).join(' '),
      ]);
      row.alignment = { wrapText: true, vertical: 'top' };
    }
  }
}
