import Big from 'big.js';
import { addMonths, lastDay, type Month } from '../../platform/month.ts';
import { type Estimate, type EstimateRules, estimateVolume, type Norm, type Used } from './estimate.ts';
import { type UnfitSpan, unfitOn } from './fitness.ts';
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
  basis: Partial<Estimate['basis']> & {
    from?: Month;
    to?: Month;
    /** How that estimate was made: it stands again when the reading is declined. */
    charged?: { method: ConsumptionMethod; basis: Partial<Estimate['basis']> };
  };
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

/** Both inclusive. */
export const monthsBetween = (from: Month, to: Month): Month[] => {
  const months: Month[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
};

/** What an organisation notes itself of a device's first value and of a verification, whatever the state of the device. */
const NOTED: readonly Reading['kind'][] = ['base', 'verification_start', 'verification_end'];

const isDoubtful = (unfit: readonly UnfitSpan[], { kind, takenOn }: Point): boolean =>
  !NOTED.includes(kind) && unfitOn(unfit, takenOn) !== null;

/**
 * Volumes by month from readings, in the order of their months: the difference of two readings belongs to the months after the first up
 * to the second, evenly when there are several, and what rounding leaves to the last. The sum is always the last value less the first.
 * What ran while the device was away for verification counts for nothing, nor does what it showed while it was unfit: such a value only
 * opens the count of the next.
 * @param points active readings of one resource of one device; the first only opens the count
 */
export function measure(counting: Counting, points: readonly Point[], unfit: readonly UnfitSpan[] = []): Consumption[] {
  const byMonth = new Map<Month, Consumption>();
  const inOrder = chain(counting, counting.givesVolume ? points.filter((point) => !isDoubtful(unfit, point)) : points);
  inOrder.forEach((point, index) => {
    const before = inOrder[index - 1];
    if (isDoubtful(unfit, point)) return;
    if (!before ? !counting.givesVolume : before.kind === 'verification_start') return;
    const from = before ?? { t1: '0', t2: null, t3: null, period: addMonths(point.period, -1) };
    const volume = volumeOf(counting, from, point, point.rolledOver);
    const first = from.period < point.period && !counting.givesVolume ? addMonths(from.period, 1) : point.period;
    const months = monthsBetween(first, point.period);
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

/** A month as it was charged by estimate, whether the estimate still stands or a reading has replaced it. */
function chargedBy(known: KnownMonth | undefined): Consumption | null {
  if (!known) return null;
  const { period, volume, method, estimate, basis = {} } = known;
  const row = { period, t1: null, t2: null, t3: null, estimate: null, readingId: null };
  if (method === 'average' || method === 'norm') return { ...row, volume, method, basis };
  return basis.charged && estimate !== null ? { ...row, volume: estimate, ...basis.charged } : null;
}

export type KnownMonth = Used & Pick<Consumption, 'estimate'> & { basis?: Consumption['basis'] };

/**
 * The months of one resource of a device, anew: readings where they count, estimates where they do not or never came (354, п. 59–60).
 * What was charged by estimate is kept beside the reading that replaces it, and stands again when that goes. A month at whose end the
 * device was unfit goes by estimate, unless a value from before closes it.
 * @param points active readings from the last one before `from` on
 * @param known months that stand already, with those before `from` for the averages
 * @param until the last month whose window has closed: up to it a missing month is estimated
 */
export function planConsumption(input: {
  meter: Pick<Meter, 'archivedOn'>;
  unfit: readonly UnfitSpan[];
  counting: Counting;
  points: readonly Point[];
  known: readonly KnownMonth[];
  from: Month;
  until: Month;
  rules: EstimateRules;
  norm: Norm | null;
}): Consumption[] {
  const { meter, unfit, counting, points, known, from, until, rules, norm } = input;
  const measured = new Map(measure(counting, points, unfit).map((one) => [one.period, one]));
  const last = [until, ...measured.keys()].sort().at(-1)! as Month;
  const used = new Map<Month, Used>(known.filter(({ period }) => period < from).map((one) => [one.period, one]));
  const started = [...points].map(({ period }) => period).sort()[0] ?? null;
  const plan: Consumption[] = [];
  for (const period of monthsBetween(from, last)) {
    const idle = unfitOn(unfit, lastDay(period));
    const own = idle && !points.some((point) => closes(unfit, point, period)) ? undefined : measured.get(period);
    const before = known.find((one) => one.period === period);
    let row = own ? besideEstimate(own, before) : chargedBy(before);
    // A month before the first value or after the device was taken away has nothing to estimate.
    if (!row && started !== null && period > started && (!meter.archivedOn || period < meter.archivedOn.slice(0, 7))) {
      const estimate = estimateVolume({
        period,
        cause: idle?.cause ?? 'not_sent',
        resource: counting.resource,
        used: [...used.values()],
        rules,
        norm,
      });
      row = estimate && { period, t1: null, t2: null, t3: null, estimate: null, readingId: null, ...estimate };
    }
    if (!row) continue;
    used.set(period, row);
    plan.push(row);
  }
  return plan;
}

const closes = (unfit: readonly UnfitSpan[], { kind, period, takenOn }: Point, month: Month): boolean =>
  period === month && kind !== 'base' && !unfitOn(unfit, takenOn);

function besideEstimate(own: Consumption, before: KnownMonth | undefined): Consumption {
  const charged = chargedBy(before);
  if (!charged) return { ...own, estimate: before?.estimate ?? null };
  const { volume, method, basis } = charged;
  return { ...own, estimate: volume, basis: { ...own.basis, charged: { method, basis } } };
}
