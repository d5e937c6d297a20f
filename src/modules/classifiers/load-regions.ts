import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Db } from '../../platform/database/database.ts';
import { upsertRegions } from './queries.ts';

/** Loads the regions with their time zones. Safe to repeat. @returns how many regions the file has */
export async function loadRegions(db: Db, file = 'data/regions/regions.csv'): Promise<number> {
  const rows = parse(await readFile(file, 'utf8'), { columns: true, delimiter: ';' }) as Record<string, string>[];
  const regions = rows.map((row) => ({
    code: row.code!,
    name: row.name!,
    guid: row.fias_guid!,
    oktmo: row.oktmo!,
    zone: row.zone!,
  }));
  await upsertRegions(db, regions);
  return regions.length;
}
