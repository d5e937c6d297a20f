import type { Db } from '../../platform/database/database.ts';
import { isUuid } from '../../platform/ids.ts';
import { type Address, byNumber, describeHouses, pathTo } from './find-address.ts';
import { leadingDigits, matchNumber } from './house-number.ts';
import { plainType } from './normalise.ts';
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
  houses: readonly FoundHouse[];
  /** Streets and settlements whose names answer, the best first. */
  places: readonly FoundPlace[];
}

interface Scored extends Candidate {
  score: number;
  /** Every typed word was found as it was typed. */
  whole: boolean;
  fit: number;
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
    return { houses: houses.map((house) => ({ ...house, exact: true, fit: 0 })), places: [] };
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
  return present(db, best, options.limit ?? DEFAULT_LIMIT);
}

const wantsHouse = (query: AddressQuery): boolean => query.house !== null || query.loose.length > 0;

interface Attempt {
  query: AddressQuery;
  words: readonly string[];
  groups: readonly (readonly string[])[];
  own: readonly string[];
}

/** From the strict to the lenient; the next is tried only when the one before found no house. */
function* attempts(query: AddressQuery): Generator<Attempt> {
  const exact = (words: readonly string[]): Attempt => ({
    query,
    words,
    groups: words.map((word) => [begins(word)]),
    own: words.map(begins),
  });
  const { words } = query;
  if (words.length > 0) yield exact(words);
  // «Набережная» may be the type or the name.
  const named = query.types.filter(({ word }) => word.length > 2).map(({ word }) => word);
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
  const order = (one: RankedHouse) => one.rank * 100 - one.street.score - (own.has(one.house.guid) ? 10 : 0);
  return { candidates, houses: houses.sort((a, b) => order(a) - order(b) || byNumber(a.house, b.house)) };
}

/** How well a place answers the typed words: 1 for each word of its own that was typed, less for a near one. */
function score(candidate: Candidate, { query, words }: Attempt): Scored {
  const own = candidate.words.trim().split(' ');
  const place = candidate.placeWords.trim().split(/\s+/);
  let points = 0;
  let whole = true;
  for (const word of words) {
    const inOwn = likeness(word, own);
    const inPlace = likeness(word, place);
    if (inPlace < 0.5) return { ...candidate, score: 0, whole: false, fit: 0 };
    points += inOwn * 2 + inPlace;
    whole &&= inPlace === 1;
  }
  const numbers = own.filter((word) => /^\d/.test(word));
  const typed = [...query.ordinals, ...query.loose.map(({ number }) => number)];
  const missing = numbers.filter((number) => !typed.includes(number)).length;
  const strange = query.ordinals.filter((number) => !numbers.includes(number)).length;
  const type = plainType(candidate.typeName);
  const named = query.types.filter((one) => one.type !== '');
  // A type said in full or short that is another one: «проспект Мира» is no «улица Мира», but it may be all there is.
  const typeFits =
    named.length === 0 ? 0 : named.some((one) => one.type === type || plainType(one.word) === type) ? 1 : -0.5;
  points += typeFits - missing - strange * 2 + (numbers.length - missing) - own.length * 0.1 + candidate.level * 0.01;
  // «Арзамас-16»: the number of a place above.
  points += query.loose.filter(({ number }) => !numbers.includes(number) && place.includes(number)).length * 0.5;
  const extra = own.filter((word) => !/^\d/.test(word) && !words.includes(word)).length + missing;
  return { ...candidate, score: Math.max(points, 0.01), whole: whole && strange === 0, fit: typeFits - extra * 10 };
}

/** 1 for a word or its beginning of at least half, less by the share of letters that differ. */
function likeness(word: string, words: readonly string[]): number {
  let best = 0;
  for (const other of words) {
    if (other === word) return 1;
    const start = other.startsWith(word) ? 0.9 : 0;
    const near = 1 - distance(word, other) / Math.max(word.length, other.length, 1);
    best = Math.max(best, start, near > 0.6 ? near * 0.95 : 0, other.includes(word) && word.length > 4 ? 0.8 : 0);
    if (word.length > other.length && word.includes(other) && other.length > 4) best = Math.max(best, 0.7);
  }
  return best;
}

/** Letters to change, add, drop or swap. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1);
      next.push(value);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** The number wanted on a street: a number that is part of the street's name is not the house's. */
function numberFor(query: AddressQuery, street: Candidate): { key: string; type: number | null } | null {
  if (query.house) return query.house;
  const own = street.words.trim().split(' ');
  const place = street.placeWords.trim().split(/\s+/);
  const left = query.loose.filter(({ number }) => !own.includes(number));
  return (left.find(({ number }) => !place.includes(number)) ?? left[0])?.house ?? null;
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
    return [{ house, street, rank: match + type, exact: match < 2 && street.whole, fit }];
  });
}

async function present(db: Db, found: Found, limit: number): Promise<SearchResult> {
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
