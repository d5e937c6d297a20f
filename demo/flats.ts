import { type Day, day } from '../src/platform/month.ts';
import { type Payer, payerOf } from './account.ts';
import type { Dwelling } from './bills.ts';
import { ogrnOf, snilsOf } from './check-digits.ts';
import type { Owner } from './house-rows.ts';
import { type Resident, residentOf } from './names.ts';
import type { Random } from './random.ts';

/** One who is billed for a flat, or for a share or a room of it. */
export interface Holder {
  payer: Payer;
  dwelling: Dwelling;
  isTenant: boolean;
  /** Hundredths of a percent of the flat. */
  share: number;
  /** Number of the room in a communal flat. */
  room: string | null;
}

export interface Flat {
  number: string;
  category: 'residential' | 'non_residential';
  communal: boolean;
  totalArea: number;
  livingArea: number | null;
  owners: { owner: Owner; share: readonly [number, number]; registeredOn: Day; endedOn: Day | null }[];
  holders: Holder[];
  /** Billed together with other premises: accounts belong to the first of them. */
  joins: string | null;
  /** Which of the holders has sold the flat and which has bought it, when it changed hands lately. */
  sale?: { sold: number; bought: number };
}

export const MUNICIPALITY = { ogrn: ogrnOf(103), name: 'Учебная управа района', municipal: true };
export const COMPANY = { ogrn: ogrnOf(201), name: 'ООО «Пуговица и Ко»', municipal: false };

const SIZES = [
  [360_000, 190_000],
  [495_000, 322_000],
  [523_000, 338_000],
  [684_000, 451_000],
] as const;

export interface Household {
  random: Random;
  /** Gives a serial number that no other resident of the demonstration has. */
  nextSerial: () => number;
}

const newResident = ({ random, nextSerial }: Household): Resident => residentOf(random, snilsOf(nextSerial()));

export function dwellingOf(random: Random, totalArea: number, livingArea: number): Dwelling {
  return {
    totalArea,
    livingArea,
    residents: random.between(1, 4),
    metered: !random.chance(12),
    benefit: random.chance(8),
  };
}

const boughtOn = (random: Random): Day =>
  day(`20${random.between(10, 22)}-0${random.between(1, 9)}-${random.between(10, 28)}`);

/** A flat with one owner who lives in it. */
export function ownedFlat(household: Household, number: string, resident = newResident(household)): Flat {
  const { random } = household;
  const [totalArea, livingArea] = random.pick(SIZES);
  return {
    number,
    category: 'residential',
    communal: false,
    totalArea,
    livingArea,
    owners: [{ owner: { resident }, share: [1, 1], registeredOn: boughtOn(random), endedOn: null }],
    holders: [
      {
        payer: payerOf(resident),
        dwelling: dwellingOf(random, totalArea, livingArea),
        isTenant: false,
        share: 10_000,
        room: null,
      },
    ],
    joins: null,
  };
}

/** The same with another say on how it is charged. */
export const dwellingLike = (flat: Flat, dwelling: Partial<Dwelling>): Flat => ({
  ...flat,
  holders: flat.holders.map((holder) => ({ ...holder, dwelling: { ...holder.dwelling, ...dwelling } })),
});

/** Owners of a third and of two thirds, each billed apart. */
export function sharedFlat(household: Household, number: string): Flat {
  const flat = ownedFlat(household, number);
  const [first, second] = [newResident(household), newResident(household)];
  const registeredOn = boughtOn(household.random);
  const part = (resident: Resident, thirds: number): Holder => ({
    payer: payerOf(resident),
    dwelling: {
      totalArea: Math.round((flat.totalArea * thirds) / 3),
      livingArea: Math.round((flat.livingArea! * thirds) / 3),
      residents: thirds,
      metered: true,
      benefit: false,
    },
    isTenant: false,
    share: thirds === 1 ? 3333 : 6667,
    room: null,
  });
  return {
    ...flat,
    owners: [
      { owner: { resident: first }, share: [1, 3], registeredOn, endedOn: null },
      { owner: { resident: second }, share: [2, 3], registeredOn, endedOn: null },
    ],
    holders: [part(first, 1), part(second, 2)],
  };
}

/** A communal flat: each room is owned and billed apart. */
export function communalFlat(household: Household, number: string): Flat {
  const areas = [142_000, 176_000, 161_000];
  const registeredOn = boughtOn(household.random);
  const residents = areas.map(() => newResident(household));
  const living = areas.reduce((sum, area) => sum + area, 0);
  return {
    ...ownedFlat(household, number, residents[0]),
    communal: true,
    totalArea: 684_000,
    livingArea: living,
    owners: residents.map((resident, index) => ({
      owner: { resident },
      share: [areas[index]! / 1000, living / 1000] as const,
      registeredOn,
      endedOn: null,
    })),
    holders: residents.map((resident, index) => ({
      payer: payerOf(resident),
      dwelling: {
        totalArea: Math.round((684_000 * areas[index]!) / living),
        livingArea: areas[index]!,
        residents: 1,
        metered: false,
        benefit: index === 1,
      },
      isTenant: false,
      share: 10_000,
      room: String(index + 1),
    })),
  };
}

/** A municipal flat with a tenant by a contract of social hire. */
export function municipalFlat(household: Household, number: string, tenant = newResident(household)): Flat {
  const flat = ownedFlat(household, number, tenant);
  return {
    ...flat,
    owners: [{ owner: { organisation: MUNICIPALITY }, share: [1, 1], registeredOn: day('2004-06-15'), endedOn: null }],
    holders: flat.holders.map((holder) => ({ ...holder, isTenant: true })),
  };
}

/** Premises of a company. */
export function companyPremises(
  number: string,
  category: Flat['category'],
  totalArea: number,
  joins: string | null,
): Flat {
  const payer: Payer = { kind: 'organisation', resident: null, ogrn: COMPANY.ogrn, name: COMPANY.name };
  const dwelling: Dwelling = {
    totalArea,
    livingArea: category === 'residential' ? 322_000 : 0,
    residents: 1,
    metered: true,
    benefit: false,
  };
  return {
    number,
    category,
    communal: false,
    totalArea,
    livingArea: category === 'residential' ? 322_000 : null,
    owners: [{ owner: { organisation: COMPANY }, share: [1, 1], registeredOn: day('2018-03-20'), endedOn: null }],
    holders: joins ? [] : [{ payer, dwelling, isTenant: false, share: 10_000, room: null }],
    joins,
  };
}

/** A flat sold at the end of the last billed month: the seller's accounts are closed, the buyer's have no bill yet. */
export function soldFlat(household: Household, number: string, soldOn: Day): Flat {
  const flat = ownedFlat(household, number);
  const buyer = newResident(household);
  const seller = flat.owners[0]!;
  return {
    ...flat,
    owners: [
      { ...seller, endedOn: soldOn },
      { owner: { resident: buyer }, share: [1, 1], registeredOn: soldOn, endedOn: null },
    ],
    holders: [flat.holders[0]!, { ...flat.holders[0]!, payer: payerOf(buyer) }],
    sale: { sold: 0, bought: 1 },
  };
}
