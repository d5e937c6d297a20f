/** Unified numbers of the state's shape: ЕЛС (10), ЖКУ id (13), payment document id (18). */

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  A: 'А',
  B: 'В',
  E: 'Е',
  K: 'К',
  M: 'М',
  H: 'Н',
  O: 'О',
  P: 'Р',
  C: 'С',
  T: 'Т',
  X: 'Х',
};
const SHAPE = /^(\d{2})([А-ЯЁ]{2})(\d{6})(?:-(\d{2})(?:-(\d{4}))?)?$/;

export type UnifiedKind = 'els' | 'service' | 'bill';

/**
 * The one stored form: no spaces, upper case, one kind of dash, Cyrillic letters for their Latin look-alikes in the two letter places.
 * Text of another shape comes back trimmed and unchanged: it may be a provider's own number.
 */
export function canonicalNumber(text: string): string {
  const compact = text
    .replace(/[\s\u00a0]/g, '')
    .replace(/[–—−‐‑]/g, '-')
    .toUpperCase();
  const letters = compact.slice(2, 4).replace(/[A-Z]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
  const candidate = compact.slice(0, 2) + letters + compact.slice(4);
  return SHAPE.test(candidate) ? candidate : text.trim();
}

/** What a canonical text names, or null when it has none of the three shapes. */
export function kindOfNumber(canonical: string): UnifiedKind | null {
  const match = SHAPE.exec(canonical);
  if (!match) return null;
  return match[5] ? 'bill' : match[4] ? 'service' : 'els';
}

/** Why a text that nearly is a unified number is none: a digit where a letter must be, or the letter that has no sure pair. */
export function hintForNumber(text: string): string | null {
  const compact = text.replace(/[\s\u00a0]/g, '').toUpperCase();
  if (!/^\d{2}..\d{6}/.test(compact)) return null;
  const letters = compact.slice(2, 4);
  if (/[03]/.test(letters))
    return 'На третьем и четвёртом месте должны быть буквы: возможно, вместо буквы О введён ноль или вместо З тройка.';
  if (letters.includes('Y'))
    return 'На третьем и четвёртом месте должны быть русские буквы: проверьте, не введена ли латинская Y вместо У.';
  return null;
}

/** Letters of issued ЕЛС: those that Latin cannot be mistaken for, and that are no digit's twins. */
const LETTERS = 'АВЕКМНРСТХ';

/** A new ЕЛС of a region from 32 random bits or more; the look-up's key decides whether it is free. */
export function composeEls(regionCode: string, random: bigint): string {
  const first = LETTERS[Number(random % 10n)];
  const second = LETTERS[Number((random / 10n) % 10n)];
  return `${regionCode.padStart(2, '0').slice(-2)}${first}${second}${String((random / 100n) % 1_000_000n).padStart(6, '0')}`;
}

export const composeServiceId = (els: string, serial: number): string => `${els}-${String(serial).padStart(2, '0')}`;
