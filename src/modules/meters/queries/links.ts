import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, MeterId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Devices that define one volume together. */
export interface MeterLink {
  meterId: MeterId;
  otherId: MeterId;
  /** Where `meterId` stands: on the way in or on the way out. */
  side: 'in' | 'out';
}

export async function selectLinks(db: Db, houseId: HouseId, ids: readonly MeterId[]): Promise<MeterLink[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<MeterLink>`
    select meter_id as "meterId", other_id as "otherId", side from meter_link
    where house_id = ${houseId} and meter_id = any(${ids}::uuid[])`.execute(db);
  return rows;
}

/** Ties devices of one house; a tie that is there already gets the side that is given. */
export async function upsertLinks(trx: Transaction, houseId: HouseId, links: readonly MeterLink[]): Promise<void> {
  if (links.length === 0) return;
  await sql`
    insert into meter_link (house_id, meter_id, other_id, side)
    select ${houseId}::uuid, given.* from unnest(${links.map((one) => one.meterId)}::uuid[],
      ${links.map((one) => one.otherId)}::uuid[], ${links.map((one) => one.side)}::text[]) as given
    on conflict (house_id, meter_id, other_id) do update set side = excluded.side`.execute(trx);
}
