import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { byName, byNumber } from './find-address.ts';
import { printHouse, printObject } from './print-address.ts';
import { type ObjectRow, selectChildren, selectHousesOf, selectObjectByGuid } from './queries/read.ts';

export const HOUSE_LEVEL = 10;

export interface Child {
  guid: string;
  level: number;
  label: string;
}

/** The rows of one level of the picker right under what is chosen: places by name, houses (level 10) by number. */
export async function childrenOf(db: Db, parentGuid: string | null, level: number): Promise<Child[]> {
  const parent = parentGuid !== null && isUuid(parentGuid) ? await selectObjectByGuid(db, parentGuid) : undefined;
  if (parentGuid !== null && !parent) return [];
  return childrenUnder(db, parent ?? null, level);
}

export async function childrenUnder(
  db: Db,
  parent: Pick<ObjectRow, 'objectId'> | null,
  level: number,
): Promise<Child[]> {
  if (level === HOUSE_LEVEL) {
    const houses = parent ? (await selectHousesOf(db, parent.objectId)).sort(byNumber) : [];
    return houses.map((house) => ({ guid: house.guid, level, label: printHouse(house) || 'без номера' }));
  }
  const objects = await selectChildren(db, parent?.objectId ?? null, level);
  return objects
    .map((object) => ({ guid: object.guid, level, name: object.name, label: printObject(object) }))
    .sort(byName)
    .map(({ guid, label }) => ({ guid, level, label }));
}
