import { type HouseId, isUuid, type ReadingId } from '../../platform/ids.ts';

/** A reading as systems name it: readings are kept by house, so its house is part of the name. */
export interface ReadingKey {
  houseId: HouseId;
  readingId: ReadingId;
}

export const formatReadingKey = (houseId: HouseId, readingId: ReadingId): string => `${houseId}.${readingId}`;

/** @returns null when it is no name that we gave */
export function readReadingKey(text: string): ReadingKey | null {
  const [houseId = '', readingId = '', more] = text.split('.');
  if (!isUuid(houseId) || !isUuid(readingId) || more !== undefined) return null;
  return { houseId: houseId as HouseId, readingId: readingId as ReadingId };
}
