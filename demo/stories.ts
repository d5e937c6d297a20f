import { addMonths, type Month } from '../src/platform/month.ts';
import type { AccountPlan, Habit, Story } from './account.ts';
import { payable } from './charges.ts';
import { personIdOf } from './people.ts';
import type { Random } from './random.ts';

export type Kind = AccountPlan['kind'];

/** Which of a flat's accounts: kinds alone do not tell water from electricity. */
export type Service = 'upkeep' | 'water' | 'electricity' | 'capital' | 'hire' | 'waste' | 'centre';

const HABITS: readonly (readonly [number, Habit])[] = [
  [62, 'punctual'],
  [74, 'late'],
  [82, 'quarterly'],
  [88, 'rounding'],
  [93, 'part'],
  [96, 'ahead'],
];

/** How one of the many pays. One in twenty stopped paying some months ago. */
export function commonStory(random: Random, last: Month): Story {
  const lot = random.below(100);
  const habit = HABITS.find(([below]) => lot < below)?.[1];
  return habit ? { habit } : { habit: 'punctual', paidUntil: addMonths(last, -random.between(4, 14)) };
}

/** The bulk: most pay month by month and have the last bill before them. */
export const bulkStory = (random: Random, last: Month): Story =>
  random.chance(60)
    ? { habit: 'punctual', paidUntil: addMonths(last, -1) }
    : { habit: random.chance(25) ? 'late' : 'never' };

const open = (last: Month, months: number): Story => ({ habit: 'punctual', paidUntil: addMonths(last, -months) });

/** Stories that the demonstration shows on purpose, by house, flat and service. */
export function particularStory(house: number, flat: string, service: Service, last: Month): Story | null {
  const owner = { throughPortal: personIdOf('domovitova') };
  const tenant = { throughPortal: personIdOf('kvartirosyomova') };
  const stories: Readonly<Record<string, Story>> = {
    '0/12/upkeep': { ...open(last, 1), ...owner },
    '0/12/water': {
      ...open(last, 1),
      ...owner,
      recalculated: {
        month: addMonths(last, -3),
        percent: 25,
        reason: 'Временное отсутствие жильцов с 1-го по 8-е число: заявление и подтверждающие документы приняты',
      },
    },
    '0/12/electricity': { habit: 'ahead', ...owner },
    '0/12/capital': { ...open(last, 1), ...owner },
    '1/8/upkeep': { ...open(last, 5), ...owner },
    '1/8/water': { ...open(last, 1), ...owner },
    '1/8/electricity': { ...open(last, 1), ...owner, corrected: addMonths(last, -1) },
    '1/8/capital': { ...open(last, 1), ...owner },
    '1/8/waste': { ...open(last, 1), ...owner },
    '0/7/upkeep': { ...open(last, 1), ...tenant },
    '0/7/water': { ...open(last, 2), ...tenant },
    '0/7/electricity': { ...open(last, 1), ...tenant },
    '0/7/hire': { ...open(last, 1), ...tenant },
    '0/20/upkeep': open(last, 1),
    '0/20/water': open(last, 1),
    '0/3/water': { habit: 'punctual', corrected: addMonths(last, -1) },
    '0/4/electricity': { habit: 'punctual', withdrawn: addMonths(last, -2) },
    '0/6/water': {
      habit: 'punctual',
      instalment: {
        month: last,
        of: ({ charges }) => {
          const largest = charges.toSorted((a, b) => payable(b) - payable(a))[0]!;
          const putOff = Math.floor(payable(largest) / 2);
          return { service: largest.service, putOff, fee: Math.round((putOff * 95) / 12_000) };
        },
      },
    },
    '0/10/electricity': {
      habit: 'punctual',
      recalculated: {
        month: addMonths(last, -5),
        percent: 150,
        reason: 'Снято начисление по норме за прошлые месяцы: показания переданы',
      },
    },
    '0/11/upkeep': { habit: 'punctual', takesInsurance: true },
    '1/3/upkeep': { habit: 'never' },
  };
  return stories[`${house}/${flat}/${service}`] ?? null;
}
