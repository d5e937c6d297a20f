import type { Db } from '../../platform/database/database.ts';
import type { NsiItem } from './classifiers.ts';
import { selectItemByCode, selectItemByGuid, selectItems, selectRegions } from './queries.ts';

export type { NsiItem, NsiReference, NsiValue } from './classifiers.ts';
export { loadClassifiers } from './load-classifiers.ts';
export { loadRegions } from './load-regions.ts';

/** All rows of a classifier in their order, withdrawn ones too: a form offers those with `actual`. */
export const listItems = (db: Db, registry: number): Promise<NsiItem[]> => selectItems(db, registry);

/** A row by its code, the one in force first; null when there is none. */
export const findItem = async (db: Db, registry: number, code: string): Promise<NsiItem | null> =>
  (await selectItemByCode(db, registry, code)) ?? null;

export const findItemByGuid = async (db: Db, registry: number, guid: string): Promise<NsiItem | null> =>
  (await selectItemByGuid(db, registry, guid.toLowerCase())) ?? null;

/** Regions by name, with their codes and time zones. */
export const listRegions = (db: Db) => selectRegions(db);
