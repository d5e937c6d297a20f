/** What a person typed as an address, taken apart: words of places, types, a house number, a flat. */
import { type HouseNumber, isHouseWord, isNumberTail, isPartWord, readHouseNumber } from './house-number.ts';
import { isOrdinalEnding, joinAbbreviations, placeType, type Token, tokenise } from './normalise.ts';

export interface AddressQuery {
  /** Words of names: the street, the city. */
  words: string[];
  /** Words that may be a type or a name («набережная»), with the canonical type. */
  types: { word: string; type: string }[];
  /** Numbers that belong to names for certain: «2-й». */
  ordinals: string[];
  /** The house number where its place is plain: at the end or after «д.». */
  house: HouseNumber | null;
  /** Numbers before names, which may belong to the name («8 Марта») or be the house («12 Милашенкова»). */
  loose: { number: string; house: HouseNumber }[];
  flat: string | null;
}

const FLAT_WORDS = new Set('кв квартира помещ помещение пом оф офис ком комната'.split(' '));
/** Longer texts are no addresses; the limit keeps one search cheap. */
const MOST_CHARACTERS = 300;
const MOST_WORDS = 8;

export function readQuery(text: string): AddressQuery {
  const tokens = tokenise(joinAbbreviations(text.slice(0, MOST_CHARACTERS)));
  const query: AddressQuery = { words: [], types: [], ordinals: [], house: null, loose: [], flat: null };
  const rest = takeFlat(query, tokens).filter((token) => !(token.isNumber && token.text.length === 6));
  const start = houseStart(rest);
  if (start !== null) {
    const end = houseEnd(rest, start);
    query.house = readHouseNumber(rest.slice(start, end));
    rest.splice(start, query.house ? end - start : 0);
  }
  takePlaces(query, rest);
  query.words = query.words.slice(0, MOST_WORDS);
  return query;
}

function takeFlat(query: AddressQuery, tokens: readonly Token[]): Token[] {
  const at = tokens.findIndex((token, index) => FLAT_WORDS.has(token.text) && tokens[index + 1]?.isNumber);
  // «кв. 5» also begins a квартал: it is a flat only after a number.
  if (at < 1 || !tokens.slice(0, at).some((token) => token.isNumber)) return [...tokens];
  let end = at + 2;
  while (tokens[end]?.glued) end++;
  query.flat = tokens.slice(at + 1, end).reduce((flat, token) => flat + token.joint + token.text, '');
  return [...tokens.slice(0, at), ...tokens.slice(end)];
}

/** Where the house number begins: after the last «д.», else the last run of number-like tokens at the end of the text. */
function houseStart(tokens: readonly Token[]): number | null {
  for (let at = tokens.length - 2; at >= 0; at--)
    if (isHouseWord(tokens[at]!.text) && tokens[at + 1]!.isNumber && !tokens[at]!.glued) return at;
  let at = tokens.length;
  while (at > 0 && isNumberTail(tokens[at - 1]!)) at--;
  while (at < tokens.length && !tokens[at]!.isNumber && !(isPartWord(tokens[at]!.text) && tokens[at + 1]?.isNumber))
    at++;
  while (at + 1 < tokens.length && isOrdinalEnding(tokens, at + 1)) at += 2;
  // «мира 12, арзамас16»: with another number before it, one that sticks to a word belongs to the word.
  const sticks = at > 0 && tokens[at]?.glued === true && tokens[at]!.joint !== '/';
  if (sticks && tokens.slice(0, at).some((token) => token.isNumber)) return null;
  return at < tokens.length && tokens.slice(at).some((token) => token.isNumber) ? at : null;
}

function houseEnd(tokens: readonly Token[], start: number): number {
  let end = start + (tokens[start]!.isNumber ? 1 : 2);
  while (end < tokens.length && isNumberTail(tokens[end]!)) {
    const { text, glued, isNumber } = tokens[end]!;
    const next = tokens[end + 1];
    // A part's word with its number or letters: «к. 2», «стр. тр», «лит. А».
    const part = isPartWord(text) && next !== undefined && (next.isNumber || next.text.length <= 2);
    // A single letter that is a place's type («г», «д») apart from the number begins the next part of the address.
    if (!part && !isNumber && !glued && next !== undefined && !next.isNumber) break;
    end += part ? 2 : 1;
  }
  return end;
}

function takePlaces(query: AddressQuery, tokens: readonly Token[]): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (isOrdinalEnding(tokens, at)) continue;
    if (token.isNumber) {
      if (isOrdinalEnding(tokens, at + 1)) query.ordinals.push(token.text);
      else {
        let end = at + 1;
        while (end < tokens.length && tokens[end]!.glued && isNumberTail(tokens[end]!)) end++;
        query.loose.push({ number: token.text, house: readHouseNumber(tokens.slice(at, end))! });
        at = end - 1;
      }
      continue;
    }
    const type = placeType(token.text);
    if (type !== null && !token.glued) query.types.push({ word: token.text, type });
    else if (token.text.length > 1 || token.joint === '-') query.words.push(token.text);
  }
}
