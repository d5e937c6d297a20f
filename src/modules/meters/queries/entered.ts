import { type Selectable, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import { firstDay, type Month } from '../../../platform/month.ts';
import type { Reading } from '../meter.ts';
import type { ReadingTable } from '../tables.ts';
import { toReading } from './readings.ts';
import '../tables.ts';

/** What an organisation itself has entered for some devices since a month, inclusive, as it stands now. */
export async function selectEntered(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
  ids: readonly MeterId[],
  from: Month,
): Promise<Reading[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Selectable<ReadingTable>>`
    select * from reading where house_id = ${houseId} and meter_id = any(${ids}::uuid[]) and state = 'active'
      and period >= ${firstDay(from)}::date and source = 'organisation' and organisation_id = ${organisationId}
      and kind in ('current', 'control')`.execute(db);
  return rows.map(toReading);
}
