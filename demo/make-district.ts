import { setImmediate as nextTurn } from 'node:timers/promises';
import type pg from 'pg';
import { findAddresses } from '../src/modules/addresses/index.ts';
import { summariseHouse } from '../src/modules/meters/index.ts';
import type { Context } from '../src/platform/context.ts';
import { addMonths, dayIn, lastDay, type Month, monthOf } from '../src/platform/month.ts';
import { ZONE } from './calendar.ts';
import { addDevices, type Keeper } from './device-rows.ts';
import type { Span } from './device-stories.ts';
import { DISTRICT, houseFacts } from './district.ts';
import { type Metering, type Placed, serialsOf } from './flat-devices.ts';
import {
  communalFlat,
  companyPremises,
  dwellingLike,
  type Flat,
  type Household,
  municipalFlat,
  ownedFlat,
  sharedFlat,
  soldFlat,
} from './flats.ts';
import { addHouseDevices, heatRates } from './house-devices.ts';
import { addEntrances, addHouse, addToList, type HouseFacts } from './house-rows.ts';
import { addOrganisations, providerOf } from './organisations.ts';
import { addLink, addPeople, employments, personIdOf, residentNamed } from './people.ts';
import { type District, type PlacedAccount, populate } from './populate.ts';
import { acceptTexts, insertDelegation, insertEmployees, writeRows } from './queries.ts';
import { idsOf, randomOf } from './random.ts';
import type { Rows } from './rows.ts';
import { addShops } from './shop-rows.ts';

export interface Making {
  seed: string;
  now: Date;
  /** Months that are billed, the oldest first. */
  months: readonly Month[];
  say: (line: string) => void;
}

/** Flats with a story: those of the named people, and the kinds that a clerk must have seen. */
function flatOf(household: Household, house: number, number: number, last: Month): Flat {
  const text = String(number);
  const particular: Readonly<Record<string, () => Flat>> = {
    '0/5': () => communalFlat(household, text),
    '0/7': () => municipalFlat(household, text, residentNamed('kvartirosyomova')),
    '0/9': () => sharedFlat(household, text),
    '0/12': () => ownedFlat(household, text, residentNamed('domovitova')),
    '0/15': () => companyPremises(text, 'residential', 495_000, null),
    '0/18': () => soldFlat(household, text, lastDay(last)),
    '0/20': () => ownedFlat(household, text, residentNamed('pervovhodov')),
    '1/8': () => ownedFlat(household, text, residentNamed('domovitova')),
    '1/14': () => municipalFlat(household, text),
    '2/10': () => sharedFlat(household, text),
  };
  const key = `${house}/${number}`;
  const flat = (particular[key] ?? (() => ownedFlat(household, text)))();
  // Few homes go without devices, or the devices of the houses would say little about the homes.
  if (WITHOUT_METERS.includes(key)) return dwellingLike(flat, { metered: false, residents: 1 });
  return dwellingLike(flat, { metered: true, ...(ESTIMATED.includes(key) ? { benefit: false } : {}) });
}

const WITHOUT_METERS = ['0/2', '1/5', '2/3'];
/** What an estimate cost is plain without benefits. */
const ESTIMATED = ['0/7', '0/20', '0/22'];

/** Two premises of one company on one account. */
const groundFloor = (): Flat[] => [
  companyPremises('1Н', 'non_residential', 1_180_000, null),
  companyPremises('2Н', 'non_residential', 640_000, '1Н'),
];

/** Whose accounts are connected from the start, and how the person calls them. */
const LINKS: readonly { login: string; house: number; flat: string; title: string }[] = [
  { login: 'domovitova', house: 0, flat: '12', title: 'Моя квартира' },
  { login: 'domovitova', house: 1, flat: '8', title: 'Квартира мамы' },
  { login: 'kvartirosyomova', house: 0, flat: '7', title: '' },
];

