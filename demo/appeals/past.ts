import type { DraftContent } from '../../src/modules/appeals/index.ts';
import type { Context } from '../../src/platform/context.ts';
import { addDays, type Day } from '../../src/platform/month.ts';
import { type Calendar, plusWorkingDays, previousWorkingDay } from '../../src/platform/rules/rules.ts';
import { at } from '../calendar.ts';

/** The months before `now`, in which the appeals of the demonstration were written and answered. */
export interface Past {
  context: Context;
  seed: string;
  now: Date;
  /** Of `now`, by Moscow's clock. */
  today: Day;
  calendar: Calendar;
  /** The houses of the district as drafts name them, by index. */
  places: readonly Partial<DraftContent>[];
}

/** The context as a use case would have had it at a moment. */
export const contextAt = (past: Pick<Past, 'context'>, moment: Date): Context => ({
  ...past.context,
  clock: () => moment,
});

type Today = Pick<Past, 'today' | 'calendar'>;

/** @param days at least one: a moment of today might not have come yet */
export const daysAgo = ({ today }: Pick<Past, 'today'>, days: number, hour = 10, minute = 0): Date =>
  at(addDays(today, -days), hour, minute);

export const minutesAgo = ({ now }: Pick<Past, 'now'>, minutes: number): Date =>
  new Date(now.getTime() - minutes * 60_000);

/** The nearest day from today on that is `count` working days after some day, as the last day of a term is. */
export function workingDay({ today, calendar }: Today, count: number): Day {
  return plusWorkingDays(calendar, addDays(today, -1), count + 1);
}

/** The last day from which a term of so many working days ends on `due` or before. */
export function receivedFor({ calendar }: Today, due: Day, days: number): Day {
  for (let on = addDays(due, -1); ; on = addDays(on, -1)) if (plusWorkingDays(calendar, on, days) <= due) return on;
}

/** A day of the office's work not after the day. */
export const officeDay = ({ calendar }: Today, on: Day): Day => previousWorkingDay(calendar, on);

/** The working day so many working days before today. */
export function workingDaysAgo(past: Today, count: number): Day {
  let on = past.today;
  for (let left = count; left > 0; left--) on = officeDay(past, addDays(on, -1));
  return on;
}
