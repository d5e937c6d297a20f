import { sql } from 'kysely';
import '../tables.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, ReceiptId, RequisiteId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import type { ReceiptSource } from '../purse.ts';
import { records } from './records.ts';

export interface LockedAccount {
  accountId: AccountId;
  providerId: OrganisationId;
  serviceId: string;
  zone: string;
  regionCode: string;
}

/**
 * Locks the accounts' money, always in the order of their ids, so that two batches wait for one another and never for each other.
 * `no key update` is enough: it lets rows that refer to the account be added meanwhile.
 */
export async function lockAccounts(trx: Transaction, houseId: HouseId, ids: readonly AccountId[]) {
  await sql`select 1 from account where house_id = ${houseId} and account_id = any(${[...ids].sort()}::uuid[])
    order by account_id for no key update`.execute(trx);
}

export async function selectAccounts(db: Db, houseId: HouseId, ids: readonly AccountId[]): Promise<LockedAccount[]> {
  const { rows } = await sql<LockedAccount>`
    select a.account_id as "accountId", a.provider_id as "providerId", a.service_id as "serviceId",
      h.zone, h.region_code as "regionCode"
    from account a join house h on h.house_id = a.house_id
    where a.house_id = ${houseId} and a.account_id = any(${ids}::uuid[])`.execute(db);
  return rows;
}

export function selectBalances(db: Db, houseId: HouseId, accounts: readonly AccountId[]) {
  return db
    .selectFrom('account_balance')
    .select(['account_id', 'requisite_id', 'receivable', 'advance'])
    .where('house_id', '=', houseId)
    .where('account_id', '=', sql<AccountId>`any(${accounts}::uuid[])`)
    .execute();
}

interface DueRow {
  account_id: AccountId;
  document_id: DocumentId;
  requisite_id: RequisiteId;
  period: string;
  stated: bigint | null;
  lines: number[];
  line_due: string[];
  line_settled: string[];
}

/** Dues that are open; of `whole` accounts also the settled ones: giving money back needs them. */
export async function selectDues(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  whole: readonly AccountId[],
) {
  const open = await sql<DueRow>`
    select account_id, document_id, requisite_id, period, stated, lines, line_due, line_settled from document_due
    where house_id = ${houseId} and account_id = any(${accounts}::uuid[]) and settled < due`.execute(db);
  if (whole.length === 0) return open.rows;
  const settled = await sql<DueRow>`
    select d.account_id, d.document_id, d.requisite_id, d.period, d.stated, d.lines, d.line_due, d.line_settled
    from payment_document p join document_due d on d.house_id = p.house_id and d.document_id = p.document_id
    where p.house_id = ${houseId} and p.account_id = any(${whole}::uuid[]) and d.settled = d.due`.execute(db);
  return [...open.rows, ...settled.rows];
}

/** Allotments of the accounts in the order in which they were made. */
export async function selectAllocations(db: Db, houseId: HouseId, accounts: readonly AccountId[]) {
  const { rows } = await sql<{
    account_id: AccountId;
    requisite_id: RequisiteId;
    document_id: DocumentId;
    line: number;
    receipt_id: ReceiptId | null;
    amount: bigint;
  }>`
    select a.account_id, a.requisite_id, a.document_id, a.line, a.receipt_id, a.amount
    from payment_document p join allocation a on a.house_id = p.house_id and a.document_id = p.document_id
    where p.house_id = ${houseId} and p.account_id = any(${accounts}::uuid[])
    order by a.allocation_id`.execute(db);
  return rows;
}

export interface ReceiptRow {
  receipt_id: ReceiptId;
  account_id: AccountId;
  requisite_id: RequisiteId;
  source: ReceiptSource;
  amount: bigint;
  voluntary: bigint;
  document_id: DocumentId | null;
  person_id: string | null;
  period: string | null;
  received_at: Date;
  reversed_at: Date | null;
}

/** What documents credited: negative bills and statements that are still in force. */
export async function selectReceiptsOfDocuments(db: Db, houseId: HouseId, documents: readonly DocumentId[]) {
  const { rows } = await sql<ReceiptRow>`
    select * from receipt where house_id = ${houseId} and document_id = any(${documents}::uuid[])
      and document_id is not null and reversed_at is null order by receipt_id`.execute(db);
  return rows;
}

export async function selectReceipt(db: Db, houseId: HouseId, receiptId: ReceiptId): Promise<ReceiptRow | null> {
  const { rows } =
    await sql<ReceiptRow>`select * from receipt where house_id = ${houseId} and receipt_id = ${receiptId}`.execute(db);
  return rows[0] ?? null;
}

export async function selectReceiptOfPart(db: Db, houseId: HouseId, partId: string): Promise<ReceiptRow | null> {
  const { rows } =
    await sql<ReceiptRow>`select * from receipt where house_id = ${houseId} and part_id = ${partId}`.execute(db);
  return rows[0] ?? null;
}

/** Payments of the accounts after a moment that lower a debt: without voluntary lines, without those given back. */
export async function selectPaymentsAfter(db: Db, houseId: HouseId, accounts: readonly AccountId[], after: Date) {
  const { rows } = await sql<{ account_id: AccountId; requisite_id: RequisiteId; amount: bigint; received_at: Date }>`
    select account_id, requisite_id, amount - voluntary as amount, received_at from receipt
    where house_id = ${houseId} and account_id = any(${accounts}::uuid[]) and received_at > ${after}
      and source = 'payment' and reversed_at is null`.execute(db);
  return rows;
}

