import type { Transaction } from '../../platform/database/database.ts';
import type { Month } from '../../platform/month.ts';
import type { Meter } from './meter.ts';
import { monthsFrom, planMonths } from './plan-months.ts';
import { deleteConsumption, selectConsumption, upsertConsumption } from './queries/consumption.ts';
import { selectReadingsAround } from './queries/readings.ts';
import { type HousePlace, loadMeterRules, todayAt } from './windows.ts';

/**
 * Counts the months of a device anew from `from` on, after something other than a new value changed what counts: a value was declined,
 * the device broke, was verified or replaced. Months before keep what they were charged by.
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
  const rules = await loadMeterRules(trx, [house], []);
  const plans = meter.resources.map(({ resource, unit }) =>
    planMonths({
      meter,
      resource,
      unit,
      points: points.filter((point) => point.resource === resource),
      known: known.filter((month) => month.resource === resource),
      from,
      rules,
      today: todayAt(house, at),
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
