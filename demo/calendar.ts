import { addDays, addMonths, type Day, dayIn, firstDay, type Month, monthOf } from '../src/platform/month.ts';

export const ZONE = 'Europe/Moscow';
/** 177-ФЗ: a bill is out by the 5th of the next month and is due on the 15th. */
export const ISSUE_DAY = 5;
export const DUE_DAY = 15;

/** An instant by Moscow's clock, which is three hours ahead of UTC the whole year. */
export const at = (day: Day, hour: number, minute = 0): Date =>
  new Date(Date.parse(`${day}T00:00:00Z`) + ((hour - 3) * 60 + minute) * 60_000);

export const dayOf = (month: Month, number: number): Day => addDays(firstDay(month), number - 1);
export const issuedAt = (month: Month): Date => at(dayOf(addMonths(month, 1), ISSUE_DAY), 9);
export const dueOn = (month: Month): Day => dayOf(addMonths(month, 1), DUE_DAY);

/** The newest month whose bills are out at `now`. */
export function lastBilledMonth(now: Date): Month {
  const lastMonth = addMonths(monthOf(dayIn(ZONE, now)), -1);
  return issuedAt(lastMonth) <= now ? lastMonth : addMonths(lastMonth, -1);
}

/** `count` months that end with `last`, the oldest first. */
export const monthsUntil = (last: Month, count: number): Month[] =>
  Array.from({ length: count }, (_, index) => addMonths(last, index + 1 - count));

/** Heating runs from October to April. */
export const isHeatingSeason = (month: Month): boolean => !['05', '06', '07', '08', '09'].includes(month.slice(5));
