import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type Image, parseImage } from '../../../platform/database/image.ts';
import type { HouseId, PremisesId } from '../../../platform/ids.ts';
import '../tables.ts';

export type HousePart = 'house' | 'premises' | 'room' | 'entrance' | 'lift';
export interface PartImage {
  entity: HousePart;
  id: string;
  fields: Image;
}

const PARTS = ['premises', 'room', 'entrance', 'lift'] as const satisfies readonly HousePart[];
const idOf = (entity: HousePart) => sql.ref(`${entity}_id`);

/** A house and all its parts whole. */
export async function selectHouseImages(db: Db, houseId: HouseId): Promise<PartImage[]> {
  const parts = PARTS.map(
    (entity) => sql`select ${entity}::text as entity, ${idOf(entity)} as id,
      (to_jsonb(t) - array['house_id', ${`${entity}_id`}, 'updated_at'])::text as fields
      from ${sql.table(entity)} t where t.house_id = ${houseId}`,
  );
  const { rows } = await sql<Omit<PartImage, 'fields'> & { fields: string }>`
    select 'house' as entity, house_id as id, (to_jsonb(h) - '{house_id,updated_at}'::text[])::text as fields
    from house h where h.house_id = ${houseId} union all ${sql.join(parts, sql` union all `)}`.execute(db);
  return rows.map(({ fields, ...row }) => ({ ...row, fields: parseImage(fields) }));
}

/** Gives parts of a house back what stood in some of their columns. */
export async function restoreParts(
  trx: Transaction,
  houseId: HouseId,
  entity: Exclude<HousePart, 'house'>,
  restored: readonly { id: string; fields: Image }[],
  at: Date,
): Promise<void> {
  if (restored.length === 0) return;
  const columns = [...new Set(restored.flatMap(({ fields }) => Object.keys(fields)))];
  const timed = entity === 'premises' || entity === 'room';
  for (const column of columns) {
    const rows = restored.filter(({ fields }) => column in fields);
    await sql`
      update ${sql.table(entity)} t set ${sql.ref(column)} = n.${sql.ref(column)} ${timed ? sql`, updated_at = ${at}::timestamptz` : sql``}
      from json_populate_recordset(null::${sql.table(entity)},
        ${JSON.stringify(rows.map(({ id, fields }) => ({ [`${entity}_id`]: id, [column]: fields[column] })))}::json) n
      where t.house_id = ${houseId} and t.${idOf(entity)} = n.${idOf(entity)}`.execute(trx);
  }
}

/** Takes parts of a house away. The foreign keys of whatever stands on one stop it. */
export async function deleteParts(
  trx: Transaction,
  houseId: HouseId,
  entity: Exclude<HousePart, 'house'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from ${sql.table(entity)} where house_id = ${houseId} and ${idOf(entity)} = any(${ids}::uuid[])`.execute(
    trx,
  );
}

/** Of some premises and rooms of a house those that something stands on: accounts, devices, rights, rooms, appeals. */
export async function selectUsedPlaces(
  db: Db,
  houseId: HouseId,
  ids: readonly string[],
  but: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id::text as id from unnest(${ids}::uuid[]) as given (id)
    where exists (select from account_place where house_id = ${houseId} and (premises_id = id or room_id = id)
        and not (account_id = any(${but}::uuid[])))
      or exists (select from meter where house_id = ${houseId} and (premises_id = id or room_id = id))
      or exists (select from ownership where house_id = ${houseId} and premises_id = id)
      or exists (select from room where house_id = ${houseId} and premises_id = id and not (room_id = any(${ids}::uuid[])))
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

/** Closes premises that nobody has described: they came with an account that is closed as an error. */
export async function closePremises(
  trx: Transaction,
  houseId: HouseId,
  ids: readonly PremisesId[],
  on: string,
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`update premises set closed_on = ${on}::date, updated_at = ${at}::timestamptz
    where house_id = ${houseId} and premises_id = any(${ids}::uuid[]) and not described and closed_on is null`.execute(
    trx,
  );
}
