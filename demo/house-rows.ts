import type { HouseId, Id, OrganisationId, PersonId, PremisesId, RoomId } from '../src/platform/ids.ts';
import type { Day } from '../src/platform/month.ts';
import type { HouseFrame } from './account.ts';
import { decimal } from './amounts.ts';
import { ZONE } from './calendar.ts';
import type { Resident } from './names.ts';
import type { Provider } from './organisations.ts';
import { addNamed, type Rows } from './rows.ts';

/** The passport of a house. */
export interface HouseFacts {
  houseId: HouseId;
  fiasGuid: string;
  address: string;
  shortAddress: string;
  postalIndex: string | null;
  manager: Provider;
  managedFrom: Day;
  yearBuilt: number;
  storeys: number;
  /** Ten-thousandths of a m². */
  totalArea: number;
  wearPercent: number;
  latitude: number | null;
  longitude: number | null;
}

const cadastral = (serial: number): string => `77:00:0000000:${serial}`;

/** Of the shape of the state system's numbers; the digits mean nothing. */
const uniqueNumberOf = (serial: number): string => `77${String(serial).padStart(23, '0')}-00001`;

export function addHouse(rows: Rows, house: HouseFacts, serial: number, now: Date): void {
  const [cadastralNumber, uniqueNumber] = [cadastral(1_000_000 + serial), uniqueNumberOf(serial)];
  addNamed(rows, 'house', {
    house_id: house.houseId,
    fias_guid: house.fiasGuid,
    kind_code: '1',
    region_code: '77',
    oktmo: '45000000',
    zone: ZONE,
    address: house.address,
    short_address: house.shortAddress,
    postal_index: house.postalIndex,
    cadastral_number: cadastralNumber,
    unique_number: uniqueNumber,
    state_code: '2',
    stage_code: '1',
    management_code: '5',
    total_area: decimal(house.totalArea),
    year_built: house.yearBuilt,
    year_in_use: house.yearBuilt + 1,
    storeys_max: house.storeys,
    storeys_min: house.storeys,
    underground_storeys: house.storeys > 5 ? 1 : 0,
    heritage: false,
    wear_percent: house.wearPercent,
    wear_on: '2024-04-01',
    capital_repair_year: house.yearBuilt < 1975 ? 2019 : null,
    manager_id: house.manager.organisationId,
    managed_from: house.managedFrom,
    latitude: house.latitude,
    longitude: house.longitude,
    source_id: house.manager.organisationId,
    updated_at: now,
  });
  addNamed(rows, 'house_address', { fias_guid: house.fiasGuid, house_id: house.houseId });
  for (const code of [house.houseId, cadastralNumber, uniqueNumber])
    addNamed(rows, 'house_code', { code, fias_guid: house.fiasGuid });
}

export function addEntrances(
  rows: Rows,
  { houseId, makeId }: HouseFrame,
  house: HouseFacts,
  count: number,
  now: Date,
): void {
  for (let number = 1; number <= count; number++) {
    addNamed(rows, 'entrance', {
      house_id: houseId,
      entrance_id: makeId<Id<'entrance'>>(now),
      number: String(number),
      storeys: house.storeys,
      year_built: house.yearBuilt,
    });
    if (house.storeys > 5)
      addNamed(rows, 'lift', {
        house_id: houseId,
        lift_id: makeId<Id<'lift'>>(now),
        entrance_number: String(number),
        factory_number: `Л-${house.yearBuilt}-${number}`,
        kind_code: '5011',
        service_limit: '25',
      });
  }
}

export interface Premises {
  category: 'residential' | 'non_residential';
  number: string;
  entrance: string | null;
  /** НСИ 30: 1 a separate flat, 2 a communal one. */
  characteristic: '1' | '2' | null;
  totalArea: number;
  livingArea: number | null;
  serial: number;
}

export function addPremises(rows: Rows, { houseId, makeId }: HouseFrame, premises: Premises, now: Date): PremisesId {
  const premisesId = makeId<PremisesId>(now);
  addNamed(rows, 'premises', {
    house_id: houseId,
    premises_id: premisesId,
    category: premises.category,
    number: premises.number,
    entrance_number: premises.entrance,
    characteristic_code: premises.characteristic,
    total_area: decimal(premises.totalArea),
    living_area: premises.livingArea === null ? null : decimal(premises.livingArea),
    cadastral_number: cadastral(premises.serial),
    common_property: false,
    confirmed: true,
    described: true,
    updated_at: now,
  });
  return premisesId;
}

export function addRoom(
  rows: Rows,
  { houseId, makeId }: HouseFrame,
  room: { premisesId: PremisesId; number: string; area: number },
  now: Date,
): RoomId {
  const roomId = makeId<RoomId>(now);
  addNamed(rows, 'room', {
    house_id: houseId,
    room_id: roomId,
    premises_id: room.premisesId,
    number: room.number,
    area: decimal(room.area),
    confirmed: true,
    updated_at: now,
  });
  return roomId;
}

export type Owner = { resident: Resident } | { organisation: { ogrn: string; name: string; municipal: boolean } };

export interface Right {
  premisesId: PremisesId;
  owner: Owner;
  share: readonly [number, number];
  registeredOn: Day;
  endedOn: Day | null;
  recordedBy: PersonId;
}

/** НСИ 8: 1 private, 3 municipal. */
export function addRight(rows: Rows, { houseId, makeId }: HouseFrame, right: Right, now: Date): void {
  const person = 'resident' in right.owner ? right.owner.resident : null;
  const organisation = 'organisation' in right.owner ? right.owner.organisation : null;
  const ownershipId = makeId<Id<'ownership'>>(now);
  addNamed(rows, 'ownership', {
    house_id: houseId,
    ownership_id: ownershipId,
    premises_id: right.premisesId,
    holder: person ? 'person' : 'organisation',
    family_name: person?.familyName ?? null,
    given_name: person?.givenName ?? null,
    middle_name: person?.middleName ?? null,
    snils: person?.snils ?? null,
    ogrn: organisation?.ogrn ?? null,
    organisation_name: organisation?.name ?? null,
    kind_code: organisation?.municipal ? '3' : '1',
    numerator: right.share[0],
    denominator: right.share[1],
    registration_number: `77:00:0000000:${Number.parseInt(ownershipId.slice(-6), 16)}-77/000/${right.registeredOn.slice(0, 4)}-1`,
    registered_on: right.registeredOn,
    ended_on: right.endedOn,
    recorded_by: right.recordedBy,
    updated_at: now,
  });
}

/** A house in an organisation's list: as its manager, as a provider of accounts, or both. */
export function addToList(
  rows: Rows,
  house: HouseFacts,
  { organisationId, premises, accounts }: { organisationId: OrganisationId; premises: number; accounts: number },
): void {
  addNamed(rows, 'organisation_house', {
    organisation_id: organisationId,
    house_id: house.houseId,
    address: house.shortAddress,
    manages: organisationId === house.manager.organisationId,
    premises,
    accounts,
  });
}
