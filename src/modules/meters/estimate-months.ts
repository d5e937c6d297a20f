import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { HouseId, MeterId } from '../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../platform/jobs/jobs.ts';
import { addMonths, type Month } from '../../platform/month.ts';
import { type HouseCard, readHouse } from '../houses/index.ts';
import { monthsBetween } from './consumption.ts';
import type { Norm } from './estimate.ts';
import { loadNorms } from './load-norms.ts';
import { MEMORY, type MonthsInput, type OwnMonth, planMonths } from './plan-months.ts';
import { selectUnfit } from './queries/changes.ts';
import { type MonthOfMeter, selectConsumption, upsertConsumption } from './queries/consumption.ts';
import { selectHousesWithMeters, selectMetersWithoutMonth } from './queries/estimates.ts';
import { lockMeters } from './queries/meters.ts';
import { selectReadingsAround } from './queries/readings.ts';
import { selectOrganisationsOfHouse } from './queries/summary.ts';
import { addSummary } from './summarise-house.ts';
import { closedMonth, loadMeterRules, providersOf, takingsFor, takingsOf, todayAt } from './windows.ts';

const HOUSES = 500;
const METERS = 200;

/**
 * Estimates the months of a house that closed without a reading that counts (354, п. 59–60). What was estimated once stands until a
 * reading comes: it is what people were charged.
 */
export async function estimateHouse(context: Pick<Context, 'db' | 'clock'>, houseId: HouseId): Promise<number> {
  const at = context.clock();
  const house = await readHouse(context.db, houseId);
  if (!house) return 0;
  const today = todayAt(house, at);
  let written = 0;
  const organisations = await selectOrganisationsOfHouse(context.db, houseId);
  const windows = await loadMeterRules(context.db, [house], organisations);
  const latest = closedMonth(takingsFor(windows, house, organisations, today), 'last');
  for (let after: MeterId | null = null; ; ) {
    const ids = await selectMetersWithoutMonth(context.db, houseId, latest, { after, limit: METERS });
    if (ids.length === 0) break;
    after = ids.at(-1)!;
    written += await transaction(context.db, (trx) => estimateMeters(trx, house, ids, latest, at));
  }
  return written;
}

async function estimateMeters(
  trx: Transaction,
  house: HouseCard,
  ids: readonly MeterId[],
  latest: Month,
  at: Date,
): Promise<number> {
  const { houseId } = house;
  const today = todayAt(house, at);
  const meters = await lockMeters(trx, houseId, ids);
  const rules = await loadMeterRules(trx, [house], providersOf(meters));
  const unfit = await selectUnfit(trx, houseId, meters);
  const points = Map.groupBy(await selectReadingsAround(trx, houseId, ids, addMonths(latest, -MEMORY)), keyOf);
  const known = Map.groupBy(await selectConsumption(trx, houseId, ids, addMonths(latest, -2 * MEMORY)), keyOf);
  const norms = await loadNorms(trx, house, meters, rules, latest);
  const months = meters.flatMap((meter) => {
    const until = closedMonth(takingsOf(rules, house, meter, today), 'first');
    return meter.resources.flatMap(({ resource, unit }) => {
      const key = keyOf({ meterId: meter.meterId, resource });
      const own = { points: points.get(key) ?? [], known: known.get(key) ?? [] };
      const input = { meter, unfit: unfit(meter), resource, unit, ...own, rules, today };
      return missingMonths(input, { until, norm: norms(meter, resource) });
    });
  });
  await upsertConsumption(trx, houseId, months, at);
  if (months.length > 0) await addSummary(trx, houseId, at);
  return months.length;
}

const keyOf = ({ meterId, resource }: Pick<MonthOfMeter, 'meterId' | 'resource'>): string => `${meterId} ${resource}`;

/** Months from the first that is missing on: those that stand already stay as they are. */
function missingMonths(input: Omit<MonthsInput, 'from'>, closed: { until: Month; norm: Norm | null }): OwnMonth[] {
  const begun = input.points.map(({ period }) => addMonths(period, 1)).sort()[0];
  if (!begun) return [];
  const standing = new Set(input.known.map(({ period }) => period));
  const earliest = [begun, addMonths(closed.until, 1 - MEMORY)].sort().at(-1)!;
  const from = monthsBetween(earliest, closed.until).find((period) => !standing.has(period));
  if (!from) return [];
  return planMonths({ ...input, from }, closed).months.filter(
    ({ period, method }) => !standing.has(period) && (method === 'average' || method === 'norm'),
  );
}

export const estimateJob = defineJob({
  name: 'meters.estimate',
  payload: z.object({ houseId: z.uuid().transform((value) => value as HouseId) }),
  run: async (context, { houseId }) => void (await estimateHouse(context, houseId)),
});

/** Every night (UTC) each house with devices: a house without closed months costs one statement. */
export const estimateEveryNight: ScheduledJob = {
  name: 'meters.estimate_all',
  cron: '15 0 * * *',
  run: async ({ db }) => {
    for (let after: HouseId | null = null; ; ) {
      const houses: HouseId[] = await selectHousesWithMeters(db, { after, limit: HOUSES });
      for (const houseId of houses) await addJob(db, estimateJob, { houseId }, { key: `meters.estimate:${houseId}` });
      if (houses.length < HOUSES) return;
      after = houses.at(-1)!;
    }
  },
};
