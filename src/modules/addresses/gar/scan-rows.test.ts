import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { IdSet } from './id-set.ts';
import { decodeText, GarFormatError, RowScanner } from './scan-rows.ts';

const scan = (xml: string, wanted: string[], size = xml.length * 4 + 1): (string | undefined)[][] => {
  const rows: (string | undefined)[][] = [];
  const scanner = new RowScanner(wanted, (values) =>
    rows.push(values.map((value) => (value === undefined ? undefined : decodeText(value)))),
  );
  const bytes = Buffer.from(xml);
  for (let at = 0; at < bytes.length; at += size) scanner.write(bytes.subarray(at, at + size));
  scanner.end();
  return rows;
};

describe('what is refused', () => {
  test.each([
    ['', 'an empty file'],
    ['<A>', 'no end'],
    ['<A><B X="1"/>', 'no end of the root'],
    ['<A><B X="1', 'an open value'],
    ['<A></A><A></A>', 'two roots'],
    ['<A><B X=1/></A>', 'no quotes'],
    ['<A><B><C/></B></A>', 'rows within rows'],
    ['</A>', 'an end alone'],
    ['<?xml version="1.0" encoding="windows-1251"?><A></A>', 'another encoding'],
  ])('%j: %s', (xml) => {
    expect(() => scan(xml, ['X'])).toThrow(GarFormatError);
  });
});

test('attributes in any order, absent, unknown, in either quotes, with any white space, a BOM and comments', () => {
  const xml = `\u{feff}<?xml version="1.0" encoding="utf-8"?>
<!-- <B X="no"/> > -->
<A xmlns:x = 'y > z'>
  <B X="1"   Y='2'/><B
    Y = "3"
  ></B><B Z="9" X="a &amp; &quot;б&quot; &#1073;&#x431; > &unknown;" />
</A>`;
  expect(scan(xml, ['X', 'Y'])).toEqual([
    ['1', '2'],
    [undefined, '3'],
    ['a & "б" бб > &unknown;', undefined],
  ]);
});

test('it reads what a SAX parser reads, wherever the chunks are cut', () => {
  const name = fc.constantFrom('ID', 'NAME', 'OBJECTID', 'VALUE', 'PATH');
  const value = fc.string({ unit: fc.constantFrom(...'аЯё1 \'>/=.-<&"') });
  const written = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const rows = fc.array(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }));
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), (list, size) => {
      const xml = `<R>${list.map((one) => `<X ${one.map(([key, text]) => `${key}="${written(text)}"`).join('\n ')} />`).join('')}</R>`;
      const expected: Record<string, string>[] = [];
      const parser = new SaxesParser();
      parser.on('opentag', (tag) => tag.name === 'X' && expected.push(tag.attributes as Record<string, string>));
      parser.write(xml).close();
      const wanted = ['ID', 'NAME', 'OBJECTID', 'VALUE'];
      expect(scan(xml, wanted, size)).toEqual(expected.map((one) => wanted.map((key) => one[key])));
    }),
  );
});

test('the set of ids is a set', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      fc.array(fc.integer({ min: 0 })),
      (ids, others) => {
        const set = new IdSet();
        for (const id of [...ids, ...ids]) set.add(id);
        const plain = new Set(ids);
        expect(set.size).toBe(plain.size);
        for (const id of [...ids, ...others]) expect(set.has(id)).toBe(plain.has(id));
      },
    ),
  );
  const set = new IdSet();
  for (let id = 1; id <= 100_000; id++) set.add(id * 7);
  expect([set.size, set.has(7), set.has(700_000), set.has(8)]).toEqual([100_000, true, true, false]);
});
