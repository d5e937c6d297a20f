import { describe, expect, test } from 'vitest';
import { type Day, startOfDay } from '../../platform/month.ts';
import { lookAtTerm } from './look-at-term.ts';

describe('when to look at a term', () => {
  const term = {
    from: new Date('2026-11-10T09:00:00Z'),
    dueOn: '2026-11-24' as Day,
    zone: 'Europe/Moscow',
    reminded: 0,
  };
  const look = (now: string, reminded = 0) => lookAtTerm({ ...term, reminded }, [80, 50], new Date(now));

  test.each([
    ['2026-11-10T09:00:00Z', 0, { isOverdue: false, remind: null, next: '2026-11-17T15:00:00.000Z' }],
    ['2026-11-17T15:00:00Z', 0, { isOverdue: false, remind: 50, next: '2026-11-21T23:24:00.000Z' }],
    ['2026-11-20T00:00:00Z', 50, { isOverdue: false, remind: null, next: '2026-11-21T23:24:00.000Z' }],
    ['2026-11-23T00:00:00Z', 0, { isOverdue: false, remind: 80, next: '2026-11-24T21:00:00.000Z' }],
    ['2026-11-24T20:59:59Z', 80, { isOverdue: false, remind: null, next: '2026-11-24T21:00:00.000Z' }],
    ['2026-11-24T21:00:00Z', 80, { isOverdue: true, remind: 100, next: null }],
    ['2027-01-01T00:00:00Z', 100, { isOverdue: true, remind: null, next: null }],
  ])('%s after %d %%', (now, reminded, expected) => {
    expect(JSON.parse(JSON.stringify(look(now, reminded)))).toEqual(expected);
  });

  test.each([
    ['Europe/Kaliningrad', '2026-11-24T22:00:00.000Z'],
    ['Asia/Kamchatka', '2026-11-24T12:00:00.000Z'],
  ])('a day begins in %s', (zone, expected) => {
    expect(startOfDay(zone, '2026-11-25' as Day).toISOString()).toBe(expected);
  });
});
