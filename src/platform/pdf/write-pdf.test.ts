import { buffer } from 'node:stream/consumers';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BOX, foldLongWords, printable } from './printable.ts';
import { type Block, writePdf } from './write-pdf.ts';

const RUSSIAN = /[\p{Script=Cyrillic}\p{ASCII}№«»…—−₽\u00a0\u202f]/u;
const has = (letter: number) => RUSSIAN.test(String.fromCodePoint(letter));

describe('text for paper', () => {
  it.each([
    ['plain Russian text stays', 'Ёлка № 5 — «да», 1\u202f000\u00a0₽', 'Ёлка № 5 — «да», 1\u202f000\u00a0₽'],
    ['letters are composed', 'и\u0306', 'й'],
    ['line ends are one', 'а\r\nб\rв\u2028г\u0085д', 'а\nб\nв\nг\nд'],
    ['what turns the direction is gone', 'акт\u202egpj.exe\u2066', 'актgpj.exe'],
    ['controls are gone', 'а\u0000\u0007б', 'аб'],
    ['half a letter is a box', 'а\ud800б', `а${BOX}б`],
    ['an emoji of seven signs is one box', 'дом 👨‍👩‍👧‍👦!', `дом ${BOX}!`],
    ['a flag and a heart of two signs are a box each', '🇷🇺 ❤️', `${BOX} ${BOX}`],
    ['every foreign letter is a box', 'שלום', BOX.repeat(4)],
    ['piled marks are one box', 'Z\u0338\u0322\u031b', BOX],
  ])('%s', (_name, text, shown) => {
    expect(printable(text, has)).toBe(shown);
  });

  it('folds a word that no line holds and keeps every letter of it', () => {
    const word = 'абвгд'.repeat(30);
    const folded = foldLongWords(`до ${word} после`, 20, () => 1);
    expect(folded.replaceAll('\n', '')).toBe(`до ${word} после`);
    expect(Math.max(...folded.split(/[\n ]/).map((line) => line.length))).toBe(20);
    expect(foldLongWords('слово '.repeat(30), 20, () => 1)).not.toContain('\n');
  });
});

const paper = { title: 'Обращение', foot: 'Обращение № 77-26-000001', at: new Date('2026-11-10T09:00:00Z') };
const pdfOf = (blocks: Block[]) => buffer(writePdf(blocks, paper));
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length;

/** All text drawn, by the map of letters that each font in the file brings. */
function textOf(pdf: Buffer): string {
  const streams = Array.from(pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g), ([, body]) => {
    try {
      return inflateSync(Buffer.from(body!, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const letters = new Set(
    streams
      .filter((text) => text.includes('beginbfrange'))
      .flatMap((text) =>
        Array.from(text.matchAll(/<([0-9a-f]{4})>/g), ([, code]) => String.fromCharCode(parseInt(code!, 16))),
      ),
  );
  return [...letters].join('');
}

describe('a document', () => {
  it('is a PDF with its title, its letters and a page for an empty text', async () => {
    const pdf = await pdfOf([
      { kind: 'title', text: 'Обращение' },
      { kind: 'text', text: '' },
      { kind: 'facts', facts: [['Тема', 'Щебень, ёж']] },
    ]);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pagesOf(pdf)).toBe(1);
    for (const letter of 'ОбращениеТмЩьёж№') expect(textOf(pdf)).toContain(letter);
  });

  it('goes over pages with ten thousand letters of one word, with and without spaces, and of no known alphabet', async () => {
    const texts = [
      'Ж'.repeat(10_000),
      'слово '.repeat(1_600),
      '😀'.repeat(5_000),
      '\n'.repeat(2_000),
      '\u202e'.repeat(10_000),
    ];
    const pdf = await pdfOf(texts.map((text) => ({ kind: 'text', text })));
    expect(pagesOf(pdf)).toBeGreaterThan(5);
    const facts = await pdfOf([{ kind: 'facts', facts: texts.map((text) => [text.slice(0, 500), text] as const) }]);
    expect(pagesOf(facts)).toBeGreaterThan(5);
  });

  it('sets no more when its reader has gone', async () => {
    let asked = 0;
    function* endless(): Generator<Block> {
      for (;;) {
        asked += 1;
        yield { kind: 'text', text: 'Строка' };
      }
    }
    const stream = writePdf(endless(), paper);
    await new Promise((seen) => stream.once('data', seen));
    await new Promise((closed) => stream.destroy().once('close', closed));
    const then = asked;
    await new Promise((turn) => setImmediate(turn));
    expect(asked).toBeLessThanOrEqual(then + 1);
  });
});
