import { booleanCell, durationCell, isoDateCell, numberCell, textCell } from './cell-values.ts';
import type { LimitGuard } from './limits.ts';
import { type CellText, HEADER_WINDOW, type MergedRange, type SheetInfo, type WorkbookEvent } from './types.ts';
import { attributesOf, decodeEntities, type XmlListener } from './xml-scanner.ts';

export interface OdsReading {
  readonly guard: LimitGuard;
  /** Which sheets give events. Without it this is a survey: nothing is given and only merges are told. */
  readonly onSheet?: (sheet: Pick<SheetInfo, 'name' | 'index' | 'hidden'>) => boolean;
  readonly mergesOf?: (index: number) => readonly MergedRange[];
  readonly onMerge?: (index: number, range: MergedRange) => void;
}

type Attributes = Record<string, string>;

/** Elements with text of their own that is no part of the cell. */
const ASIDE = new Set(['annotation', 'tracked-changes', 'shapes', 'ruby-text', 'frame', 'custom-shape']);

/** Turns the tags of `content.xml` into events. A row or a cell that repeats is written once with a count. */
export class OdsListener implements XmlListener {
  readonly events: WorkbookEvent[] = [];
  sheets = 0;
  readonly #reading: OdsReading;
  readonly #hiddenStyles = new Set<string>();
  #style = '';
  /** Depth inside an ASIDE element or a table within a cell; above 0 nothing counts. */
  #aside = 0;
  #tables = 0;
  #sheet = '';
  #wanted = false;
  #row = 0;
  #rowRepeat = 1;
  #isHidden = false;
  #column = 0;
  #cells: (CellText | null)[] = [];
  #cell: Attributes | null = null;
  #text = '';
  #paragraphs = 0;
  #inParagraph = 0;

  constructor(reading: OdsReading) {
    this.#reading = reading;
  }

