import { Gauge, type Registry } from 'prom-client';
import type { Context } from '../context.ts';
import type { ScheduledJob } from '../jobs/jobs.ts';
import { type Day, dayIn } from '../month.ts';
import { selectLastCalendarDay } from './queries.ts';

/** The Government decides the days off of a year in the autumn before it: from this day on its calendar should be here. */
const EXPECTED_FROM = '11-01';

/** Pure. The last day of the last year that the production calendar is loaded for; null: for none. */
export const calendarUntil = (lastDay: Day | null): Day | null => lastDay && (`${lastDay.slice(0, 4)}-12-31` as Day);

/** Pure. The first year whose calendar should be here and is not; null: none. */
export function missingYear(until: Day | null, today: Day): number | null {
  const year = Number(today.slice(0, 4));
  const expected = today.slice(5) > EXPECTED_FROM ? year + 1 : year;
  const known = until ? Number(until.slice(0, 4)) : 0;
  return known >= expected ? null : Math.max(known + 1, year);
}

/** Terms in working days of a year without its calendar are counted by the weekday and the holidays of every year: the operator must know. */
export async function warnOfCalendar({ db, clock }: Pick<Context, 'db' | 'clock'>, log: Context['log']): Promise<void> {
  const until = calendarUntil(await selectLastCalendarDay(db));
  const year = missingYear(until, dayIn('Europe/Moscow', clock()));
  if (year !== null)
    log.warn({ year, until }, 'the production calendar of the year is not loaded: add its days to data/calendar.json');
}

/** A worker that runs for months is told too. */
export const watchCalendar: ScheduledJob = {
  name: 'platform.calendar',
  cron: '40 5 * * *',
  run: (context, log) => warnOfCalendar(context, log),
};

/** Until when days off are known: the end of the last year that is loaded. */
export function addCalendarMetrics(registry: Registry, { db }: Pick<Context, 'db'>): void {
  new Gauge({
    name: 'domovoy_calendar_until',
    help: 'Last day of the production calendar that is loaded, in seconds since 1970 (UTC); 0: none is',
    registers: [registry],
    async collect() {
      const until = calendarUntil(await selectLastCalendarDay(db));
      this.set(until ? Date.parse(until) / 1000 : 0);
    },
  });
}
