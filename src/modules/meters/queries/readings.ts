import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import { type Delivery, READING_ORDER, type Reading } from '../meter.ts';
import type { ReadingDeliveryTable, ReadingTable } from '../tables.ts';
import '../tables.ts';

export const toReading = (row: Selectable<ReadingTable>): Reading => ({
  houseId: row.house_id,
  readingId: row.reading_id,
  meterId: row.meter_id,
  resource: row.resource,
  kind: row.kind,
  period: monthOf(row.period as Day),
  takenOn: row.taken_on as Day,
  t1: plain(row.t1),
  t2: row.t2 && plain(row.t2),
  t3: row.t3 && plain(row.t3),
  rolledOver: row.rolled_over,
  source: row.source,
  organisationId: row.organisation_id,
  personId: row.person_id,
  enteredAt: row.entered_at,
  confirmed: row.confirmed,
  photoId: row.photo_id,
  state: row.state,
});

/** numeric(22, 7) comes with all its zeros. */
const plain = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** The order in which a device showed its values, the newest first (the same as compareShown of consumption.ts). */
const NEWEST = sql`period desc, taken_on desc, array_position(${READING_ORDER}::text[], kind) desc, entered_at desc`;

/**
 * Active readings that bear on the months from `from` on: all of them, and of each device and resource the last one before, which
 * opens the count.
 */
export async function selectReadingsAround(
  db: Db,
  houseId: HouseId,
  meterIds: readonly MeterId[],
  from: Month,
): Promise<Reading[]> {
  if (meterIds.length === 0) return [];
  const day = firstDay(from);
  const { rows } = await sql<Selectable<ReadingTable>>`
    select * from reading where house_id = ${houseId} and meter_id = any(${meterIds}::uuid[]) and state = 'active'
      and period >= ${day}::date
    union all
    select before.* from meter_resource own cross join lateral (
      select * from reading where house_id = ${houseId} and meter_id = own.meter_id and resource = own.resource
        and state = 'active' and period < ${day}::date
      order by ${NEWEST} limit 1) before
    where own.house_id = ${houseId} and own.meter_id = any(${meterIds}::uuid[])`.execute(db);
  return rows.map(toReading);
}

/** The newest active reading of each device and resource. */
export async function selectLastReadings(db: Db, houseId: HouseId, meterIds: readonly MeterId[]): Promise<Reading[]> {
  if (meterIds.length === 0) return [];
  const { rows } = await sql<Selectable<ReadingTable>>`
    select last.* from meter_resource own cross join lateral (
      select * from reading where house_id = ${houseId} and meter_id = own.meter_id and resource = own.resource
        and state = 'active' order by ${NEWEST} limit 1) last
    where own.house_id = ${houseId} and own.meter_id = any(${meterIds}::uuid[])`.execute(db);
  return rows.map(toReading);
}

/** All that was ever entered for a device, corrected and declined values too, the newest first, after the last one shown. */
export async function selectHistory(
  db: Db,
  houseId: HouseId,
  meterId: MeterId,
  page: { after: { enteredAt: Date; readingId: ReadingId } | null; limit: number },
): Promise<Reading[]> {
  let query = db.selectFrom('reading').selectAll().where('house_id', '=', houseId).where('meter_id', '=', meterId);
  if (page.after)
    query = query.where(
      sql<boolean>`(entered_at, reading_id) < (${page.after.enteredAt}::timestamptz, ${page.after.readingId}::uuid)`,
    );
  const rows = await query.orderBy('entered_at', 'desc').orderBy('reading_id', 'desc').limit(page.limit).execute();
  return rows.map(toReading);
}

export async function selectDeliveries(
  db: Db,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
): Promise<Delivery[]> {
  if (readingIds.length === 0) return [];
  const { rows } = await sql<Selectable<ReadingDeliveryTable>>`
    select * from reading_delivery where house_id = ${houseId} and reading_id = any(${readingIds}::uuid[])
    order by provider_id`.execute(db);
  return rows.map((row) => ({
    readingId: row.reading_id,
    providerId: row.provider_id,
    period: monthOf(row.period as Day),
    state: row.state,
    reason: row.reason,
    changedAt: row.changed_at,
  }));
}

export interface DeclinedReading {
  reading: Reading;
  reasons: { providerId: OrganisationId; reason: string }[];
}

/** Current values that no provider stands by any more, of the months from `from` on, with what each said; the newest first. */
export async function selectDeclined(
  db: Db,
  houseId: HouseId,
  meterIds: readonly MeterId[],
  from: Month,
): Promise<DeclinedReading[]> {
  if (meterIds.length === 0) return [];
  const { rows } = await sql<Selectable<ReadingTable> & { reasons: DeclinedReading['reasons'] }>`
    select reading.*, (
      select coalesce(json_agg(json_build_object('providerId', provider_id, 'reason', reason) order by provider_id), '[]')
      from reading_delivery where reading_delivery.house_id = ${houseId}
        and reading_delivery.reading_id = reading.reading_id and reading_delivery.state = 'declined') as reasons
    from reading where house_id = ${houseId} and meter_id = any(${meterIds}::uuid[]) and period >= ${firstDay(from)}::date
      and kind = 'current' and state = 'declined'
    order by entered_at desc`.execute(db);
  return rows.map(({ reasons, ...row }) => ({ reading: toReading(row), reasons }));
}

