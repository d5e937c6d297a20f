import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import { addMonths, type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { DeliveryState, ReadingKind, ReadingSource, Resource } from '../meter.ts';
import '../tables.ts';

/** A reading as it was delivered to an organisation. */
export interface Delivered {
  houseId: HouseId;
  readingId: ReadingId;
  meter: string;
  serial: string;
  unit: string;
  account: string | null;
  resource: Resource;
  kind: ReadingKind;
  period: Month;
  takenOn: Day;
  t1: string;
  t2: string | null;
  t3: string | null;
  rolledOver: boolean;
  confirmed: string[];
  source: ReadingSource;
  enteredAt: Date;
  state: DeliveryState;
  reason: string | null;
  changedAt: Date;
  /** The reading that this one corrects. */
  corrects: ReadingId | null;
}

/** The last line of a page. */
export interface FeedKey {
  changedAt: Date;
  houseId: HouseId;
  readingId: ReadingId;
}

/** Nobody's window takes a month long before it begins, so no delivery of a month is older than this. */
const earliest = (period: Month) => `${firstDay(addMonths(period, -1))}T00:00:00Z`;

/** Deliveries to an organisation in one state, the oldest change first, after the last one shown. */
export async function selectFeed(
  db: Db,
  input: {
    organisationId: OrganisationId;
    state: DeliveryState;
    period: Month | null;
    after: FeedKey | null;
    limit: number;
  },
): Promise<Delivered[]> {
  const { organisationId, state, period, after, limit } = input;
  const { rows } = await sql<Omit<Delivered, 'period'> & { period: Day }>`
    select page.house_id as "houseId", page.reading_id as "readingId", meter.number as meter, meter.serial, own.unit,
      account.number as account, reading.resource, reading.kind, page.period, reading.taken_on as "takenOn",
      trim_scale(reading.t1)::text as t1, trim_scale(reading.t2)::text as t2, trim_scale(reading.t3)::text as t3,
      reading.rolled_over as "rolledOver", reading.confirmed, reading.source, reading.entered_at as "enteredAt", page.state,
      page.reason, page.changed_at as "changedAt",
      (select former.reading_id from reading former where former.house_id = page.house_id and former.meter_id = page.meter_id
        and former.resource = reading.resource and former.period = reading.period and former.replaced_by = page.reading_id
        limit 1) as corrects
    from (select * from reading_delivery where provider_id = ${organisationId}::uuid and state = ${state}
        ${period ? sql`and period = ${firstDay(period)}::date and changed_at >= ${earliest(period)}::timestamptz` : sql``}
        ${
          after
            ? sql`and (changed_at, house_id, reading_id)
                > (${after.changedAt}::timestamptz, ${after.houseId}::uuid, ${after.readingId}::uuid)`
            : sql``
        }
      order by changed_at, house_id, reading_id limit ${limit}) page
    join reading on reading.house_id = page.house_id and reading.reading_id = page.reading_id
    join meter on meter.house_id = page.house_id and meter.meter_id = page.meter_id
    join meter_resource own on own.house_id = page.house_id and own.meter_id = page.meter_id and own.resource = reading.resource
    left join account on account.house_id = page.house_id and account.account_id = page.account_id
    order by page.changed_at, page.house_id, page.reading_id`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

/** How deliveries of a house to an organisation stand, held until the transaction ends. */
export async function lockDeliveries(
  trx: Transaction,
  houseId: HouseId,
  organisationId: OrganisationId,
  readingIds: readonly ReadingId[],
): Promise<{ readingId: ReadingId; meterId: MeterId; state: DeliveryState; reason: string | null }[]> {
  const { rows } = await sql<{ readingId: ReadingId; meterId: MeterId; state: DeliveryState; reason: string | null }>`
    select reading_id as "readingId", meter_id as "meterId", state, reason from reading_delivery
    where house_id = ${houseId}::uuid and provider_id = ${organisationId}::uuid and reading_id = any(${readingIds}::uuid[])
    order by reading_id for no key update`.execute(trx);
  return rows;
}

/** Moves deliveries that the transaction holds. @throws Error when one of them is not there */
export async function moveDeliveries(
  trx: Transaction,
  houseId: HouseId,
  organisationId: OrganisationId,
  moves: readonly { readingId: ReadingId; to: DeliveryState; reason: string | null }[],
  by: PersonId,
  at: Date,
): Promise<void> {
  if (moves.length === 0) return;
  const { numAffectedRows } = await sql`
    update reading_delivery set state = move.state, reason = move.reason, changed_at = ${at}::timestamptz, changed_by = ${by}::uuid
    from unnest(${moves.map((move) => move.readingId)}::uuid[], ${moves.map((move) => move.to)}::text[],
      ${moves.map((move) => move.reason)}::text[]) as move (reading_id, state, reason)
    where reading_delivery.house_id = ${houseId}::uuid and reading_delivery.provider_id = ${organisationId}::uuid
      and reading_delivery.reading_id = move.reading_id`.execute(trx);
  if (numAffectedRows !== BigInt(moves.length)) throw new Error('a delivery to be moved was not there');
}

/** Of declined readings those whose place an active one has taken: they cannot count again. */
export async function selectSuperseded(
  trx: Transaction,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
): Promise<Set<ReadingId>> {
  const { rows } = await sql<{ readingId: ReadingId }>`
    select declined.reading_id as "readingId" from reading declined
    join reading newer on newer.house_id = ${houseId}::uuid and newer.meter_id = declined.meter_id
      and newer.resource = declined.resource and newer.period = declined.period and newer.source = declined.source
      and newer.organisation_id is not distinct from declined.organisation_id and newer.kind = 'current' and newer.state = 'active'
    where declined.house_id = ${houseId}::uuid and declined.reading_id = any(${readingIds}::uuid[])
      and declined.kind = 'current' and declined.state = 'declined'`.execute(trx);
  return new Set(rows.map(({ readingId }) => readingId));
}
