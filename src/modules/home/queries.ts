import { type Selectable, sql } from 'kysely';
import type { Db, Tables } from '../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, PersonId } from '../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../platform/month.ts';
import type { DatedRule } from '../../platform/rules/rules.ts';
import type { AccountCard } from '../accounts/index.ts';
import '../accounts/tables.ts';
import '../appeals/tables.ts';
import '../connections/tables.ts';
import '../houses/tables.ts';
import '../meters/tables.ts';

/** What the home page says of an account. */
export type HomeAccount = Pick<
  AccountCard,
  | 'houseId'
  | 'accountId'
  | 'providerId'
  | 'number'
  | 'kind'
  | 'isTenant'
  | 'totalArea'
  | 'livingArea'
  | 'residents'
  | 'closedOn'
  | 'places'
>;

/** A working device that an account is charged by, with the newest month that it has a current value for. */
export interface HomeDevice {
  meterId: MeterId;
  takenFor: Month | null;
  verifyBy: Day | null;
}

/**
 * Accounts of one house with what the home page says of them: their places, their devices, and the rules of reading windows of the house
 * and of their providers. One statement instead of three: the page has few to spend.
 * @param since values of earlier months are not looked at
 * @param scopes of the providers, as "scope:id"
 */
export async function selectAccountsAtHome(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  since: Month,
  scopes: readonly string[],
): Promise<{ account: HomeAccount; devices: HomeDevice[]; windows: DatedRule[] }[]> {
  const { rows } = await sql<
    HomeAccount & {
      devices: (Omit<HomeDevice, 'takenFor'> & { takenFor: Day | null })[] | null;
      windows: DatedRule[] | null;
    }
  >`
    select account.house_id as "houseId", account_id as "accountId", provider_id as "providerId", account.number, account.kind,
      is_tenant as "isTenant", account.total_area as "totalArea", account.living_area as "livingArea", residents,
      closed_on as "closedOn",
      (select coalesce(json_agg(json_build_object('premisesId', premises_id, 'roomId', room_id,
          'sharePercent', share_percent::text) order by place_id), '[]')
        from account_place where account_place.house_id = account.house_id
          and account_place.account_id = account.account_id) as places,
      (select json_agg(json_build_object('meterId', meter.meter_id, 'verifyBy', meter.verify_by, 'takenFor',
          (select max(period) from reading where reading.house_id = meter.house_id and reading.meter_id = meter.meter_id
            and period >= ${firstDay(since)}::date and reading.kind = 'current' and reading.state = 'active')))
        from meter_account join meter on meter.house_id = meter_account.house_id and meter.meter_id = meter_account.meter_id
        where meter_account.house_id = account.house_id and meter_account.account_id = account.account_id
          and account.closed_on is null and meter.state = 'working') as devices,
      case when row_number() over (order by account_id) = 1 then (
        select json_agg(json_build_object('key', key, 'scope', scope, 'scopeId', scope_id, 'validFrom', valid_from,
          'validTo', valid_to, 'value', value, 'mandatory', mandatory))
        from dated_rule where key = 'reading.window' and scope || ':' || scope_id = any(${scopes}::text[] || array['federal:',
          'region:' || house.region_code, 'municipality:' || house.oktmo, 'house:' || house.house_id])) end as windows
    from account join house on house.house_id = account.house_id
    where account.house_id = ${houseId} and account_id = any(${accountIds}::uuid[])
    order by account_id`.execute(db);
  return rows.map(({ devices, windows, ...account }) => ({
    account,
    devices: (devices ?? []).map((device) => ({ ...device, takenFor: device.takenFor && monthOf(device.takenFor) })),
    windows: windows ?? [],
  }));
}

/** An address whose mail server says that there is no such mailbox. */
export interface RefusedMailbox {
  address: string;
  refusedAt: Date;
}

/**
 * The person's links to accounts, the newest first, how many of their appeals have something they have not opened, and the address that
 * letters do not reach: one statement, for the home page has few to spend.
 */
export async function selectLinksAtHome(
  db: Db,
  personId: PersonId,
): Promise<{ links: Selectable<Tables['account_link']>[]; unreadAppeals: number; refused: RefusedMailbox | null }> {
  const { rows } = await sql<
    Selectable<Tables['account_link']> & { unreadAppeals: number; refused: { address: string; at: string } | null }
  >`
    select *, (select count(*)::int from own_appeal where person_id = ${personId} and unread) as "unreadAppeals",
      (select json_build_object('address', coalesce(own.address, person.email), 'at', refused.refused_at)
        from person left join notice_address own on own.person_id = person.person_id
        join refused_address refused on refused.address = lower(coalesce(own.address, person.email))
        where person.person_id = ${personId}) as refused
    from account_link where person_id = ${personId} order by link_id desc limit 200`.execute(db);
  const refused = rows[0]?.refused;
  return {
    links: rows,
    unreadAppeals: rows[0]?.unreadAppeals ?? 0,
    refused: refused ? { address: refused.address, refusedAt: new Date(refused.at) } : null,
  };
}

/** Whether any organisation has put an open account of the house in. */
export async function hasOpenAccounts(db: Db, houseId: HouseId): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('account_id')
    .where('house_id', '=', houseId)
    .where('closed_on', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
