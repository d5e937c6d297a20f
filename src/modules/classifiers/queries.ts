import { sql } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { FlatItem, NsiItem } from './classifiers.ts';

const ITEM = ['registry', 'guid', 'code', 'name', 'actual', 'fields', 'parent_guid as parentGuid'] as const;

export async function selectItems(db: Db, registry: number): Promise<NsiItem[]> {
  const rows = await db
    .selectFrom('nsi_item')
    .select(ITEM)
    .where('registry', '=', registry)
    .orderBy('position')
    .execute();
  return rows as NsiItem[];
}

/** A code may be used again after its row was withdrawn: the one in force comes first. */
export async function selectItemByCode(db: Db, registry: number, code: string): Promise<NsiItem | undefined> {
  const row = await db
    .selectFrom('nsi_item')
    .select(ITEM)
    .where('registry', '=', registry)
    .where('code', '=', code)
    .orderBy('actual', 'desc')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  return row as NsiItem | undefined;
}

export async function selectItemByGuid(db: Db, registry: number, guid: string): Promise<NsiItem | undefined> {
  const row = await db
    .selectFrom('nsi_item')
    .select(ITEM)
    .where('registry', '=', registry)
    .where('guid', '=', guid)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  return row as NsiItem | undefined;
}

export async function upsertList(db: Db, registry: number, name: string): Promise<void> {
  await db
    .insertInto('nsi_list')
    .values({ registry, name })
    .onConflict((conflict) => conflict.column('registry').doUpdateSet({ name }))
    .execute();
}

/** Puts rows at their positions; rows that say the same are left alone. */
export async function upsertItems(db: Db, items: readonly FlatItem[]): Promise<number> {
  const rows = JSON.stringify(
    items.map((item) => ({ ...item, parent_guid: item.parentGuid, parent_position: item.parentPosition })),
  );
  const result = await sql`
    insert into nsi_item (registry, guid, code, name, actual, fields, parent_guid, position, parent_position)
    select registry, guid, code, name, actual, fields, parent_guid, position, parent_position
    from jsonb_to_recordset(${rows}::jsonb) as new (registry int, guid uuid, code text, name text, actual boolean,
      fields jsonb, parent_guid uuid, position int, parent_position int)
    on conflict (registry, position) do update set
      guid = excluded.guid, code = excluded.code, name = excluded.name, actual = excluded.actual,
      fields = excluded.fields, parent_guid = excluded.parent_guid, parent_position = excluded.parent_position
    where (nsi_item.guid, nsi_item.code, nsi_item.name, nsi_item.actual, nsi_item.fields, nsi_item.parent_guid,
        nsi_item.parent_position)
      is distinct from (excluded.guid, excluded.code, excluded.name, excluded.actual, excluded.fields,
        excluded.parent_guid, excluded.parent_position)`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

export async function upsertRegions(
  db: Db,
  regions: readonly { code: string; name: string; guid: string; oktmo: string; zone: string }[],
): Promise<void> {
  await sql`
    insert into region (region_code, name, fias_guid, oktmo, zone)
    select code, name, guid, oktmo, zone
    from jsonb_to_recordset(${JSON.stringify(regions)}::jsonb)
      as new (code text, name text, guid uuid, oktmo text, zone text)
    on conflict (region_code) do update set
      name = excluded.name, fias_guid = excluded.fias_guid, oktmo = excluded.oktmo, zone = excluded.zone
    where (region.name, region.fias_guid, region.oktmo, region.zone)
      is distinct from (excluded.name, excluded.fias_guid, excluded.oktmo, excluded.zone)`.execute(db);
}

export async function selectRegions(db: Db) {
  return db.selectFrom('region').select(['region_code as code', 'name', 'zone', 'oktmo']).orderBy('name').execute();
}
