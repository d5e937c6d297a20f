import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addShares, formatShare, isAboveWhole, leftOf, parseShare } from './share.ts';

describe('shares', () => {
  test.each(['', '0', '0/5', '2', '3/2', '1/0', '-1/2', '0.5', '1/2/3', 'половина'])('%s is no share', (text) => {
    expect(parseShare(text)).toBeNull();
  });

  test.each([
    ['1', 1n, 1n],
    ['1/3', 1n, 3n],
    [' 2 / 4 ', 2n, 4n],
  ])('%s is read as it is written', (text, numerator, denominator) => {
    expect(parseShare(text)).toEqual({ numerator, denominator });
  });

  test('three thirds are exactly the whole', () => {
    const third = { numerator: 1n, denominator: 3n };
    expect(isAboveWhole(addShares([third, third, third]))).toBe(false);
    expect(leftOf([third, third, third])).toEqual({ numerator: 0n, denominator: 1n });
    expect(isAboveWhole(addShares([third, third, third, { numerator: 1n, denominator: 1_000_000_000n }]))).toBe(true);
  });

  test('what is left and what is taken make the whole', () => {
    const half = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.bigInt({ min: 0n, max: 10n ** 9n }))
      .map(([numerator, more]) => ({ numerator, denominator: 2n * (numerator + more) }));
    fc.assert(
      fc.property(half, half, (a, b) => {
        const whole = addShares([a, b, leftOf([a, b])]);
        expect(whole.numerator).toBe(whole.denominator);
      }),
    );
  });

  test('the whole is said in a word', () => {
    expect(formatShare({ numerator: 5n, denominator: 5n })).toBe('целиком');
    expect(formatShare({ numerator: 1n, denominator: 3n })).toBe('1/3');
  });
});
