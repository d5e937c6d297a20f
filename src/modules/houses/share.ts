/** A share in the right of ownership: an exact fraction, never a percent («1/3» has none). */
export interface Share {
  numerator: bigint;
  denominator: bigint;
}

const MOST = 10n ** 15n;

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function addShares(shares: readonly Share[]): Share {
  let sum: Share = { numerator: 0n, denominator: 1n };
  for (const share of shares) {
    const numerator = sum.numerator * share.denominator + share.numerator * sum.denominator;
    const denominator = sum.denominator * share.denominator;
    const divisor = greatestCommonDivisor(numerator, denominator);
    sum = { numerator: numerator / divisor, denominator: denominator / divisor };
  }
  return sum;
}

export const isAboveWhole = (share: Share): boolean => share.numerator > share.denominator;

/** What is left of the whole. @throws RangeError when the shares are above it */
export function leftOf(shares: readonly Share[]): Share {
  const taken = addShares(shares);
  if (isAboveWhole(taken)) throw new RangeError('shares above the whole');
  return { numerator: taken.denominator - taken.numerator, denominator: taken.denominator };
}

/** Reads «1/2», «1 / 2» or «1» (the whole). Null when it is no share above zero and at most the whole. */
export function parseShare(text: string): Share | null {
  const match = /^(\d{1,15})(?:\/(\d{1,15}))?$/.exec(text.replace(/[\s\u00a0]/g, ''));
  if (!match) return null;
  const share = { numerator: BigInt(match[1]!), denominator: BigInt(match[2] ?? '1') };
  return share.numerator > 0n && share.denominator < MOST && !isAboveWhole(share) ? share : null;
}

export const formatShare = ({ numerator, denominator }: Share): string =>
  numerator === denominator ? 'целиком' : `${numerator}/${denominator}`;
