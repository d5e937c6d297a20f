import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, OrganisationId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month } from '../../../platform/month.ts';
import '../tables.ts';

/** Who has something to do with the devices of a house: whoever keeps accounts there, and the manager. */
export async function selectOrganisationsOfHouse(db: Db, houseId: HouseId): Promise<OrganisationId[]> {
  const { rows } = await sql<{ organisationId: OrganisationId }>`
    select distinct provider_id as "organisationId" from account where house_id = ${houseId}::uuid
    union select manager_id from house where house_id = ${houseId}::uuid and manager_id is not null
    union select provider_id from meter_account where house_id = ${houseId}::uuid
    order by 1`.execute(db);
  return rows.map((row) => row.organisationId);
}

export interface MeterCounts {
  organisationId: OrganisationId;
  /** The month that the organisation's window takes now. */
  period: Month;
  meters: number;
  sent: number;
  waiting: number;
  due: number;
}

/**
 * Devices of one house as each organisation sees them: those that charge its own accounts, and the house's own.
 * @param dueBy a verification that ends on this day or before counts as due
 */
export async function countMeters(
  db: Db,
  houseId: HouseId,
  windows: readonly { organisationId: OrganisationId; period: Month }[],
  dueBy: Day,
): Promise<MeterCounts[]> {
  if (windows.length === 0) return [];
  const organisations = windows.map(({ organisationId }) => organisationId);
  const { rows } = await sql<Omit<MeterCounts, 'period'>>`
    with own as (
      select given.organisation_id, given.period, meter.meter_id, meter.kind, meter.verify_by
      from unnest(${organisations}::uuid[], ${windows.map(({ period }) => firstDay(period))}::date[])
        as given (organisation_id, period)
      join meter on meter.house_id = ${houseId}::uuid and meter.state <> 'archived'
      where meter.kind = 'house' or exists (select from meter_account
        where meter_account.house_id = ${houseId}::uuid and meter_account.meter_id = meter.meter_id
          and meter_account.provider_id = given.organisation_id)),
    delivered as (
      select distinct reading_delivery.provider_id, reading_delivery.period, reading_delivery.meter_id from reading_delivery
      where reading_delivery.house_id = ${houseId}::uuid
        and reading_delivery.provider_id = any(${organisations}::uuid[])
        and reading_delivery.period >= (select min(own.period) from own)
        and reading_delivery.state in ('received', 'fetched', 'accepted')),
    waiting as (
      select provider_id, count(*)::int as waiting from reading_delivery
      where house_id = ${houseId}::uuid and provider_id = any(${organisations}::uuid[]) and state in ('received', 'fetched')
      group by provider_id)
    select own.organisation_id as "organisationId", count(*)::int as meters,
      count(*) filter (where delivered.meter_id is not null or (own.kind = 'house' and exists (select from reading
        where reading.house_id = ${houseId}::uuid and reading.meter_id = own.meter_id and reading.period = own.period
          and reading.kind = 'current' and reading.state = 'active')))::int as sent,
      coalesce(max(waiting.waiting), 0)::int as waiting,
      count(*) filter (where own.verify_by <= ${dueBy}::date)::int as due
    from own
    left join delivered on delivered.provider_id = own.organisation_id and delivered.period = own.period
      and delivered.meter_id = own.meter_id
    left join waiting on waiting.provider_id = own.organisation_id
    group by own.organisation_id`.execute(db);
  const counted = new Map(rows.map((row) => [row.organisationId, row]));
  return windows.map(({ organisationId, period }) => ({
    ...(counted.get(organisationId) ?? { organisationId, meters: 0, sent: 0, waiting: 0, due: 0 }),
    period,
  }));
}

