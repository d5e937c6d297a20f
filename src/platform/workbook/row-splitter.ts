import { columnOf } from './xlsx-sheet.ts';
import { attributesOf, type XmlListener } from './xml-scanner.ts';

export interface CellPlace {
  readonly column: number;
  /** Bounds in the text of the row; end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly style: string | undefined;
}

/** A worksheet part cut up so that its pieces in order give the part again. */
export type SheetPiece =
  | { readonly kind: 'other'; readonly xml: string }
  | {
      readonly kind: 'row';
      readonly xml: string;
      readonly row: number;
      /** The end of the start tag. */
      readonly tagEnd: number;
      readonly empty: boolean;
      readonly cells: readonly CellPlace[];
      /** Namespace prefix of the tags, with its colon. */
      readonly prefix: string;
    }
  /** Stands right before the end of the rows. */
  | { readonly kind: 'end'; readonly prefix: string };

/** Cuts a worksheet part into rows and what stands between them, and tells where the cells of each row stand. */
export class RowSplitter implements XmlListener {
  pieces: SheetPiece[] = [];
  /** Text of the piece that is not complete yet, as far as it is not in the current source. */
  #pending = '';
  /** From where in the current source text belongs to the piece. */
  #keep = 0;
  #inData = false;
  #row = 0;
  #rowPrefix = '';
  #tagEnd = 0;
  #cells: CellPlace[] = [];
  #column = -1;
  #cellStart = 0;
  #style: string | undefined;

  open(name: string, source: string, start: number, end: number, nameEnd: number, empty: boolean): void {
    if (name === 'sheetData') this.#inData = !empty;
    if (!this.#inData) return;
    if (name === 'row') this.#openRow(source, start, end, nameEnd, empty);
    else if (name === 'c') {
      const { r, s } = attributesOf(source, nameEnd, end);
      this.#column = r === undefined ? this.#column + 1 : columnOf(r, 0, r.length);
      this.#style = s;
      this.#cellStart = this.#place(start);
      if (empty) this.#closeCell(end);
    }
  }

  close(name: string, source: string, start: number, end: number): void {
    if (!this.#inData) return;
    if (name === 'c') this.#closeCell(end);
    else if (name === 'row') this.#closeRow(source, end, false);
    else if (name === 'sheetData') {
      this.#inData = false;
      this.#cut(source, start);
      this.pieces.push({ kind: 'end', prefix: prefixOf(source.slice(start + 2, end)) });
    }
  }

  consumed(source: string, end: number): void {
    this.#pending += source.slice(this.#keep, end);
    this.#keep = 0;
  }

  /** What follows the rows. */
  finish(): void {
    this.pieces.push({ kind: 'other', xml: this.#pending });
    this.#pending = '';
  }

  #openRow(source: string, start: number, end: number, nameEnd: number, empty: boolean): void {
    this.#cut(source, start);
    const { r } = attributesOf(source, nameEnd, end);
    this.#row = r === undefined ? this.#row + 1 : Number(r);
    this.#rowPrefix = prefixOf(source.slice(start + 1, nameEnd));
    this.#tagEnd = end - start;
    this.#cells = [];
    this.#column = -1;
    if (empty) this.#closeRow(source, end, true);
  }

  #closeCell(end: number): void {
    this.#cells.push({ column: this.#column, start: this.#cellStart, end: this.#place(end), style: this.#style });
  }

  #closeRow(source: string, end: number, empty: boolean): void {
    const xml = this.#pending + source.slice(this.#keep, end);
    this.#pending = '';
    this.#keep = end;
    const [row, tagEnd, cells, prefix] = [this.#row, this.#tagEnd, this.#cells, this.#rowPrefix];
    this.pieces.push({ kind: 'row', xml, row, tagEnd, empty, cells, prefix });
  }

  /** Ends the piece between rows at `end`. */
  #cut(source: string, end: number): void {
    const xml = this.#pending + source.slice(this.#keep, end);
    this.#pending = '';
    this.#keep = end;
    if (xml !== '') this.pieces.push({ kind: 'other', xml });
  }

  #place(at: number): number {
    return this.#pending.length + at - this.#keep;
  }
}

const prefixOf = (tag: string): string => tag.slice(0, tag.indexOf(':') + 1);
