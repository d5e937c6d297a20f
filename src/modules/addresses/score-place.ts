/** How well a place of the register answers the typed words. Pure. */
import { plainType } from './normalise.ts';
import type { Candidate } from './queries/search.ts';
import type { AddressQuery } from './read-query.ts';

export interface Attempt {
  query: AddressQuery;
  /** In Latin letters, as the columns hold them. */
  words: readonly string[];
  groups: readonly (readonly string[])[];
  own: readonly string[];
}

export interface Scored extends Candidate {
  score: number;
  /** Every typed word was found as it was typed. */
  whole: boolean;
  fit: number;
}

/** How well a place answers the typed words: 1 for each word of its own that was typed, less for a near one. */
export function score(candidate: Candidate, { query, words }: Attempt): Scored {
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
