import type { Day, Month } from '../../platform/month.ts';
import { addDays, addMonths, daysBetween, firstDay, lastDay, monthOf } from '../../platform/month.ts';
import { formatDayMonth } from '../../ui/index.ts';

/** A day of the window: its number, -1 is the last day of the month, and whether it lies in the month after the billed one. */
export interface WindowDay {
  day: number;
  next: boolean;
}

/** When an organisation takes the readings of a month: a field of the contract of management or supply. Both ends inclusive. */
export interface Window {
  start: WindowDay;
  end: WindowDay;
}

/** A month and its own days of the window, both inclusive. */
export interface Taking {
  period: Month;
  from: Day;
  to: Day;
}

const PATTERN = /^(\+?)(-1|\d{1,2})\.\.(\+?)(-1|\d{1,2})$/;

/**
 * Reads the value of the rule `reading.window`: «15..25», «23..+3» (the 3rd of the next month), «20..-1» (the last day).
 * @throws RangeError when it is no window or it ends before it starts
 */
export function parseWindow(text: string): Window {
  const match = PATTERN.exec(text);
  const window = match && {
    start: { day: Number(match[2]), next: match[1] === '+' },
    end: { day: Number(match[4]), next: match[3] === '+' },
  };
  const fits = ({ day }: WindowDay) => day === -1 || (day >= 1 && day <= 31);
  if (!window || !fits(window.start) || !fits(window.end)) throw new RangeError(`not a window of readings: ${text}`);
  const order = ({ day, next }: WindowDay) => (next ? 100 : 0) + (day === -1 ? 32 : day);
  if (order(window.start) > order(window.end)) throw new RangeError(`a window that ends before it starts: ${text}`);
  return window;
}

export const formatWindow = ({ start, end }: Window): string =>
  [start, end].map(({ day, next }) => `${next ? '+' : ''}${day}`).join('..');

/** The 31st of a short month is its last day. */
function dayOf(month: Month, { day, next }: WindowDay): Day {
  const own = next ? addMonths(month, 1) : month;
  const last = lastDay(own);
  const wanted = addDays(firstDay(own), day - 1);
  return day === -1 || wanted > last ? last : wanted;
}

export const takingOf = (window: Window, period: Month): Taking => ({
  period,
  from: dayOf(period, window.start),
  to: dayOf(period, window.end),
});

/** The month that a reading of this day goes to: the first whose window has not ended. The day is the house's own. */
export function takingOn(window: Window, today: Day): Taking {
  let period = addMonths(monthOf(today), -1);
  while (takingOf(window, period).to < today) period = addMonths(period, 1);
  return takingOf(window, period);
}

export const isOpen = ({ from, to }: Taking, today: Day): boolean => from <= today && today <= to;

/** Days that are left, today included; 0 when the window is not open. */
export const daysLeft = (taking: Taking, today: Day): number =>
  isOpen(taking, today) ? daysBetween(today, taking.to) + 1 : 0;

/** «с 15 по 25 ноября», «с 23 ноября по 3 декабря»: the days of one taking, both inclusive. */
export const formatTaking = ({ from, to }: Pick<Taking, 'from' | 'to'>): string =>
  from.slice(0, 7) === to.slice(0, 7)
    ? `с\u00a0${Number(from.slice(8))} по\u00a0${formatDayMonth(to)}`
    : `с\u00a0${formatDayMonth(from)} по\u00a0${formatDayMonth(to)}`;
