import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month } from '../../../platform/month.ts';
import { type DeliveryState, READING_ORDER, type Reading, type Resource } from '../meter.ts';
import { heldDeliveries, IS_HELD } from './readings.ts';
import '../tables.ts';

/** One value of one resource of a device, as billing takes it. */
export interface ExportLine {
  readingId: ReadingId;
  account: string;
  serviceId: string;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house' | null;
  premisesNumber: string | null;
  meterNumber: string;
  serial: string;
  brand: string;
  resource: Resource;
  unit: string;
  kind: Reading['kind'];
  takenOn: Day;
  t1: string;
  t2: string | null;
  t3: string | null;
  source: Reading['source'];
  state: DeliveryState;
  volume: string | null;
}

/**
 * Values of one house that an organisation fetched or accepted for a month, the last of each device and resource; by flat. A value that
 * was corrected after its window had closed stays the organisation's value of that month; the volume is said where it is this value's.
 */
export async function selectForBilling(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
  period: Month,
): Promise<ExportLine[]> {
  const { rows } = await sql<ExportLine>`
    select distinct on (length(coalesce(premises.number, '')), coalesce(premises.number, ''), delivery.meter_id, reading.resource, (reading.kind = 'base'))
      delivery.reading_id as "readingId", account.number as account, account.service_id as "serviceId", premises.category,
      premises.number as "premisesNumber", meter.number as "meterNumber", meter.serial, meter.brand, reading.resource, own.unit,
      reading.kind, reading.taken_on as "takenOn", trim_scale(reading.t1)::text as t1, trim_scale(reading.t2)::text as t2,
      trim_scale(reading.t3)::text as t3, reading.source, delivery.state, trim_scale(consumption.volume)::text as volume
    from reading_delivery delivery
    join reading on reading.house_id = ${houseId}::uuid and reading.reading_id = delivery.reading_id
    join meter on meter.house_id = ${houseId}::uuid and meter.meter_id = delivery.meter_id
    join meter_resource own on own.house_id = ${houseId}::uuid and own.meter_id = delivery.meter_id and own.resource = reading.resource
    join account on account.house_id = ${houseId}::uuid and account.account_id = delivery.account_id
    left join premises on premises.house_id = ${houseId}::uuid and premises.premises_id = meter.premises_id
    left join consumption on consumption.house_id = ${houseId}::uuid and consumption.meter_id = delivery.meter_id
      and consumption.resource = reading.resource and consumption.period = delivery.period
      and consumption.reading_id = delivery.reading_id
    where delivery.house_id = ${houseId}::uuid and delivery.provider_id = ${organisationId}::uuid
      and delivery.period = ${firstDay(period)}::date and delivery.state in ('fetched', 'accepted')
    order by length(coalesce(premises.number, '')), coalesce(premises.number, ''), delivery.meter_id, reading.resource,
      (reading.kind = 'base'),
      reading.taken_on desc, array_position(${READING_ORDER}::text[], reading.kind) desc, reading.entered_at desc`.execute(
    db,
  );
  return rows;
}

/** What came and is being given out is «забрано»; what was accepted or declined stays so. @returns how many there were */
export async function markFetched(
  trx: Transaction,
  input: { houseId: HouseId; organisationId: OrganisationId; period: Month; by: PersonId; at: Date },
): Promise<number> {
  const which = sql`house_id = ${input.houseId}::uuid and provider_id = ${input.organisationId}::uuid
    and period = ${firstDay(input.period)}::date and state = 'received'`;
  const { numAffectedRows } = await sql`${heldDeliveries(which)}
    update reading_delivery set state = 'fetched', changed_at = ${input.at}::timestamptz, changed_by = ${input.by}::uuid
    from held where reading_delivery.house_id = ${input.houseId}::uuid and ${IS_HELD}`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** Months that an organisation has values for in a house, with how many it has not fetched yet. */
export async function selectMonthsToFetch(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
): Promise<{ period: Day; readings: number; fresh: number }[]> {
  const { rows } = await sql<{ period: Day; readings: number; fresh: number }>`
    select period, count(*)::int as readings, count(*) filter (where state = 'received')::int as fresh
    from reading_delivery where house_id = ${houseId}::uuid and provider_id = ${organisationId}::uuid
      and state in ('received', 'fetched', 'accepted')
    group by period order by period desc limit 12`.execute(db);
  return rows;
}
