import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, PremisesId, RoomId } from '../../../platform/ids.ts';
import type { AccountKind } from '../account.ts';
import type { UnifiedKind } from '../numbers.ts';
import '../tables.ts';

/** Accounts of one provider by its own numbers; unknown numbers are absent. */
export async function selectProviderAccounts(
  db: Db,
  providerId: OrganisationId,
  numbers: readonly string[],
): Promise<Map<string, { houseId: HouseId; accountId: AccountId }>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<{ number: string; houseId: HouseId; accountId: AccountId }>`
    select number, house_id as "houseId", account_id as "accountId" from provider_account
    where provider_id = ${providerId} and number = any(${numbers}::text[])`.execute(db);
  return new Map(rows.map(({ number, ...account }) => [number, account]));
}

export interface NamedByNumber {
  kind: UnifiedKind;
  houseId: HouseId;
  accountId: AccountId | null;
  documentId: DocumentId | null;
}

/** What unified numbers name, by canonical value; unknown ones are absent. */
export async function selectUnifiedNumbers(db: Db, values: readonly string[]): Promise<Map<string, NamedByNumber>> {
  if (values.length === 0) return new Map();
  const { rows } = await sql<NamedByNumber & { value: string }>`
    select value, kind, house_id as "houseId", account_id as "accountId", document_id as "documentId" from unified_number
    where value = any(${values}::text[])`.execute(db);
  return new Map(rows.map(({ value, ...named }) => [value, named]));
}

export interface WholePlace {
  premisesId: PremisesId;
  roomId: RoomId | null;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house';
  number: string;
  roomNumber: string | null;
  sharePercent: string | null;
}
export interface Basis {
  kind: string;
  identifier: string | null;
  contractKind: string | null;
  number: string | null;
  concludedOn: string | null;
  onPaper: string | null;
}

/** An account with everything that a provider says of it. */
export interface WholeAccount {
  accountId: AccountId;
  providerId: OrganisationId;
  number: string;
  kind: AccountKind;
  els: string;
  serviceId: string;
  isTenant: boolean;
  divided: boolean;
  payer: 'person' | 'organisation' | null;
  familyName: string | null;
  givenName: string | null;
  middleName: string | null;
  snils: string | null;
  documentKind: string | null;
  documentNumber: string | null;
  documentSeries: string | null;
  documentOn: string | null;
  payerOgrn: string | null;
  payerNza: string | null;
  payerKpp: string | null;
  totalArea: string | null;
  livingArea: string | null;
  heatedArea: string | null;
  residents: number | null;
  openedOn: string | null;
  closedOn: string | null;
  closeReasonCode: string | null;
  closeNote: string | null;
  places: WholePlace[];
  bases: Basis[];
}

const WHOLE = sql`a.account_id as "accountId", a.provider_id as "providerId", a.number, a.kind, a.els, a.service_id as "serviceId",
  a.is_tenant as "isTenant", a.divided, a.payer, a.family_name as "familyName", a.given_name as "givenName",
  a.middle_name as "middleName", a.snils, a.document_kind as "documentKind", a.document_number as "documentNumber",
  a.document_series as "documentSeries", a.document_on as "documentOn", a.payer_ogrn as "payerOgrn", a.payer_nza as "payerNza",
  a.payer_kpp as "payerKpp", a.total_area as "totalArea", a.living_area as "livingArea", a.heated_area as "heatedArea",
  a.residents, a.opened_on as "openedOn", a.closed_on as "closedOn", a.close_reason_code as "closeReasonCode",
  a.close_note as "closeNote",
  coalesce((select json_agg(json_build_object('premisesId', p.premises_id, 'roomId', l.room_id, 'category', p.category,
      'number', p.number, 'roomNumber', r.number, 'sharePercent', l.share_percent::text) order by l.place_id)
    from account_place l
    join premises p on p.house_id = l.house_id and p.premises_id = l.premises_id
    left join room r on r.house_id = l.house_id and r.room_id = l.room_id
    where l.house_id = a.house_id and l.account_id = a.account_id), '[]') as places,
  coalesce((select json_agg(json_build_object('kind', b.kind, 'identifier', b.identifier, 'contractKind', b.contract_kind,
      'number', b.number, 'concludedOn', b.concluded_on, 'onPaper', b.on_paper) order by b.position)
    from account_basis b where b.house_id = a.house_id and b.account_id = a.account_id), '[]') as bases`;

