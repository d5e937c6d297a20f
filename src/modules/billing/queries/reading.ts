import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type {
  AccountId,
  DocumentId,
  HouseId,
  OrganisationId,
  ReceiptId,
  RequisiteId,
  UploadId,
} from '../../../platform/ids.ts';
import type { Kopecks } from '../../../platform/money.ts';
import type { Month } from '../../../platform/month.ts';
import type { DocumentBody, DocumentState } from '../payment-document.ts';
import type { ReceiptSource } from '../purse.ts';
import type { LedgerKind, LedgerSide } from '../tables.ts';

export interface OwedRow {
  accountId: AccountId;
  providerId: OrganisationId;
  regionCode: string;
  oktmo: string | null;
  zone: string;
  balances: { requisiteId: RequisiteId; receivable: string; advance: string; oldestOpen: string | null }[] | null;
  documentId: DocumentId | null;
  number: string | null;
  period: string | null;
  issuedAt: Date | null;
  charged: Kopecks | null;
  penalty: Kopecks | null;
  stated: Kopecks | null;
  issuer: string | null;
}

/** Balances and the latest exposed document of accounts of one house, in one statement. */
export async function selectOwed(db: Db, houseId: HouseId, accounts: readonly AccountId[]): Promise<OwedRow[]> {
  const { rows } = await sql<OwedRow>`
    select a.account_id as "accountId", a.provider_id as "providerId", h.region_code as "regionCode", h.oktmo, h.zone,
      (select json_agg(json_build_object('requisiteId', b.requisite_id, 'receivable', b.receivable::text, 'advance', b.advance::text,
        'oldestOpen', (select min(d.period) from document_due d where d.house_id = b.house_id and d.account_id = b.account_id
          and d.requisite_id = b.requisite_id and d.settled < d.due)) order by b.requisite_id)
       from account_balance b where b.house_id = a.house_id and b.account_id = a.account_id) as balances,
      latest.document_id as "documentId", latest.number, latest.period, latest.issued_at as "issuedAt",
      latest.charged, latest.penalty, latest.stated, o.short_name as issuer
    from account a
    join house h on h.house_id = a.house_id
    left join lateral (
      select p.document_id, p.number, p.period, p.issued_at, p.charged, p.penalty, p.stated, p.provider_id
      from payment_document p
      where p.house_id = a.house_id and p.account_id = a.account_id and p.state = 'exposed'
      order by p.period desc, p.issued_at desc, p.document_id desc limit 1
    ) latest on true
    left join organisation o on o.organisation_id = coalesce(latest.provider_id, a.provider_id)
    where a.house_id = ${houseId} and a.account_id = any(${accounts}::uuid[])`.execute(db);
  return rows;
}

