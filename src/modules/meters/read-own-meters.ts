import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PersonId, PremisesId } from '../../platform/ids.ts';
import { addMonths, type Day, type Month, monthOf } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import {
  type AccountCard,
  type ConnectedAccount,
  holdsShare,
  readAccounts,
  type ShareRight,
  type UsableAccount,
  usableAccounts,
} from '../accounts/index.ts';
import { type LastCharges, readLastCharges } from '../billing/index.ts';
import { type HouseCard, premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import type { EstimateRules } from './estimate.ts';
import type { Meter, Reading } from './meter.ts';
import { estimateRules } from './plan-months.ts';
import { type FoundHouse, keyOf, type OwnMeter, presentMeter } from './present-meter.ts';
import { type MonthOfMeter, selectConsumption } from './queries/consumption.ts';
import { selectMetersOfAccounts } from './queries/meters.ts';
import { type DeclinedReading, selectDeclined, selectDeliveries, selectReadingsAround } from './queries/readings.ts';
import { loadMeterRules, todayAt } from './windows.ts';

/** Devices of one home: premises, or a house where they hang in none. */
export interface OwnHome {
  key: string;
  house: HouseCard;
  /** The person's own name for it, or its address. */
  title: string;
  address: string | null;
  /** The house's own day. */
  today: Day;
  estimate: EstimateRules;
  /** `verification.warn_days`, the longest first. */
  warnDays: readonly number[];
  meters: OwnMeter[];
}

export interface Provider {
  organisationId: OrganisationId;
  name: string;
  phone: string | null;
}

export interface OwnMeters {
  homes: OwnHome[];
  /** Accounts that the homes are of, those of others with their share. */
  links: UsableAccount[];
  providers: ReadonlyMap<OrganisationId, Provider>;
  /** There are none, but accounts of others that the person may see and not do this with. */
  lacksRight: boolean;
  /** Whom to ask where there are no devices: providers of all connected accounts. */
  keepers: Provider[];
}

/** Months of consumption that are looked back at: for averages, and for the chart of one device with the year before. */
const MEMORY = { average: 15, chart: 25 };

/** What one house gives, before rules and readings. */
interface HouseRows {
  houseId: HouseId;
  accounts: AccountCard[];
  meters: Meter[];
  bills: LastCharges[];
}

/**
 * The person's devices: their links first, then the houses in parallel, in four steps whatever the number of homes.
 * @param archived those in the archive too
 * @param only one device
 * @param right of those that a share gives: which accounts of others count
 */
export async function readOwnMeters(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  personId: PersonId,
  {
    archived = false,
    only,
    right = 'see',
  }: { archived?: boolean; only?: { houseId: HouseId; meterId: MeterId }; right?: ShareRight } = {},
): Promise<OwnMeters> {
  const links = (await usableAccounts(db, personId, right, clock())).filter(
    (link) => !only || link.houseId === only.houseId,
  );
  const byHouse = Map.groupBy(links, ({ houseId }) => houseId);
  const [houses, ...rows] = await Promise.all([
    readHouses(db, [...byHouse.keys()]),
    ...[...byHouse].map(([houseId, own]) => readHouseRows(db, houseId, own, archived)),
  ]);
  if (only) for (const row of rows) row.meters = row.meters.filter(({ meterId }) => meterId === only.meterId);
  const ids = new Set([
    ...links.map(({ providerId }) => providerId),
    ...rows.flatMap(({ meters }) => meters.flatMap(({ accounts }) => accounts.map(({ providerId }) => providerId))),
  ]);
  const cards = new Map(houses.map((house) => [house.houseId, house]));
  const at = clock();
  const [rules, organisations, ...values] = await Promise.all([
    loadMeterRules(db, houses, [...ids]),
    readOrganisations(db, [...ids]),
    ...rows.map((row) =>
      readValues(db, row, monthOf(todayAt(cards.get(row.houseId)!, at)), only ? MEMORY.chart : MEMORY.average),
    ),
  ]);
  const providers = new Map<OrganisationId, Provider>(
    organisations.map(({ organisationId, shortName, phone }) => [
      organisationId,
      { organisationId, name: shortName, phone },
    ]),
  );
  const found = rows.map((row, index) => ({
    row,
    values: values[index]!,
    house: cards.get(row.houseId)!,
    today: todayAt(cards.get(row.houseId)!, at),
  }));
  const homes = await Promise.all(found.map((one) => gatherHouse(db, one, links, rules)));
  return {
    homes: homes.flat(),
    links,
    providers,
    lacksRight: links.length === 0 && right !== 'see' && (await holdsShare(db, personId, at)),
    keepers: [...new Set(links.map(({ providerId }) => providerId))].flatMap((id) => providers.get(id) ?? []),
  };
}

async function readHouseRows(
  db: Db,
  houseId: HouseId,
  links: readonly ConnectedAccount[],
  archived: boolean,
): Promise<HouseRows> {
  const ids = links.map(({ accountId }) => accountId);
  const [accounts, meters, bills] = await Promise.all([
    readAccounts(db, houseId, ids),
    selectMetersOfAccounts(db, houseId, ids, { archived, open: true }),
    readLastCharges(db, houseId, ids),
  ]);
  return { houseId, accounts, meters, bills };
}

interface HouseValues {
  readings: Map<string, Reading[]>;
  declined: Map<string, DeclinedReading[]>;
  months: Map<string, MonthOfMeter[]>;
  labels: Map<PremisesId, string>;
}

/** A window may end in the month after its own: values are read from the month before today's on. */
async function readValues(db: Db, { houseId, meters }: HouseRows, month: Month, memory: number): Promise<HouseValues> {
  const ids = meters.map(({ meterId }) => meterId);
  const places = [...new Set(meters.flatMap(({ premisesId }) => (premisesId ? [premisesId] : [])))];
  const [readings, declined, months, premises] = await Promise.all([
    selectReadingsAround(db, houseId, ids, addMonths(month, -1)),
    selectDeclined(db, houseId, ids, addMonths(month, -1)),
    selectConsumption(db, houseId, ids, addMonths(month, -memory)),
    places.length > 0 ? readPremises(db, houseId, places) : [],
  ]);
  return {
    readings: Map.groupBy(readings, keyOf),
    declined: Map.groupBy(declined, ({ reading }) => keyOf(reading)),
    months: Map.groupBy(months, keyOf),
    labels: new Map(premises.map((one) => [one.premisesId, premisesLabel(one)])),
  };
}

interface ReadHouse extends FoundHouse {
  row: HouseRows;
  values: HouseValues;
}

async function gatherHouse(
  db: Db,
  found: ReadHouse,
  links: readonly ConnectedAccount[],
  rules: RulesInForce,
): Promise<OwnHome[]> {
  const { row, house, today, values } = found;
  const meters = row.meters.map((meter) => presentMeter(meter, found, rules));
  const current = meters.flatMap(({ resources }) =>
    resources.flatMap((one) => (one.current ? [one.current.readingId] : [])),
  );
  const deliveries = Map.groupBy(await selectDeliveries(db, house.houseId, current), ({ readingId }) => readingId);
  for (const one of meters.flatMap(({ resources }) => resources))
    one.deliveries = (one.current && deliveries.get(one.current.readingId)) ?? [];
  const groups = Map.groupBy(meters, ({ meter }) => meter.premisesId);
  const { regionCode, oktmo, houseId } = house;
  const warn = rules.get('verification.warn_days', today, { regionCode, oktmo, houseId }).value;
  return [...groups].map(([premisesId, own]) => {
    const address = [house.shortAddress, premisesId && values.labels.get(premisesId)].filter(Boolean).join(', ');
    const title = titleOf(own, links);
    return {
      key: `${houseId} ${premisesId ?? ''}`,
      house,
      title: title || address,
      address: title ? address : null,
      today,
      estimate: estimateRules(rules, today),
      warnDays: warn
        .split(',')
        .map(Number)
        .sort((a, b) => b - a),
      meters: own.sort(byResource),
    };
  });
}

/** The name that the person gave to the accounts of these devices, when it is one. */
function titleOf(meters: readonly OwnMeter[], links: readonly ConnectedAccount[]): string {
  const accounts = new Set(meters.flatMap(({ meter }) => meter.accounts.map(({ accountId }) => accountId)));
  const titles = new Set(links.filter(({ accountId }) => accounts.has(accountId)).map(({ title }) => title));
  return titles.size === 1 ? [...titles][0]! : '';
}

const byResource = (a: OwnMeter, b: OwnMeter): number => {
  const key = ({ meter }: OwnMeter) => `${meter.resources[0]?.resource ?? '9'} ${meter.place} ${meter.serial}`;
  return key(a).localeCompare(key(b), 'ru', { numeric: true });
};
