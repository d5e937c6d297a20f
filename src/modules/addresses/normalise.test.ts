import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { houseKey, matchNumber } from './house-number.ts';
import { asCyrillic, asSearchColumn, joinAbbreviations, placeType, plainType, wordsOf } from './normalise.ts';
import { readQuery } from './read-query.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'абвеёкКK2с3/- .,дстр"%_\\') }),
);

describe('normalisation', () => {
  test('any text at all is read without an error, and into words that are no patterns', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const query = readQuery(text);
        for (const word of [...query.words, ...query.types.map((type) => type.word)]) expect(word).toMatch(/^\p{L}+$/u);
        expect(asSearchColumn(text)).not.toMatch(/[%_\\]/);
      }),
    );
  });

  test('it is stable: words of words are the same words', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(wordsOf(wordsOf(text).join(' '))).toEqual(wordsOf(text));
      }),
    );
  });

  test('case, ё and the kind of a dash make no difference', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'абвгеёийклмн-— 12') }), (text) => {
        expect(wordsOf(text.toUpperCase())).toEqual(wordsOf(text));
        expect(wordsOf(text.replaceAll('ё', 'е'))).toEqual(wordsOf(text));
      }),
    );
  });

  test('look-alike Latin letters become Russian, other Latin words stay', () => {
    expect(asCyrillic('k')).toBe('к');
    expect(asCyrillic('xxii')).toBe('xxii');
    expect(wordsOf('Kopoлёвa')).toEqual(['королева']);
  });

  test('ordinal endings fall away, numbers stay', () => {
    expect(wordsOf('2-я Тверская-Ямская')).toEqual(['2', 'тверская', 'ямская']);
    expect(wordsOf('26-го Партсъезда')).toEqual(['26', 'партсъезда']);
    expect(wordsOf('8 Марта')).toEqual(['8', 'марта']);
  });

  test.each([
    ['проспект', 'пр-кт'],
    ['пр-т', 'пр-кт'],
    ['проезд', 'пр-д'],
    ['улица', 'ул.'],
    ['шоссе', 'ш.'],
    ['б-р', 'б-р'],
    ['набережная', 'наб.'],
    ['мкр-н', 'мкр.'],
  ])('%s is the register’s %s', (typed, type) => {
    expect(placeType(joinAbbreviations(typed))).toBe(plainType(type));
  });
});

describe('house numbers', () => {
  const house = (number: string | null, additions: [number, string][] = []) =>
    houseKey({
      number,
      additionType1: additions[0]?.[0] ?? null,
      addition1: additions[0]?.[1] ?? null,
      additionType2: additions[1]?.[0] ?? null,
      addition2: additions[1]?.[1] ?? null,
    });

  test('one key however it is written', () => {
    const key = house('12', [
      [1, '2'],
      [2, '1'],
    ]);
    expect(key).toBe('12к2с1');
    for (const text of [
      '12 к. 2 стр. 1',
      '12К2С1',
      '12 корпус 2 строение 1',
      '12k2c1',
      'д. 12, корп. 2, стр. 1',
      '12 к2 с1',
    ])
      expect(readQuery(`лесная ${text}`).house?.key, text).toBe(key);
    expect(house('12 к. 2 стр. 1')).toBe(key);
  });

  test('a key never loses a number, and what was typed finds what is printed', () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 99 }).map(String));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom('', 'А', 'б'),
        fc.array(part, { maxLength: 2 }),
        (number, letter, parts) => {
          const words = ['', 'к.', 'стр.', 'соор.'];
          const printed = [`${number}${letter}`, ...parts.map(([type, text]) => `${words[type]} ${text}`)].join(', ');
          const key = house(`${number}${letter}`, parts);
          expect(matchNumber(readQuery(`ул. Лесная, д. ${printed}, кв. 7`).house?.key ?? '', key), printed).toBe(0);
          expect(readQuery(`ул. Лесная, д. ${printed}, кв. 7`).flat).toBe('7');
        },
      ),
    );
  });

  test('nearness: the same, another separator, a building of it, a longer number, another house', () => {
    expect(matchNumber('12к2', '12к2')).toBe(0);
    expect(matchNumber('12/2', '12к2')).toBe(1);
    expect(matchNumber('12', '12к2')).toBe(2);
    expect(matchNumber('12', '120')).toBe(3);
    expect(matchNumber('12', '13')).toBeNull();
    expect(matchNumber('12к2', '12')).toBeNull();
  });
});

describe('what is understood of a line', () => {
  test.each([
    ['8 марта 12', { words: ['марта'], house: { key: '12', type: null } }],
    [
      '12 милашенкова',
      { words: ['милашенкова'], house: null, loose: [{ number: '12', house: { key: '12', type: null } }] },
    ],
    ['2-й амбулаторный пр-д 10а', { words: ['амбулаторный'], ordinals: ['2'], house: { key: '10а', type: null } }],
    ['д. Ивановка, д. 5', { words: ['ивановка'], house: { key: '5', type: 2 } }],
    ['лесная вл 5', { house: { key: '5', type: 1 } }],
    ['лесная стр 5', { house: { key: '5', type: 7 } }],
    ['127220 москва лесная 5 кв 12б', { words: ['москва', 'лесная'], house: { key: '5', type: null }, flat: '12б' }],
    ['лесная 5 лит А', { house: { key: '5лита', type: null } }],
    ['мира 12к2, арзамас-16', { words: ['мира', 'арзамас'] }],
  ])('%s', (text, expected) => {
    expect(readQuery(text)).toMatchObject(expected);
  });
});