/** Writes readings, many at once. */
export async function insertReadings(
  trx: Transaction,
  readings: readonly (Reading & { uploadId: string | null })[],
): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map((one) => ({
    house_id: one.houseId,
    reading_id: one.readingId,
    meter_id: one.meterId,
    resource: one.resource,
    kind: one.kind,
    period: firstDay(one.period),
    taken_on: one.takenOn,
    t1: one.t1,
    t2: one.t2,
    t3: one.t3,
    rolled_over: one.rolledOver,
    source: one.source,
    organisation_id: one.organisationId,
    person_id: one.personId,
    entered_at: one.enteredAt,
    confirmed: one.confirmed,
    photo_id: one.photoId,
    upload_id: one.uploadId,
    state: one.state,
    replaced_by: null,
  }));
  await sql`insert into reading select * from json_populate_recordset(null::reading, ${JSON.stringify(rows)}::json)`.execute(
    trx,
  );
}

export interface NewDelivery {
  houseId: HouseId;
  readingId: ReadingId;
  providerId: OrganisationId;
  accountId: string;
  meterId: MeterId;
  period: Month;
  state: 'received' | 'accepted';
  by: PersonId | null;
}

export async function insertDeliveries(trx: Transaction, deliveries: readonly NewDelivery[], at: Date): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map((one) => ({
    house_id: one.houseId,
    reading_id: one.readingId,
    provider_id: one.providerId,
    account_id: one.accountId,
    meter_id: one.meterId,
    period: firstDay(one.period),
    state: one.state,
    reason: null,
    changed_at: at,
    changed_by: one.by,
  }));
  await sql`insert into reading_delivery
    select * from json_populate_recordset(null::reading_delivery, ${JSON.stringify(rows)}::json)`.execute(trx);
}

/** Readings that newer ones of the same source correct; the trace stays. @throws Error when one of them is active no more */
export async function correctReadings(
  trx: Transaction,
  houseId: HouseId,
  pairs: readonly { readingId: ReadingId; replacedBy: ReadingId }[],
): Promise<void> {
  if (pairs.length === 0) return;
  const { numAffectedRows } = await sql`
    update reading set state = 'corrected', replaced_by = pair.by
    from unnest(${pairs.map((pair) => pair.readingId)}::uuid[], ${pairs.map((pair) => pair.replacedBy)}::uuid[]) pair (id, by)
    where house_id = ${houseId} and reading_id = pair.id and state = 'active'`.execute(trx);
  if (numAffectedRows !== BigInt(pairs.length)) throw new Error('a reading to be corrected was not active');
}

/** Base values whose month turns out to be an earlier one; the others of them stay untouched. */
export async function beginReadings(
  trx: Transaction,
  houseId: HouseId,
  begun: readonly { readingId: ReadingId; period: Month }[],
): Promise<void> {
  if (begun.length === 0) return;
  await sql`
    update reading set period = begun.period
    from unnest(${begun.map((one) => one.readingId)}::uuid[], ${begun.map((one) => firstDay(one.period))}::date[]) begun (id, period)
    where house_id = ${houseId} and reading_id = begun.id and reading.period > begun.period`.execute(trx);
}

/** A delivery that is the word no more: of a provider, for its own month. */
export interface PastDelivery {
  readingId: ReadingId;
  providerId: OrganisationId;
  period: Month;
}

/**
 * Deliveries of a house that a statement changes, held in one order before it changes any: two statements that change many at once come
 * one after the other.
 */
export const heldDeliveries = (which: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  with held as materialized (select house_id, reading_id, provider_id from reading_delivery where ${which}
    order by reading_id, provider_id for no key update)`;
export const IS_HELD = sql`reading_delivery.house_id = held.house_id and reading_delivery.reading_id = held.reading_id
  and reading_delivery.provider_id = held.provider_id`;

/** Deliveries of values that are the word no more; what was declined stays declined, with its reason. */
export async function replaceDeliveries(
  trx: Transaction,
  houseId: HouseId,
  past: readonly PastDelivery[],
  at: Date,
): Promise<void> {
  if (past.length === 0) return;
  const ids = past.map((one) => one.readingId);
  const which = sql`house_id = ${houseId}::uuid and reading_id = any(${ids}::uuid[])
    and state in ('received', 'fetched', 'accepted') and (reading_id, provider_id, period) in (select * from unnest(${ids}::uuid[],
      ${past.map((one) => one.providerId)}::uuid[], ${past.map((one) => firstDay(one.period))}::date[]))`;
  await sql`${heldDeliveries(which)} update reading_delivery set state = 'replaced', changed_at = ${at}::timestamptz
    from held where reading_delivery.house_id = ${houseId}::uuid and ${IS_HELD}`.execute(trx);
}
