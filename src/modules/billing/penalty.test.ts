import { describe, expect, it } from 'vitest';
import { kopecks } from '../../platform/money.ts';
import { addDays, day } from '../../platform/month.ts';
import { type PenaltyRules, penaltyOf } from './penalty.ts';

const rules: PenaltyRules = {
  freeDays: 30,
  steps: [
    { fromDay: 31, divisor: 300 },
    { fromDay: 91, divisor: 130 },
  ],
  rate: '9.5',
};
const due = day('2026-04-15');
const total = (base: number, days: number, with_: PenaltyRules = rules) =>
  Number(penaltyOf(kopecks(base), due, addDays(due, days), with_).total);

describe('the penalty', () => {
  it('of the worked example: 1 000,00 ₽ due 15 April, paid 30 July, 106 days late', () => {
    const penalty = penaltyOf(kopecks(100_000), due, day('2026-07-30'), rules);
    expect(penalty.daysLate).toBe(106);
    expect(penalty.total).toBe(3069n);
    expect(penalty.rows.map(({ days, divisor }) => [days, divisor])).toEqual([
      [30, null],
      [60, 300],
      [16, 130],
    ]);
  });

  it.each([
    [-3, 0],
    [0, 0],
    [30, 0],
    [31, 32],
    [90, 1900],
    [91, 1973],
    [106, 3069],
  ])('on day %i is %i kopecks', (days, expected) => {
    expect(total(100_000, days)).toBe(expected);
  });

  it('of parts runs to the day of each: 400 on day 47, 600 on day 106', () => {
    expect(total(40_000, 47)).toBe(215);
    expect(total(60_000, 106)).toBe(1842);
  });

  it('shows excluded days as a row that costs nothing', () => {
    const excluded = [{ from: day('2026-06-01'), to: day('2026-06-10') }];
    const penalty = penaltyOf(kopecks(100_000), due, addDays(due, 90), { ...rules, excluded });
    expect(penalty.rows.map(({ reason, days }) => [reason, days])).toEqual([
      ['free', 30],
      ['counted', 16],
      ['excluded', 10],
      ['counted', 34],
    ]);
    expect(Number(penalty.total)).toBe(1583);
  });

  it('has no second step for capital repair', () => {
    expect(total(100_000, 106, { ...rules, steps: [{ fromDay: 31, divisor: 300 }] })).toBe(2407);
  });
});
