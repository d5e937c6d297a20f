/** Stands for each letter that the font does not have. No font of ours has it either: the box of a missing letter is drawn. */
export const BOX = '\u25a1';

/** Signs that are not seen, and those that turn the direction of what stands after them. The joiners of emoji are among them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Variation_Selector}]/gu;
const graphemes = new Intl.Segmenter('ru', { granularity: 'grapheme' });

/**
 * Text as a document may hold it: lines end by \n, tabs are spaces, signs that are not seen are gone, and what a reader takes for one
 * letter is one box where the font lacks any part of it.
 */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n')
    .replaceAll('\t', '    ');
  return plain
    .split('\n')
    .map((line) => letters(line, has))
    .join('\n');
}

function letters(line: string, has: (codePoint: number) => boolean): string {
  const isKnown = (text: string) => Array.from(text).every((letter) => has(letter.codePointAt(0)!));
  // Most lines are plain words: only others are taken apart.
  const seen = line.replace(UNSEEN, '');
  if (seen.length === line.length && isKnown(line)) return line;
  let result = '';
  for (const { segment } of graphemes.segment(line)) {
    const shown = segment.replace(UNSEEN, '');
    if (shown) result += isKnown(shown) ? shown : BOX;
  }
  return result;
}

/** Longer than any word of a language: addresses of pages, codes, a key that was held down. */
const LONG_WORD = 40;

/** Breaks words that fit no line of the width, each line as full as it goes. @param widthOf a letter's own width */
export function foldLongWords(text: string, width: number, widthOf: (letter: string) => number): string {
  return text.replace(new RegExp(`\\S{${LONG_WORD},}`, 'gu'), (word) => {
    const lines: string[] = [];
    let line = '';
    let used = 0;
    for (const { segment } of graphemes.segment(word)) {
      const own = Array.from(segment).reduce((sum, letter) => sum + widthOf(letter), 0);
      if (line && used + own > width) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += segment;
      used += own;
    }
    return [...lines, line].join('\n');
  });
}