export async function selectWholeAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, WholeAccount>> {
  if (accountIds.length === 0) return new Map();
  const { rows } = await sql<WholeAccount>`
    select ${WHOLE} from account a where a.house_id = ${houseId} and a.account_id = any(${accountIds}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.accountId, row]));
}

/** Accounts of any provider on some premises of a house: those that may share an ЕЛС. */
export async function selectNeighbours(
  db: Db,
  houseId: HouseId,
  premisesIds: readonly PremisesId[],
): Promise<WholeAccount[]> {
  if (premisesIds.length === 0) return [];
  const { rows } = await sql<WholeAccount>`
    select ${WHOLE} from account a
    where a.house_id = ${houseId} and a.account_id in (
      select account_id from account_place where house_id = ${houseId} and premises_id = any(${premisesIds}::uuid[]))
    order by a.service_id`.execute(db);
  return rows;
}

/** A provider's accounts of some ЕЛС in one house. */
export async function selectOwnAccountsOfEls(
  db: Db,
  houseId: HouseId,
  providerId: OrganisationId,
  els: readonly string[],
): Promise<{ els: string; accountId: AccountId }[]> {
  if (els.length === 0) return [];
  const { rows } = await sql<{ els: string; accountId: AccountId }>`
    select els, account_id as "accountId" from account
    where house_id = ${houseId} and provider_id = ${providerId} and els = any(${els}::text[])
    order by service_id`.execute(db);
  return rows;
}

/** ЖКУ ids that an ЕЛС has given out. */
export async function selectServiceIds(db: Db, els: readonly string[]): Promise<string[]> {
  if (els.length === 0) return [];
  const { rows } = await sql<{ value: string }>`
    select value from unified_number where value = any(
      select e || '-' || lpad(n::text, 2, '0') from unnest(${els}::text[]) as e, generate_series(1, 99) as n)`.execute(
    db,
  );
  return rows.map((row) => row.value);
}

/** Takes numbers in the look-up. @returns those that were free; the others belong to somebody already */
export async function claimNumbers(
  db: Db,
  numbers: readonly { value: string; kind: 'els' | 'service'; houseId: HouseId; accountId: AccountId | null }[],
): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const sorted = [...numbers].sort((a, b) => (a.value < b.value ? -1 : 1));
  const { rows } = await sql<{ value: string }>`
    insert into unified_number (value, kind, house_id, account_id)
    select * from unnest(${sorted.map((one) => one.value)}::text[], ${sorted.map((one) => one.kind)}::text[],
      ${sorted.map((one) => one.houseId)}::uuid[], ${sorted.map((one) => one.accountId)}::uuid[])
    on conflict (value) do nothing returning value`.execute(db);
  return new Set(rows.map((row) => row.value));
}

/** Takes a provider's numbers for its accounts; an account that had another number gives it up. */
export async function replaceProviderNumbers(
  db: Db,
  houseId: HouseId,
  providerId: OrganisationId,
  accounts: readonly { accountId: AccountId; number: string }[],
): Promise<Map<string, AccountId>> {
  const [ids, numbers] = [accounts.map((one) => one.accountId), accounts.map((one) => one.number)];
  await sql`
    delete from provider_account p using unnest(${ids}::uuid[], ${numbers}::text[]) as given (account_id, number)
    where p.provider_id = ${providerId} and p.account_id = given.account_id and p.number <> given.number`.execute(db);
  await sql`
    insert into provider_account (provider_id, number, house_id, account_id)
    select ${providerId}::uuid, given.number, ${houseId}::uuid, given.account_id
    from unnest(${ids}::uuid[], ${numbers}::text[]) as given (account_id, number) order by given.number
    on conflict (provider_id, number) do nothing`.execute(db);
  const { rows } = await sql<{ number: string; accountId: AccountId }>`
    select number, account_id as "accountId" from provider_account
    where provider_id = ${providerId} and number = any(${numbers}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.number, row.accountId]));
}

/** Rows as one JSON parameter: one statement for any number of them. Every column must be given. */
const records = (rows: readonly object[]): string => JSON.stringify(rows);

export async function upsertAccountRows(db: Db, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into account select * from json_populate_recordset(null::account, ${records(rows)}::json)
    on conflict (house_id, account_id) do update set
      number = excluded.number, kind = excluded.kind, els = excluded.els, service_id = excluded.service_id,
      is_tenant = excluded.is_tenant, divided = excluded.divided, payer = excluded.payer, family_name = excluded.family_name,
      given_name = excluded.given_name, middle_name = excluded.middle_name, snils = excluded.snils,
      document_kind = excluded.document_kind, document_number = excluded.document_number,
      document_series = excluded.document_series, document_on = excluded.document_on, payer_ogrn = excluded.payer_ogrn,
      payer_nza = excluded.payer_nza, payer_kpp = excluded.payer_kpp, total_area = excluded.total_area,
      living_area = excluded.living_area, heated_area = excluded.heated_area, residents = excluded.residents,
      opened_on = excluded.opened_on, closed_on = excluded.closed_on, close_reason_code = excluded.close_reason_code,
      close_note = excluded.close_note, updated_at = excluded.updated_at`.execute(db);
}

export async function replacePlaces(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  rows: readonly object[],
): Promise<void> {
  await sql`delete from account_place where house_id = ${houseId} and account_id = any(${accountIds}::uuid[])`.execute(
    db,
  );
  await sql`insert into account_place select * from json_populate_recordset(null::account_place, ${records(rows)}::json)`.execute(
    db,
  );
}

export async function replaceBases(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  rows: readonly object[],
): Promise<void> {
  await sql`delete from account_basis where house_id = ${houseId} and account_id = any(${accountIds}::uuid[])`.execute(
    db,
  );
  await sql`insert into account_basis select * from json_populate_recordset(null::account_basis, ${records(rows)}::json)`.execute(
    db,
  );
}

/** How many open accounts a provider has in each of some houses. */
export async function countAccounts(
  db: Db,
  providerId: OrganisationId,
  houseIds: readonly HouseId[],
): Promise<Map<HouseId, number>> {
  const { rows } = await sql<{ houseId: HouseId; count: number }>`
    select house_id as "houseId", count(*)::int as count from account
    where provider_id = ${providerId} and house_id = any(${houseIds}::uuid[]) and closed_on is null group by house_id`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.houseId, row.count]));
}
