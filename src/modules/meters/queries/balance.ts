import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PremisesId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { ConsumptionMethod, MeterKind, Resource } from '../meter.ts';
import { addedVolume } from './summary.ts';
import '../tables.ts';

export interface BalanceMonth {
  resource: Resource;
  period: Month;
  /** By the house's own devices; null without a value of the month. */
  house: string | null;
  /** Sum of the homes' devices; null where it is not the reader's to know. */
  homes: string | null;
}

/**
 * Months of a house by resource: its own devices against those of its homes, counted from the months of the devices; `others` are the
 * homes in the sum that the organisation does not charge by all their devices.
 */
export async function selectBalance(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
  from: Month,
): Promise<(BalanceMonth & { others: number })[]> {
  const { rows } = await sql<Omit<BalanceMonth, 'period'> & { period: Day; others: number }>`
    with used as (
      select consumption.resource, consumption.period, meter.kind, meter.premises_id,
        ${addedVolume(houseId)} as volume,
        exists (select from meter_account own where own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id
          and own.provider_id = ${organisationId}::uuid) as own
      from consumption join meter on meter.house_id = ${houseId}::uuid and meter.meter_id = consumption.meter_id
      where consumption.house_id = ${houseId}::uuid and consumption.period >= ${firstDay(from)}::date),
    homes as (
      select resource, period, coalesce(sum(volume) filter (where kind = 'common_flat'), sum(volume)) as volume,
        bool_and(own) as own
      from used where kind <> 'house' group by resource, period, premises_id),
    flats as (select resource, period, sum(volume) as volume, count(*) filter (where not own)::int as others
      from homes group by resource, period),
    house as (select resource, period, sum(volume) as volume from used where kind = 'house' group by resource, period)
    select resource, period, trim_scale(house.volume)::text as house, trim_scale(coalesce(flats.volume, 0))::text as homes,
      coalesce(flats.others, 0) as others
    from house full join flats using (resource, period) order by resource, period`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

export interface HomeOfMonth {
  premisesId: PremisesId;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house';
  number: string;
  meterId: MeterId | null;
  serial: string | null;
  kind: MeterKind | null;
  state: 'working' | 'broken' | 'archived' | null;
  verifyBy: Day | null;
  method: ConsumptionMethod | null;
  volume: string | null;
  cause: string | null;
}

/**
 * Homes of a house whose part of a month is not measured: estimated devices, devices without a value, and homes without a device. Only
 * homes that somebody pays for count.
 */
export async function selectUnmeasured(
  db: Db,
  houseId: HouseId,
  resource: Resource,
  period: Month,
  limit: number,
): Promise<HomeOfMonth[]> {
  const { rows } = await sql<HomeOfMonth>`
    select premises.premises_id as "premisesId", premises.category, premises.number, device.meter_id as "meterId",
      device.serial, device.kind, device.state, device.verify_by as "verifyBy", device.method,
      trim_scale(device.volume)::text as volume, device.cause
    from premises
    left join lateral (
      select meter.meter_id, meter.serial, meter.kind, meter.state, meter.verify_by, consumption.method, consumption.volume,
        consumption.basis ->> 'cause' as cause
      from meter
      join meter_resource own on own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id and own.resource = ${resource}
      left join consumption on consumption.house_id = ${houseId}::uuid and consumption.meter_id = meter.meter_id
        and consumption.resource = ${resource} and consumption.period = ${firstDay(period)}::date
      where meter.house_id = ${houseId}::uuid and meter.premises_id = premises.premises_id
        and (meter.state <> 'archived' or consumption.meter_id is not null)) device on true
    where premises.house_id = ${houseId}::uuid and premises.closed_on is null
      and (device.method is null or device.method in ('average', 'norm'))
      and exists (select from account_place where account_place.house_id = ${houseId}::uuid
        and account_place.premises_id = premises.premises_id)
    order by length(premises.number), premises.number, device.meter_id limit ${limit}`.execute(db);
  return rows;
}

/** How many homes that somebody pays for a house has, and how many of them have a device of the resource. */
export async function countHomes(
  db: Db,
  houseId: HouseId,
  resource: Resource,
): Promise<{ homes: number; withDevice: number; houseDevices: number }> {
  const { rows } = await sql<{ homes: number; withDevice: number; houseDevices: number }>`
    select count(*)::int as homes,
      count(*) filter (where exists (select from meter
        join meter_resource own on own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id and own.resource = ${resource}
        where meter.house_id = ${houseId}::uuid and meter.premises_id = premises.premises_id and meter.state <> 'archived'))::int
        as "withDevice",
      (select count(*) from meter
        join meter_resource own on own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id and own.resource = ${resource}
        where meter.house_id = ${houseId}::uuid and meter.kind = 'house' and meter.state <> 'archived')::int as "houseDevices"
    from premises
    where premises.house_id = ${houseId}::uuid and premises.closed_on is null
      and exists (select from account_place where account_place.house_id = ${houseId}::uuid
        and account_place.premises_id = premises.premises_id)`.execute(db);
  return rows[0]!;
}
