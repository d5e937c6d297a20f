import Big from 'big.js';
import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { addMonths, dayIn, lastDay, type Month, monthOf } from '../../../platform/month.ts';
import { getWholeNumber } from '../../../platform/rules/rules.ts';
import { type AccountCard, readAccounts, recordShareLooks, usableAccounts } from '../../accounts/index.ts';
import { type MonthCharge, readMonthCharges } from '../../billing/index.ts';
import { type HouseCard, premisesLabel, readHome } from '../../houses/index.ts';
import { access } from '../access.ts';
import { type ConsumptionMethod, DEFAULT_UNITS, RESOURCES, type Resource, SERVICES_OF, UNITS } from '../meter.ts';
import { normFor } from '../norm.ts';
import { type HouseMonth, type MonthUsed, selectHouseMedians, selectMonthsUsed } from '../queries/statistics.ts';
import { loadMeterRules } from '../windows.ts';

/** A year, and the year before it to compare with. */
export const MONTHS = 12;

/** Premises with the person's accounts for them. */
export interface OwnHome {
  /** In the address of the page; names nothing that is not the person's own. */
  key: string;
  title: string;
  houseId: HouseId;
  accountIds: AccountId[];
}

export interface StatisticsMonth {
  period: Month;
  /** In the default unit of the resource; null where nobody said. */
  volume: string | null;
  lastYear: string | null;
  norm: string | null;
  /** Of the homes of the house with own devices; null when fewer than the rule asks for make it. */
  median: string | null;
  /** Kopecks; null where no bill has the service. */
  cost: bigint | null;
  /** How the volume was found; null: as the bill says. */
  methods: ConsumptionMethod[] | null;
}

export interface ResourceStatistics {
  resource: Resource;
  unit: string;
  months: StatisticsMonth[];
  normSource: string | null;
}

export interface Statistics {
  homes: OwnHome[];
  home: OwnHome | null;
  minHomes: number;
  resources: ResourceStatistics[];
}

/** «Аналитика и отчёты»: what a home used and what it cost, by resource and month, for the last year. */
export async function readStatistics(context: Context, actor: Actor, key: string | null): Promise<Statistics> {
  authorise(actor, access.viewMeters);
  const { db } = context;
  const links = await usableAccounts(db, personOf(actor).personId, 'see', context.clock());
  const byHouse = Map.groupBy(links, ({ houseId }) => houseId);
  const found = await Promise.all(
    [...byHouse].map(([houseId, own]) =>
      homesOf(
        db,
        houseId,
        own.map(({ accountId }) => accountId),
      ),
    ),
  );
  const homes = found.flat();
  const chosen = homes.find(({ home }) => home.key === key) ?? homes[0];
  if (!chosen) return { homes: [], home: null, minHomes: 0, resources: [] };
  const { home, house, accounts } = chosen;
  const looked = links.filter(({ accountId }) => home.accountIds.includes(accountId));
  await recordShareLooks(context.db, looked, { kind: 'meters', what: 'расход за год' }, context.clock());
  const today = dayIn(house.zone, context.clock());
  const last = monthOf(today);
  const from = addMonths(last, 1 - 2 * MONTHS);
  const minHomes = await getWholeNumber(db, 'statistics.min_homes', today, house);
  const [used, charges, medians, rules] = await Promise.all([
    selectMonthsUsed(db, home.houseId, home.accountIds, from),
    readMonthCharges(db, home.houseId, home.accountIds, from),
    selectHouseMedians(db, home.houseId, addMonths(last, 1 - MONTHS), minHomes),
    loadMeterRules(db, [house], []),
  ]);
  const norm = (resource: Resource, period: Month) =>
    accounts
      .map((account) => normFor({ resource, on: lastDay(period), house, rules, account, bill: null }))
      .find((one) => one !== null) ?? null;
  return {
    homes: homes.map((one) => one.home),
    home,
    minHomes,
    resources: RESOURCES.map((resource) => statisticsOf(resource, last, { used, charges, medians, norm })).filter(
      ({ months }) => months.some(({ volume, cost }) => volume !== null || cost !== null),
    ),
  };
}

async function homesOf(
  db: Db,
  houseId: HouseId,
  ids: readonly AccountId[],
): Promise<{ home: OwnHome; house: HouseCard; accounts: AccountCard[] }[]> {
  const cards = await readAccounts(db, houseId, ids);
  const places = [...new Set(cards.flatMap(({ places: own }) => own.slice(0, 1).map(({ premisesId }) => premisesId)))];
  const whole = await readHome(db, houseId, places);
  if (!whole) return [];
  return [...Map.groupBy(cards, (card) => card.places[0]?.premisesId ?? null)].map(([premisesId, accounts]) => {
    const premises = whole.premises.find((one) => one.premisesId === premisesId);
    const title = [whole.house.shortAddress, premises && premisesLabel(premises)].filter(Boolean).join(', ');
    const accountIds = accounts.map(({ accountId }) => accountId);
    return { home: { key: premisesId ?? houseId, title, houseId, accountIds }, house: whole.house, accounts };
  });
}

/** One resource over the last year. A month without an own device is as the bill says it. */
export function statisticsOf(
  resource: Resource,
  last: Month,
  facts: {
    used: readonly MonthUsed[];
    charges: readonly MonthCharge[];
    medians: readonly HouseMonth[];
    norm: (resource: Resource, period: Month) => { each: string; count: string; source: string } | null;
  },
): ResourceStatistics {
  const unit = UNITS[DEFAULT_UNITS[resource]]!;
  const billed = facts.charges.filter(({ serviceCode }) => SERVICES_OF[resource].includes(serviceCode));
  const volumeIn = (period: Month) => {
    const counted = facts.used.find((one) => one.resource === resource && one.period === period);
    if (counted) return { volume: counted.volume, methods: counted.methods };
    const lines = billed.filter((line) => line.period === period && line.unit === unit);
    const sum = lines.reduce((total, { volume }) => total.plus(volume), new Big(0));
    return { volume: lines.length > 0 ? sum.toFixed() : null, methods: null };
  };
  const months = Array.from({ length: MONTHS }, (_, index): StatisticsMonth => {
    const period = addMonths(last, index + 1 - MONTHS);
    const own = billed.filter((line) => line.period === period);
    const norm = facts.norm(resource, period);
    return {
      period,
      ...volumeIn(period),
      lastYear: volumeIn(addMonths(period, -12)).volume,
      norm: norm && new Big(norm.each).times(norm.count).round(3).toFixed(),
      median: facts.medians.find((one) => one.resource === resource && one.period === period)?.median ?? null,
      cost: own.length > 0 ? own.reduce((sum, { payable }) => sum + payable, 0n) : null,
    };
  });
  return { resource, unit, months, normSource: facts.norm(resource, last)?.source ?? null };
}
