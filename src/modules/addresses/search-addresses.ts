import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { type Address, byNumber, describeHouses, pathTo } from './find-address.ts';
import { leadingDigits, matchNumber } from './house-number.ts';
import { latin } from './normalise.ts';
import { printFull, printObject } from './print-address.ts';
import {
  type HouseRow,
  selectAncestors,
  selectHousesByGuid,
  selectHousesByNumber,
  selectHousesOf,
} from './queries/read.ts';
import { type Candidate, selectCandidates } from './queries/search.ts';
import { type AddressQuery, readQuery } from './read-query.ts';
import { type Attempt, type Scored, score } from './score-place.ts';

export interface SearchOptions {
  limit?: number;
  /** Only this region: «77». */
  regionCode?: string;
  /** GUIDs of the caller's own houses: they and their streets come first among equals. */
  own?: readonly string[];
}

export interface FoundHouse extends Address {
  /** The number is the one that was typed, and every word of the place was found. */
  exact: boolean;
  /** Of several exact houses those of the greatest fit answer best: the same number, no word too many, the type that was named. */
  fit: number;
}

export interface FoundPlace {
  guid: string;
  level: number;
  /** «г. Москва, ул. Милашенкова». */
  full: string;
  label: string;
}

export interface SearchResult {
  /** A house number was typed: without an exact house the houses are near ones. */
  numbered: boolean;
  houses: readonly FoundHouse[];
  /** Streets and settlements whose names answer, the best first. */
  places: readonly FoundPlace[];
}

const DEFAULT_LIMIT = 10;
/** Streets whose houses are looked at. */
const MOST_STREETS = 60;

/** A typed text must not act as a pattern: the tokens are letters and digits only, so nothing has to be escaped. */
const begins = (word: string): string => `% ${word}%`;
/** One wrong letter leaves one half of a word whole. */
function fuzzy(word: string): string[] {
  if (word.length < 4) return [begins(word)];
  const half = Math.floor(word.length / 2);
  return [begins(word.slice(0, half)), `%${word.slice(half)}%`, `%${word.slice(-half)}%`];
}

/**
 * Finds houses by one line of text: words in any order, abbreviations, ё as е, «12к2», Latin look-alikes, one wrong letter a word.
 * Exact houses come first. Nothing is looked for without the name of a street or a place.
 */
export async function searchAddresses(db: Db, text: string, options: SearchOptions = {}): Promise<SearchResult> {
  const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase();
  if (guid && isUuid(guid)) {
    const houses = await describeHouses(db, await selectHousesByGuid(db, [guid]));
    return { houses: houses.map((house) => ({ ...house, exact: true, fit: 0 })), places: [], numbered: true };
  }
  const query = readQuery(text);
  let best: Found = { candidates: [], houses: [] };
  for (const attempt of attempts(query)) {
    const found = await lookFor(db, attempt, options);
    if (found.houses.some(({ rank }) => rank < 2) || (!wantsHouse(query) && found.candidates.length > 0)) {
      best = found;
      break;
    }
    if (best.candidates.length === 0 || (best.houses.length === 0 && found.houses.length > 0)) best = found;
  }
  return { ...(await present(db, best, options.limit ?? DEFAULT_LIMIT)), numbered: wantsHouse(query) };
}

const wantsHouse = (query: AddressQuery): boolean => query.house !== null || query.loose.length > 0;

/** From the strict to the lenient; the next is tried only when the one before found no house. */
function* attempts(query: AddressQuery): Generator<Attempt> {
  const exact = (words: readonly string[]): Attempt => ({
    query,
    words,
    groups: words.map((word) => [begins(word)]),
    own: words.map(begins),
  });
  const words = query.words.map(latin).filter(Boolean);
  if (words.length > 0) yield exact(words);
  // «Набережная» may be the type or the name.
  const named = query.types.filter(({ word }) => word.length > 2).map(({ word }) => latin(word));
  if (named.length > 0) yield exact([...words, ...named]);
  for (const name of named.length > 1 ? named : []) yield exact([...words, name]);
  const lenient = words.filter((word) => word.length > 1);
  if (lenient.length > 0) yield { query, words: lenient, groups: lenient.map(fuzzy), own: lenient.flatMap(fuzzy) };
  // A word that the register does not have («подъезд», a district) must not hide the street.
  if (words.length > 1) for (const left of words) yield exact(words.filter((word) => word !== left));
}

