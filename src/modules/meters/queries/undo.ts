import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import {
  type AccountId,
  type HouseId,
  idsFrom,
  type MeterId,
  type PersonId,
  type ReadingId,
  type UploadId,
} from '../../../platform/ids.ts';
import { type Day, type Month, monthOf } from '../../../platform/month.ts';
import type { ReadingKind, Resource } from '../meter.ts';
import '../tables.ts';

/** A value that an upload brought. */
export interface UploadedReading {
  readingId: ReadingId;
  meterId: MeterId;
  serial: string;
  resource: Resource;
  kind: ReadingKind;
  period: Month;
  enteredAt: Date;
  isActive: boolean;
  /** A value that is no part of the upload and still counts has corrected it since. */
  isCorrected: boolean;
  /** It corrected a former one, which will count again. */
  corrects: boolean;
}

/** Values of an upload in one house, in the order in which they were entered. The house's own key finds them: no index by upload. */
export async function selectUploadedReadings(db: Db, houseId: HouseId, uploadId: UploadId): Promise<UploadedReading[]> {
  const { rows } = await sql<Omit<UploadedReading, 'period'> & { period: Day }>`
    select own.reading_id as "readingId", own.meter_id as "meterId", meter.serial, own.resource, own.kind, own.period,
      own.entered_at as "enteredAt", own.state = 'active' as "isActive",
      coalesce(own.state = 'corrected' and newer.state = 'active' and newer.upload_id is distinct from ${uploadId}::uuid, false)
        as "isCorrected",
      exists (select from reading former where former.house_id = own.house_id and former.meter_id = own.meter_id
        and former.resource = own.resource and former.replaced_by = own.reading_id and former.state = 'corrected') as corrects
    from reading own
    join meter on meter.house_id = own.house_id and meter.meter_id = own.meter_id
    left join reading newer on newer.house_id = own.house_id and newer.reading_id = own.replaced_by
    where own.house_id = ${houseId}::uuid and own.reading_id >= ${idsFrom(uploadId)}::uuid and own.upload_id = ${uploadId}::uuid
    order by own.reading_id`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

/** Accounts that devices charge, of all providers. */
export async function selectChargedAccounts(
  db: Db,
  houseId: HouseId,
  meterIds: readonly MeterId[],
): Promise<{ meterId: MeterId; accountId: AccountId }[]> {
  if (meterIds.length === 0) return [];
  const { rows } = await sql<{ meterId: MeterId; accountId: AccountId }>`
    select meter_id as "meterId", account_id as "accountId" from meter_account
    where house_id = ${houseId}::uuid and meter_id = any(${meterIds}::uuid[])`.execute(db);
  return rows;
}

/** Values count no more, and their providers are told why. */
export async function declineReadings(
  trx: Transaction,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
  { reason, by, at }: { reason: string; by: PersonId; at: Date },
): Promise<void> {
  await sql`update reading set state = 'declined' where house_id = ${houseId}::uuid
    and reading_id = any(${readingIds}::uuid[]) and state = 'active'`.execute(trx);
  await sql`
    update reading_delivery set state = 'declined', reason = ${reason}, changed_at = ${at}::timestamptz, changed_by = ${by}::uuid
    where house_id = ${houseId}::uuid and reading_id = any(${readingIds}::uuid[])
      and state in ('received', 'fetched', 'accepted')`.execute(trx);
}

/** The values that some had corrected count again. @returns them */
export async function reviveCorrected(
  trx: Transaction,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
): Promise<ReadingId[]> {
  const { rows } = await sql<{ readingId: ReadingId }>`
    with gone as (select * from reading where house_id = ${houseId}::uuid and reading_id = any(${readingIds}::uuid[]))
    update reading former set state = 'active', replaced_by = null from gone
    where former.house_id = ${houseId}::uuid and former.meter_id = gone.meter_id and former.resource = gone.resource
      and former.replaced_by = gone.reading_id and former.state = 'corrected'
    returning former.reading_id as "readingId"`.execute(trx);
  return rows.map(({ readingId }) => readingId);
}

/**
 * Deliveries that some values had pushed aside stand again, where no newer value is the word: what its own organisation entered is
 * accepted, the rest waits for the provider once more, for nobody wrote down what had been decided.
 */
export async function reviveDeliveries(
  trx: Transaction,
  houseId: HouseId,
  readingIds: readonly ReadingId[],
  at: Date,
): Promise<void> {
  await sql`
    with gone as (
      select distinct meter_id, resource, entered_at from reading
      where house_id = ${houseId}::uuid and reading_id = any(${readingIds}::uuid[]))
    update reading_delivery past
    set state = case when former.source = 'organisation' and former.organisation_id = past.provider_id then 'accepted' else 'received' end,
      changed_at = ${at}::timestamptz
    from gone
    join reading former on former.house_id = ${houseId}::uuid and former.meter_id = gone.meter_id
      and former.resource = gone.resource and former.state = 'active'
    where past.house_id = ${houseId}::uuid and past.reading_id = former.reading_id and past.state = 'replaced'
      and past.changed_at = gone.entered_at
      and not exists (
        select from reading_delivery word
        join reading newer on newer.house_id = ${houseId}::uuid and newer.reading_id = word.reading_id and newer.state = 'active'
          and newer.resource = former.resource
        where word.house_id = ${houseId}::uuid and word.provider_id = past.provider_id and word.meter_id = past.meter_id
          and word.period = past.period and word.state in ('received', 'fetched', 'accepted')
          and newer.kind = 'current' and newer.entered_at > gone.entered_at)`.execute(trx);
}

/** Base values whose month was moved forward by values that are gone are of the month in which they were taken. */
export async function settleBases(trx: Transaction, houseId: HouseId, meterIds: readonly MeterId[]): Promise<void> {
  await sql`
    update reading base set period = date_trunc('month', base.taken_on)::date
    where base.house_id = ${houseId}::uuid and base.meter_id = any(${meterIds}::uuid[]) and base.kind = 'base'
      and base.state = 'active' and base.period < date_trunc('month', base.taken_on)::date
      and not exists (select from reading other where other.house_id = base.house_id and other.meter_id = base.meter_id
        and other.resource = base.resource and other.kind <> 'base' and other.state = 'active'
        and other.period < date_trunc('month', base.taken_on)::date)`.execute(trx);
}
