import type { Address } from '../src/modules/addresses/index.ts';
import type { HouseId } from '../src/platform/ids.ts';
import type { HouseFacts } from './house-rows.ts';
import { type DemoOrganisationKey, providerOf } from './organisations.ts';
import { idsOf } from './random.ts';

/** A house of the district: real address and storeys, all other figures made up. */
interface DistrictHouse {
  fiasGuid: string;
  manager: DemoOrganisationKey;
  yearBuilt: number;
  storeys: number;
  entrances: number;
  /** Flats; 0: only the passport of the house is entered. */
  flats: number;
  /** Who bills for water and upkeep: the providers themselves, or a settlement centre for them. */
  billing: 'providers' | 'providers and waste' | 'centre';
  latitude: number;
  longitude: number;
}

const passport = (
  fiasGuid: string,
  manager: DemoOrganisationKey,
  yearBuilt: number,
  storeys: number,
  [latitude, longitude]: readonly [number, number],
): DistrictHouse => ({
  fiasGuid,
  manager,
  yearBuilt,
  storeys,
  entrances: 4,
  flats: 0,
  billing: 'providers',
  latitude,
  longitude,
});

export const DISTRICT: readonly DistrictHouse[] = [
  // Аргуновская улица, 18; улица Цандера, 7; 1-я Останкинская улица, 21.
  {
    ...passport('f1516d78-e610-5582-9da0-2f3698159abb', 'dubravushka', 1966, 9, [55.819925, 37.621707]),
    entrances: 1,
    flats: 36,
  },
  {
    ...passport('cd661107-25d6-504a-9299-ac09dfffbd91', 'tikhiy-dvor', 1987, 12, [55.81829, 37.626779]),
    entrances: 1,
    flats: 48,
    billing: 'providers and waste',
  },
  {
    ...passport('0c99bcc2-2e6b-5412-8fae-94b5609755bf', 'dubravushka', 1961, 5, [55.824595, 37.621562]),
    entrances: 2,
    flats: 40,
    billing: 'centre',
  },
  passport('56dd3961-455c-5e5d-abdb-aa671a0d5a9b', 'dubravushka', 1998, 16, [55.818885, 37.622476]),
  passport('9679dd10-e194-5020-a3c2-a8dbafb7ebb4', 'dubravushka', 1979, 12, [55.818993, 37.621051]),
  passport('21f4d8e5-a065-5048-b75e-37a11848c169', 'dubravushka', 1958, 8, [55.820829, 37.628381]),
  passport('7d37218e-de1f-53c7-8f68-86f717e6e24c', 'dubravushka', 1962, 5, [55.824738, 37.618886]),
  passport('1eb2c604-9ae3-50ff-988a-ff967ab6a013', 'tikhiy-dvor', 1962, 5, [55.824661, 37.620693]),
  passport('85dc2f02-a472-5a8c-98fd-9d60dcfd65da', 'tikhiy-dvor', 2001, 16, [55.820387, 37.624852]),
  passport('2c4a7295-ab4b-5dd5-9aa4-089a9223f3ed', 'tikhiy-dvor', 1957, 8, [55.820553, 37.621411]),
  passport('426cd94e-7e60-50e9-9736-1bb63ed620a8', 'tikhiy-dvor', 1993, 16, [55.816731, 37.624203]),
  passport('9914daba-4c58-517b-beef-ec4e05c03512', 'tikhiy-dvor', 1964, 5, [55.8086, 37.5755]),
];

const BUILT = new Date('2024-02-05T08:00:00Z');

export function houseFacts(house: DistrictHouse, serial: number, address: Address): HouseFacts {
  return {
    houseId: idsOf('house', house.fiasGuid)<HouseId>(BUILT),
    fiasGuid: house.fiasGuid,
    address: address.full,
    shortAddress: address.short,
    postalIndex: address.postalIndex,
    manager: providerOf(house.manager),
    managedFrom: '2024-03-01' as HouseFacts['managedFrom'],
    yearBuilt: house.yearBuilt,
    storeys: house.storeys,
    totalArea: (house.flats || house.storeys * house.entrances * 4) * 520_000 + serial * 1_300_000,
    wearPercent: Math.min(70, 2026 - house.yearBuilt),
    latitude: house.latitude,
    longitude: house.longitude,
  };
}
