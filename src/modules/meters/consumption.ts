import Big from 'big.js';
import { addDays, addMonths, type Day, lastDay, type Month } from '../../platform/month.ts';
import {
  type Estimate,
  type EstimateCause,
  type EstimateRules,
  estimateVolume,
  type Norm,
  type Used,
} from './estimate.ts';
import { type ConsumptionMethod, type Meter, READING_ORDER, type Reading } from './meter.ts';
import { type Counting, rounded, type Volume, volumeOf } from './volume.ts';

/** A month of a device. Volumes in the default unit of the resource. */
export interface Consumption {
  period: Month;
  volume: string;
  t1: string | null;
  t2: string | null;
  t3: string | null;
  method: ConsumptionMethod;
  /** What was charged by estimate before the reading came. */
  estimate: string | null;
  basis: Partial<Estimate['basis']> & { from?: Month; to?: Month };
  readingId: Reading['readingId'] | null;
}

export type Point = Pick<
  Reading,
  'readingId' | 'kind' | 'period' | 'takenOn' | 't1' | 't2' | 't3' | 'rolledOver' | 'enteredAt'
>;

/** In the order in which the device showed them: below zero when `a` came before `b`. The same as NEWEST of queries/readings.ts. */
export const compareShown = (
  a: Pick<Point, 'period' | 'takenOn' | 'kind' | 'enteredAt'>,
  b: Pick<Point, 'period' | 'takenOn' | 'kind' | 'enteredAt'>,
): number =>
  compare(a.period, b.period) ||
  compare(a.takenOn, b.takenOn) ||
  READING_ORDER.indexOf(a.kind) - READING_ORDER.indexOf(b.kind) ||
  a.enteredAt.getTime() - b.enteredAt.getTime();
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The values that count, in their order. What a device shows on the stand of a verification counts for nothing, whoever copied it; of a
 * device that gives volumes the last value of a month is the month's, from however many sources it came.
 */
function chain({ givesVolume }: Counting, points: readonly Point[]): Point[] {
  const inOrder = points.toSorted(compareShown);
  if (givesVolume)
    return inOrder.filter(({ kind, period }, place) => kind !== 'base' && inOrder[place + 1]?.period !== period);
  let back = 0;
  return inOrder.filter(({ kind }, place) => {
    const counts = place >= back;
    if (kind === 'verification_start')
      back = inOrder.findIndex((later, index) => index > place && later.kind === 'verification_end');
    return counts;
  });
}

