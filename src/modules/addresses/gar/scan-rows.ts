/**
 * Reads the flat XML of the register: one root, rows without content, everything in attributes. It is no XML parser: nesting,
 * entities of its own and other encodings than UTF-8 are refused. Four times as fast as a SAX pass, which is what makes a
 * country's archive a matter of hours.
 *
 * Bytes are read as latin1, which costs nothing and keeps each byte a character; `decodeText` makes text of the values that need it.
 */

/** Values of the wanted attributes in the order they were asked for, as bytes in latin1; absent ones are undefined. */
export type RowValues = readonly (string | undefined)[];

/** The file is not what the register publishes: cut off, or not a flat list of rows. */
export class GarFormatError extends Error {}

const SPACE = 32;
const SLASH = 47;
const GREATER = 62;
const QUOTE = 34;
const APOSTROPHE = 39;
/** The longest tag that can be believed; a file without tags must not fill the memory. */
const LONGEST_TAG = 1 << 20;

export class RowScanner {
  readonly #slots: ReadonlyMap<string, number>;
  readonly #values: (string | undefined)[];
  readonly #onRow: (values: RowValues) => void;
  /** Attributes of the row before, in their order: nearly all rows of a file have the same. */
  readonly #expected: string[] = [];
  readonly #expectedSlot: number[] = [];
  #carry = '';
  #depth = 0;
  #ended = false;
  rows = 0;

  constructor(wanted: readonly string[], onRow: (values: RowValues) => void) {
    this.#slots = new Map(wanted.map((name, index) => [name, index]));
    this.#values = new Array<string | undefined>(wanted.length).fill(undefined);
    this.#onRow = onRow;
  }

  write(chunk: Buffer): void {
    const text = this.#carry === '' ? chunk.toString('latin1') : this.#carry + chunk.toString('latin1');
    this.#carry = '';
    let at = 0;
    for (;;) {
      const start = text.indexOf('<', at);
      if (start === -1) return;
      const end = this.#tag(text, start + 1);
      if (end === -1) {
        if (text.length - start > LONGEST_TAG) throw new GarFormatError('a tag has no end');
        this.#carry = text.slice(start);
        return;
      }
      at = end;
    }
  }

  /** @throws GarFormatError when the file ends before its root does */
  end(): void {
    if (!this.#ended || this.#carry !== '') throw new GarFormatError('the file is cut off');
  }

  /** @returns the position after the tag, or -1 when its end has not come yet */
  #tag(text: string, from: number): number {
    const first = text.charCodeAt(from);
    if (first === 33 || first === 63) return this.#declaration(text, from, first);
    if (first === SLASH) {
      const end = text.indexOf('>', from);
      if (end !== -1) this.#close();
      return end === -1 ? -1 : end + 1;
    }
    let at = from;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code <= SPACE || code === SLASH || code === GREATER) break;
      at++;
    }
    return this.#attributes(text, at);
  }

  /** A declaration, a comment or a document type. */
  #declaration(text: string, from: number, first: number): number {
    if (first === 33 && text.length < from + 3) return -1;
    const mark = first === 63 ? '?>' : text.startsWith('--', from + 1) ? '-->' : '>';
    const end = text.indexOf(mark, from);
    if (end === -1) return -1;
    const encoding = first === 63 ? /encoding=["']([\w-]+)["']/.exec(text.slice(from, end))?.[1] : undefined;
    if (encoding && encoding.toLowerCase() !== 'utf-8') throw new GarFormatError(`encoding ${encoding}, not UTF-8`);
    return end + mark.length;
  }

  #attributes(text: string, from: number): number {
    const values = this.#values;
    values.fill(undefined);
    let at = from;
    for (let index = 0; ; index++) {
      let code = text.charCodeAt(at);
      while (code <= SPACE) code = text.charCodeAt(++at);
      if (code === GREATER) {
        this.#open(false);
        return at + 1;
      }
      if (code === SLASH) {
        if (at + 1 >= text.length) return -1;
        this.#open(true);
        return at + 2;
      }
      // Past the end of the chunk the code is NaN.
      if (Number.isNaN(code)) return -1;
      const expected = this.#expected[index];
      let quote = '"';
      if (expected !== undefined && text.startsWith(expected, at)) at += expected.length;
      else {
        const value = this.#unexpected(text, at, index);
        if (value === -1) return -1;
        at = value;
        quote = text[at - 1]!;
      }
      const end = text.indexOf(quote, at);
      if (end === -1) return -1;
      const slot = this.#expectedSlot[index]!;
      if (slot >= 0) values[slot] = text.slice(at, end);
      at = end + 1;
    }
  }

  /** An attribute that the row before did not have here. @returns where its value begins, or -1 */
  #unexpected(text: string, at: number, index: number): number {
    const equals = text.indexOf('=', at);
    if (equals === -1) return -1;
    const name = text.slice(at, equals).trimEnd();
    let from = equals + 1;
    while (text.charCodeAt(from) <= SPACE) from++;
    const quote = text.charCodeAt(from);
    if (Number.isNaN(quote)) return -1;
    if ((quote !== QUOTE && quote !== APOSTROPHE) || !/^[\w:.-]+$/.test(name))
      throw new GarFormatError(`no attribute: ${text.slice(at, at + 40)}`);
    this.#expected[index] = `${name}="`;
    this.#expectedSlot[index] = this.#slots.get(name) ?? -1;
    return from + 1;
  }

  #open(closed: boolean): void {
    if (this.#ended) throw new GarFormatError('a second root');
    if (this.#depth === 0) {
      this.#depth = closed ? 0 : 1;
      this.#ended = closed;
      return;
    }
    if (this.#depth > 1) throw new GarFormatError('rows within rows');
    if (!closed) this.#depth++;
    this.rows++;
    this.#onRow(this.#values);
  }

  #close(): void {
    this.#depth--;
    if (this.#depth < 0) throw new GarFormatError('an end without a beginning');
    this.#ended = this.#depth === 0;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of a value: UTF-8 with the five entities and character references. */
export function decodeText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the question
  const text = /^[\x00-\x7f]*$/.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
