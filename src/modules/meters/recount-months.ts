import type { Transaction } from '../../platform/database/database.ts';
import type { MeterId } from '../../platform/ids.ts';
import type { Month } from '../../platform/month.ts';
import { loadNorms } from './load-norms.ts';
import type { Meter } from './meter.ts';
import { monthsFrom, planMonths } from './plan-months.ts';
import { selectUnfit } from './queries/changes.ts';
import { deleteConsumption, selectConsumption, upsertConsumption } from './queries/consumption.ts';
import { selectReadingsAround } from './queries/readings.ts';
import { closedMonth, type HousePlace, loadMeterRules, providersOf, takingsOf, todayAt } from './windows.ts';

/**
 * Counts the months of a device anew from `from` on, after something other than a new value changed what counts: a value was declined,
 * the device broke, was verified or replaced. Months before keep what they were charged by; closed months that no reading covers now
 * are estimated at once.
 */
export const recountMonths = (
  trx: Transaction,
  house: HousePlace,
  meter: Meter,
  from: Month,
  at: Date,
): Promise<void> => recountMany(trx, house, [{ meter, from }], at);

/** The same for many devices of one house, in few statements. */
export async function recountMany(
  trx: Transaction,
  house: HousePlace,
  changed: readonly { meter: Meter; from: Month }[],
  at: Date,
): Promise<void> {
  const [first] = changed.map(({ from }) => from).sort();
  if (!first) return;
  const meters = changed.map(({ meter }) => meter);
  const ids = meters.map(({ meterId }) => meterId);
  const points = await selectReadingsAround(trx, house.houseId, ids, first);
  const known = await selectConsumption(trx, house.houseId, ids, monthsFrom(points, first));
  const rules = await loadMeterRules(trx, [house], providersOf(meters));
  const unfit = await selectUnfit(trx, house.houseId, meters);
  const today = todayAt(house, at);
  const untilOf = new Map<MeterId, Month>(
    meters.map((meter) => [meter.meterId, closedMonth(takingsOf(rules, house, meter, today), 'first')]),
  );
  const norms = new Map<Month, Awaited<ReturnType<typeof loadNorms>>>();
  for (const [until, own] of Map.groupBy(meters, ({ meterId }) => untilOf.get(meterId)!))
    norms.set(until, await loadNorms(trx, house, own, rules, until));
  const pointsOf = Map.groupBy(points, ({ meterId }) => meterId);
  const knownOf = Map.groupBy(known, ({ meterId }) => meterId);
  const plans = changed.flatMap(({ meter, from }) =>
    meter.resources.map(({ resource, unit }) => {
      const until = untilOf.get(meter.meterId)!;
      const own = {
        points: (pointsOf.get(meter.meterId) ?? []).filter((point) => point.resource === resource),
        known: (knownOf.get(meter.meterId) ?? []).filter((month) => month.resource === resource),
      };
      const input = { meter, unfit: unfit(meter), resource, unit, ...own, from, rules, today };
      return planMonths(input, { until, norm: norms.get(until)!(meter, resource) });
    }),
  );
  await upsertConsumption(
    trx,
    house.houseId,
    plans.flatMap(({ months }) => months),
    at,
  );
  await deleteConsumption(
    trx,
    house.houseId,
    plans.flatMap(({ gone }) => gone),
  );
}
