import { describe, expect, test } from 'vitest';
import type { ReadingId } from '../../platform/ids.ts';
import { day, type Month, month } from '../../platform/month.ts';
import { measure, type Point, planConsumption } from './consumption.ts';
import { type FitnessVersion, type UnfitSpan, unfitOn, unfitSpans } from './fitness.ts';
import type { Counting } from './volume.ts';

const present = { state: 'working', brokenOn: null, verifiedOn: null, verifyBy: null } as const;
const version = (
  change: FitnessVersion['change'],
  onDay: string,
  verifiedOn: string | null = null,
): FitnessVersion => ({
  change,
  onDay: day(onDay),
  verifiedOn: verifiedOn === null ? null : day(verifiedOn),
  verificationInterval: verifiedOn === null ? null : 6,
});
const spans = (...given: Parameters<typeof unfitSpans>) =>
  unfitSpans(...given).map(({ from, to, cause }) => `${from}..${to ?? ''} ${cause}`);

describe('when a device was unfit', () => {
  test('never, where nothing is known against it', () => {
    expect(spans(present, [version('installed', '2020-01-10')])).toEqual([]);
    expect(spans({ ...present, verifyBy: day('2030-01-01') }, [])).toEqual(['2030-01-02.. verification']);
  });

  test('from each breakage to the day before its repair; repaired the same day it never was', () => {
    const life = [
      version('installed', '2020-01-10'),
      version('broken', '2026-03-05'),
      version('repaired', '2026-04-10'),
      version('broken', '2026-06-01'),
      version('repaired', '2026-06-01'),
      version('broken', '2026-09-09'),
    ];
    expect(spans({ ...present, state: 'broken', brokenOn: day('2026-09-09') }, life)).toEqual([
      '2026-03-05..2026-04-09 failed',
      '2026-09-09.. failed',
    ]);
    expect(spans({ ...present, state: 'broken', brokenOn: day('2026-09-09') }, [])).toEqual(['2026-09-09.. failed']);
  });

  test('taken down broken it stays so, brought back it is not', () => {
    const life = [version('broken', '2026-03-05'), version('archived', '2026-04-10')];
    expect(spans({ ...present, state: 'working' }, life)).toEqual(['2026-03-05.. failed']);
    expect(spans(present, [...life, version('restored', '2026-05-01')])).toEqual(['2026-03-05..2026-04-30 failed']);
  });

  test('between the end of a verification and the next one, however it was entered', () => {
    const life = [version('installed', '2014-02-10', '2014-01-20'), version('corrected', '2020-05-02', '2020-05-01')];
    const now = { ...present, verifiedOn: day('2020-05-01'), verifyBy: day('2026-05-01') };
    expect(spans(now, life)).toEqual(['2020-01-21..2020-04-30 verification', '2026-05-02.. verification']);
  });

  test('verified in time, or a day after the last one, it was fit throughout', () => {
    const life = [version('installed', '2014-02-10', '2014-01-20'), version('verified', '2020-01-21', '2020-01-21')];
    const now = { ...present, verifiedOn: day('2020-01-21'), verifyBy: day('2026-01-21') };
    expect(spans(now, life)).toEqual(['2026-01-22.. verification']);
  });

  test('a day that was entered wrongly and mended leaves no trace', () => {
    const life = [version('installed', '2020-05-10', '2025-05-01'), version('corrected', '2026-06-01', '2020-05-01')];
    const now = { ...present, verifiedOn: day('2020-05-01'), verifyBy: day('2026-05-01') };
    expect(spans(now, life)).toEqual(['2026-05-02.. verification']);
  });

  test('both ends belong to a span, and of two the one that began first is told', () => {
    const both = unfitSpans({ ...present, verifyBy: day('2026-02-28') }, [version('broken', '2026-03-05')]);
    expect(unfitOn(both, day('2026-02-28'))).toBeNull();
    expect(unfitOn(both, day('2026-03-01'))?.cause).toBe('verification');
    expect(unfitOn(both, day('2026-03-05'))?.cause).toBe('verification');
  });
});

