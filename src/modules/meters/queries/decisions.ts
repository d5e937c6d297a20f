import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { FileId, HouseId, MeterId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import type { Day, Month } from '../../../platform/month.ts';
import { monthOf } from '../../../platform/month.ts';
import type { DeliveryState, ReadingSource, Resource } from '../meter.ts';
import { heldDeliveries, IS_HELD } from './readings.ts';
import '../tables.ts';

export interface WaitingReading {
  readingId: ReadingId;
  meterId: MeterId;
  serial: string;
  kind: string;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house' | null;
  premisesNumber: string | null;
  resource: Resource;
  unit: string;
  period: Month;
  takenOn: Day;
  t1: string;
  t2: string | null;
  t3: string | null;
  rolledOver: boolean;
  source: ReadingSource;
  confirmed: string[];
  photoId: FileId | null;
  /** The value before, as it stands now. */
  lastT1: string | null;
  lastT2: string | null;
  lastT3: string | null;
  lastTakenOn: Day | null;
  volume: string | null;
}

/** The key of a page: premises as people count them, then the reading. */
const ORDER = sql`length(coalesce(premises.number, '')), coalesce(premises.number, ''), delivery.reading_id`;

/** Readings of a house that an organisation has neither accepted nor declined, by flat, after the one last shown. */
export async function selectWaiting(
  db: Db,
  input: { houseId: HouseId; organisationId: OrganisationId; after: ReadingId | null; limit: number },
): Promise<WaitingReading[]> {
  const { houseId, organisationId, after, limit } = input;
  const { rows } = await sql<Omit<WaitingReading, 'period'> & { period: Day }>`
    select delivery.reading_id as "readingId", delivery.meter_id as "meterId", meter.serial, meter.kind, premises.category,
      premises.number as "premisesNumber", reading.resource, own.unit, delivery.period, reading.taken_on as "takenOn",
      reading.t1::text, reading.t2::text, reading.t3::text, reading.rolled_over as "rolledOver", reading.source,
      reading.confirmed, reading.photo_id as "photoId", before.t1::text as "lastT1", before.t2::text as "lastT2",
      before.t3::text as "lastT3", before.taken_on as "lastTakenOn", consumption.volume::text
    from reading_delivery delivery
    join reading on reading.house_id = ${houseId}::uuid and reading.reading_id = delivery.reading_id
    join meter on meter.house_id = ${houseId}::uuid and meter.meter_id = delivery.meter_id
    join meter_resource own on own.house_id = ${houseId}::uuid and own.meter_id = delivery.meter_id
      and own.resource = reading.resource
    left join premises on premises.house_id = ${houseId}::uuid and premises.premises_id = meter.premises_id
    left join consumption on consumption.house_id = ${houseId}::uuid and consumption.meter_id = delivery.meter_id
      and consumption.resource = reading.resource and consumption.period = reading.period
      and consumption.reading_id = reading.reading_id
    left join lateral (select * from reading last where last.house_id = ${houseId}::uuid and last.meter_id = delivery.meter_id
      and last.resource = reading.resource and last.state = 'active' and last.reading_id <> reading.reading_id
      and (last.period, last.taken_on, last.entered_at) < (reading.period, reading.taken_on, reading.entered_at)
      order by last.period desc, last.taken_on desc, last.entered_at desc limit 1) before on true
    where delivery.house_id = ${houseId}::uuid and delivery.provider_id = ${organisationId}::uuid
      and delivery.state in ('received', 'fetched')
      ${
        after
          ? sql`and (${ORDER}) > (select length(coalesce(place.number, '')), coalesce(place.number, ''), shown.reading_id
              from reading_delivery shown
              join meter device on device.house_id = ${houseId}::uuid and device.meter_id = shown.meter_id
              left join premises place on place.house_id = ${houseId}::uuid and place.premises_id = device.premises_id
              where shown.house_id = ${houseId}::uuid and shown.reading_id = ${after}::uuid
                and shown.provider_id = ${organisationId}::uuid)`
          : sql``
      }
    order by ${ORDER} limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

export async function countWaiting(db: Db, houseId: HouseId, organisationId: OrganisationId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from reading_delivery where house_id = ${houseId}::uuid
      and provider_id = ${organisationId}::uuid and state in ('received', 'fetched')`.execute(db);
  return rows[0]!.count;
}

/** The devices of some readings that were delivered to an organisation. */
export async function selectDeliveredMeters(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
  readingIds: readonly ReadingId[],
): Promise<MeterId[]> {
  const { rows } = await sql<{ meterId: MeterId }>`
    select distinct meter_id as "meterId" from reading_delivery where house_id = ${houseId}::uuid
      and provider_id = ${organisationId}::uuid and reading_id = any(${readingIds}::uuid[]) order by 1`.execute(db);
  return rows.map(({ meterId }) => meterId);
}

/**
 * Decides deliveries to an organisation that are in one of the states. Without `readingIds` all of the house.
 * @returns those that were decided now, with their devices and months
 */
export async function decide(
  trx: Transaction,
  input: {
    houseId: HouseId;
    organisationId: OrganisationId;
    readingIds: readonly ReadingId[] | null;
    from: readonly DeliveryState[];
    to: 'accepted' | 'declined';
    reason: string | null;
    by: PersonId;
    at: Date;
  },
): Promise<{ readingId: ReadingId; meterId: MeterId }[]> {
  const which = sql`house_id = ${input.houseId}::uuid and provider_id = ${input.organisationId}::uuid
    and state = any(${input.from}::text[])
    ${input.readingIds ? sql`and reading_id = any(${input.readingIds}::uuid[])` : sql``}`;
  const { rows } = await sql<{ readingId: ReadingId; meterId: MeterId }>`${heldDeliveries(which)}
    update reading_delivery set state = ${input.to}, reason = ${input.reason}, changed_at = ${input.at}::timestamptz,
      changed_by = ${input.by}::uuid
    from held where reading_delivery.house_id = ${input.houseId}::uuid and ${IS_HELD}
    returning reading_delivery.reading_id as "readingId", reading_delivery.meter_id as "meterId"`.execute(trx);
  return rows;
}

/** Of some active readings those that no provider stands by any more become declined. @returns them with their months */
export async function dropForsaken(
  trx: Transaction,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
): Promise<{ meterId: MeterId; period: Month }[]> {
  const { rows } = await sql<{ meterId: MeterId; period: Day }>`
    update reading set state = 'declined'
    where house_id = ${houseId}::uuid and reading_id = any(${readingIds}::uuid[]) and state = 'active'
      and not exists (select from reading_delivery other where other.house_id = ${houseId}::uuid
        and other.reading_id = reading.reading_id and other.state in ('received', 'fetched', 'accepted'))
    returning meter_id as "meterId", period`.execute(trx);
  return rows.map(({ meterId, period }) => ({ meterId, period: monthOf(period) }));
}

/** A declined reading counts again. @returns null when it was not declined */
export async function takeBack(
  trx: Transaction,
  houseId: HouseId,
  readingId: ReadingId,
): Promise<{ meterId: MeterId; period: Month } | null> {
  const { rows } = await sql<{ meterId: MeterId; period: Day }>`
    update reading set state = 'active' where house_id = ${houseId}::uuid and reading_id = ${readingId}::uuid
      and state = 'declined' returning meter_id as "meterId", period`.execute(trx);
  return rows[0] ? { meterId: rows[0].meterId, period: monthOf(rows[0].period) } : null;
}
