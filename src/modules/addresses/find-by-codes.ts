/** «Классификационный код»: what the codes that a person typed name, houses first. */
import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { type Address, describeHouses, pathTo } from './find-address.ts';
import { printObject } from './print-address.ts';
import {
  type ObjectRow,
  selectAncestors,
  selectHousesByCode,
  selectHousesByGuid,
  selectObjectsByKladr,
  selectObjectsByOktmo,
} from './queries/read.ts';

/** Finds the ФИАС GUIDs of houses by codes that are published of them elsewhere: another module keeps those. */
export type HouseCodes = (db: Db, codes: readonly string[]) => Promise<readonly { code: string; fiasGuid: string }[]>;

/** A street or another place with everything it lies in. */
export interface NamedPlace {
  guid: string;
  /** «г. Москва, ул. Милашенкова». */
  label: string;
}

export interface ByCodes {
  houses: readonly Address[];
  /** Streets, settlements, cities; none when a house is named: that says more. */
  places: readonly NamedPlace[];
  /** Codes that name nothing. */
  unknown: readonly string[];
}

const MOST_CODES = 50;
const OKTMO = /^(\d{8}|\d{11})$/;

/** Codes as they are kept: without braces, with plain dashes, in lower case. */
const readCodes = (text: string): string[] => {
  const plain = text
    .toLowerCase()
    .replace(/[{}]/g, '')
    .replace(/[‐‑–—−]/g, '-');
  return [...new Set(plain.split(/[\s,;]+/).filter(Boolean))].slice(0, MOST_CODES);
};

/** A municipality is written with eight digits, or with eleven of which the last three are zeros. */
function formsOfOktmo(code: string): string[] {
  if (!OKTMO.test(code)) return [];
  if (code.length === 8) return [code, `${code}000`];
  return code.endsWith('000') ? [code, code.slice(0, 8)] : [code];
}

export async function findByCodes(db: Db, text: string, houseCodes?: HouseCodes): Promise<ByCodes> {
  const codes = readCodes(text);
  if (codes.length === 0) return { houses: [], places: [], unknown: [] };
  const told = (await houseCodes?.(db, codes)) ?? [];
  const guids = [...codes.filter(isUuid), ...told.map(({ fiasGuid }) => fiasGuid)];
  const rows = [...(await selectHousesByGuid(db, guids)), ...(await selectHousesByCode(db, codes))];
  const houses = await describeHouses(db, [...new Map(rows.map((row) => [row.guid, row])).values()]);
  const byKladr = await selectObjectsByKladr(db, codes);
  const byOktmo = await selectObjectsByOktmo(db, codes.flatMap(formsOfOktmo));
  const shown = new Set(houses.map(({ guid }) => guid));
  const known = new Set([
    ...rows.flatMap(({ guid, kladr, cadastralNumber }) => [guid, kladr, cadastralNumber]),
    ...told.filter(({ fiasGuid }) => shown.has(fiasGuid)).map(({ code }) => code),
    ...byKladr.map(({ kladr }) => kladr),
    ...byOktmo.flatMap(({ oktmo }) => formsOfOktmo(oktmo ?? '')),
  ]);
  return {
    houses,
    places: houses.length > 0 ? [] : await describePlaces(db, [...byKladr, ...byOktmo]),
    unknown: codes.filter((code) => !known.has(code)),
  };
}

async function describePlaces(db: Db, objects: readonly ObjectRow[]): Promise<NamedPlace[]> {
  if (objects.length === 0) return [];
  const ancestors = await selectAncestors(
    db,
    objects.map(({ objectId }) => objectId),
  );
  const places = new Map<string, NamedPlace>();
  for (const { guid, objectId } of objects)
    places.set(guid, { guid, label: pathTo(ancestors, objectId).map(printObject).join(', ') });
  const { compare } = new Intl.Collator('ru', { numeric: true });
  return [...places.values()].sort((a, b) => compare(a.label, b.label));
}