const monthsFrom = (from: Month, to: Month): Month[] => {
  const months: Month[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
};

/**
 * Volumes by month from readings, in the order of their months: the difference of two readings belongs to the months after the first up
 * to the second, evenly when there are several, and what rounding leaves to the last. The sum is always the last value less the first.
 * What ran while the device was away for verification counts for nothing.
 * @param points active readings of one resource of one device; the first only opens the count
 */
export function measure(counting: Counting, points: readonly Point[]): Consumption[] {
  const byMonth = new Map<Month, Consumption>();
  const inOrder = chain(counting, points);
  inOrder.forEach((point, index) => {
    const before = inOrder[index - 1];
    if (!before ? !counting.givesVolume : before.kind === 'verification_start') return;
    const from = before ?? { t1: '0', t2: null, t3: null, period: addMonths(point.period, -1) };
    const volume = volumeOf(counting, from, point, point.rolledOver);
    const first = from.period < point.period && !counting.givesVolume ? addMonths(from.period, 1) : point.period;
    const months = monthsFrom(first, point.period);
    months.forEach((period, place) => {
      add(byMonth, period, shareOf(volume, months.length, place), months, point);
    });
  });
  return [...byMonth.values()].sort((a, b) => compare(a.period, b.period));
}

function shareOf(volume: Volume, count: number, place: number): Volume {
  const part = (text: string | null) => {
    if (text === null) return null;
    const each = new Big(text).div(count).round(7, Big.roundDown);
    return rounded(place < count - 1 ? each : new Big(text).minus(each.times(count - 1)));
  };
  return { t1: part(volume.t1)!, t2: part(volume.t2), t3: part(volume.t3), total: part(volume.total)! };
}

function add(
  byMonth: Map<Month, Consumption>,
  period: Month,
  volume: Volume,
  months: readonly Month[],
  { readingId }: Point,
) {
  const known = byMonth.get(period);
  const plus = (a: string | null, b: string | null) => (b === null ? a : rounded(new Big(a ?? 0).plus(b)));
  byMonth.set(period, {
    period,
    volume: plus(known?.volume ?? null, volume.total)!,
    t1: plus(known?.t1 ?? null, volume.t1),
    t2: plus(known?.t2 ?? null, volume.t2),
    t3: plus(known?.t3 ?? null, volume.t3),
    method: months.length > 1 || known?.method === 'shared' ? 'shared' : 'reading',
    estimate: null,
    basis: months.length > 1 ? { from: months[0]!, to: months.at(-1)! } : (known?.basis ?? {}),
    readingId,
  });
}

/** Since when readings of a device do not count, and why; null while they do. The day itself included. */
export function unfitSince(
  meter: Pick<Meter, 'state' | 'brokenOn' | 'verifyBy'>,
): { day: Day; cause: EstimateCause } | null {
  const broken = meter.state === 'broken' && meter.brokenOn ? { day: meter.brokenOn, cause: 'failed' as const } : null;
  if (!meter.verifyBy) return broken;
  const lapsed = { day: addDays(meter.verifyBy, 1), cause: 'verification' as const };
  return broken && broken.day <= lapsed.day ? broken : lapsed;
}

/**
 * The months of one resource of a device, anew: readings where they count, estimates where they do not or never came (354, п. 59–60).
 * An estimate that a reading replaced is kept beside it; one of a month in which the device did not count stands, whatever it shows now.
 * @param points active readings from the last one before `from` on
 * @param known months that stand already, with those before `from` for the averages
 * @param until the last month whose window has closed: up to it a missing month is estimated
 */
export function planConsumption(input: {
  meter: Pick<Meter, 'state' | 'brokenOn' | 'verifyBy' | 'usedFrom' | 'archivedOn'>;
  counting: Counting;
  points: readonly Point[];
  known: readonly (Used & Pick<Consumption, 'estimate'> & { basis?: Consumption['basis'] })[];
  from: Month;
  until: Month;
  rules: EstimateRules;
  norm: Norm | null;
}): Consumption[] {
  const { meter, counting, points, known, from, until, rules, norm } = input;
  const unfit = unfitSince(meter);
  const counted = points.filter(({ takenOn, kind }) => !unfit || takenOn < unfit.day || kind === 'base');
  const measured = new Map(measure(counting, counted).map((one) => [one.period, one]));
  const last = [until, ...measured.keys()].sort().at(-1)! as Month;
  const used = new Map<Month, Used>(known.filter(({ period }) => period < from).map((one) => [one.period, one]));
  const started = [...points].map(({ period }) => period).sort()[0] ?? null;
  const plan: Consumption[] = [];
  for (const period of monthsFrom(from, last)) {
    const own = measured.get(period);
    const before = known.find((one) => one.period === period);
    const estimated = before && before.method !== 'reading' && before.method !== 'shared' ? before.volume : null;
    const stands = before && estimated !== null && (before.basis?.cause ?? 'not_sent') !== 'not_sent';
    let row: Consumption | null = own ? { ...own, estimate: before?.estimate ?? estimated } : null;
    if (stands) row = { t1: null, t2: null, t3: null, basis: {}, readingId: null, ...before };
    // A month before the first value or after the device was taken away has nothing to estimate.
    if (!row && started !== null && period > started && (!meter.archivedOn || period < meter.archivedOn.slice(0, 7))) {
      const cause = unfit && unfit.day <= lastDay(period) ? unfit.cause : 'not_sent';
      const estimate = estimateVolume({
        period,
        cause,
        resource: counting.resource,
        used: [...used.values()],
        rules,
        norm,
      });
      if (estimate)
        row = {
          period,
          volume: estimate.volume,
          t1: null,
          t2: null,
          t3: null,
          method: estimate.method,
          estimate: null,
          basis: estimate.basis,
          readingId: null,
        };
    }
    if (!row) continue;
    used.set(period, row);
    plan.push(row);
  }
  return plan;
}