interface RankedHouse {
  house: HouseRow;
  street: Scored;
  rank: number;
  exact: boolean;
  fit: number;
}
interface Found {
  candidates: readonly Scored[];
  houses: readonly RankedHouse[];
}

async function lookFor(db: Db, attempt: Attempt, options: SearchOptions): Promise<Found> {
  const region = options.regionCode ? Number(options.regionCode) : null;
  const rows = await selectCandidates(db, {
    own: attempt.own,
    groups: attempt.groups,
    text: attempt.words.join(' '),
    region,
  });
  const candidates = rows
    .map((row) => score(row, attempt))
    .filter((row) => row.score > 0)
    .sort((a, b) => b.score - a.score);
  const houses = await housesOn(db, attempt.query, candidates.slice(0, MOST_STREETS));
  const own = new Set(options.own ?? []);
  const order = (one: RankedHouse) => one.rank * 100 - one.street.score - (own.has(one.house.guid) ? 50 : 0);
  return { candidates, houses: houses.sort((a, b) => order(a) - order(b) || byNumber(a.house, b.house)) };
}

/** The number wanted on a street: a number that is part of the street's name is not the house's. */
function numberFor(query: AddressQuery, street: Candidate): { key: string; type: number | null } | null {
  if (query.house) return query.house;
  const own = street.words.trim().split(' ');
  const place = street.placeWords.trim().split(/\s+/);
  const left = query.loose.filter(({ number }) => !own.includes(number));
  // «12к2» is a house for certain; a bare number may also be a part of the town's name («Арзамас-16»).
  const certain = left.find(({ number, house }) => house.key !== number);
  return (certain ?? left.find(({ number }) => !place.includes(number)) ?? left[0])?.house ?? null;
}

async function housesOn(db: Db, query: AddressQuery, streets: readonly Scored[]): Promise<RankedHouse[]> {
  const byId = new Map(streets.map((street) => [street.objectId, { street, wanted: numberFor(query, street) }]));
  const numbered = [...byId.values()].flatMap(({ street, wanted }) =>
    wanted ? [{ parentId: street.objectId, key: wanted.key, digits: leadingDigits(wanted.key) }] : [],
  );
  const rows = numbered.length > 0 ? await selectHousesByNumber(db, numbered) : [];
  return rows.flatMap((house) => {
    const { street, wanted } = byId.get(house.parentId)!;
    const match = wanted ? matchNumber(wanted.key, house.numberKey) : null;
    if (match === null || !wanted) return [];
    // Of two houses of one number the named type comes first, else the dwelling house.
    const type = house.houseType === (wanted.type ?? 2) ? 0 : 0.1;
    const named = wanted.type !== null && house.houseType === wanted.type ? 0.5 : 0;
    const fit = street.fit + named - match * 100;
    // A building of the number (17 к. 1) stands before a house of another letter (17А).
    const letter = match === 2 && !/^(?:соор|лит|[кс/-])/.test(house.numberKey.slice(wanted.key.length)) ? 0.2 : 0;
    return [{ house, street, rank: match + type + letter, exact: match < 2 && street.whole, fit }];
  });
}

async function present(db: Db, found: Found, limit: number): Promise<Omit<SearchResult, 'numbered'>> {
  const top = found.candidates[0];
  let ranked = found.houses.slice(0, limit);
  if (ranked.length === 0 && top) {
    const houses = (await selectHousesOf(db, top.objectId)).sort(byNumber).slice(0, limit);
    ranked = houses.map((house) => ({ house, street: top, rank: 9, exact: false, fit: 0 }));
  }
  const addresses = await describeHouses(
    db,
    ranked.map(({ house }) => house),
  );
  return {
    houses: addresses.map((address, index) => ({ ...address, exact: ranked[index]!.exact, fit: ranked[index]!.fit })),
    places: await describePlaces(db, found.candidates.slice(0, limit)),
  };
}

async function describePlaces(db: Db, candidates: readonly Candidate[]): Promise<FoundPlace[]> {
  const ancestors = await selectAncestors(
    db,
    candidates.map(({ objectId }) => objectId),
  );
  return candidates.map(({ objectId, guid, level, name, typeName }) => ({
    guid,
    level,
    full: printFull(null, pathTo(ancestors, objectId), null),
    label: printObject({ name, typeName, level }),
  }));
}
