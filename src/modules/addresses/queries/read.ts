import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import '../tables.ts';
import type { AddressType } from '../gar/dictionaries.ts';

export async function selectTypes(db: Db): Promise<AddressType[]> {
  return db.selectFrom('address_type').selectAll().orderBy('kind').orderBy('code').execute();
}

/** The version of a region's data, or null before its first load. */
export async function selectRegionVersion(db: Db, region: number): Promise<string | null> {
  const row = await db
    .selectFrom('address_load')
    .select('version')
    .where('region', '=', region)
    .where('state', '=', 'done')
    .orderBy('finished_at', 'desc')
    .orderBy('load_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.version ?? null;
}

/** Regions that were loaded, with the version of each, by number: «77» -> «2026.10.02». */
export async function selectLoadedRegions(db: Db): Promise<{ region: number; version: string; finishedAt: Date }[]> {
  return db
    .selectFrom('address_load')
    .distinctOn('region')
    .select(['region', 'version', 'finished_at as finishedAt'])
    .where('state', '=', 'done')
    .orderBy('region')
    .orderBy('finished_at', 'desc')
    .execute();
}

export interface ObjectRow {
  objectId: bigint;
  parentId: bigint | null;
  municipalParentId: bigint | null;
  guid: string;
  level: number;
  region: number;
  typeName: string;
  name: string;
  postalIndex: number | null;
  oktmo: string | null;
  kladr: string | null;
  goneOn: string | null;
}

const OBJECT = sql`o.object_id as "objectId", o.parent_id as "parentId", o.municipal_parent_id as "municipalParentId", o.guid,
  o.level, o.region, o.type_name as "typeName", o.name, o.postal_index as "postalIndex", o.oktmo, o.kladr, o.gone_on as "goneOn"`;

export interface HouseRow {
  houseId: bigint;
  parentId: bigint;
  municipalParentId: bigint | null;
  guid: string;
  region: number;
  number: string | null;
  addition1: string | null;
  addition2: string | null;
  houseType: number | null;
  /** Short names of the types, as the dictionary has them. */
  type: string | null;
  type1: string | null;
  type2: string | null;
  numberKey: string;
  apartmentHouse: boolean;
  postalIndex: number | null;
  oktmo: string | null;
  cadastralNumber: string | null;
  kladr: string | null;
  goneOn: string | null;
}

const HOUSE = sql`h.house_id as "houseId", h.parent_id as "parentId", h.municipal_parent_id as "municipalParentId", h.guid,
  h.region, h.number, h.addition1, h.addition2, h.house_type as "houseType", t.short_name as type, t1.short_name as type1,
  t2.short_name as type2, h.number_key as "numberKey", h.apartment_house as "apartmentHouse", h.postal_index as "postalIndex",
  h.oktmo, h.cadastral_number as "cadastralNumber", h.kladr, h.gone_on as "goneOn"`;

const HOUSE_TYPES = sql`
  left join address_type t on t.kind = 'house' and t.code = h.house_type
  left join address_type t1 on t1.kind = 'addition' and t1.code = h.addition_type1
  left join address_type t2 on t2.kind = 'addition' and t2.code = h.addition_type2`;

const houses = (condition: RawBuilder<unknown>) =>
  sql<HouseRow>`select ${HOUSE} from address_house h ${HOUSE_TYPES} where ${condition}`;

/** Gone houses too: a house in use keeps its address. */
export async function selectHousesByGuid(db: Db, guids: readonly string[]): Promise<HouseRow[]> {
  return (await houses(sql`h.guid = any(${[...guids]}::uuid[])`).execute(db)).rows;
}

export async function selectObjectByGuid(db: Db, guid: string): Promise<ObjectRow | undefined> {
  const { rows } = await sql<ObjectRow>`select ${OBJECT} from address_object o where o.guid = ${guid}::uuid`.execute(
    db,
  );
  return rows[0];
}

/** The houses that stand right on an object, those the register still has. */
export async function selectHousesOf(db: Db, parentId: bigint): Promise<HouseRow[]> {
  return (await houses(sql`h.parent_id = ${parentId} and h.gone_on is null`).execute(db)).rows;
}

export interface WantedHouse {
  parentId: bigint;
  key: string;
  /** The digits that the key begins with. */
  digits: string;
}

const MOST_HOUSES = 400;

/** Houses of given streets whose key begins with given digits: a range of the index for each street. */
export async function selectHousesByNumber(db: Db, wanted: readonly WantedHouse[]): Promise<HouseRow[]> {
  const parents = wanted.map(({ parentId }) => parentId.toString());
  const low = wanted.map(({ digits }) => digits);
  // The last character of the plane: every key that begins with the digits sorts before it.
  const high = wanted.map(({ digits }) => `${digits}\u{10ffff}`);
  const { rows } = await sql<HouseRow>`
    select ${HOUSE}
    from unnest(${parents}::bigint[], ${wanted.map(({ key }) => key)}::text[], ${low}::text[], ${high}::text[])
      as w (parent_id, key, low, high)
    join address_house h on h.parent_id = w.parent_id and h.number_key >= w.low and h.number_key < w.high and h.gone_on is null
    ${HOUSE_TYPES}
    order by h.number_key = w.key desc, length(h.number_key)
    limit ${MOST_HOUSES}`.execute(db);
  return rows;
}

/** Objects with everything they lie in, in the administrative and in the municipal tree. */
export async function selectAncestors(db: Db, objectIds: readonly bigint[]): Promise<Map<bigint, ObjectRow>> {
  const { rows } = await sql<ObjectRow>`
    with recursive above as (
      select * from address_object where object_id = any(${objectIds.map(String)}::bigint[])
      union
      select o.* from above a join address_object o on o.object_id in (a.parent_id, a.municipal_parent_id))
    select ${OBJECT} from above o`.execute(db);
  return new Map(rows.map((row) => [row.objectId, row]));
}

/** Time zones by region code: «77» is Europe/Moscow. */
export async function selectZones(db: Db, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('region')
    .select(['region_code', 'zone'])
    .where('region_code', 'in', [...codes, ''])
    .execute();
  return new Map(rows.map(({ region_code, zone }) => [region_code, zone]));
}

/** The objects of one level right under another object; of level 1 when there is none above. */
export async function selectChildren(db: Db, parentId: bigint | null, level: number): Promise<ObjectRow[]> {
  const place = parentId === null ? sql`o.parent_id is null` : sql`o.parent_id = ${parentId}`;
  const { rows } = await sql<ObjectRow>`
    select ${OBJECT} from address_object o where ${place} and o.level = ${level} and o.gone_on is null`.execute(db);
  return rows;
}

/** Which levels an object has right under it: 10 stands for houses. */
export async function selectLevelsUnder(db: Db, parentId: bigint): Promise<number[]> {
  const { rows } = await sql<{ level: number }>`
    select distinct level from address_object where parent_id = ${parentId} and gone_on is null
    union select 10 where exists (select from address_house where parent_id = ${parentId} and gone_on is null)`.execute(
    db,
  );
  return rows.map(({ level }) => level);
}

/** Houses by their КЛАДР code or cadastral number. */
export async function selectHousesByCode(db: Db, codes: readonly string[]): Promise<HouseRow[]> {
  const list = sql`${[...codes]}::text[]`;
  const byKladr = await houses(
    sql`h.kladr is not null and h.kladr = any(${list}) and h.gone_on is null limit 50`,
  ).execute(db);
  const byCadastre = await houses(
    sql`h.cadastral_number is not null and h.cadastral_number = any(${list}) and h.gone_on is null limit 50`,
  ).execute(db);
  return [...byKladr.rows, ...byCadastre.rows];
}

/** More places than these are no list to choose from: the street's name is typed sooner. */
const MOST_PLACES = 300;

/** Objects of an ОКТМО that a person can choose, the topmost alone: what lies in them has the same code. */
export async function selectObjectsByOktmo(db: Db, codes: readonly string[]): Promise<ObjectRow[]> {
  if (codes.length === 0) return [];
  const { rows } = await sql<ObjectRow>`
    select ${OBJECT} from address_object o
    where o.oktmo is not null and o.oktmo = any(${[...codes]}::text[]) and o.gone_on is null and o.level not in (3, 4)
      and not exists (select from address_object p where p.object_id = o.parent_id and p.oktmo = o.oktmo and p.gone_on is null)
    order by o.level, o.name limit ${MOST_PLACES}`.execute(db);
  return rows;
}

export async function selectObjectsByKladr(db: Db, codes: readonly string[]): Promise<ObjectRow[]> {
  const { rows } = await sql<ObjectRow>`
    select ${OBJECT} from address_object o
    where o.kladr is not null and o.kladr = any(${[...codes]}::text[]) and o.gone_on is null limit 50`.execute(db);
  return rows;
}
