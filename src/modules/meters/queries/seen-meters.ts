import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Those of some devices that charge an organisation's accounts or are a house's own. The houses must be on its list. */
export async function selectSeen(
  db: Db,
  organisationId: OrganisationId,
  devices: readonly { houseId: HouseId; meterId: MeterId }[],
): Promise<Set<MeterId>> {
  if (devices.length === 0) return new Set();
  const { rows } = await sql<{ meterId: MeterId }>`
    select meter.meter_id as "meterId"
    from unnest(${devices.map(({ houseId }) => houseId)}::uuid[], ${devices.map(({ meterId }) => meterId)}::uuid[])
      as given (house_id, meter_id)
    join meter on meter.house_id = given.house_id and meter.meter_id = given.meter_id
    where meter.kind = 'house' or exists (select from meter_account
      where meter_account.house_id = meter.house_id and meter_account.meter_id = meter.meter_id
        and meter_account.provider_id = ${organisationId}::uuid)`.execute(db);
  return new Set(rows.map(({ meterId }) => meterId));
}