/** «Итого к оплате» of the latest exposed document of an account, as its issuer printed it, and when; null when there is none. */
export async function selectLastTotal(
  db: Db,
  houseId: HouseId,
  accountId: AccountId,
): Promise<{ total: bigint; issuedAt: Date } | null> {
  const { rows } = await sql<{ total: bigint; issuedAt: Date }>`
    select coalesce(stated, charged + penalty) as total, issued_at as "issuedAt" from payment_document
    where house_id = ${houseId} and account_id = ${accountId} and state = 'exposed'
    order by period desc, issued_at desc, document_id desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export interface DocumentHead {
  houseId: HouseId;
  documentId: DocumentId;
  accountId: AccountId;
  providerId: OrganisationId;
  issuer: string;
  number: string;
  uid: string;
  kind: 'current' | 'debt';
  form: string;
  /** First day of the month. */
  period: string;
  state: DocumentState;
  replacesId: DocumentId | null;
  /** The version whose content it has: a correction of it was taken back. */
  restoresId: DocumentId | null;
  /** Withdrawn with the whole upload that brought it. */
  undone: boolean;
  /** The upload that brought it, if one did. */
  uploadId: UploadId | null;
  withdrawnAt: Date | null;
  withdrawnReason: string | null;
  charged: Kopecks;
  penalty: Kopecks;
  opening: Kopecks | null;
  stated: Kopecks | null;
  carried: Kopecks;
  issuedAt: Date;
  /** Sums over all sets of requisites. */
  due: Kopecks;
  settled: Kopecks;
}

const head = sql`
  p.house_id as "houseId", p.document_id as "documentId", p.account_id as "accountId", p.provider_id as "providerId",
  o.short_name as issuer, p.number, p.uid, p.kind, p.form, p.period, p.state, p.replaces_id as "replacesId", p.restores_id as "restoresId", p.undone, p.upload_id as "uploadId",
  p.withdrawn_at as "withdrawnAt", p.withdrawn_reason as "withdrawnReason", p.charged, p.penalty, p.opening, p.stated,
  p.carried, p.issued_at as "issuedAt",
  coalesce((select sum(d.due) from document_due d where d.house_id = p.house_id and d.document_id = p.document_id), 0)::bigint as due,
  coalesce((select sum(d.settled) from document_due d where d.house_id = p.house_id and d.document_id = p.document_id), 0)::bigint
    as settled`;

/** Where the next page begins: the last row of this one. */
export interface DocumentKey {
  period: string;
  issuedAt: Date;
  documentId: DocumentId;
}

/** Documents of one account, newest first, withdrawn ones too. */
export async function selectDocumentHeads(
  db: Db,
  houseId: HouseId,
  accountId: AccountId,
  { after, limit, issuedBefore }: { after: DocumentKey | null; limit: number; issuedBefore?: Date | undefined },
): Promise<DocumentHead[]> {
  const from = after
    ? sql`and (p.period, p.issued_at, p.document_id) < (${after.period}::date, ${after.issuedAt}, ${after.documentId}::uuid)`
    : sql``;
  const { rows } = await sql<DocumentHead>`
    select ${head} from payment_document p join organisation o on o.organisation_id = p.provider_id
    where p.house_id = ${houseId} and p.account_id = ${accountId} ${from}
      ${issuedBefore ? sql`and p.issued_at < ${issuedBefore}` : sql``}
    order by p.period desc, p.issued_at desc, p.document_id desc limit ${limit}`.execute(db);
  return rows;
}

export interface DueOfDocument {
  requisiteId: RequisiteId;
  due: string;
  settled: string;
  stated: string | null;
  lines: { line: number; due: string; settled: string }[];
}

export interface Document extends DocumentHead {
  zone: string;
  regionCode: string;
  oktmo: string | null;
  address: string;
  accountNumber: string;
  els: string;
  serviceId: string;
  body: DocumentBody;
  dues: DueOfDocument[];
  replacedById: DocumentId | null;
  paidThroughDay: number | null;
}

/** One document whole, if it belongs to one of the accounts. */
export async function selectDocument(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  documentId: DocumentId,
): Promise<Document | null> {
  const { rows } = await sql<Document>`
    select ${head}, h.zone, h.region_code as "regionCode", h.oktmo, h.address, a.number as "accountNumber", a.els, a.service_id as "serviceId", p.body,
      p.paid_through_day as "paidThroughDay",
      (select r.document_id from payment_document r where r.house_id = p.house_id and r.replaces_id = p.document_id limit 1)
        as "replacedById",
      coalesce((select json_agg(json_build_object('requisiteId', d.requisite_id, 'due', d.due::text, 'settled', d.settled::text,
          'stated', d.stated::text, 'lines', (select coalesce(json_agg(json_build_object('line', l.line, 'due', l.due::text,
            'settled', l.settled::text)), '[]') from unnest(d.lines, d.line_due, d.line_settled) as l(line, due, settled))))
        from document_due d where d.house_id = p.house_id and d.document_id = p.document_id), '[]') as dues
    from payment_document p
    join house h on h.house_id = p.house_id
    join account a on a.house_id = p.house_id and a.account_id = p.account_id
    join organisation o on o.organisation_id = p.provider_id
    where p.house_id = ${houseId} and p.document_id = ${documentId} and p.account_id = any(${accounts}::uuid[])`.execute(
    db,
  );
  return rows[0] ?? null;
}

export interface ReceiptKey {
  receivedAt: Date;
  receiptId: ReceiptId;
}

export interface ListedReceipt {
  receiptId: ReceiptId;
  requisiteId: RequisiteId;
  recipient: string;
  source: ReceiptSource;
  amount: Kopecks;
  period: string | null;
  partId: string | null;
  personId: string | null;
  documentId: DocumentId | null;
  receivedAt: Date;
  reversedAt: Date | null;
  /** Where it stands now: releases are taken off. */
  allocations: { documentId: DocumentId; period: string; line: number; amount: string }[];
}

/** Receipts of one account, newest first, with what they settled. */
export async function selectReceipts(
  db: Db,
  houseId: HouseId,
  accountId: AccountId,
  { after, limit }: { after: ReceiptKey | null; limit: number },
): Promise<ListedReceipt[]> {
  const from = after ? sql`and (r.received_at, r.receipt_id) < (${after.receivedAt}, ${after.receiptId}::uuid)` : sql``;
  const { rows } = await sql<ListedReceipt>`
    select r.receipt_id as "receiptId", r.requisite_id as "requisiteId", o.short_name as recipient, r.source, r.amount, r.period,
      r.part_id as "partId", r.person_id as "personId", r.document_id as "documentId", r.received_at as "receivedAt",
      r.reversed_at as "reversedAt",
      coalesce((select json_agg(json_build_object('documentId', x.document_id, 'period', x.period, 'line', x.line,
          'amount', x.amount::text) order by x.period, x.document_id, x.line)
        from (select l.document_id, p.period, l.line, sum(l.amount) as amount
          from allocation l join payment_document p on p.house_id = l.house_id and p.document_id = l.document_id
          where l.house_id = r.house_id and l.receipt_id = r.receipt_id
          group by l.document_id, p.period, l.line having sum(l.amount) <> 0) x), '[]') as allocations
    from receipt r join requisite q on q.requisite_id = r.requisite_id join organisation o on o.organisation_id = q.organisation_id
    where r.house_id = ${houseId} and r.account_id = ${accountId} ${from}
    order by r.received_at desc, r.receipt_id desc limit ${limit}`.execute(db);
  return rows;
}

export interface ListedEntry {
  entryId: string;
  requisiteId: RequisiteId;
  debit: LedgerSide;
  credit: LedgerSide;
  amount: Kopecks;
  kind: LedgerKind;
  documentId: DocumentId | null;
  /** Of the document. */
  period: Month | null;
  receiptId: ReceiptId | null;
  postedAt: Date;
}

/** The account's ledger, newest first. `after`: the last entry of the page before. */
export async function selectLedger(
  db: Db,
  houseId: HouseId,
  accountId: AccountId,
  { after, limit }: { after: string | null; limit: number },
): Promise<ListedEntry[]> {
  const from = after ? sql`and e.entry_id < ${after}::uuid` : sql``;
  const { rows } = await sql<ListedEntry>`
    select e.entry_id as "entryId", e.requisite_id as "requisiteId", e.debit, e.credit, e.amount, e.kind, e.document_id as "documentId",
      e.receipt_id as "receiptId", e.posted_at as "postedAt", to_char(p.period, 'YYYY-MM') as period
    from ledger_entry e left join payment_document p on p.house_id = e.house_id and p.document_id = e.document_id
    where e.house_id = ${houseId} and e.account_id = ${accountId} ${from}
    order by e.entry_id desc limit ${limit}`.execute(db);
  return rows;
}
