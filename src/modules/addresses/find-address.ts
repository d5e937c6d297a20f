import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { printFull, printHouse, printIndex, printObject, printShort } from './print-address.ts';
import {
  type HouseRow,
  type ObjectRow,
  selectAncestors,
  selectHousesByGuid,
  selectHousesOf,
  selectObjectByGuid,
  selectZones,
} from './queries/read.ts';

export interface PathPart {
  guid: string;
  level: number;
  /** «ул. Милашенкова». */
  label: string;
}

export interface Address {
  /** ФИАС GUID of the house (OBJECTGUID): its key in every exchange. */
  guid: string;
  /** «127220, г. Москва, проезд Петровско-Разумовский, д. 12». */
  full: string;
  /** «проезд Петровско-Разумовский, д. 12». */
  short: string;
  /** «д. 12». */
  house: string;
  postalIndex: string | null;
  oktmo: string | null;
  /** «77». */
  regionCode: string;
  /** IANA time zone. */
  zone: string;
  cadastralNumber: string | null;
  kladr: string | null;
  isApartmentHouse: boolean;
  /** What the house stands in, the region first. */
  path: readonly PathPart[];
  /** The municipality of the municipal tree; null where the register names none. */
  municipality: { name: string; oktmo: string | null } | null;
  /** Since when the register has the house no longer («2026-11-23»): НСИ 330, code 5. */
  goneOn: string | null;
}

/** Regions that the table of regions does not know keep Moscow's time. */
const DEFAULT_ZONE = 'Europe/Moscow';
/** A chain longer than any real one: a circle of parents must not hang a page. */
const LONGEST_PATH = 20;

export type Ancestors = ReadonlyMap<bigint, ObjectRow>;

/** The objects from the region down to the given one, in one of the two trees. */
export function pathTo(
  ancestors: Ancestors,
  objectId: bigint | null,
  tree: 'administrative' | 'municipal' = 'administrative',
) {
  const path: ObjectRow[] = [];
  let at = objectId === null ? undefined : ancestors.get(objectId);
  while (at && path.length < LONGEST_PATH) {
    path.unshift(at);
    const up = tree === 'municipal' ? (at.municipalParentId ?? at.parentId) : at.parentId;
    at = up === null ? undefined : ancestors.get(up);
  }
  return path;
}

/** The value of the house itself, else of the nearest object above it. */
function nearest<Key extends 'postalIndex' | 'oktmo'>(house: HouseRow, path: readonly ObjectRow[], key: Key) {
  return house[key] ?? path.findLast((object) => object[key] !== null)?.[key] ?? null;
}

const MUNICIPAL_LEVELS = new Set([3, 4]);

function describeHouse(house: HouseRow, ancestors: Ancestors, zones: ReadonlyMap<string, string>): Address {
  const path = pathTo(ancestors, house.parentId);
  const municipal = pathTo(ancestors, house.municipalParentId ?? house.parentId, 'municipal');
  const municipality = municipal.findLast(({ level }) => MUNICIPAL_LEVELS.has(level));
  const postalIndex = printIndex(nearest(house, path, 'postalIndex'));
  const oktmo = nearest(house, path, 'oktmo');
  const regionCode = house.region.toString().padStart(2, '0');
  return {
    guid: house.guid,
    full: printFull(postalIndex, path, house),
    short: printShort(path, house),
    house: printHouse(house),
    postalIndex,
    oktmo,
    regionCode,
    zone: zones.get(regionCode) ?? DEFAULT_ZONE,
    cadastralNumber: house.cadastralNumber,
    kladr: house.kladr,
    isApartmentHouse: house.apartmentHouse,
    path: path.map((object) => ({ guid: object.guid, level: object.level, label: printObject(object) })),
    municipality: municipality ? { name: printObject(municipality), oktmo: municipality.oktmo ?? oktmo } : null,
    goneOn: house.goneOn,
  };
}

/** Whole addresses of houses, in the order of the rows. */
export async function describeHouses(db: Db, houses: readonly HouseRow[]): Promise<Address[]> {
  if (houses.length === 0) return [];
  const parents = new Set(
    houses.flatMap(({ parentId, municipalParentId }) => [parentId, municipalParentId ?? parentId]),
  );
  const ancestors = await selectAncestors(db, [...parents]);
  const codes = new Set(houses.map(({ region }) => region.toString().padStart(2, '0')));
  const zones = await selectZones(db, [...codes]);
  return houses.map((house) => describeHouse(house, ancestors, zones));
}

/** The address of a house by its ФИАС GUID, of houses that the register has no longer too; null when it never had it. */
export async function findAddress(db: Db, fiasGuid: string): Promise<Address | null> {
  const guid = fiasGuid.trim().toLowerCase();
  if (!isUuid(guid)) return null;
  return (await describeHouses(db, await selectHousesByGuid(db, [guid])))[0] ?? null;
}

/** Addresses of several houses at the cost of one, by GUID. Unknown GUIDs are absent. */
export async function findAddresses(db: Db, fiasGuids: readonly string[]): Promise<Map<string, Address>> {
  const guids = [...new Set(fiasGuids.map((guid) => guid.trim().toLowerCase()).filter(isUuid))];
  const found = await describeHouses(db, await selectHousesByGuid(db, guids));
  return new Map(found.map((address) => [address.guid, address]));
}

/** Which of the houses the register has no longer, with the day each left: they are in use and must be looked at. */
export async function findGoneAddresses(db: Db, fiasGuids: readonly string[]): Promise<Map<string, string>> {
  const houses = await selectHousesByGuid(db, fiasGuids.map((guid) => guid.toLowerCase()).filter(isUuid));
  return new Map(houses.flatMap(({ guid, goneOn }) => (goneOn ? [[guid, goneOn] as const] : [])));
}

/** The houses of a street in the order of their numbers. */
export async function housesOf(db: Db, streetGuid: string): Promise<Address[]> {
  const street = isUuid(streetGuid) ? await selectObjectByGuid(db, streetGuid) : undefined;
  return street ? describeHouses(db, (await selectHousesOf(db, street.objectId)).sort(byNumber)) : [];
}

const collator = new Intl.Collator('ru', { numeric: true });
/** 2, 2а, 10, 10к2: as people count. */
export const byNumber = (
  a: Pick<HouseRow, 'numberKey' | 'houseType'>,
  b: Pick<HouseRow, 'numberKey' | 'houseType'>,
): number => collator.compare(a.numberKey, b.numberKey) || (a.houseType === 2 ? 0 : 1) - (b.houseType === 2 ? 0 : 1);
export const byName = (a: { label: string; name: string }, b: { label: string; name: string }): number =>
  collator.compare(a.name, b.name) || collator.compare(a.label, b.label);
