import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { ConsumptionMethod, Resource } from '../meter.ts';
import { metersOfOpen } from './meters.ts';
import '../tables.ts';

export interface MonthUsed {
  resource: Resource;
  period: Month;
  /** In the default unit of the resource. */
  volume: string;
  methods: ConsumptionMethod[];
}

/**
 * What the devices of some open accounts counted, by resource and month, those in the archive too: a replacement is the sum of two
 * parts. Whoever has a room of a communal flat sees the room's own devices, not what the whole flat used.
 */
export async function selectMonthsUsed(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  from: Month,
): Promise<MonthUsed[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<Omit<MonthUsed, 'period'> & { period: Day }>`
    select consumption.resource, consumption.period,
      coalesce(sum(consumption.volume) filter (where meter.kind = 'room'), sum(consumption.volume)) as volume,
      array_agg(distinct consumption.method) as methods
    from consumption
    join meter on meter.house_id = consumption.house_id and meter.meter_id = consumption.meter_id
    where consumption.house_id = ${houseId} and consumption.period >= ${firstDay(from)}::date and meter.kind <> 'house'
      and consumption.meter_id in (${metersOfOpen(houseId, accountIds)})
    group by 1, 2 order by 1, 2`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

export interface HouseMonth {
  resource: Resource;
  period: Month;
  median: string;
  homes: number;
}

/** Medians of a house that enough homes make: of fewer somebody could be known by them. */
export async function selectHouseMedians(
  db: Db,
  houseId: HouseId,
  from: Month,
  minHomes: number,
): Promise<HouseMonth[]> {
  const { rows } = await sql<Omit<HouseMonth, 'period'> & { period: Day }>`
    select resource, period, median, homes from house_consumption
    where house_id = ${houseId} and period >= ${firstDay(from)}::date and homes >= ${minHomes} and median is not null
    order by 1, 2`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}