/** Writes the lines of the organisations' lists; a house without devices has none. */
export async function writeMeterCounts(
  db: Db,
  houseId: HouseId,
  counts: readonly MeterCounts[],
  at: Date,
): Promise<void> {
  const empty = counts.filter(({ meters }) => meters === 0).map(({ organisationId }) => organisationId);
  if (empty.length > 0)
    await db
      .deleteFrom('organisation_meters')
      .where((where) => where('organisation_id', '=', where.fn.any(where.val(empty))))
      .where('house_id', '=', houseId)
      .execute();
  const kept = counts.filter(({ meters }) => meters > 0);
  if (kept.length === 0) return;
  const column = <T>(pick: (row: MeterCounts) => T) => kept.map(pick);
  await sql`
    insert into organisation_meters (organisation_id, house_id, period, meters, sent, waiting, verify_soon, updated_at)
    select given.organisation_id, ${houseId}::uuid, given.period, given.meters, given.sent, given.waiting, given.due, ${at}::timestamptz
    from unnest(${column((row) => row.organisationId)}::uuid[], ${column((row) => firstDay(row.period))}::date[],
      ${column((row) => row.meters)}::int[], ${column((row) => row.sent)}::int[], ${column((row) => row.waiting)}::int[],
      ${column((row) => row.due)}::int[]) as given (organisation_id, period, meters, sent, waiting, due)
    order by given.organisation_id
    on conflict (organisation_id, house_id) do update set period = excluded.period, meters = excluded.meters,
      sent = excluded.sent, waiting = excluded.waiting, verify_soon = excluded.verify_soon, updated_at = excluded.updated_at`.execute(
    db,
  );
}

/**
 * What a device adds to its home or house: of devices that define one volume together the one on the way out takes away what came in by
 * the other.
 */
export const addedVolume = (houseId: HouseId) => sql<string>`case when exists (select from meter_link
  where meter_link.house_id = ${houseId}::uuid and meter_link.meter_id = meter.meter_id and meter_link.side = 'out')
  then -consumption.volume else consumption.volume end`;

/**
 * What the homes of a house used, by resource and month from `since` on. In a communal flat the flat's own device counts, not those of
 * its rooms, or the same water would count twice. The median is of homes whose devices said something: a norm says nothing of use.
 */
export async function writeHouseConsumption(db: Db, houseId: HouseId, since: Month, at: Date): Promise<void> {
  await sql`
    insert into house_consumption (house_id, resource, period, homes, median, homes_volume, house_volume, updated_at)
    with used as (
      select consumption.resource, consumption.period, meter.kind, meter.premises_id, consumption.method,
        ${addedVolume(houseId)} as volume
      from consumption
      join meter on meter.house_id = ${houseId}::uuid and meter.meter_id = consumption.meter_id
      where consumption.house_id = ${houseId}::uuid and consumption.period >= ${firstDay(since)}::date),
    homes as (
      select resource, period, premises_id, bool_and(method <> 'norm') as told,
        coalesce(sum(volume) filter (where kind = 'common_flat'), sum(volume)) as volume
      from used where kind <> 'house' group by resource, period, premises_id),
    flats as (
      select resource, period, count(*) filter (where told)::int as homes, sum(volume) as total,
        round((percentile_cont(0.5) within group (order by volume) filter (where told))::numeric, 7) as median
      from homes group by resource, period),
    houses as (select resource, period, sum(volume) as volume from used where kind = 'house' group by resource, period)
    select ${houseId}::uuid, resource, period, coalesce(flats.homes, 0), flats.median, coalesce(flats.total, 0), houses.volume,
      ${at}::timestamptz
    from flats full join houses using (resource, period)
    on conflict (house_id, resource, period) do update set homes = excluded.homes, median = excluded.median,
      homes_volume = excluded.homes_volume, house_volume = excluded.house_volume, updated_at = excluded.updated_at`.execute(
    db,
  );
  await sql`delete from house_consumption where house_id = ${houseId}::uuid and period >= ${firstDay(since)}::date
    and updated_at < ${at}::timestamptz`.execute(db);
}
