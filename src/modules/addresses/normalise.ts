/** The one form in which names and typed words are compared: lower case, ё as е, no look-alike Latin letters, digits apart from letters. */

const LOOK_ALIKE: Readonly<Record<string, string>> = {
  a: 'а',
  b: 'в',
  c: 'с',
  e: 'е',
  h: 'н',
  k: 'к',
  m: 'м',
  o: 'о',
  p: 'р',
  t: 'т',
  x: 'х',
  y: 'у',
};

/** Only a token all of whose Latin letters look Russian: «K2» is «К2», but «XXII» stays what it is. */
export function asCyrillic(token: string): string {
  if (!/[a-z]/.test(token)) return token;
  let result = '';
  for (const letter of token) {
    const twin = /[a-z]/.test(letter) ? LOOK_ALIKE[letter] : letter;
    if (twin === undefined) return token;
    result += twin;
  }
  return result;
}

export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[‐-―−]/g, '-');

export interface Token {
  text: string;
  isNumber: boolean;
  /** Stands right after the token before it, or with a hyphen between: «2-й», «12к». */
  glued: boolean;
  /** A hyphen or a slash stands before it. */
  joint: '' | '-' | '/';
}

/** Numbers and words of a text in order. Punctuation only parts them; a slash or hyphen inside a number is remembered. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\d+|\p{L}+/gu;
  const source = plain(text);
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    const between = source.slice(end, match.index);
    const joint = between === '/' || between === '-' ? between : '';
    tokens.push({
      text: asCyrillic(match[0]),
      isNumber: /^\d/.test(match[0]),
      glued: tokens.length > 0 && (between === '' || joint !== ''),
      joint,
    });
    end = match.index + match[0].length;
  }
  return tokens;
}

/** Endings of ordinal numbers. «е» is left out: it is a letter of houses too, and counts as an ending only before a word. */
const ORDINAL = new Set('й я ая ый ий ой ое ье го ого му ых ти ми х'.split(' '));

/** «2-й», «3я», «26-го»: the token after a number is its ending. */
export function isOrdinalEnding(tokens: readonly Token[], index: number): boolean {
  const [before, token, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (!before?.isNumber || !token?.glued || token.isNumber) return false;
  if (ORDINAL.has(token.text)) return token.text !== 'х' || token.joint === '-';
  return token.text === 'е' && after !== undefined && !after.isNumber && after.text.length > 2;
}

/** The words of a name: «2-я Тверская-Ямская» is 2, тверская, ямская. */
export function wordsOf(name: string): string[] {
  const tokens = tokenise(name);
  return tokens.filter((_, index) => !isOrdinalEnding(tokens, index)).map((token) => token.text);
}

const LATIN: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...'абвгдежзийклмнопрстуфхцчшщыэ'].map((letter, index) => [letter, 'abvgdejziyklmnoprstufhcqwxye'[index]!]),
  ...[
    ['ю', 'yu'],
    ['я', 'ya'],
    ['ъ', ''],
    ['ь', ''],
  ],
]);

/**
 * A word in Latin letters. The trigram index must not depend on the locale of the server: in a database of locale C it takes no
 * Russian letter for a letter and finds nothing. Letter by letter, so that the beginning of a word is the beginning of its image;
 * й and ы, е and э fall together, which a search can afford.
 */
export const latin = (word: string): string => word.replace(/[а-я]/g, (letter) => LATIN[letter]!);

/** Words as a column holds them, with a space around each, so that the beginning and the end of a word can be looked for. */
export const asSearchColumn = (name: string): string => ` ${wordsOf(name).map(latin).join(' ')} `;

/** Types of places as people write them, each with its canonical form: the register's short name without dots and hyphens. */
const TYPES: Readonly<Record<string, string>> = {
  ул: 'ул улица',
  пркт: 'пркт проспект прт просп',
  прд: 'прд проезд',
  ш: 'ш шоссе',
  пер: 'пер переулок',
  бр: 'бр бульвар бул',
  наб: 'наб набережная',
  пл: 'пл площадь',
  туп: 'туп тупик',
  ал: 'ал аллея',
  мкр: 'мкр мкрн микрорайон мрн',
  квл: 'квл квартал',
  тракт: 'тракт',
  дор: 'дор дорога',
  тер: 'тер территория',
  г: 'г гор город',
  обл: 'обл область',
  край: 'край',
  респ: 'респ республика',
  аокр: 'ао аокр',
  рн: 'рн район',
  с: 'с село',
  д: 'деревня дер',
  п: 'п пос поселок',
  рп: 'рп',
  пгт: 'пгт',
  х: 'х хутор',
  стца: 'стца станица',
};
const TYPE_OF = new Map(Object.entries(TYPES).flatMap(([type, forms]) => forms.split(' ').map((form) => [form, type])));

/** The canonical type that a word names, or null. «пр» may be a проспект or a проезд: a type, but none in particular. */
export const placeType = (word: string): string | null => (word === 'пр' ? '' : (TYPE_OF.get(word) ?? null));

/** The same form of a type's short name in the register: «пр-кт» and «ул.» are пркт and ул. */
export const plainType = (shortName: string): string => plain(shortName).replace(/[.\-\s]/g, '');

/** Hyphenated abbreviations become one word before the text is cut into tokens. */
export const joinAbbreviations = (text: string): string =>
  plain(text).replace(/(?<!\p{L})(пр|б|р|кв|мкр|м|ст|г)-(кт|т|д|р|н|л|ца|ж)(?!\p{L})/gu, '$1$2');
