import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { create } from 'fontkit';
import PDFDocument from 'pdfkit';
import { foldLongWords, printable } from './printable.ts';

/** What a document is made of, from top to bottom. */
export type Block =
  | { kind: 'title' | 'heading' | 'subheading' | 'text' | 'note'; text: string }
  /** The sender, and the address where the right window of an E65 envelope is when the sheet is folded in three. */
  | { kind: 'window'; from: string; to: string }
  /** What follows begins on a page of its own. */
  | { kind: 'page' }
  /** A term and its value in each line. */
  | { kind: 'facts'; facts: readonly (readonly [term: string, value: string])[] };

export interface Paper {
  title: string;
  /** Stands at the foot of each page, before the page's number. */
  foot: string;
  at: Date;
}

const LOOKS = {
  title: { font: 'bold', size: 18, before: 0, after: 8, keeps: 60 },
  heading: { font: 'bold', size: 13, before: 16, after: 5, keeps: 60 },
  subheading: { font: 'bold', size: 10.5, before: 9, after: 2, keeps: 45 },
  text: { font: 'regular', size: 10.5, before: 0, after: 5, keeps: 0 },
  note: { font: 'regular', size: 9, before: 0, after: 4, keeps: 0 },
} as const;
const INK = '#000000';
const QUIET = '#444444';
const MARGIN = 52;
/** Room for the foot under the text. */
const BOTTOM = 64;
const TERM_WIDTH = 150;
const GAP = 10;

type Document = InstanceType<typeof PDFDocument>;

const resolve = createRequire(import.meta.url).resolve;
/** PT Sans by ParaType (SIL OFL 1.1). Read at the first document: most processes make none. */
const fonts = lazily(() => {
  const read = (name: string) => readFileSync(resolve(`@expo-google-fonts/pt-sans/${name}`));
  const regular = read('400Regular/PTSans_400Regular.ttf');
  const face = create(regular);
  return {
    regular,
    bold: read('700Bold/PTSans_700Bold.ttf'),
    has: (letter: number) => face.hasGlyphForCodePoint(letter),
  };
});

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * A4 pages as a stream. Blocks are set one in a turn of the event loop, so that a long document holds up no other request; when the
 * reader goes away, the rest is not set.
 */
export function writePdf(blocks: Iterable<Block>, paper: Paper): Readable {
  const { regular, bold, has } = fonts();
  const clean = (text: string) => printable(text, has);
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: BOTTOM },
    autoFirstPage: false,
    lang: 'ru-RU',
    displayTitle: true,
    info: { Title: clean(paper.title), CreationDate: paper.at },
  });
  document.registerFont('regular', regular).registerFont('bold', bold);
  const pen = new Pen(document, clean(paper.foot).replaceAll('\n', ' ').slice(0, 80));
  document.addPage();
  setAll(pen, blocks, clean).catch((error: Error) => document.destroy(error));
  return document;
}

async function setAll(pen: Pen, blocks: Iterable<Block>, clean: (text: string) => string): Promise<void> {
  for (const block of blocks) {
    await nextTurn();
    if (pen.document.destroyed) return;
    if (block.kind === 'page') pen.document.addPage();
    else if (block.kind === 'window') setWindow(pen, clean(block.from), clean(block.to));
    else if (block.kind === 'facts') setFacts(pen, block.facts, clean);
    else setText(pen, LOOKS[block.kind], clean(block.text), block.kind === 'note' ? QUIET : INK);
  }
  pen.document.end();
}

/** Writes with one look, and foots each page as it begins without losing the look of a text that goes on over its edge. */
class Pen {
  readonly document: Document;
  private readonly foot: string;
  private page = 0;
  private look: [font: string, size: number, colour: string] = ['regular', 10, INK];

  constructor(document: Document, foot: string) {
    this.document = document;
    this.foot = foot;
    document.on('pageAdded', () => this.writeFoot());
  }

  use(font: 'regular' | 'bold', size: number, colour: string): Document {
    this.look = [font, size, colour];
    return this.document.font(font, size).fillColor(colour);
  }

  /** Sets a text at the place, in the look of `use`. */
  write(text: string, x: number, y: number, options: { width: number; lineGap?: number }): void {
    const widths = new Map<string, number>();
    const widthOf = (letter: string): number => {
      const known = widths.get(letter) ?? this.document.widthOfString(letter);
      widths.set(letter, known);
      return known;
    };
    // The library itself measures a long word anew for each of its letters. Pairs of letters may stand wider than the two: hence a little less.
    this.document.text(foldLongWords(text, options.width * 0.97, widthOf), x, y, options);
  }

  /** What follows does not begin at the very end of a page. */
  keep(height: number): void {
    const { document } = this;
    if (document.y + height > document.page.height - BOTTOM) document.addPage();
  }

  private writeFoot(): void {
    const { document, look } = this;
    const { x, y, page } = document;
    this.page += 1;
    // Below the margin a line would open a page of its own.
    const { bottom } = page.margins;
    page.margins.bottom = 0;
    document.font('regular', 8).fillColor(QUIET);
    document.text(`${this.foot} · страница ${this.page}`, MARGIN, page.height - 40, { lineBreak: false });
    page.margins.bottom = bottom;
    this.use(...(look as Parameters<Pen['use']>));
    Object.assign(document, { x, y });
  }
}

function setText(pen: Pen, look: (typeof LOOKS)[keyof typeof LOOKS], text: string, colour: string): void {
  const { document } = pen;
  pen.keep(look.before + look.keeps);
  document.y += look.before;
  pen.use(look.font, look.size, colour);
  pen.write(text || ' ', MARGIN, document.y, { width: document.page.width - 2 * MARGIN, lineGap: 2 });
  document.y += look.after;
}

const MM = 72 / 25.4;
/** 45 × 90 mm, 20 mm from the right and 15 mm from the lower edge of an envelope of 110 × 220 mm, less what the sheet slides in it. */
const WINDOW = { left: 112 * MM, top: 56 * MM, width: 78 * MM, end: 105 * MM };

function setWindow(pen: Pen, from: string, to: string): void {
  const { document } = pen;
  pen.use('regular', 9, QUIET);
  pen.write(from, MARGIN, MARGIN, { width: 80 * MM });
  pen.use('regular', 10.5, INK);
  pen.write(to, WINDOW.left, WINDOW.top, { width: WINDOW.width, lineGap: 1 });
  Object.assign(document, { x: MARGIN, y: Math.max(document.y, WINDOW.end) });
}

function setFacts(pen: Pen, facts: readonly (readonly [string, string])[], clean: (text: string) => string): void {
  const { document } = pen;
  const width = document.page.width - 2 * MARGIN - TERM_WIDTH - GAP;
  for (const [term, value] of facts) {
    pen.use('regular', 9, QUIET);
    pen.keep(Math.max(document.heightOfString(clean(term), { width: TERM_WIDTH }), 30));
    const { page, y: top } = document;
    pen.write(clean(term), MARGIN, top + 1, { width: TERM_WIDTH });
    const termEnd = document.y;
    pen.use('regular', 10.5, INK);
    pen.write(clean(value) || '—', MARGIN + TERM_WIDTH + GAP, top, { width, lineGap: 1 });
    // A value may go over to the next page: the term stays behind.
    document.y = (document.page === page ? Math.max(document.y, termEnd) : document.y) + 3;
    document.x = MARGIN;
  }
  document.y += 4;
}
