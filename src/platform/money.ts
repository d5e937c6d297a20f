/** Money is a whole number of kopecks. Text becomes kopecks by a pattern, never through floating point. */
export type Kopecks = bigint & { readonly __unit: 'kopecks' };

export const kopecks = (value: bigint | number): Kopecks => BigInt(value) as Kopecks;
export const ZERO: Kopecks = kopecks(0);

const AMOUNT = /^([-−–+]?)(\d{1,15})(?:[.,](\d{1,2}))?$/;

/**
 * Reads a sum in rubles as a person or a workbook writes it: «1 234,5», "1234.50", «−12,00 ₽».
 * Returns null when the text is not a sum, or has more than two decimals (nothing is rounded silently).
 */
export function parseRubles(text: string): Kopecks | null {
  const match = AMOUNT.exec(text.replace(/[\s\u00a0\u202f\u2009₽]|руб\.?/g, ''));
  if (!match) return null;
  const [, sign, rubles = '0', fraction = ''] = match;
  const amount = BigInt(rubles) * 100n + BigInt(fraction.padEnd(2, '0'));
  return kopecks(sign && sign !== '+' ? -amount : amount);
}

/** Kopecks as a plain decimal of rubles with a point and two digits: 123450n -> "1234.50". For files and protocols. */
export function formatDecimal(amount: bigint): string {
  const absolute = amount < 0n ? -amount : amount;
  return `${amount < 0n ? '-' : ''}${absolute / 100n}.${(absolute % 100n).toString().padStart(2, '0')}`;
}

export const sum = (amounts: Iterable<bigint>): Kopecks => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return kopecks(total);
};

/**
 * The one rounding of money: numerator / denominator, half away from zero («половина вверх» for charges), to a whole kopeck.
 * @throws RangeError when the denominator is zero
 */
export function divideHalfUp(numerator: bigint, denominator: bigint): Kopecks {
  if (denominator === 0n) throw new RangeError('division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (2n * n + d) / (2n * d);
  return kopecks(negative ? -rounded : rounded);
}

/**
 * Shares `total` over `weights` so that the shares add up exactly: largest remainder, earlier first among equals.
 * Weights are not negative; when all are zero the shares are zero and the total must be zero.
 */
export function shareOut(total: Kopecks, weights: readonly bigint[]): Kopecks[] {
  const whole = weights.reduce((a, b) => a + b, 0n);
  if (weights.some((weight) => weight < 0n) || total < 0n) throw new RangeError('shares of negative amounts');
  if (whole === 0n) {
    if (total !== 0n) throw new RangeError('nothing to share over');
    return weights.map(() => ZERO);
  }
  const shares = weights.map((weight) => (total * weight) / whole);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let left = total - shares.reduce((a, b) => a + b, 0n);
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    shares[index] = shares[index]! + 1n;
    left -= 1n;
  }
  return shares.map(kopecks);
}
