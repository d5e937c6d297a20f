/** Numbers of houses: one key for «12 к. 2 стр. 1», «12К2С1», «12 корпус 2, строение 1» and the register's five columns. */
import { type Token, tokenise } from './normalise.ts';

/** Words for parts of a number. The first form is what the key holds. */
const PARTS = ['к корп корпус кор', 'с стр строение строен', 'соор сооружение сооруж', 'лит литера литер'];
const PART_OF = new Map(PARTS.flatMap((forms) => forms.split(' ').map((form) => [form, forms.split(' ')[0]!])));
/** Parts by the register's types of additional numbers: 1 к., 2 стр., 3 соор., 4 литера. */
const ADDITION = ['', 'к', 'с', 'соор', 'лит'];

/** Words before a house's number, with the register's house type where they name one. «д» is both a house and a village. */
const HOUSE_WORDS = new Map<string, number | null>([
  ['д', 2],
  ['дом', 2],
  ['вл', 1],
  ['влд', 1],
  ['владение', 1],
  ['двлд', 3],
  ['домовладение', 3],
  ['зд', 5],
  ['здание', 5],
  ['гж', 4],
  ['гараж', 4],
]);
/** A part's word before the first number makes it the type of the building: «стр. 5». */
const PART_TYPE: Readonly<Record<string, number>> = { к: 10, с: 7, соор: 8, лит: 9 };

export const isHouseWord = (word: string): boolean => HOUSE_WORDS.has(word);
export const isPartWord = (word: string): boolean => PART_OF.has(word);

/** A token that may stand in a house number after its first digits: another number, a part's word, a letter, two letters right after («1АА»). */
export const isNumberTail = (token: Token): boolean =>
  token.isNumber || isPartWord(token.text) || token.text.length === 1 || (token.glued && token.text.length === 2);

export interface HouseNumber {
  /** «12к2с1». */
  key: string;
  /** The register's house type that was named, if any. */
  type: number | null;
}

/** Reads the tokens of a house number. @returns null when they hold no number */
export function readHouseNumber(tokens: readonly Token[]): HouseNumber | null {
  let key = '';
  let type: number | null = null;
  for (const token of tokens) {
    const part = PART_OF.get(token.text);
    if (HOUSE_WORDS.has(token.text) && !token.glued && !/\d/.test(key)) type = HOUSE_WORDS.get(token.text) ?? null;
    else if (part && !/\d/.test(key)) type = PART_TYPE[part] ?? null;
    else if (part) key += part;
    else if (token.isNumber && /\d$/.test(key)) key += `${token.joint || '/'}${token.text}`;
    else key += token.joint === '/' ? `/${token.text}` : token.text;
  }
  return /\d/.test(key) ? { key, type } : null;
}

export interface RegisterNumber {
  number: string | null;
  additionType1: number | null;
  addition1: string | null;
  additionType2: number | null;
  addition2: string | null;
}

const glue = (text: string | null): string => {
  const tokens = tokenise(text ?? '');
  return readHouseNumber(tokens)?.key ?? tokens.map((token) => token.text).join('');
};

/** The key of a house as the register gives it. */
export function houseKey(house: RegisterNumber): string {
  const addition = (type: number | null, text: string | null) =>
    text ? `${ADDITION[type ?? 1] ?? 'к'}${glue(text)}` : '';
  return `${glue(house.number)}${addition(house.additionType1, house.addition1)}${addition(house.additionType2, house.addition2)}`;
}

/** The digits that a key begins with: houses of one number with all their buildings share them. */
export const leadingDigits = (key: string): string => /^\d+/.exec(key)?.[0] ?? key;

const SEPARATORS = /(?:соор|лит|[кс/-])(?=\d)/g;

/**
 * How well a house answers a wanted number: 0 the same, 1 the same with another separator (12/2 for 12к2),
 * 2 a building of that number (12к2 for 12), 3 a longer number (120 for 12), null another house.
 */
export function matchNumber(wanted: string, key: string): 0 | 1 | 2 | 3 | null {
  if (wanted === key) return 0;
  if (wanted.replace(SEPARATORS, '/') === key.replace(SEPARATORS, '/')) return 1;
  if (!key.startsWith(wanted)) return null;
  return /\d$/.test(wanted) && /^\d/.test(key.slice(wanted.length)) ? 3 : 2;
}