/** The district: organisations, a dozen houses, three of them with flats, people and 24 months of bills. */
export async function makeDistrict(context: Context, pool: pg.Pool, making: Making): Promise<PlacedAccount[]> {
  const { now, months, say } = making;
  const found = await findAddresses(
    context.db,
    DISTRICT.map(({ fiasGuid }) => fiasGuid),
  );
  const facts = DISTRICT.map((house, index) => {
    const address = found.get(house.fiasGuid);
    if (!address) throw new Error(`the address set has no house ${house.fiasGuid}`);
    return houseFacts(house, index, address);
  });
  const placed: PlacedAccount[] = [];
  let [els, snils] = [0, 0];
  const base = { months, now, nextEls: () => els++, recordedBy: personIdOf('upravlyaev') };
  const first: Rows = new Map();
  addOrganisations(first, now);
  addPeople(first);
  await writeRows(pool, first);
  let done = 0;
  const writes: Promise<void>[] = [];
  for (const [index, house] of facts.entries()) {
    const rows: Rows = new Map();
    makeHouse(
      { ...base, rows, onAccount: (account) => placed.push(account) },
      making.seed,
      index,
      house,
      () => snils++,
    );
    const write = writeRows(pool, rows).then(() => say(`Дома района: ${++done} из ${facts.length}`));
    writes.push(write);
    // A failure of a write under way is told at the end, with the others. Two are under way at once: a third would wait for a
    // connection, and on a slow machine longer than the pool allows.
    write.catch(() => undefined);
    await Promise.allSettled(writes.slice(-2, -1));
    await nextTurn();
  }
  await Promise.all(writes);
  const rest: Rows = new Map();
  addShops(rest, context, now);
  for (const link of LINKS)
    for (const account of placed.filter((one) => one.house === link.house && one.flat === link.flat))
      addLink(rest, { ...link, ...account, providerId: account.provider.organisationId });
  await writeRows(pool, rest);
  await insertEmployees(context.db, employments());
  await insertDelegation(
    context.db,
    {
      organisationId: providerOf('dubravushka').organisationId,
      centreId: providerOf('kopeechka').organisationId,
      delegationId: idsOf('delegation', 'dubravushka')(now),
      by: personIdOf('upravlyaev'),
    },
    now,
  );
  for (const [index, { houseId }] of facts.entries())
    if (DISTRICT[index]!.flats > 0) await summariseHouse(context, houseId);
  await acceptTexts(context.db, [personIdOf('domovitova'), personIdOf('kvartirosyomova')], now);
  return placed;
}

export function makeHouse(
  district: District,
  seed: string,
  index: number,
  facts: HouseFacts,
  nextSnils: () => number,
): void {
  const { rows, months, now } = district;
  const house = DISTRICT[index]!;
  const random = randomOf(seed, 'house', index);
  const { houseId } = facts;
  const frame = { houseId, makeId: idsOf(seed, 'house', index), random, heatRate: heatRates(houseId) };
  addHouse(rows, facts, index, now);
  addEntrances(rows, frame, facts, house.entrances, now);
  const household: Household = { random, nextSerial: nextSnils };
  const flats = Array.from({ length: house.flats }, (_, at) => flatOf(household, index, at + 1, months.at(-1)!));
  if (index === 0) flats.push(...groundFloor());
  const span = spanOf(months, now);
  const metering: Metering = { houseId, house: index, span, nextSerial: serialsOf(houseId), placed: [] };
  const place = { index, facts, frame, metering, billing: house.billing };
  const counts = populate(district, place, flats, Math.ceil(house.flats / house.entrances));
  if (house.flats > 0) {
    addHouseDevices(metering, heatedArea(flats), frame.heatRate);
    addDevices(rows, frame, metering, { serial: index, keeperOf: keeperIn(facts), now });
  }
  const listed = new Set([facts.manager.organisationId, ...counts.keys()]);
  // The centre bills for the manager and the supplier: they have no accounts of their own there.
  if (house.flats > 0) listed.add(providerOf('krepkie-steny').organisationId);
  for (const organisationId of listed)
    addToList(rows, facts, { organisationId, premises: flats.length, accounts: counts.get(organisationId) ?? 0 });
}

/** Months that have closed for readings: the billed ones, and one more in the first days of a month, before its bills. */
export function spanOf(months: readonly Month[], now: Date): Span {
  const today = dayIn(ZONE, now);
  const open = monthOf(today);
  const next = addMonths(months.at(-1)!, 1);
  return { months: next < open ? [...months, next] : months, open, today };
}

const heatedArea = (flats: readonly Flat[]): number =>
  flats
    .flatMap(({ holders, sale }) => (sale ? holders.slice(0, 1) : holders))
    .reduce((sum, { dwelling }) => sum + dwelling.totalArea, 0);

/** The supplier of water keeps its devices itself; all others are kept by the manager of the house. */
function keeperIn({ manager }: HouseFacts): (placed: Placed) => Keeper {
  const supplier = providerOf('teplorodnik').organisationId;
  const own: Keeper = {
    organisationId: manager.organisationId,
    personId: personIdOf(manager.key === 'dubravushka' ? 'upravlyaev' : 'dvoroupravlyaev'),
  };
  const theirs: Keeper = { organisationId: supplier, personId: personIdOf('teplovodova') };
  return ({ accounts }) => (accounts.some(({ providerId }) => providerId === supplier) ? theirs : own);
}