  open(name: string, source: string, _start: number, end: number, nameEnd: number, empty: boolean): void {
    if (this.#aside > 0 || ASIDE.has(name) || (name === 'table' && this.#tables > 0)) {
      if (!empty) this.#aside += 1;
      return;
    }
    const attributes = attributesOf(source, nameEnd, end);
    if (name === 'table-cell' || name === 'covered-table-cell') this.#openCell(name, attributes, empty);
    else if (name === 'table-row') this.#openRow(attributes, empty);
    else if (name === 'table') this.#openSheet(attributes, empty);
    else if (name === 'style') this.#style = attributes['style:name'] ?? '';
    else if (name === 'table-properties' && attributes['table:display'] === 'false')
      this.#hiddenStyles.add(this.#style);
    else if (this.#cell) this.#openText(name, attributes, empty);
  }

  text(source: string, start: number, end: number, cdata: boolean): void {
    if (this.#aside > 0 || this.#inParagraph === 0) return;
    const piece = source.slice(start, end);
    this.#text += cdata ? piece : decodeEntities(piece).replace(/[\t\r\n ]+/g, ' ');
    this.#reading.guard.text(this.#text.length);
  }

  close(name: string): void {
    if (this.#aside > 0) {
      this.#aside -= 1;
      return;
    }
    if (name === 'p' || name === 'h') this.#inParagraph = Math.max(0, this.#inParagraph - 1);
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#closeCell();
    else if (name === 'table-row') this.#closeRow();
    else if (name === 'table') this.#tables -= 1;
  }

  #openSheet(attributes: Attributes, empty: boolean): void {
    if (!empty) this.#tables += 1;
    const index = this.sheets++;
    this.#reading.guard.sheets(this.sheets);
    this.#sheet = attributes['table:name'] ?? '';
    this.#row = 0;
    const hidden = this.#hiddenStyles.has(attributes['table:style-name'] ?? '');
    const sheet = { name: this.#sheet, index, hidden };
    this.#wanted = this.#reading.onSheet?.(sheet) ?? false;
    if (this.#wanted) {
      this.events.push({ type: 'sheet', sheet: { ...sheet, merges: this.#reading.mergesOf?.(index) ?? [] } });
    }
  }

  #openRow(attributes: Attributes, empty: boolean): void {
    this.#rowRepeat = repeat(attributes['table:number-rows-repeated']);
    this.#isHidden = /^(?:collapse|filter)$/.test(attributes['table:visibility'] ?? '');
    this.#row += 1;
    this.#column = 0;
    this.#cells = [];
    if (empty) this.#closeRow();
  }

  #closeRow(): void {
    if (this.#wanted && this.#cells.length > 0) {
      const { guard } = this.#reading;
      guard.cells(this.#cells.length, this.#sheet, this.#row);
      for (let copy = 0; copy < this.#rowRepeat; copy++) {
        guard.row();
        const row = { type: 'row', sheet: this.#sheet, row: this.#row + copy, cells: this.#cells } as const;
        this.events.push(this.#isHidden ? { ...row, hidden: true } : row);
      }
    }
    this.#row += this.#rowRepeat - 1;
    this.#cells = [];
  }

  #openCell(name: string, attributes: Attributes, empty: boolean): void {
    // A covered cell keeps the value it had before the merge, but nobody sees it.
    this.#cell = name === 'table-cell' ? attributes : { 'table:number-columns-repeated': columnsRepeated(attributes) };
    this.#text = '';
    this.#paragraphs = 0;
    this.#tellMerge(attributes);
    if (empty) this.#closeCell();
  }

  #tellMerge(attributes: Attributes): void {
    const across = repeat(attributes['table:number-columns-spanned']);
    const down = repeat(attributes['table:number-rows-spanned']);
    if ((across === 1 && down === 1) || this.#row > HEADER_WINDOW) return;
    const [top, left] = [this.#row, this.#column];
    this.#reading.onMerge?.(this.sheets - 1, { top, bottom: top + down - 1, left, right: left + across - 1 });
  }

  #closeCell(): void {
    const attributes = this.#cell;
    this.#cell = null;
    this.#inParagraph = 0;
    if (!attributes) return;
    const copies = repeat(columnsRepeated(attributes));
    const cell = this.#wanted ? cellOf(attributes, this.#text) : null;
    if (cell) {
      this.#reading.guard.cells(this.#column + copies, this.#sheet, this.#row);
      while (this.#cells.length < this.#column) this.#cells.push(null);
      for (let copy = 0; copy < copies; copy++) this.#cells.push(cell);
    }
    this.#column += copies;
  }

  #openText(name: string, attributes: Attributes, empty: boolean): void {
    if (name === 'p' || name === 'h') {
      if (this.#paragraphs++ > 0) this.#text += '\n';
      if (!empty) this.#inParagraph += 1;
    } else if (name === 's') {
      this.#text += ' '.repeat(Math.min(repeat(attributes['text:c']), 1000));
    } else if (name === 'tab') this.#text += '\t';
    else if (name === 'line-break') this.#text += '\n';
  }
}

const columnsRepeated = (attributes: Attributes): string => attributes['table:number-columns-repeated'] ?? '1';

const repeat = (count: string | undefined): number => {
  const value = Number(count ?? 1);
  return Number.isSafeInteger(value) && value > 0 ? value : 1;
};

function cellOf(attributes: Attributes, text: string): CellText | null {
  const type = attributes['office:value-type'] ?? attributes['calcext:value-type'];
  if (attributes['calcext:value-type'] === 'error') return { text: text.trim(), kind: 'error' };
  switch (type) {
    case 'float':
    case 'percentage':
    case 'currency':
      return numberCell(attributes['office:value'] ?? '') ?? textCell(text);
    case 'date':
      return isoDateCell(attributes['office:date-value'] ?? text);
    case 'time':
      return durationCell(attributes['office:time-value'] ?? text);
    case 'boolean':
      return booleanCell(attributes['office:boolean-value'] ?? '');
    default:
      return textCell(attributes['office:string-value'] ?? text);
  }
}
