import type { Transaction } from '../../platform/database/database.ts';
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
export async function recountMonths(
  trx: Transaction,
  house: HousePlace,
  meter: Meter,
  from: Month,
  at: Date,
): Promise<void> {
  const ids = [meter.meterId];
  const points = await selectReadingsAround(trx, house.houseId, ids, from);
  const known = await selectConsumption(trx, house.houseId, ids, monthsFrom(points, from));
  const rules = await loadMeterRules(trx, [house], providersOf([meter]));
  const unfit = (await selectUnfit(trx, house.houseId, [meter]))(meter);
  const today = todayAt(house, at);
  const until = closedMonth(takingsOf(rules, house, meter, today), 'first');
  const norms = await loadNorms(trx, house, [meter], rules, until);
  const plans = meter.resources.map(({ resource, unit }) => {
    const own = {
      points: points.filter((point) => point.resource === resource),
      known: known.filter((month) => month.resource === resource),
    };
    const input = { meter, unfit, resource, unit, ...own, from, rules, today };
    return planMonths(input, { until, norm: norms(meter, resource) });
  });
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
