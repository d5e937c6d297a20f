import { type Logger, pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { createApp } from '../../app.ts';
import { type Day, day } from '../month.ts';
import { calendarUntil, missingYear, warnOfCalendar } from './calendar-until.ts';
import { loadRules } from './load.ts';

describe('the production calendar', () => {
  test.each([
    [null, '2026-05-01', 2026],
    ['2026-12-31', '2026-11-01', null],
    ['2026-12-31', '2026-11-02', 2027],
    ['2026-12-31', '2027-02-01', 2027],
    ['2026-12-31', '2028-02-01', 2028],
    ['2027-12-31', '2026-12-31', null],
    ['2025-12-31', '2026-11-02', 2026],
  ] as const)('known until %s, on %s lacks %s', (until, today, year) => {
    expect(missingYear(until as Day | null, day(today))).toBe(year);
  });

  test('of a year is known to its end, whatever day its last row is of', () => {
    expect([calendarUntil(null), calendarUntil(day('2026-11-04'))]).toEqual([null, '2026-12-31']);
  });
});

describe('an operator', () => {
  let context: TestContext;
  beforeAll(async () => {
    context = await createTestContext();
  });
  async function warnings(moment: string): Promise<Record<string, unknown>[]> {
    const lines: string[] = [];
    const log: Logger = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
    context.now = new Date(moment);
    await warnOfCalendar(context, log);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  const metric = async () => {
    const app = await createApp(context, { assetsFolder: 'src/ui' });
    const { body } = await app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    await app.close();
    return /^domovoy_calendar_until (\S+)/m.exec(body)?.[1];
  };

  test('is warned of a calendar that is not loaded, by Moscow’s day, and not a day earlier', async () => {
    expect(await warnings('2026-05-01T09:00:00Z')).toMatchObject([{ year: 2026, until: null }]);
    expect(await metric()).toBe('0');
    await loadRules(context.db);
    expect(await warnings('2026-11-01T20:59:00Z')).toEqual([]);
    expect(await warnings('2026-11-01T21:00:00Z')).toMatchObject([{ year: 2027, until: '2026-12-31' }]);
    expect(await metric()).toBe(String(Date.parse('2026-12-31') / 1000));
    await context.db.insertInto('calendar_day').values({ day: '2027-01-01', working: false, source: 'test' }).execute();
    expect(await warnings('2026-11-02T09:00:00Z')).toEqual([]);
  });
});
