import { booleanCell, isoDateCell, numberCell, serialToIso, textCell } from './cell-values.ts';
import { brokenWorkbook } from './errors.ts';
import type { LimitGuard } from './limits.ts';
import type { StringTable } from './string-table.ts';
import type { CellText, SheetRow } from './types.ts';
import { attributesOf, decodeEntities, type XmlListener } from './xml-scanner.ts';

export interface SheetContext {
  readonly sheet: string;
  readonly strings: StringTable | null;
  readonly dateStyles: readonly boolean[];
  readonly date1904: boolean;
  readonly guard: LimitGuard;
}

/** Turns the tags of a worksheet part into rows. Rows gather in `rows` until the reader takes them away. */
export class SheetListener implements XmlListener {
  rows: SheetRow[] = [];
  readonly #context: SheetContext;
  #row = 0;
  #isHidden = false;
  #column = -1;
  #cells: (CellText | null)[] = [];
  #type = '';
  #style = 0;
  #value = '';
  #hasFormula = false;
  #inData = false;
  #inCell = false;
  /** Inside <v> or <t>: the only places whose text counts. */
  #inText = false;
  /** Inside <rPh>: how to pronounce the text, not the text. */
  #inPhonetic = false;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  open(name: string, source: string, _start: number, end: number, nameEnd: number, empty: boolean): void {
    if (!this.#inData) {
      if (name === 'sheetData') this.#inData = !empty;
      return;
    }
    if (name === 'c') this.#openCell(source, nameEnd, end, empty);
    else if (name === 'v' || name === 't') this.#inText = !empty && this.#inCell && !this.#inPhonetic;
    else if (name === 'row') this.#openRow(source, nameEnd, end);
    else if (name === 'f') this.#hasFormula = true;
    else if (name === 'rPh') this.#inPhonetic = !empty;
  }

  text(source: string, start: number, end: number, cdata: boolean): void {
    if (!this.#inText) return;
    const piece = source.slice(start, end);
    this.#value += cdata ? piece : decodeEntities(piece);
    if (this.#value.length > 64) this.#context.guard.text(this.#value.length);
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inText = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
    else if (name === 'rPh') this.#inPhonetic = false;
    else if (name === 'sheetData') this.#inData = false;
  }

  #openRow(source: string, nameEnd: number, end: number): void {
    const { r: number, hidden } = attributesOf(source, nameEnd, end);
    const row = number === undefined ? this.#row + 1 : Number(number);
    if (!Number.isSafeInteger(row) || row < 1) throw brokenWorkbook('номера строк перепутаны');
    this.#row = row;
    this.#isHidden = hidden === '1' || hidden === 'true';
    this.#column = -1;
    this.#cells = [];
  }

  #closeRow(): void {
    if (this.#cells.length === 0) return;
    this.#context.guard.row();
    const row = { sheet: this.#context.sheet, row: this.#row, cells: this.#cells };
    this.rows.push(this.#isHidden ? { ...row, hidden: true } : row);
    this.#cells = [];
  }

  /** Attributes by hand: this runs for each of millions of cells. `r` may be left out: then it is the next cell. */
  #openCell(source: string, nameEnd: number, end: number, empty: boolean): void {
    this.#column += 1;
    this.#type = '';
    this.#style = 0;
    this.#value = '';
    this.#hasFormula = false;
    let at = nameEnd;
    while (at < end) {
      const code = source.charCodeAt(at);
      if (code <= 32 || code === 47 || code === 62) {
        at += 1;
        continue;
      }
      const equals = source.indexOf('=', at);
      if (equals < 0 || equals >= end) break;
      let open = equals + 1;
      while (source.charCodeAt(open) <= 32) open += 1;
      const close = source.indexOf(source[open]!, open + 1);
      if (equals - at === 1) this.#cellAttribute(code, source, open + 1, close);
      at = close + 1;
    }
    this.#inCell = !empty;
  }

  #cellAttribute(name: number, source: string, start: number, end: number): void {
    if (name === 114) this.#column = columnOf(source, start, end);
    else if (name === 115) this.#style = Number(source.slice(start, end));
    else if (name === 116) this.#type = source.slice(start, end);
  }

  #closeCell(): void {
    this.#inCell = false;
    const cell = this.#cell();
    if (cell === null) return;
    const column = this.#column;
    this.#context.guard.cells(column + 1, this.#context.sheet, this.#row);
    while (this.#cells.length < column) this.#cells.push(null);
    this.#cells[column] = cell;
  }

  #cell(): CellText | null {
    const value = this.#value;
    if (value === '') {
      return this.#hasFormula && this.#type !== 'str' ? { text: '', kind: 'text', problem: 'not_calculated' } : null;
    }
    switch (this.#type) {
      case 's':
        return this.#sharedString(value);
      case '':
      case 'n':
        return this.#number(value);
      case 'b':
        return booleanCell(value);
      case 'e':
        return { text: value, kind: 'error' };
      case 'd':
        return isoDateCell(value);
      default:
        return textCell(value);
    }
  }

  #sharedString(index: string): CellText | null {
    const cell = this.#context.strings?.cell(Number(index));
    if (cell === undefined) throw brokenWorkbook('список строк не соответствует листам');
    if (cell !== null && cell.text.length > 64) this.#context.guard.text(cell.text.length);
    return cell;
  }

  #number(value: string): CellText | null {
    const cell = numberCell(value);
    if (cell === null) return textCell(value);
    if (this.#context.dateStyles[this.#style] !== true) return cell;
    const iso = serialToIso(Number(value), this.#context.date1904);
    return iso === null ? cell : { text: iso, kind: 'date' };
  }
}

/** 0-based column of a cell reference such as «AB12». */
export function columnOf(source: string, start: number, end: number): number {
  let column = 0;
  for (let at = start; at < end; at++) {
    const letter = source.charCodeAt(at) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  if (column < 1 || column > 16_384) throw brokenWorkbook('адреса ячеек перепутаны');
  return column - 1;
}

/** Column letters of a 0-based column: 0 -> A, 26 -> AA. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}
