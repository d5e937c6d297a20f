import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { printObject } from '../print-address.ts';
import '../tables.ts';

export interface Municipality {
  oktmo: string;
  /** «вн.тер.г. муниципальный округ Тверской». */
  name: string;
  /** What it lies in, where that is not the region itself. */
  within: string;
}

/** Levels of the register: a municipal or urban district, a settlement in it. */
const LEVELS = [3, 4];

/** Municipalities of a region by name, after the last one shown. Empty where the region's addresses are not loaded. */
export async function selectMunicipalities(
  db: Db,
  input: { regionCode: string; search: string; after: { name: string; oktmo: string } | null; limit: number },
): Promise<(Municipality & { key: string })[]> {
  const conditions = input.search
    .toLowerCase()
    .split(/[\s,.]+/)
    .filter(Boolean)
    .slice(0, 6)
    .map((word) => sql`lower(o.name collate "ru-x-icu") like ${`%${word.replace(/[%_\\]/g, '\\$&')}%`}`);
  if (input.after) conditions.push(sql`(o.name, o.oktmo) > (${input.after.name}::text, ${input.after.oktmo}::text)`);
  const { rows } = await sql<{
    name: string;
    typeName: string;
    level: number;
    oktmo: string;
    above: string | null;
    aboveType: string;
  }>`
    select o.name, o.type_name as "typeName", o.level, o.oktmo, up.name as above, up.type_name as "aboveType"
    from address_object o
    left join address_object up on up.object_id = coalesce(o.municipal_parent_id, o.parent_id) and up.level = 3
    where o.region = ${Number(input.regionCode)} and o.level = any(${LEVELS}::smallint[]) and o.gone_on is null and o.oktmo is not null
      and ${sql.join([sql`true`, ...conditions], sql` and `)}
    order by o.name, o.oktmo limit ${input.limit}`.execute(db);
  return rows.map(({ name, typeName, level, oktmo, above, aboveType }) => ({
    oktmo,
    key: name,
    name: printObject({ name, typeName, level }),
    within: above ? printObject({ name: above, typeName: aboveType, level: 3 }) : '',
  }));
}

/** One by its ОКТМО within a region; null when the register has none. */
export async function selectMunicipality(db: Db, regionCode: string, oktmo: string): Promise<Municipality | null> {
  const { rows } = await sql<{ name: string; typeName: string; level: number }>`
    select o.name, o.type_name as "typeName", o.level from address_object o
    where o.oktmo = ${oktmo} and o.region = ${Number(regionCode)} and o.level = any(${LEVELS}::smallint[]) and o.gone_on is null
    order by o.level desc limit 1`.execute(db);
  return rows[0] ? { oktmo, name: printObject(rows[0]), within: '' } : null;
}