export interface StatementRow {
  document_id: DocumentId;
  account_id: AccountId;
  requisite_id: RequisiteId;
  period: string;
  paid_through_day: number | null;
  stated: bigint;
  issued_at: Date;
}

/** What issuers state in exposed current documents of a month and later ones. */
export async function selectStatementsSince(db: Db, houseId: HouseId, accounts: readonly AccountId[], since: Month) {
  const { rows } = await sql<StatementRow>`
    select p.document_id, p.account_id, d.requisite_id, p.period, p.paid_through_day, d.stated, p.issued_at
    from payment_document p join document_due d on d.house_id = p.house_id and d.document_id = p.document_id
    where p.house_id = ${houseId} and p.account_id = any(${accounts}::uuid[]) and p.period >= ${`${since}-01`}
      and p.state = 'exposed' and p.kind = 'current' and d.stated is not null
    order by p.period, p.issued_at, p.document_id`.execute(db);
  return rows;
}

export interface WithdrawnRow {
  account_id: AccountId;
  number: string;
  period: string;
  issued_at: Date;
  withdrawn_at: Date;
  requisite_id: RequisiteId;
  /** Debt that it had brought (+) or what it had counted as paid (-) by its statement. */
  brought: bigint;
}

/** Current documents of a month and later ones that stand no more, but for those that were undone with their upload, by withdrawal. */
export async function selectWithdrawnSince(db: Db, houseId: HouseId, accounts: readonly AccountId[], since: Month) {
  if (accounts.length === 0) return [];
  const { rows } = await sql<WithdrawnRow>`
    select p.account_id, p.number, p.period, p.issued_at, p.withdrawn_at, d.requisite_id,
      (select coalesce(sum(e.amount), 0)::bigint from ledger_entry e where e.house_id = p.house_id and e.account_id = p.account_id
        and e.requisite_id = d.requisite_id and e.document_id = p.document_id and e.kind = 'carried')
      - (select coalesce(sum(r.amount), 0)::bigint from receipt r where r.house_id = p.house_id and r.account_id = p.account_id
        and r.requisite_id = d.requisite_id and r.document_id = p.document_id and r.source = 'statement') as brought
    from payment_document p join document_due d on d.house_id = p.house_id and d.document_id = p.document_id
    where p.house_id = ${houseId} and p.account_id = any(${accounts}::uuid[]) and p.period >= ${`${since}-01`}
      and p.state = 'withdrawn' and p.kind = 'current' and not p.undone
    order by p.withdrawn_at, p.document_id`.execute(db);
  return rows;
}

export async function updateDues(db: Db, houseId: HouseId, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const result = await sql`
    update document_due d set due = v.due, settled = v.settled, lines = v.lines, line_due = v.line_due, line_settled = v.line_settled
    from json_populate_recordset(null::document_due, ${records(rows)}::json) v
    where d.house_id = ${houseId} and d.document_id = v.document_id and d.requisite_id = v.requisite_id`.execute(db);
  if (result.numAffectedRows !== BigInt(rows.length)) throw new Error('a due to update is not there');
}

/** The sums themselves, not differences: the account is locked. */
export async function upsertBalances(db: Db, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into account_balance select * from json_populate_recordset(null::account_balance, ${records(rows)}::json)
    on conflict (house_id, account_id, requisite_id) do update
    set receivable = excluded.receivable, advance = excluded.advance, updated_at = excluded.updated_at`.execute(db);
}

export async function markReversed(db: Db, houseId: HouseId, ids: readonly ReceiptId[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  const result = await sql`update receipt set reversed_at = ${at}
    where house_id = ${houseId} and receipt_id = any(${ids}::uuid[]) and reversed_at is null`.execute(db);
  if (result.numAffectedRows !== BigInt(ids.length)) throw new Error('a receipt to reverse is not there');
}

/**
 * Voluntary lines of a withdrawn document are bought no more: what was paid for them counts as any other payment. Those of other
 * documents, paid for by the same payment, stay bought. Before the allotments of the document are released.
 */
export async function clearVoluntary(db: Db, houseId: HouseId, documents: readonly DocumentId[]): Promise<void> {
  if (documents.length === 0) return;
  await sql`
    with bought as materialized (
      select distinct r.receipt_id from allocation a
      join receipt r on r.house_id = a.house_id and r.receipt_id = a.receipt_id and r.voluntary > 0
      where a.house_id = ${houseId} and a.document_id = any(${documents}::uuid[])
    ), given_up as (
      select a.receipt_id, sum(a.amount)::bigint as amount
      from bought join allocation a on a.house_id = ${houseId} and a.receipt_id = bought.receipt_id
        and a.document_id = any(${documents}::uuid[])
      join payment_document p on p.house_id = a.house_id and p.document_id = a.document_id
      cross join lateral jsonb_array_elements(p.body->'lines') as own (charge)
      where (own.charge->>'position')::int = a.line and (own.charge->>'voluntary')::boolean group by 1
    )
    update receipt r set voluntary = r.voluntary - given_up.amount from given_up
    where r.house_id = ${houseId} and r.receipt_id = given_up.receipt_id`.execute(db);
}
