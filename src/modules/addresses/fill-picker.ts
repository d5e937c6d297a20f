/** The window «Выбор адреса» as a pure chain of forms: what was chosen in, the nine rows out. Needs no script. */
import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { type Child, childrenUnder, HOUSE_LEVEL } from './children-of.ts';
import { type Address, describeHouses, pathTo } from './find-address.ts';
import { findByCodes, type HouseCodes, type NamedPlace } from './find-by-codes.ts';
import { wordsOf } from './normalise.ts';
import { type ObjectRow, selectAncestors, selectHousesByGuid, selectObjectByGuid } from './queries/read.ts';

export const PICKER_ROWS = [
  { key: 'region', level: 1, label: 'Субъект РФ', placeholder: 'Выберите субъект РФ' },
  { key: 'district', level: 2, label: 'Район', placeholder: 'Выберите район' },
  { key: 'city', level: 5, label: 'Город', placeholder: 'Выберите город' },
  { key: 'settlement', level: 6, label: 'Населенный пункт', placeholder: 'Выберите населенный пункт' },
  {
    key: 'plan',
    level: 7,
    label: 'Элемент планировочной структуры',
    placeholder: 'Выберите элемент планировочной структуры',
  },
  { key: 'street', level: 8, label: 'Улица', placeholder: 'Выберите улицу' },
  { key: 'house', level: HOUSE_LEVEL, label: 'Номер здания', placeholder: 'Выберите номер здания' },
] as const;

export type RowKey = (typeof PICKER_ROWS)[number]['key'];
export type Selection = Partial<Record<RowKey, string>>;

export interface PickerInput {
  selected: Selection;
  /** What the page showed as chosen: tells which row the person changed. Null for a link from outside. */
  was: Selection | null;
  /** Codes of the house: ФИАС GUID, cadastral number, the state system's code, КЛАДР or ОКТМО, one or several. */
  code: string;
  /** Beginning of a name, for rows with more names than a list can hold. */
  find: string;
}

export interface PickerRow {
  key: RowKey;
  label: string;
  placeholder: string;
  options: readonly Child[];
  selected: string | null;
  /** All names there are; the options are fewer when the list is too long. */
  total: number;
}

export interface Picker {
  rows: readonly PickerRow[];
  /** The chosen house. */
  address: Address | null;
  /** Houses that codes named, to choose from. */
  named: readonly Address[];
  /** Places that codes named, to choose from: an ОКТМО is of many streets. */
  namedPlaces: readonly NamedPlace[];
  /** Codes that name nothing. */
  unknown: readonly string[];
}

/** A longer list is no list: it is narrowed by the beginning of the name. */
const LONGEST_LIST = 300;

/** Which selection holds after a change: a row that was changed rules over those below, and its own place over those above. */
function rulingGuids({ selected, was }: PickerInput): string[] {
  const chosen = PICKER_ROWS.map(({ key }) => selected[key] || null);
  const changed = was === null ? -1 : PICKER_ROWS.findIndex(({ key }, index) => (was[key] || null) !== chosen[index]);
  const kept = changed >= 0 && chosen[changed] === null ? chosen.slice(0, changed) : chosen;
  // The deepest first; one that does not lie in the changed row gives way to the next.
  const deepest = kept.filter((guid): guid is string => guid !== null).reverse();
  const ruling = changed >= 0 ? chosen[changed] : null;
  return ruling ? [...deepest.filter((guid) => guid !== ruling && kept.indexOf(guid) > changed), ruling] : deepest;
}

interface Place {
  path: ObjectRow[];
  house: Address | null;
}

async function placeOf(db: Db, guid: string): Promise<Place | null> {
  if (!isUuid(guid)) return null;
  const object = await selectObjectByGuid(db, guid);
  if (object) return { path: pathTo(await selectAncestors(db, [object.objectId]), object.objectId), house: null };
  const [house] = await selectHousesByGuid(db, [guid]);
  const [address] = house ? await describeHouses(db, [house]) : [];
  if (!house || !address) return null;
  return { path: pathTo(await selectAncestors(db, [house.parentId]), house.parentId), house: address };
}

async function choosePlace(db: Db, input: PickerInput): Promise<Place> {
  const candidates = rulingGuids(input);
  const ruling = input.was === null ? null : (candidates.at(-1) ?? null);
  for (const guid of candidates) {
    const place = await placeOf(db, guid);
    if (place && (ruling === null || guid === ruling || place.path.some((object) => object.guid === ruling)))
      return place;
  }
  return { path: [], house: null };
}

/** The rows of the window for what is chosen. Upper rows fill themselves; a row lists only what lies right under the row above. */
export async function fillPicker(db: Db, input: PickerInput, houseCodes?: HouseCodes): Promise<Picker> {
  const { houses, places, unknown } = await findByCodes(db, input.code, houseCodes);
  const [only, ...others] = [...houses, ...places];
  const byCode = only && others.length === 0 ? await placeOf(db, only.guid) : null;
  const { path, house } = byCode ?? (await choosePlace(db, input));
  const rows = await Promise.all(PICKER_ROWS.map((row) => fillRow(db, row, path, house, input.find)));
  const [named, namedPlaces] = byCode ? [[], []] : [houses, places];
  return { rows, address: house, named, namedPlaces, unknown };
}

async function fillRow(
  db: Db,
  row: (typeof PICKER_ROWS)[number],
  path: readonly ObjectRow[],
  house: Address | null,
  find: string,
): Promise<PickerRow> {
  const above = path.findLast(({ level }) => level < row.level) ?? null;
  const selected =
    row.level === HOUSE_LEVEL
      ? (house?.guid ?? null)
      : (path.findLast(({ level }) => level === row.level)?.guid ?? null);
  const all = row.level === 1 || above ? await childrenUnder(db, above, row.level) : [];
  const options = all.length > LONGEST_LIST ? narrow(all, find, selected) : all;
  const { key, label, placeholder } = row;
  return { key, label, placeholder, options, selected, total: all.length };
}

function narrow(all: readonly Child[], find: string, selected: string | null): Child[] {
  const wanted = wordsOf(find);
  const fits = ({ label }: Child) => {
    const words = wordsOf(label);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
  const found = wanted.length > 0 ? all.filter(fits).slice(0, LONGEST_LIST) : [];
  const chosen = all.find(({ guid }) => guid === selected);
  return chosen && !found.includes(chosen) ? [chosen, ...found] : found;
}
