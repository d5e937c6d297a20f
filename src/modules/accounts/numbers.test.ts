import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNumber, composeEls, hintForNumber, kindOfNumber } from './numbers.ts';

describe('unified numbers', () => {
  test.each([
    ['77АВ123456', '77АВ123456', 'els'],
    [' 77ab 123456 ', '77АВ123456', 'els'],
    ['77AB123456–01', '77АВ123456-01', 'service'],
    ['77ав123456-01-6101', '77АВ123456-01-6101', 'bill'],
  ])('%s is stored as %s', (typed, stored, kind) => {
    expect(canonicalNumber(typed)).toBe(stored);
    expect(kindOfNumber(stored)).toBe(kind);
  });

  test("a provider's own number stays as it is", () => {
    expect(canonicalNumber(' 0012-AB/7 ')).toBe('0012-AB/7');
    expect(kindOfNumber('0012-AB/7')).toBeNull();
  });

  test('digits and Y in the letter places are never guessed: a hint is given', () => {
    expect(kindOfNumber(canonicalNumber('7703123456'))).toBeNull();
    expect(hintForNumber('7703123456')).toContain('буквы');
    expect(hintForNumber('77YA123456')).toContain('латинская Y');
    expect(hintForNumber('12345')).toBeNull();
  });

  test('canonical form is stable, and every issued ЕЛС has the shape', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(canonicalNumber(canonicalNumber(text))).toBe(canonicalNumber(text));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), (random) => {
        const els = composeEls('77', random);
        expect(kindOfNumber(els)).toBe('els');
        expect(canonicalNumber(els)).toBe(els);
      }),
    );
  });
});
