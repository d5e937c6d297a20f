import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import { Conflict } from '../../../platform/errors.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, RequisiteId } from '../../../platform/ids.ts';
import type { DocumentBody } from '../payment-document.ts';
import { records } from './records.ts';

export interface KnownDocument {
  document_id: DocumentId;
  account_id: AccountId;
  provider_id: OrganisationId;
  number: string;
  period: string;
  uid: string;
  content_hash: Buffer;
}

/** Exposed documents under given numbers of a house; the caller matches issuer and month. */
export async function selectExposedByNumber(
  db: Db,
  houseId: HouseId,
  providers: readonly string[],
  numbers: readonly string[],
) {
  const { rows } = await sql<KnownDocument>`
    select document_id, account_id, provider_id, number, period, uid, content_hash from payment_document
    where house_id = ${houseId} and provider_id = any(${providers}::uuid[])
      and number = any(${numbers}::text[]) and state = 'exposed'`.execute(db);
  return rows;
}

export interface WholeDocument extends KnownDocument {
  state: 'exposed' | 'withdrawn';
  kind: 'current' | 'debt';
  body: DocumentBody;
}

export async function selectDocuments(db: Db, houseId: HouseId, ids: readonly DocumentId[]): Promise<WholeDocument[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<WholeDocument>`
    select document_id, account_id, provider_id, number, period, uid, content_hash, state, kind, body from payment_document
    where house_id = ${houseId} and document_id = any(${ids}::uuid[])`.execute(db);
  return rows;
}

/** How many documents, withdrawn ones too, an account has for a month: for the next unified id. */
export async function countByMonth(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  periods: readonly string[],
) {
  const { rows } = await sql<{ account_id: AccountId; period: string; count: bigint; current: bigint }>`
    select account_id, period, count(*) as count, count(*) filter (where state = 'exposed' and kind = 'current') as current
    from payment_document
    where house_id = ${houseId} and account_id = any(${accounts}::uuid[]) and period = any(${periods}::date[])
    group by account_id, period`.execute(db);
  return rows;
}

export async function selectKnownRequisites(db: Db, ids: readonly RequisiteId[]): Promise<Set<RequisiteId>> {
  const { rows } = await sql<{ requisite_id: RequisiteId }>`
    select requisite_id from requisite where requisite_id = any(${ids}::uuid[])`.execute(db);
  return new Set(rows.map((row) => row.requisite_id));
}

/** Accounts that own unified bill ids already. */
export async function selectUidOwners(db: Db, uids: readonly string[]): Promise<Map<string, AccountId | null>> {
  if (uids.length === 0) return new Map();
  const { rows } = await sql<{ value: string; account_id: AccountId | null }>`
    select value, account_id from unified_number where value = any(${uids}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.value, row.account_id]));
}

/** @throws Conflict when another account's document has one of the ids */
export async function upsertUids(db: Db, rows: readonly { value: string }[]): Promise<void> {
  if (rows.length === 0) return;
  const sorted = [...rows].sort((a, b) => (a.value < b.value ? -1 : 1));
  const result = await sql`
    insert into unified_number (value, kind, house_id, account_id, document_id)
    select value, kind, house_id, account_id, document_id from json_populate_recordset(null::unified_number, ${records(sorted)}::json)
    on conflict (value) do update set document_id = excluded.document_id
    where unified_number.kind = 'bill' and unified_number.account_id = excluded.account_id`.execute(db);
  if (result.numAffectedRows !== BigInt(rows.length))
    throw new Conflict('Идентификатор платёжного документа уже принадлежит другому лицевому счёту.', 'bill_id_taken');
}

export async function markWithdrawn(
  db: Db,
  houseId: HouseId,
  withdrawn: readonly { document_id: DocumentId; withdrawn_reason: string }[],
  at: Date,
): Promise<void> {
  if (withdrawn.length === 0) return;
  const result = await sql`
    update payment_document p set state = 'withdrawn', withdrawn_at = ${at}, withdrawn_reason = v.withdrawn_reason
    from json_populate_recordset(null::payment_document, ${records(withdrawn)}::json) v
    where p.house_id = ${houseId} and p.document_id = v.document_id and p.state = 'exposed'`.execute(db);
  if (result.numAffectedRows !== BigInt(withdrawn.length)) throw new Error('a document to withdraw is not exposed');
}

/**
 * Bodies travel apart from their rows: as a part of them each would be parsed twice, and bodies are most of the bytes of a load.
 * @param rows the body is the JSON text of a `DocumentBody`
 */
export async function insertDocuments(
  db: Db,
  rows: readonly { document_id: DocumentId; body: string }[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const { body: _body, ...head } = first;
  const columns = Object.keys(head);
  const heads = rows.map(({ body: _, ...row }) => row);
  const bodies = `{${rows.map(({ document_id, body }) => `"${document_id}":${body}`).join()}}`;
  await sql`
    insert into payment_document (${sql.join(columns.map((column) => sql.ref(column)))}, body)
    select ${sql.join(columns.map((column) => sql.ref(`r.${column}`)))}, b.value
    from json_populate_recordset(null::payment_document, ${records(heads)}::json) r
    join jsonb_each(${bodies}::jsonb) b on b.key = r.document_id::text`.execute(db);
}
