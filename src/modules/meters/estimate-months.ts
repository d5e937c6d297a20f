import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId } from '../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../platform/jobs/jobs.ts';
import { addMonths, lastDay, type Month, monthOf } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import { readAccounts } from '../accounts/index.ts';
import { listDocuments, readDocument } from '../billing/index.ts';
import { type HouseCard, readHouse } from '../houses/index.ts';
import { planConsumption, unfitSince } from './consumption.ts';
import type { Norm } from './estimate.ts';
import type { Meter, Reading } from './meter.ts';
import { normFor } from './norm.ts';
import { countFrom, estimateRules } from './plan-months.ts';
import { type MonthOfMeter, selectConsumption, upsertConsumption } from './queries/consumption.ts';
import { selectHousesWithMeters, selectMetersWithoutMonth } from './queries/estimates.ts';
import { lockMeters } from './queries/meters.ts';
import { selectReadingsAround } from './queries/readings.ts';
import { selectOrganisationsOfHouse } from './queries/summary.ts';
import { addSummary } from './summarise-house.ts';
import type { Taking } from './window.ts';
import { loadMeterRules, takingsFor, takingsOf, todayAt } from './windows.ts';

/** How far back months are read and a missing one is made up. */
const MEMORY = 15;
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
  const providers = [...new Set(meters.flatMap(({ accounts }) => accounts.map(({ providerId }) => providerId)))];
  const rules = await loadMeterRules(trx, [house], providers);
  const points = Map.groupBy(await selectReadingsAround(trx, houseId, ids, addMonths(latest, -MEMORY)), keyOf);
  const known = Map.groupBy(await selectConsumption(trx, houseId, ids, addMonths(latest, -2 * MEMORY)), keyOf);
  const norms = await loadNorms(trx, house, meters, rules, latest);
  const months = meters.flatMap((meter) => {
    const until = closedMonth(takingsOf(rules, house, meter, today), 'first');
    return meter.resources.flatMap(({ resource, unit }) => {
      const key = keyOf({ meterId: meter.meterId, resource });
      return missingMonths({
        meter,
        resource,
        unit,
        points: points.get(key) ?? [],
        known: known.get(key) ?? [],
        until,
        rules: estimateRules(rules, today),
        norm: norms(meter, resource),
      });
    });
  });
  await upsertConsumption(trx, houseId, months, at);
  if (months.length > 0) await addSummary(trx, houseId, at);
  return months.length;
}

/** The month that the first, or the last, of some windows has closed. */
function closedMonth(takings: readonly Pick<Taking, 'period'>[], which: 'first' | 'last'): Month {
  const periods = takings.map(({ period }) => period).sort();
  return addMonths(which === 'last' ? periods.at(-1)! : periods[0]!, -1);
}

const keyOf = ({ meterId, resource }: Pick<MonthOfMeter, 'meterId' | 'resource'>): string => `${meterId} ${resource}`;

function missingMonths(
  input: Omit<Parameters<typeof planConsumption>[0], 'counting' | 'from' | 'points' | 'known' | 'meter'> & {
    meter: Meter;
    resource: Reading['resource'];
    unit: string;
    points: readonly Reading[];
    known: readonly MonthOfMeter[];
  },
) {
  const { meter, resource, unit, points, known, until } = input;
  // After a device ceased to count its readings open nothing: the months since then are estimated whatever was sent.
  const unfit = unfitSince(meter);
  const next = addMonths(until, 1);
  const { from, counted } = countFrom(points, unfit && monthOf(unfit.day) < next ? monthOf(unfit.day) : next);
  const earliest = addMonths(until, 1 - MEMORY);
  const standing = new Set(known.map(({ period }) => period));
  return planConsumption({
    ...input,
    counting: { ...meter, resource, unit },
    points: counted,
    from: from > earliest ? from : earliest,
  })
    .filter(({ period, method }) => !standing.has(period) && (method === 'average' || method === 'norm'))
    .map((month) => ({ ...month, meterId: meter.meterId, resource, premisesId: meter.premisesId }));
}

/** Norms by device and resource: of its first account, with the norm of that account's last bill where no rule has one. */
async function loadNorms(
  db: Db,
  house: HouseCard,
  meters: readonly Meter[],
  rules: RulesInForce,
  period: Month,
): Promise<(meter: Meter, resource: Reading['resource']) => Norm | null> {
  const ids = [...new Set(meters.flatMap(({ accounts }) => accounts.map(({ accountId }) => accountId)))];
  const accounts = new Map((await readAccounts(db, house.houseId, ids)).map((card) => [card.accountId, card]));
  const on = lastDay(period);
  const needsBill = meters.some(({ resources }) =>
    resources.some(({ resource }) => !rules.find(`norm.${resource}`, on, { ...house })),
  );
  const bills = new Map<AccountId, Awaited<ReturnType<typeof readDocument>>>();
  if (needsBill)
    for (const accountId of ids) {
      const [head] = await listDocuments(db, house.houseId, accountId, { after: null, limit: 1 });
      if (head) bills.set(accountId, await readDocument(db, house.houseId, [accountId], head.documentId));
    }
  return (meter, resource) => {
    // A device of the house or of a communal flat has no norm of its own.
    if (meter.kind === 'house' || meter.kind === 'common_flat') return null;
    for (const { accountId } of meter.accounts) {
      const account = accounts.get(accountId);
      const norm =
        account && normFor({ resource, on, house, rules, account, bill: bills.get(accountId)?.body ?? null });
      if (norm) return norm;
    }
    return null;
  };
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
