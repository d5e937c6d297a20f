/**
 * Exact decimals for the page's script: a whole number and how many of its digits stand after the point. No library goes to the
 * browser for four operations. Pure; compared with the server's own counting by a test.
 */
interface Decimal {
  whole: bigint;
  scale: number;
}

/** What a page knows of a dial, as the server writes it. Numbers are exact decimal text. */
export interface DialFacts {
  /** Values before by tariff; null when there are none. */
  last: readonly (string | null)[] | null;
  /** The dial shows the volume of the month itself. */
  whole: boolean;
  factor: string;
  digits: number | null;
  unit: string;
  /** Rubles a unit by tariff; null when no price is known. */
  each: readonly string[] | null;
  /** The month of that price. */
  month: string | null;
}

export interface ReadingSum {
  /** With a comma, as people read it. */
  volume: string;
  kopecks: bigint | null;
  fell: boolean;
  /** It fell because the dial seems to have begun again from zero; the volume counts that in. */
  rolledOver: boolean;
}

const read = (text: string): Decimal | null => {
  const match = /^(-?)(\d{1,30})(?:[.,](\d{1,30}))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ''));
  if (!match) return null;
  const fraction = match[3] ?? '';
  return { whole: BigInt(`${match[1]}${match[2]}${fraction}`), scale: fraction.length };
};
const scaled = ({ whole, scale }: Decimal, to: number): bigint => whole * 10n ** BigInt(to - scale);
const plus = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale);
  return { whole: scaled(a, scale) + scaled(b, scale), scale };
};
const times = (a: Decimal, b: Decimal): Decimal => ({ whole: a.whole * b.whole, scale: a.scale + b.scale });
/** Half away from zero. */
const round = (value: Decimal, to: number): Decimal => {
  if (value.scale <= to) return { whole: scaled(value, to), scale: to };
  const power = 10n ** BigInt(value.scale - to);
  const half = value.whole < 0n ? -power / 2n : power / 2n;
  return { whole: (value.whole + half) / power, scale: to };
};
const write = ({ whole, scale }: Decimal): string => {
  const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  const fraction = digits.slice(cut).replace(/0+$/, '');
  const thousands = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return `${whole < 0n ? '\u2212' : ''}${thousands}${fraction && `,${fraction}`}`;
};
const ZERO: Decimal = { whole: 0n, scale: 0 };

/** The server asks by the same signs: the dial stood in its last tenth and begins again in its first. */
function rollsOver(digits: number | null, before: Decimal, value: Decimal): boolean {
  if (digits === null) return false;
  const tenth = { whole: 10n ** BigInt(digits), scale: 1 };
  const less = (a: Decimal, b: Decimal) => plus(a, { ...b, whole: -b.whole }).whole < 0n;
  return less(value, tenth) && !less(before, times(tenth, { whole: 9n, scale: 0 }));
}

/** What typed values mean: volume and price. Null until every tariff has a value, and where there is nothing to compare with. */
export function sumReading(facts: DialFacts, typed: readonly string[]): ReadingSum | null {
  const factor = read(facts.factor);
  if (!factor || (!facts.whole && !facts.last)) return null;
  let [volume, money, rolledOver] = [ZERO, ZERO, false];
  for (const [index, text] of typed.entries()) {
    const value = read(text);
    const before = facts.whole ? ZERO : read(facts.last?.[index] ?? '0');
    if (!value || !before) return null;
    let difference = plus(value, { ...before, whole: -before.whole });
    if (difference.whole < 0n) {
      if (!rollsOver(facts.digits, before, value))
        return { volume: write(difference), kopecks: null, fell: true, rolledOver: false };
      difference = plus(difference, { whole: 10n ** BigInt(facts.digits!), scale: 0 });
      rolledOver = true;
    }
    const used = round(times(difference, factor), 7);
    volume = plus(volume, used);
    money = plus(money, times(used, read(facts.each?.[index] ?? '0') ?? ZERO));
  }
  const kopecks = facts.each && round(money, 2).whole;
  return { volume: write(round(volume, 7)), kopecks, fell: false, rolledOver };
}
