/**
 * How the search of a desk walks through time. Each row knows the spans that its receipt falls into: the hour, and the 16, 256 and 4096
 * hours around it. A search looks into hours first, then into ever longer spans, and stops when the page is full. A span of the next
 * length is as long as all that was looked through before, so it holds about as much as was found before: less than a page. That is how
 * a search reads little more than it shows, whether its words are frequent or rare.
 */

const HOUR = 3_600_000;
const FACTOR = 16;
const LEVELS = [0, 1, 2, 3] as const;
/** Spans of different lengths never have one number. */
const LEVEL_STEP = 10_000_000;

const hourOf = (at: Date): number => Math.floor(at.getTime() / HOUR);
const codeOf = (level: number, index: number): number => level * LEVEL_STEP + index;

/** The spans of a receipt, as the desk's row keeps them. */
export const spansOf = (at: Date): number[] =>
  LEVELS.map((level) => codeOf(level, Math.floor(hourOf(at) / FACTOR ** level)));

/** Spans that cover all hours from `newest` down to `oldest`, both inclusive, newest first, none twice. */
export function spansBetween(oldest: Date, newest: Date): number[] {
  const first = hourOf(oldest);
  const codes: number[] = [];
  let hour = hourOf(newest);
  for (const level of LEVELS) {
    const length = FACTOR ** level;
    for (let walked = 0; hour >= first; walked += 1) {
      const isAligned = (hour + 1) % (length * FACTOR) === 0;
      if (level < LEVELS.length - 1 && walked >= FACTOR && isAligned) break;
      codes.push(codeOf(level, Math.floor(hour / length)));
      hour -= length;
    }
  }
  return codes;
}

/** Text as it is kept for the search and asked of it: the database's own locale may know no capital letters of ours. */
export const foldWords = (text: string): string => text.toLowerCase().replaceAll('ё', 'е');

/** Shorter beginnings of words are too many. */
const SHORTEST_BEGINNING = 3;
const MOST_WORDS = 10;

export interface WordsQuery {
  /** All the words as they are. */
  whole: string;
  /** The same with the last one unfinished; null when it is too short for that. */
  unfinished: string | null;
}

/**
 * A word in quotes goes through the same parser as the text: «12-34» is found whole. The parser takes the hyphen before figures for a
 * minus, and of the number 77-26-123456 people say the end.
 */
const asked = (word: string, ending = ''): string =>
  /^\d{4,}$/.test(word) ? `('${word}'${ending} | '-${word}'${ending})` : `'${word}'${ending}`;

/** What was typed as questions to the full-text search. Null when there are no words. */
export function wordsQuery(text: string): WordsQuery | null {
  const words = foldWords(text.toWellFormed().normalize('NFC').slice(0, 500))
    .split(/[^\p{L}\p{N}-]+/u)
    .map((word) => word.replace(/^-+|-+$/g, ''))
    .filter(Boolean)
    .slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const last = words.at(-1)!;
  const whole = words.map((word) => asked(word)).join(' & ');
  const unfinished = [...words.slice(0, -1).map((word) => asked(word)), asked(last, ':*')].join(' & ');
  return { whole, unfinished: last.length >= SHORTEST_BEGINNING ? unfinished : null };
}
