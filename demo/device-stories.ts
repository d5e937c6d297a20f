import type { ReadingSource } from '../src/modules/meters/index.ts';
import { addDays, addMonths, type Day, lastDay, type Month } from '../src/platform/month.ts';
import { dayOf } from './calendar.ts';

/** The time of the demonstration as devices see it. */
export interface Span {
  /** Months whose readings are due, the oldest first: those that are billed, and one more in the first days of a month. */
  months: readonly Month[];
  /** The month of today, which still takes readings. */
  open: Month;
  today: Day;
}

/** What is particular in the life of a device. */
export interface DeviceStory {
  /** The last day of its verification. Readings after it do not count, so none are sent. */
  verifyBy?: Day;
  brokenOn?: Day;
  /** Taken down and replaced on a day. */
  replacedOn?: Day;
  /** Months without a reading; the next one shows what ran through in all of them. */
  missing?: readonly Month[];
  /** What the dial shows at the end of the last month that is due, in ten-thousandths. */
  standsAt?: number;
  /** The organisation looked itself in this month. */
  controlled?: Month;
  /** Of the open month: sent already, not sent yet, or sent and declined for a reason. */
  open?: 'sent' | 'not sent' | { declined: string };
  source?: ReadingSource;
}

/** Homes of the demonstration's people: they send themselves, and readings of the open month are left to them. */
const OWN_HOMES = ['0/7', '0/12', '0/20', '1/8'];

/** Stories that the demonstration shows on purpose, by house, flat and resource (НСИ 2). */
export function deviceStory(house: number, flat: string, resource: string, { months, today }: Span): DeviceStory {
  const last = months.at(-1)!;
  const stories: Readonly<Record<string, DeviceStory>> = {
    // Verification is over: two months by average already.
    '0/7/1': { verifyBy: lastDay(addMonths(last, -2)) },
    '0/7/2': { open: { declined: 'На фотографии счётчик холодной воды. Снимите, пожалуйста, счётчик горячей.' } },
    // The next reading passes the last digit of the dial.
    '0/12/1': { standsAt: 999_984_120 },
    '0/12/2': { verifyBy: addDays(today, 20) },
    '0/20/1': { missing: [-4, -3, -2].map((ago) => addMonths(last, ago)) },
    '0/22/1': { brokenOn: dayOf(last, 9), open: 'not sent' },
    '1/8/1': { controlled: addMonths(last, -1), open: 'sent' },
    '1/8/2': { replacedOn: dayOf(addMonths(last, -7), 12) },
  };
  const own: DeviceStory = OWN_HOMES.includes(`${house}/${flat}`) ? { open: 'not sent', source: 'resident' } : {};
  return { ...own, ...stories[`${house}/${flat}/${resource}`] };
}

/** Why the state's list says that a broken and a replaced device of the stories is what it is: codes of НСИ 224 and 21. */
export const BROKEN_REASON = '3';
export const ARCHIVE_REASON = '3';
