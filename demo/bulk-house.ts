import { composeServiceId } from '../src/modules/accounts/index.ts';
import type { Address } from '../src/modules/addresses/index.ts';
import type { AccountId, HouseId } from '../src/platform/ids.ts';
import { day, firstDay } from '../src/platform/month.ts';
import { type AccountPlan, addEls, type HouseFrame, payerOf } from './account.ts';
import { snilsOf } from './check-digits.ts';
import { wholeBiller } from './combined-bills.ts';
import { addDevices } from './device-rows.ts';
import { type Metering, serialsOf, waterOf } from './flat-devices.ts';
import { dwellingOf } from './flats.ts';
import { heatRates } from './house-devices.ts';
import { addHouse, addPremises, addToList, type HouseFacts } from './house-rows.ts';
import { addHouseSummary } from './house-summary.ts';
import type { BulkMaking } from './make-bulk.ts';
import { spanOf } from './make-district.ts';
import { residentOf } from './names.ts';
import type { Provider } from './organisations.ts';
import { personIdOf } from './people.ts';
import { elsOf } from './populate.ts';
import { guidOf, idsOf, randomOf } from './random.ts';
import type { Rows } from './rows.ts';
import { addAccountLife } from './simulate.ts';
import { bulkStory } from './stories.ts';

export const BULK_FLATS = 100;
export const HOUSES_OF_MANAGER = 100;
const HOUSES_OF_STREET = 40;
/** Serials of the bulk begin above those of the district. */
const BULK_SERIAL = 1_000_000;
const BUILT = new Date('2024-02-10T08:00:00Z');

export interface BulkHouse {
  index: number;
  flats: number;
  manager: Provider;
  /** A house of the address set; null: a made-up street. */
  address: Address | null;
}

const SIZES = [
  [338_000, 182_000],
  [447_000, 281_000],
  [523_000, 338_000],
  [611_000, 402_000],
  [745_000, 486_000],
] as const;

function factsOf(seed: string, { index, manager, address, flats }: BulkHouse): HouseFacts {
  const random = randomOf(seed, 'bulk facts', index);
  const yearBuilt = random.between(1956, 2019);
  const street = `${Math.floor(index / HOUSES_OF_STREET) + 1}-я Учебная ул.`;
  const number = `д. ${(index % HOUSES_OF_STREET) + 1}`;
  return {
    houseId: idsOf(seed, 'bulk house', index)<HouseId>(new Date(BUILT.getTime() + index)),
    fiasGuid: address?.guid ?? guidOf(seed, 'bulk address', index),
    address: address?.full ?? `г. Москва, ${street}, ${number}`,
    shortAddress: address?.short ?? `${street}, ${number}`,
    postalIndex: address?.postalIndex ?? null,
    manager,
    managedFrom: day('2024-03-01'),
    yearBuilt,
    storeys: random.pick([5, 9, 12, 16]),
    totalArea: flats * 540_000,
    wearPercent: Math.min(65, 2026 - yearBuilt),
    latitude: null,
    longitude: null,
  };
}

/** A house with its flats, an account a flat and the bills of the asked months. */
export function addBulkHouse(rows: Rows, making: BulkMaking, house: BulkHouse): void {
  const { seed, now, months } = making;
  const facts = factsOf(seed, house);
  const { houseId } = facts;
  const random = randomOf(seed, 'bulk', house.index);
  const makeId = idsOf(seed, 'bulk', house.index);
  const frame: HouseFrame = { houseId, makeId, random, heatRate: heatRates(houseId) };
  const span = spanOf(months, now);
  const metering: Metering = { houseId, house: null, span, nextSerial: serialsOf(houseId), placed: [] };
  addHouse(rows, facts, 100 + house.index, now);
  for (let flat = 1; flat <= house.flats; flat++) addFlat(rows, making, { house, facts, frame, metering, flat });
  // The manager's clerk is nobody in particular.
  const keeper = { organisationId: house.manager.organisationId, personId: personIdOf('platformennyy') };
  const tally = addDevices(rows, frame, metering, { serial: 100 + house.index, keeperOf: () => keeper, now });
  addHouseSummary(rows, metering, { organisationId: house.manager.organisationId, tally, now });
  addToList(rows, facts, {
    organisationId: house.manager.organisationId,
    premises: house.flats,
    accounts: house.flats,
  });
}

function addFlat(
  rows: Rows,
  { months, now }: BulkMaking,
  {
    house,
    facts,
    frame,
    metering,
    flat,
  }: { house: BulkHouse; facts: HouseFacts; frame: HouseFrame; metering: Metering; flat: number },
): void {
  const { random } = frame;
  const serial = house.index * BULK_FLATS + flat;
  const [totalArea, livingArea] = random.pick(SIZES);
  const dwelling = dwellingOf(random, totalArea, livingArea);
  const number = String(flat);
  const premisesId = addPremises(
    rows,
    frame,
    {
      category: 'residential',
      number,
      entrance: null,
      characteristic: '1',
      totalArea,
      livingArea,
      serial: 3_000_000 + serial,
    },
    now,
  );
  const els = elsOf(BULK_SERIAL + serial);
  addEls(rows, frame.houseId, els);
  const accountId = frame.makeId<AccountId>(now);
  const water = dwelling.metered ? waterOf(metering, number, dwelling) : null;
  const accounts = [{ accountId, providerId: house.manager.organisationId, closed: false }];
  for (const device of water?.devices ?? [])
    metering.placed.push({ device, premisesId, roomId: null, accounts, resident: null });
  const plan: AccountPlan = {
    accountId,
    provider: house.manager,
    kind: 'uo',
    number: `77${String(serial).padStart(8, '0')}`,
    els,
    serviceId: composeServiceId(els, 1),
    isTenant: false,
    divided: false,
    payer: payerOf(residentOf(random, snilsOf(BULK_SERIAL + serial))),
    address: `${facts.address}, кв. ${number}`,
    dwelling,
    places: [{ premisesId, roomId: null, share: 10_000 }],
    openedOn: firstDay(months[0]!),
    closed: null,
    basis: null,
    from: months[0]!,
    until: null,
    bill: wholeBiller(house.manager, dwelling, { water, heatRate: frame.heatRate }),
    story: bulkStory(random, months.at(-1)!),
  };
  addAccountLife(rows, frame, plan, months, now);
}
