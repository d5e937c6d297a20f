import type { Db } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { type Address, findAddress } from '../addresses/index.ts';
import { listRegions } from '../classifiers/index.ts';
import { findHouseByFias, readHouse } from '../houses/index.ts';
import type { DraftContent } from './draft.ts';
import { selectTerritory } from './queries/read-appeals.ts';

export type Place = Pick<
  DraftContent,
  'fiasGuid' | 'address' | 'isTerritory' | 'regionCode' | 'oktmo' | 'municipality'
>;

/** A house by its ФИАС GUID, with the municipality that the register names; null when neither the register nor we know it. */
export async function findHousePlace(db: Db, fiasGuid: string): Promise<Place | null> {
  const [address, houseId] = await Promise.all([findAddress(db, fiasGuid), findHouseByFias(db, fiasGuid)]);
  const house = houseId ? await readHouse(db, houseId) : null;
  if (house?.kindCode === 'territory' || (!address && !house)) return null;
  const oktmo = address?.municipality?.oktmo ?? address?.oktmo ?? house?.oktmo ?? '';
  return {
    fiasGuid: house?.fiasGuid ?? address!.guid,
    address: address?.full ?? house!.address,
    isTerritory: false,
    regionCode: address?.regionCode ?? house!.regionCode,
    oktmo,
    municipality: address?.municipality?.name ?? (oktmo && address ? cityOf(address) : ''),
  };
}

/** Where the register has a code and no municipality of it: the city or the district that the code is of. */
const cityOf = ({ path }: Address): string => path.findLast(({ level }) => CITIES.has(level))?.label ?? '';
const CITIES = new Set([1, 2, 5]);

/** The house row that an appeal about the place lives in: the house's, else the territory's; null while there is neither. */
export async function findHouseRow(db: Db, place: Pick<Place, 'fiasGuid' | 'oktmo'>): Promise<HouseId | null> {
  const house = place.fiasGuid ? await findHouseByFias(db, place.fiasGuid) : null;
  return house ?? (place.oktmo ? selectTerritory(db, place.oktmo) : null);
}

/** Region codes with names, zones and ОКТМО. */
export async function findRegion(db: Db, regionCode: string) {
  return (await listRegions(db)).find(({ code }) => code === regionCode) ?? null;
}
