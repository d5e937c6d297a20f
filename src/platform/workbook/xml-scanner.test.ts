import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEntities, escapeXml, XmlScanner } from './xml-scanner.ts';

const DOCUMENT =
  '\n<?xml version="1.0"?><!-- a > b --><p:a x="1>2" y=\'"\'><b/>text &amp; more<![CDATA[<raw>]]><c  /><d\n z="1">ю</d></p:a>\n';

function tokens(pieces: string[]): string[] {
  const heard: string[] = [];
  const characters = (piece: string) => {
    if (heard.at(-1)?.startsWith('text ')) heard[heard.length - 1] += piece;
    else heard.push(`text ${piece}`);
  };
  let consumed = '';
  const scanner = new XmlScanner({
    open: (name, source, start, end, _, empty) =>
      heard.push(`open ${name}${empty ? ' empty' : ''} ${source.slice(start, end)}`),
    close: (name, source, start, end) => heard.push(`close ${name} ${source.slice(start, end)}`),
    text: (source, start, end) => characters(source.slice(start, end)),
    consumed: (source, end) => {
      consumed += source.slice(0, end);
    },
  });
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  expect(DOCUMENT.startsWith(consumed)).toBe(true);
  return heard;
}

it('hears the same tokens wherever the pieces are cut', () => {
  const whole = tokens([DOCUMENT]);
  expect(whole).toEqual([
    'open a <p:a x="1>2" y=\'"\'>',
    'open b empty <b/>',
    'text text &amp; more<raw>',
    'open c empty <c  />',
    'open d <d\n z="1">',
    'text ю',
    'close d </d>',
    'close a </p:a>',
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: DOCUMENT.length })), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), DOCUMENT.length];
      expect(tokens(places.slice(1).map((end, at) => DOCUMENT.slice(places[at], end)))).toEqual(whole);
    }),
  );
});

it('escapes so that decoding gives the text back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(escapeXml(value)).not.toMatch(/[<>]/);
      expect(decodeEntities(escapeXml(value))).toBe(value);
    }),
  );
  expect(escapeXml('a\u0001\ud800b')).toBe('ab');
});

it('refuses a tag that never ends before it fills the memory', () => {
  const scanner = new XmlScanner({ open() {}, close() {} });
  expect(() => {
    for (let piece = 0; piece < 100; piece++) scanner.write(`<a b="${'x'.repeat(100_000)}`.slice(piece ? 6 : 0));
  }).toThrow('повреждён');
});
