import { sql } from 'kysely';
import type { Desk } from '../../platform/access.ts';
import type { Db } from '../../platform/database/database.ts';
import { inScope } from '../../platform/database/scope.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, PersonId, PremisesId } from '../../platform/ids.ts';
import type { AccountCard, ConnectedAccount, Place } from './account.ts';
import type { UnifiedKind } from './numbers.ts';
import './tables.ts';

/** The person's own; accounts shared with them are left out: `usableAccounts` gives both. */
export async function connectedAccounts(db: Db, personId: PersonId): Promise<ConnectedAccount[]> {
  return db
    .selectFrom('account_link')
    .select([
      'link_id as linkId',
      'house_id as houseId',
      'account_id as accountId',
      'provider_id as providerId',
      'title',
      'changed_at as connectedAt',
    ])
    .where('person_id', '=', personId)
    .where('state', '=', 'connected')
    .orderBy('link_id')
    .execute();
}

/** Asked with every request of a resident: plain SQL. A share whose day is over counts until it is swept: pages ask for themselves. */
export async function hasConnectedAccounts(db: Db, personId: PersonId): Promise<boolean> {
  const { rows } =
    await sql`select from account_link where person_id = ${personId} and state in ('connected', 'shared') limit 1`.execute(
      db,
    );
  return rows.length > 0;
}

/**
 * Accounts of one house with the places they are for.
 * @param desk whose accounts they must be, and of whose houses
 */
export async function readAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  desk?: Desk,
): Promise<AccountCard[]> {
  if (accountIds.length === 0) return [];
  let query = db
    .selectFrom('account')
    .select((where) => [
      'house_id as houseId',
      'account_id as accountId',
      'provider_id as providerId',
      'number',
      'kind',
      'els',
      'service_id as serviceId',
      'is_tenant as isTenant',
      'divided',
      'payer',
      'family_name as familyName',
      'given_name as givenName',
      'middle_name as middleName',
      'snils',
      'total_area as totalArea',
      'living_area as livingArea',
      'heated_area as heatedArea',
      'residents',
      'opened_on as openedOn',
      'closed_on as closedOn',
      'close_reason_code as closeReasonCode',
      where
        .selectFrom('account_place')
        .select(
          sql<
            Place[]
          >`coalesce(json_agg(json_build_object('premisesId', account_place.premises_id, 'roomId', account_place.room_id,
            'sharePercent', account_place.share_percent::text) order by account_place.place_id), '[]')`.as('places'),
        )
        .whereRef('account_place.house_id', '=', 'account.house_id')
        .whereRef('account_place.account_id', '=', 'account.account_id')
        .as('places'),
    ])
    .where('house_id', '=', houseId)
    .where((where) => where('account_id', '=', where.fn.any(where.val(accountIds as AccountId[]))));
  if (desk) query = query.where('provider_id', '=', desk.organisationId).where(inScope('house_id', desk.houses));
  const rows = await query.orderBy('account_id').execute();
  return rows.map((row) => ({ ...row, places: row.places ?? [] }));
}

/** Accounts of one premises that one provider keeps. */
export async function selectAccountsOfPremises(
  db: Db,
  houseId: HouseId,
  premisesId: PremisesId,
  providerId: OrganisationId,
): Promise<AccountId[]> {
  const rows = await db
    .selectFrom('account_place')
    .innerJoin('account', (join) =>
      join
        .onRef('account.house_id', '=', 'account_place.house_id')
        .onRef('account.account_id', '=', 'account_place.account_id'),
    )
    .select('account.account_id')
    .distinct()
    .where('account_place.house_id', '=', houseId)
    .where('account_place.premises_id', '=', premisesId)
    .where('account.provider_id', '=', providerId)
    .execute();
  return rows.map((row) => row.account_id);
}

export async function selectUnifiedNumber(
  db: Db,
  value: string,
): Promise<{ kind: UnifiedKind; houseId: HouseId; accountId: AccountId | null; documentId: DocumentId | null } | null> {
  const row = await db.selectFrom('unified_number').selectAll().where('value', '=', value).executeTakeFirst();
  return row ? { kind: row.kind, houseId: row.house_id, accountId: row.account_id, documentId: row.document_id } : null;
}

/** All accounts of one ЕЛС in its house: one for each provider. */
export async function selectAccountsOfEls(db: Db, houseId: HouseId, els: string): Promise<AccountId[]> {
  const rows = await db
    .selectFrom('account')
    .select('account_id')
    .where('house_id', '=', houseId)
    .where('els', '=', els)
    .orderBy('service_id')
    .execute();
  return rows.map((row) => row.account_id);
}

export async function selectProviderAccount(db: Db, providerId: OrganisationId, number: string) {
  const row = await db
    .selectFrom('provider_account')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row ? { houseId: row.house_id, accountId: row.account_id } : null;
}

/** The database's own locale may know no Cyrillic: small and capital letters are told together by the Russian collation. */
const folded = (column: string) => sql<string>`lower(${sql.ref(column)} collate "ru-x-icu")`;

/** A page of a provider's accounts in one house, by number after the last one shown. */
export async function selectAccountPage(
  db: Db,
  input: { houseId: HouseId; desk: Desk; search: string; after: string; limit: number },
) {
  let query = db
    .selectFrom('account')
    .select([
      'account_id as accountId',
      'number',
      'kind',
      'els',
      'service_id as serviceId',
      'payer',
      'family_name as familyName',
      'given_name as givenName',
      'middle_name as middleName',
      'total_area as totalArea',
      'residents',
      'closed_on as closedOn',
    ])
    .where('house_id', '=', input.houseId)
    .where(inScope('house_id', input.desk.houses))
    .where('provider_id', '=', input.desk.organisationId)
    .where('number', '>', input.after);
  if (input.search) {
    const like = `%${input.search.toLowerCase().replace(/[%_\\]/g, '\\$&')}%`;
    query = query.where((where) =>
      where.or((['number', 'els', 'family_name'] as const).map((column) => where(folded(column), 'like', like))),
    );
  }
  return query.orderBy('number').limit(input.limit).execute();
}
