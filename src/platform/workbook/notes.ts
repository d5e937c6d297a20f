/** What to write into one row of the user's file. */
export interface RowNote {
  readonly sheet: string;
  /** 1-based, as `readWorkbook` gave it. */
  readonly row: number;
  /** By 0-based column, or `status` for the column «Статус обработки». */
  readonly cells: Readonly<Record<string, string>>;
}

/** Where the answer goes on a sheet; `HeadingMatch` holds all three. */
export interface StatusPlace {
  /** The row that gets the heading when the column is appended. 1-based. */
  readonly headingRow: number;
  /** 0-based. */
  readonly statusColumn: number;
  /** The column is not there yet: its heading is to be written. */
  readonly appended: boolean;
}

/** Texts for one row by 0-based column. */
export type Fills = Map<number, string>;

/** Reads notes in step with the rows of a file. Notes must come in the order of sheets and rows. */
export class NoteCursor {
  readonly #notes: AsyncIterator<RowNote>;
  #next: RowNote | null = null;
  #started = false;

  constructor(notes: AsyncIterable<RowNote>) {
    this.#notes = notes[Symbol.asyncIterator]();
  }

  /** The note that comes next on this sheet, or null when the next one belongs to another sheet. */
  async peek(sheet: string): Promise<RowNote | null> {
    if (!this.#started) await this.#advance();
    return this.#next?.sheet === sheet ? this.#next : null;
  }

  /** All notes for a row as one; several statuses are joined. */
  async take(sheet: string, row: number, place: StatusPlace): Promise<Fills> {
    const fills: Fills = new Map();
    for (let note = await this.peek(sheet); note?.row === row; note = await this.peek(sheet)) {
      for (const [column, text] of Object.entries(note.cells)) {
        if (text === undefined) continue;
        if (column !== 'status') fills.set(Number(column), text);
        else fills.set(place.statusColumn, [fills.get(place.statusColumn), text].filter((part) => part).join('; '));
      }
      await this.#advance();
    }
    return fills;
  }

  /** @throws Error when notes are left: they name a sheet or a row that has passed or is not there. */
  async end(): Promise<void> {
    if (!this.#started) await this.#advance();
    const left = this.#next;
    await this.#notes.return?.();
    if (left) throw outOfOrder(left);
  }

  async #advance(): Promise<void> {
    this.#started = true;
    const passed = this.#next;
    const { done, value } = await this.#notes.next();
    this.#next = done ? null : value;
    if (passed && this.#next?.sheet === passed.sheet && this.#next.row < passed.row) throw outOfOrder(this.#next);
  }
}

const outOfOrder = ({ sheet, row }: RowNote): Error => new Error(`notes out of order: sheet ${sheet}, row ${row}`);
