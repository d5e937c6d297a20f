import type { HouseCard } from './house.ts';

/** «Уникальный номер дома» of the state system. */
export const UNIQUE_NUMBER = /^\d{25}-\d{5}$/;

/** A code as it is kept and compared: without spaces and braces, with plain dashes, in lower case. */
export const canonicalHouseCode = (text: string): string =>
  text
    .replace(/[\s{}\u00a0\u202f]/g, '')
    .replace(/[‐‑–—−]/g, '-')
    .toLowerCase();

/**
 * The codes by which anybody may find the address of a house. Only what is published of the house as a whole stands here: a code of
 * premises or of an account would tell a stranger who lives where.
 */
export function publishedCodes(
  house: Pick<HouseCard, 'houseId'> & Partial<Pick<HouseCard, 'cadastralNumber' | 'uniqueNumber'>>,
): string[] {
  const codes = [house.houseId, house.uniqueNumber, house.cadastralNumber].map((code) =>
    canonicalHouseCode(code ?? ''),
  );
  return [...new Set(codes.filter(Boolean))];
}