const counting: Counting = { ratio: '1', digits: 5, givesVolume: false, resource: '1', unit: '113' };
const point = (takenOn: string, t1: string, kind: Point['kind'] = 'current'): Point => ({
  readingId: `${takenOn} ${t1}` as ReadingId,
  kind,
  period: takenOn.slice(0, 7) as Month,
  takenOn: day(takenOn),
  ...{ t1, t2: null, t3: null },
  rolledOver: false,
  enteredAt: new Date(`${takenOn}T10:00:00Z`),
});
const failed = (from: string, to: string | null): UnfitSpan[] => [
  { from: day(from), to: to === null ? null : day(to), cause: 'failed' },
];
const volumes = (months: readonly { period: Month; volume: string; method: string }[]) =>
  months.map(({ period, volume, method }) => `${period} ${volume} ${method}`);

describe('months of a device that was unfit', () => {
  const steady = ['2026-01', '2026-02', '2026-03', '2026-04'].map((one, index) =>
    point(`${one}-20`, String(index * 4)),
  );
  const plan = (points: readonly Point[], given: Partial<Parameters<typeof planConsumption>[0]>) =>
    planConsumption({
      ...{ meter: { archivedOn: null }, unfit: [], counting, points, known: [] },
      ...{ from: month('2026-02'), until: month('2026-07'), norm: { each: '5', count: '2', source: 'норматив' } },
      rules: { minMonths: 6, leastMonths: 3, maxPeriods: 3, multiplier: '1.5' },
      ...given,
    });

  test('what it showed then gives no volume, and opens the count of the next value', () => {
    const points = [...steady, point('2026-05-20', '90'), point('2026-06-20', '95')];
    expect(volumes(measure(counting, points, failed('2026-05-10', '2026-06-01')))).toEqual([
      '2026-02 4 reading',
      '2026-03 4 reading',
      '2026-04 4 reading',
      '2026-06 5 reading',
    ]);
  });

  test('a repaired device: the months of the breakage go by estimate, those before and after by readings', () => {
    const points = [...steady, point('2026-05-20', '90'), point('2026-07-20', '102')];
    expect(volumes(plan(points, { unfit: failed('2026-05-10', '2026-07-01') }))).toEqual([
      '2026-02 4 reading',
      '2026-03 4 reading',
      '2026-04 4 reading',
      '2026-05 4 average',
      '2026-06 4 average',
      '2026-07 6 shared',
    ]);
  });

  test('a month whose value was taken before the breakage stands by it', () => {
    const points = [...steady, point('2026-05-08', '19'), point('2026-07-20', '25')];
    expect(volumes(plan(points, { unfit: failed('2026-05-10', '2026-07-01') })).slice(3)).toEqual([
      '2026-05 7 reading',
      '2026-06 4.75 average',
      '2026-07 3 shared',
    ]);
  });

  test('the cause of each month is that of its own time', () => {
    const unfit: UnfitSpan[] = [
      ...failed('2026-05-10', '2026-06-01'),
      { from: day('2026-07-05'), to: null, cause: 'verification' },
    ];
    const months = plan(steady, { unfit });
    expect(months.slice(3).map(({ basis }) => basis.cause)).toEqual(['failed', 'not_sent', 'verification']);
  });

  test('of a device that gives volumes one of that time is nobody’s', () => {
    const points = [point('2026-05-05', '7'), point('2026-05-20', '90'), point('2026-06-20', '8')];
    const months = measure({ ...counting, givesVolume: true }, points, failed('2026-05-10', '2026-06-01'));
    expect(volumes(months)).toEqual(['2026-05 7 reading', '2026-06 8 reading']);
  });

  test('what was charged by estimate stands again in every word when the reading goes', () => {
    const charged = plan(steady, { until: month('2026-06') });
    const replaced = plan([...steady, point('2026-07-20', '24')], { known: charged });
    expect(volumes(replaced).slice(3)).toEqual(['2026-05 4 shared', '2026-06 4 shared', '2026-07 4 shared']);
    const again = plan(steady, { known: replaced, until: month('2026-06') });
    expect(again.slice(3)).toEqual(charged.slice(3));
  });
});
