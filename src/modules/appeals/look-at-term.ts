import { addDays, type Day, dayIn, startOfDay } from '../../platform/month.ts';

/** What the clock says of a part's term. */
export interface Look {
  /** The last day has passed. */
  isOverdue: boolean;
  /** The share of the term, in percent, that the addressee is to be reminded of; null: of none yet, or of none again. */
  remind: number | null;
  /** When to look again; null: never. */
  next: Date | null;
}

/**
 * Pure.
 * @param term from when it runs; its last day, inclusive, in the house's zone; the share reminded of last
 * @param percents at which the addressee is reminded before the end; the end itself is 100
 */
export function lookAtTerm(
  term: { from: Date; dueOn: Day; zone: string; reminded: number },
  percents: readonly number[],
  now: Date,
): Look {
  const { from, dueOn, zone, reminded } = term;
  const end = startOfDay(zone, addDays(dueOn, 1));
  if (dueOn < dayIn(zone, now)) return { isOverdue: true, remind: reminded < 100 ? 100 : null, next: null };
  const momentOf = (percent: number) => new Date(from.getTime() + ((end.getTime() - from.getTime()) * percent) / 100);
  const waiting = percents.filter((percent) => percent > reminded && percent < 100).sort((a, b) => a - b);
  const passed = waiting.filter((percent) => momentOf(percent) <= now);
  const coming = waiting.find((percent) => momentOf(percent) > now);
  return {
    isOverdue: false,
    // After a halt of the clock the nearest one is enough.
    remind: passed.at(-1) ?? null,
    next: coming === undefined ? end : momentOf(coming),
  };
}
