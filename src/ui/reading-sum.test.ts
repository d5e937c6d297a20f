import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DialFacts, sumReading } from './reading-sum.ts';

const facts = (given: Partial<DialFacts> = {}): DialFacts => ({
  last: ['100'],
  whole: false,
  factor: '1',
  digits: 5,
  unit: 'м³',
  each: ['50.93'],
  month: 'октябрь 2026',
  ...given,
});

describe('what a typed value means', () => {
  test.each([
    ['nothing yet', facts(), ['']],
    ['letters', facts(), ['сто']],
    ['no value before', facts({ last: null }), ['105']],
    ['one tariff of two', facts({ last: ['1', '1'] }), ['5', '']],
  ])('%s: nothing is said', (_, given, typed) => {
    expect(sumReading(given, typed)).toBeNull();
  });

  test('volume and price, with a comma and zeros in front', () => {
    expect(sumReading(facts(), [' 00 104,2'])).toEqual({
      volume: '4,2',
      kopecks: 21391n,
      fell: false,
      rolledOver: false,
    });
    expect(sumReading(facts({ each: null }), ['104.2'])).toMatchObject({ volume: '4,2', kopecks: null });
    expect(sumReading(facts({ whole: true, last: null }), ['3'])).toMatchObject({ volume: '3', kopecks: 15279n });
    expect(sumReading(facts({ factor: '40' }), ['101'])).toMatchObject({ volume: '40' });
    const two = facts({ last: ['10', '20'], each: ['8.1', '3.02'] });
    expect(sumReading(two, ['15', '30'])).toEqual({ volume: '15', kopecks: 7070n, fell: false, rolledOver: false });
  });

  test('below the value before it only says so', () => {
    expect(sumReading(facts(), ['90'])).toMatchObject({ kopecks: null, fell: true });
    expect(sumReading(facts({ last: ['99998.5'], digits: null }), ['3,2'])).toMatchObject({ fell: true });
    expect(sumReading(facts({ last: ['80000'] }), ['3,2'])).toMatchObject({ fell: true });
    expect(sumReading(facts({ last: ['99998.5'] }), ['10000'])).toMatchObject({ fell: true });
  });

  test('a dial that begins again from zero is counted past its end', () => {
    expect(sumReading(facts({ last: ['99998.5'], each: ['10'] }), ['3,2'])).toEqual({
      volume: '4,7',
      kopecks: 4700n,
      fell: false,
      rolledOver: true,
    });
  });

  test('is exact: scaled whole numbers give the same', () => {
    const value = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(value, value, fc.bigInt({ min: 0n, max: 10n ** 9n }), (last, more, tariff) => {
        const decimal = (whole: bigint) => {
          const text = whole.toString().padStart(8, '0');
          return `${text.slice(0, -7)}.${text.slice(-7)}`;
        };
        const sum = sumReading(facts({ last: [decimal(last)], each: [decimal(tariff)] }), [decimal(last + more)]);
        const scaled = more * tariff * 100n;
        const kopecks = (scaled + 5n * 10n ** 13n) / 10n ** 14n;
        return sum !== null && sum.kopecks === kopecks;
      }),
    );
  });
});
