import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { ReadingSource, Resource } from '../meter.ts';
import '../tables.ts';

/** Accounts of a provider whose devices have no current value in a month, with how many devices wait. */
export async function selectAccountsWithoutReadings(
  db: Db,
  houseId: HouseId,
  providerId: OrganisationId,
  period: Month,
  today: Day,
): Promise<{ accountId: AccountId; meters: number }[]> {
  const { rows } = await sql<{ accountId: AccountId; meters: number }>`
    select own.account_id as "accountId", count(*)::int as meters from meter_account own
    join meter on meter.house_id = own.house_id and meter.meter_id = own.meter_id and meter.state = 'working'
    join account on account.house_id = ${houseId} and account.account_id = own.account_id and account.closed_on is null
    where own.house_id = ${houseId} and own.provider_id = ${providerId} and not meter.remote
      and (meter.verify_by is null or meter.verify_by >= ${today}::date)
      and not exists (select from reading_delivery sent where sent.house_id = ${houseId} and sent.meter_id = own.meter_id
        and sent.provider_id = ${providerId} and sent.period = ${firstDay(period)}::date
        and sent.state in ('received', 'fetched', 'accepted'))
    group by own.account_id order by own.account_id`.execute(db);
  return rows;
}

/** Devices of a house whose verification ends on one of the days, with their accounts. */
export async function selectEndingVerifications(
  db: Db,
  houseId: HouseId,
  days: readonly Day[],
): Promise<{ meterId: MeterId; serial: string; resource: string; verifyBy: Day; accountIds: AccountId[] }[]> {
  const { rows } = await sql<{
    meterId: MeterId;
    serial: string;
    resource: string;
    verifyBy: Day;
    accountIds: AccountId[];
  }>`
    select meter.meter_id as "meterId", meter.serial, min(meter_resource.resource) as resource, meter.verify_by as "verifyBy",
      array_agg(distinct own.account_id) as "accountIds"
    from meter
    join meter_resource on meter_resource.house_id = meter.house_id and meter_resource.meter_id = meter.meter_id
    join meter_account own on own.house_id = meter.house_id and own.meter_id = meter.meter_id
    join account on account.house_id = ${houseId} and account.account_id = own.account_id and account.closed_on is null
    where meter.house_id = ${houseId} and meter.state <> 'archived' and meter.verify_by = any(${days}::date[])
    group by meter.house_id, meter.meter_id order by meter.meter_id`.execute(db);
  return rows;
}

/** People who have connected any of the accounts. For jobs alone: it asks all people. */
export async function selectPeopleOfAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<{ personId: PersonId; accountId: AccountId }[]> {
  const { rows } = await sql<{ personId: PersonId; accountId: AccountId }>`
    select person_id as "personId", account_id as "accountId" from account_link
    where house_id = ${houseId} and account_id = any(${accountIds}::uuid[]) and state = 'connected'
    order by person_id`.execute(db);
  return rows;
}

/** A current value that an organisation does not take. */
export interface Declined {
  readingId: ReadingId;
  reason: string;
  changedAt: Date;
  resource: Resource;
  serial: string;
  t1: string;
  t2: string | null;
  t3: string | null;
  takenOn: Day;
  period: Month;
  source: ReadingSource;
  personId: PersonId | null;
  /** Open accounts of all providers that the device charges. */
  accountIds: AccountId[];
}

/** Values of a house that an organisation has declined since a moment, and that nobody has corrected. */
export async function selectDeclines(
  db: Db,
  houseId: HouseId,
  organisationId: OrganisationId,
  since: Date,
): Promise<Declined[]> {
  const { rows } = await sql<Omit<Declined, 'period'> & { period: Day }>`
    select delivery.reading_id as "readingId", delivery.reason, delivery.changed_at as "changedAt", reading.resource,
      meter.serial, trim_scale(reading.t1)::text as t1, trim_scale(reading.t2)::text as t2, trim_scale(reading.t3)::text as t3,
      reading.taken_on as "takenOn", delivery.period, reading.source, reading.person_id as "personId",
      array(select own.account_id from meter_account own
        join account on account.house_id = ${houseId}::uuid and account.account_id = own.account_id and account.closed_on is null
        where own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id) as "accountIds"
    from reading_delivery delivery
    join reading on reading.house_id = ${houseId}::uuid and reading.reading_id = delivery.reading_id
      and reading.kind = 'current' and reading.state <> 'corrected'
    join meter on meter.house_id = ${houseId}::uuid and meter.meter_id = delivery.meter_id
    where delivery.house_id = ${houseId}::uuid and delivery.provider_id = ${organisationId}::uuid
      and delivery.state = 'declined' and delivery.changed_at >= ${since}::timestamptz
    order by delivery.changed_at, delivery.reading_id`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}
