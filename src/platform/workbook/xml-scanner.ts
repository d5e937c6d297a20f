import { brokenWorkbook } from './errors.ts';

/**
 * Hears the tokens of an XML stream. `source` is the piece of text being read and only holds during the call;
 * `start` and `end` (exclusive) bound the token in it. Names come without their namespace prefix.
 */
export interface XmlListener {
  /** A start tag, or an empty tag when `empty` (then no `close` follows). `nameEnd`: where the attributes begin. */
  open(name: string, source: string, start: number, end: number, nameEnd: number, empty: boolean): void;
  close(name: string, source: string, start: number, end: number): void;
  /** Character data; `cdata` when its characters stand for themselves. Other text goes through `decodeEntities`. */
  text?(source: string, start: number, end: number, cdata: boolean): void;
  /** After each piece: the source is done with up to `end`; the next source begins there. */
  consumed?(source: string, end: number): void;
}

/** One token (a tag or the text of a cell) may not be longer, so that broken files do not fill the memory. */
const LONGEST_TOKEN = 4 * 1024 * 1024;
const DEEPEST = 256;

const [QUOTE, APOSTROPHE, SLASH, GREATER, COLON, BANG, QUESTION] = [34, 39, 47, 62, 58, 33, 63];

/**
 * A push scanner for the XML of office files. Beside a general SAX parser it tells where each token stands in the source, which
 * lets a sheet be rewritten with everything else left as it was, and it leaves attributes unparsed until somebody asks.
 * Tags must be balanced. A document type is refused: office files have none, and entities defined there are an attack.
 */
export class XmlScanner {
  readonly #listener: XmlListener;
  readonly #open: string[] = [];
  #rest = '';
  #seenRoot = false;

  constructor(listener: XmlListener) {
    this.#listener = listener;
  }

  write(piece: string): void {
    const source = this.#rest === '' ? piece : this.#rest + piece;
    let at = 0;
    for (;;) {
      const tag = source.indexOf('<', at);
      if (tag < 0) break;
      if (tag > at) {
        this.#text(source, at, tag, false);
        at = tag;
      }
      const end = this.#token(source, tag);
      if (end < 0) break;
      at = end;
    }
    this.#listener.consumed?.(source, at);
    this.#rest = at === 0 ? source : source.slice(at);
    if (this.#rest.length > LONGEST_TOKEN) throw brokenWorkbook('внутри слишком длинный фрагмент');
  }

  end(): void {
    if (this.#open.length > 0 || !this.#seenRoot || this.#rest.trim() !== '') {
      throw brokenWorkbook('содержимое обрывается');
    }
  }

  #text(source: string, start: number, end: number, cdata: boolean): void {
    if (this.#open.length > 0) this.#listener.text?.(source, start, end, cdata);
  }

  /** Where the token that begins at `tag` ends, or -1 when the rest of it has not come yet. */
  #token(source: string, tag: number): number {
    const first = source.charCodeAt(tag + 1);
    if (Number.isNaN(first)) return -1;
    if (first === SLASH) return this.#close(source, tag);
    if (first === QUESTION) return after(source, '?>', tag + 2);
    if (first === BANG) return this.#declaration(source, tag);
    return this.#openTag(source, tag);
  }

  #declaration(source: string, tag: number): number {
    if (source.length < tag + 9) return -1;
    if (source.startsWith('<!--', tag)) return after(source, '-->', tag + 4);
    if (!source.startsWith('<![CDATA[', tag)) throw brokenWorkbook('в нём недопустимое объявление');
    const end = after(source, ']]>', tag + 9);
    if (end > 0) this.#text(source, tag + 9, end - 3, true);
    return end;
  }

  #close(source: string, tag: number): number {
    const greater = source.indexOf('>', tag + 2);
    if (greater < 0) return -1;
    const name = localName(source, tag + 2, greater);
    if (this.#open.pop() !== name) throw brokenWorkbook('его внутренняя разметка нарушена');
    this.#listener.close(name, source, tag, greater + 1);
    return greater + 1;
  }

  #openTag(source: string, tag: number): number {
    let at = tag + 1;
    let code = source.charCodeAt(at);
    while (code > 32 && code !== SLASH && code !== GREATER) code = source.charCodeAt(++at);
    const nameEnd = at;
    while (code !== GREATER) {
      if (code === QUOTE || code === APOSTROPHE) {
        at = source.indexOf(code === QUOTE ? '"' : "'", at + 1);
        if (at < 0) return -1;
      }
      code = source.charCodeAt(++at);
      if (Number.isNaN(code)) return -1;
    }
    const name = localName(source, tag + 1, nameEnd);
    const empty = source.charCodeAt(at - 1) === SLASH;
    this.#seenRoot = true;
    if (!empty && this.#open.push(name) > DEEPEST) throw brokenWorkbook('вложенность разметки слишком велика');
    this.#listener.open(name, source, tag, at + 1, nameEnd, empty);
    return at + 1;
  }
}

const after = (source: string, mark: string, from: number): number => {
  const found = source.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
};

function localName(source: string, start: number, end: number): string {
  let from = start;
  let to = end;
  for (let at = start; at < end; at++) if (source.charCodeAt(at) === COLON) from = at + 1;
  while (to > from && source.charCodeAt(to - 1) <= 32) to--;
  return to - from === 1 ? source[from]! : source.slice(from, to);
}

const ATTRIBUTE = /([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The attributes of a tag, entities decoded. Prefixes of names are kept: `r:id` and `id` differ. */
export function attributesOf(source: string, nameEnd: number, end: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const match of source.slice(nameEnd, end).matchAll(ATTRIBUTE)) {
    found[match[1]!] = decodeEntities(match[2] ?? match[3] ?? '');
  }
  return found;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML and character numbers; an unknown one stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Characters that XML cannot hold are dropped; line breaks and tabs stay. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : '&quot;'));
}
