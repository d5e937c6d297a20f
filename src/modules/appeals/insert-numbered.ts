import { randomInt } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Db, Tables } from '../../platform/database/database.ts';
import { dayIn } from '../../platform/month.ts';
import { insertAppeal } from './queries/write-appeals.ts';

/** So many numbers taken in a row mean that a region's year is full. */
const TRIES = 50;

/**
 * Writes an appeal under a number that nobody has: «77-26-481207», the region, the year in the house's zone, random digits. A counter
 * would tell how many appeals there are.
 * @returns the number
 */
export async function insertNumbered(db: Db, row: Omit<Insertable<Tables['appeal']>, 'number'>): Promise<string> {
  const year = dayIn(row.zone, new Date(row.sent_at)).slice(2, 4);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const number = `${row.region_code}-${year}-${randomInt(1_000_000).toString().padStart(6, '0')}`;
    if (await insertAppeal(db, { ...row, number })) return number;
  }
  throw new Error(`no free number of an appeal in region ${row.region_code}`);
}
