import { divideHalfUp, type Kopecks, kopecks } from '../../platform/money.ts';
import { addDays, type Day, daysBetween } from '../../platform/month.ts';

/** The dated rules of пени (ЖК ст. 155 ч. 14), read by the caller for the day of payment. */
export interface PenaltyRules {
  /** Days of delay without penalty: 30. */
  freeDays: number;
  /** Share of the rate a day from each day of delay on, as 1/divisor: [31, 300], [91, 130]. */
  steps: readonly { fromDay: number; divisor: number }[];
  /** Percent a year, exact text: "9.5". */
  rate: string;
  /** Days that are not counted, both ends inclusive. */
  excluded?: readonly { from: Day; to: Day }[];
}

/** Days of one share of the rate. A row without a divisor costs nothing and is shown all the same. */
export interface PenaltyRow {
  from: Day;
  to: Day;
  /** Numbers of the days of delay, from 1. */
  fromDay: number;
  toDay: number;
  days: number;
  divisor: number | null;
  reason: 'free' | 'counted' | 'excluded';
}

export interface Penalty {
  base: Kopecks;
  rate: string;
  daysLate: number;
  rows: PenaltyRow[];
  total: Kopecks;
}

/**
 * The penalty for a debt that was due on `dueDay` and is paid on `paidOn`, as the law counts it. The base holds no penalties.
 * Part payments are separate calls, each with its part and its day; each is rounded once.
 */
export function penaltyOf(base: Kopecks, dueDay: Day, paidOn: Day, rules: PenaltyRules): Penalty {
  const daysLate = Math.max(0, daysBetween(dueDay, paidOn));
  const rows: PenaltyRow[] = [];
  for (let number = 1; number <= daysLate; number += 1) {
    const date = addDays(dueDay, number);
    const { divisor, reason } = dayShare(number, date, rules);
    const last = rows.at(-1);
    if (last && last.divisor === divisor && last.reason === reason) {
      last.to = date;
      last.toDay = number;
      last.days += 1;
    } else rows.push({ from: date, to: date, fromDay: number, toDay: number, days: 1, divisor, reason });
  }
  return { base, rate: rules.rate, daysLate, rows, total: totalOf(base, rows, rules.rate) };
}

function dayShare(number: number, date: Day, { freeDays, steps, excluded = [] }: PenaltyRules) {
  if (number <= freeDays) return { divisor: null, reason: 'free' as const };
  if (excluded.some(({ from, to }) => date >= from && date <= to))
    return { divisor: null, reason: 'excluded' as const };
  const step = steps.findLast(({ fromDay }) => number >= fromDay);
  return { divisor: step?.divisor ?? null, reason: 'counted' as const };
}

/** Sum of days × base × rate / divisor, exact, rounded once at the end. */
function totalOf(base: Kopecks, rows: readonly PenaltyRow[], rate: string): Kopecks {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(rate);
  if (!match) throw new RangeError(`not a rate: ${rate}`);
  const fraction = match[2] ?? '';
  const [rateNumerator, rateDenominator] = [BigInt(match[1]! + fraction), 100n * 10n ** BigInt(fraction.length)];
  const counted = rows.filter((row) => row.divisor !== null);
  const common = counted.reduce((product, row) => product * BigInt(row.divisor!), 1n);
  const days = counted.reduce((sum, row) => sum + (BigInt(row.days) * common) / BigInt(row.divisor!), 0n);
  return counted.length === 0 ? kopecks(0) : divideHalfUp(base * rateNumerator * days, rateDenominator * common);
}
