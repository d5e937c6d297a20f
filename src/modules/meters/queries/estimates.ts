import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId } from '../../../platform/ids.ts';
import { firstDay, type Month } from '../../../platform/month.ts';
import '../tables.ts';

/** Houses where devices stand, by key: for jobs that go through all of them. */
export async function selectHousesWithMeters(
  db: Db,
  { after, limit }: { after: HouseId | null; limit: number },
): Promise<HouseId[]> {
  // One step of the index a house, however many devices it has.
  const { rows } = await sql<{ houseId: HouseId }>`
    select house.house_id as "houseId" from house
    where (${after}::uuid is null or house.house_id > ${after}::uuid)
      and exists (select from meter where meter.house_id = house.house_id and meter.state <> 'archived')
    order by house.house_id limit ${limit}`.execute(db);
  return rows.map(({ houseId }) => houseId);
}

/** Devices in use that have no volume of some resource for a month, by key. */
export async function selectMetersWithoutMonth(
  db: Db,
  houseId: HouseId,
  period: Month,
  { after, limit }: { after: MeterId | null; limit: number },
): Promise<MeterId[]> {
  const { rows } = await sql<{ meterId: MeterId }>`
    select distinct meter.meter_id as "meterId" from meter
    join meter_resource own on own.house_id = meter.house_id and own.meter_id = meter.meter_id
    where meter.house_id = ${houseId} and meter.state <> 'archived' and (${after}::uuid is null or meter.meter_id > ${after}::uuid)
      and not exists (select from consumption where consumption.house_id = ${houseId} and consumption.meter_id = meter.meter_id
        and consumption.resource = own.resource and consumption.period = ${firstDay(period)}::date)
    order by meter.meter_id limit ${limit}`.execute(db);
  return rows.map(({ meterId }) => meterId);
}
