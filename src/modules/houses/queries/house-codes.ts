import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { canonicalHouseCode } from '../house-codes.ts';
import '../tables.ts';

/** Codes of a house that are new, and those that are its codes no longer. */
export async function replaceCodes(
  db: Db,
  fiasGuid: string,
  { added, removed }: { added: readonly string[]; removed: readonly string[] },
): Promise<void> {
  if (removed.length > 0)
    await db
      .deleteFrom('house_code')
      .where('fias_guid', '=', fiasGuid)
      .where('code', 'in', [...removed])
      .execute();
  if (added.length > 0)
    await db
      .insertInto('house_code')
      .values(added.map((code) => ({ code, fias_guid: fiasGuid })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Several houses under one cadastral number are rare; more than these are an error of the register. */
const MOST_HOUSES = 50;

/** Houses by their published codes, with the code as it was asked. */
export async function selectHousesByCodes(
  db: Db,
  codes: readonly string[],
): Promise<{ code: string; fiasGuid: string }[]> {
  if (codes.length === 0) return [];
  const asked = new Map(codes.map((code) => [canonicalHouseCode(code), code]));
  const { rows } = await sql<{ code: string; fiasGuid: string }>`
    select code, fias_guid as "fiasGuid" from house_code where code = any(${[...asked.keys()]}::text[])
    order by code, fias_guid limit ${MOST_HOUSES}`.execute(db);
  return rows.map(({ code, fiasGuid }) => ({ code: asked.get(code)!, fiasGuid }));
}
