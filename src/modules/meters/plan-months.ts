import { addMonths, type Day, type Month } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import { compareShown, type Point, planConsumption } from './consumption.ts';
import type { Norm } from './estimate.ts';
import type { UnfitSpan } from './fitness.ts';
import type { Meter, Reading, Resource } from './meter.ts';
import type { MonthOfMeter } from './queries/consumption.ts';

/** How far back months are read for averages, and a missing one is made up. */
export const MEMORY = 15;

/** Since when months are needed to count anew from a month on: for averages, and all that the count will write over. */
export function monthsFrom(known: readonly Pick<Reading, 'period'>[], month: Month): Month {
  const opening = known.map(({ period }) => addMonths(period, 1));
  return [addMonths(month, -MEMORY), ...opening].sort()[0]!;
}

/** The value that a device showed last. */
export const newest = (readings: readonly Reading[]): Reading | null =>
  readings.reduce<Reading | null>((last, one) => (last === null || compareShown(one, last) > 0 ? one : last), null);

export interface MonthsInput {
  meter: Meter;
  unfit: readonly UnfitSpan[];
  resource: Resource;
  unit: string;
  points: readonly Reading[];
  known: readonly MonthOfMeter[];
  from: Month;
  rules: RulesInForce;
  today: Day;
}
export type OwnMonth = MonthOfMeter & { premisesId: Meter['premisesId'] };

/**
 * The months of a device that a change of its values changes.
 * @param closed the last month whose window has closed, with the norm: what no reading covers up to it is estimated at once. Without it
 * that is the nightly job's
 */
export function planMonths(
  input: MonthsInput,
  closed?: { until: Month; norm: Norm | null },
): { months: OwnMonth[]; gone: MonthOfMeter[] } {
  const { meter, unfit, resource, unit, points, known, rules, today } = input;
  const { from, counted } = countFrom(points, input.from);
  const until = closed && closed.until >= from ? closed.until : addMonths(from, -1);
  const standing = new Set(known.map(({ period }) => period));
  const earliest = addMonths(until, 1 - MEMORY);
  const months = planConsumption({
    meter,
    unfit,
    counting: { ...meter, resource, unit },
    points: counted,
    known,
    from,
    until,
    rules: estimateRules(rules, today),
    norm: closed?.norm ?? null,
  })
    .filter(({ period, readingId }) => readingId !== null || standing.has(period) || period >= earliest)
    .map((month) => ({ ...month, meterId: meter.meterId, resource, premisesId: meter.premisesId }));
  const planned = new Set(months.map(({ period }) => period));
  // An estimate of a month that no reading covers stands until the job makes it anew.
  const gone = known.filter(
    ({ period, method }) => period >= from && !planned.has(period) && (method === 'reading' || method === 'shared'),
  );
  return { months, gone };
}

/** The count opens with the last value before the month; the months between belong to the new value. */
export function countFrom(points: readonly Reading[], month: Month): { from: Month; counted: readonly Point[] } {
  const before = newest(points.filter(({ period }) => period < month));
  const counted = [...(before ? [before] : []), ...points.filter(({ period }) => period >= month)];
  return { from: before ? addMonths(before.period, 1) : month, counted };
}

export const estimateRules = (rules: RulesInForce, today: Day) => ({
  minMonths: Number(rules.get('estimate.min_months', today).value),
  leastMonths: Number(rules.get('estimate.least_months', today).value),
  maxPeriods: Number(rules.get('estimate.max_periods', today).value),
  multiplier: rules.get('estimate.multiplier', today).value,
});
