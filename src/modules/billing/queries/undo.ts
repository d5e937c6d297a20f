import { sql } from 'kysely';
import '../tables.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import {
  type AccountId,
  type DocumentId,
  type HouseId,
  idsFrom,
  type ReceiptId,
  type RequisiteId,
  type UploadId,
} from '../../../platform/ids.ts';
import type { Kopecks } from '../../../platform/money.ts';
import type { Month } from '../../../platform/month.ts';
import type { DocumentBody, DocumentState } from '../payment-document.ts';
import type { ReceiptSource } from '../purse.ts';

/** A document that an upload brought, or that stands again for one of it. */
export interface UploadedDocument {
  documentId: DocumentId;
  accountId: AccountId;
  accountNumber: string;
  number: string;
  /** First day of the month. */
  period: string;
  state: DocumentState;
  /** «К оплате за расчётный период» with penalties and costs. */
  asked: Kopecks;
  replaced: boolean;
  /** Something that is no part of the upload has corrected it since. */
  corrected: boolean;
}

const uploaded = (houseId: HouseId, uploadId: UploadId) => sql`
  p.house_id = ${houseId}::uuid and p.upload_id = ${uploadId}::uuid`;

export async function selectUploaded(db: Db, houseId: HouseId, uploadId: UploadId): Promise<UploadedDocument[]> {
  const { rows } = await sql<UploadedDocument>`
    select p.document_id as "documentId", p.account_id as "accountId", a.number as "accountNumber", p.number, p.period, p.state,
      p.charged + p.penalty as asked, p.replaces_id is not null as replaced,
      exists (select from payment_document n where n.house_id = p.house_id and n.replaces_id = p.document_id and not n.undone
        and n.upload_id is distinct from ${uploadId}::uuid) as corrected
    from payment_document p join account a on a.house_id = p.house_id and a.account_id = p.account_id
    where ${uploaded(houseId, uploadId)} order by p.document_id`.execute(db);
  return rows;
}

/** A document that was taken back with its upload. */
export type UndoneDocument = Omit<UploadedDocument, 'state' | 'replaced' | 'corrected'> & {
  /** The version that it had replaced stands again. */
  restored: boolean;
};

export async function selectUndone(db: Db, houseId: HouseId, uploadId: UploadId): Promise<UndoneDocument[]> {
  const { rows } = await sql<UndoneDocument>`
    select p.document_id as "documentId", p.account_id as "accountId", a.number as "accountNumber", p.number, p.period,
      p.charged + p.penalty as asked,
      exists (select from payment_document n where n.house_id = p.house_id and n.replaces_id = p.document_id
        and n.restores_id is not null) as restored
    from payment_document p join account a on a.house_id = p.house_id and a.account_id = p.account_id
    where ${uploaded(houseId, uploadId)} and p.undone order by p.document_id`.execute(db);
  return rows;
}

/** Payments that stand on documents of an upload. */
export interface PaidDocument {
  documentId: DocumentId;
  amount: Kopecks;
  lastAt: Date;
}

export async function selectPaidUploaded(db: Db, houseId: HouseId, uploadId: UploadId): Promise<PaidDocument[]> {
  const { rows } = await sql<PaidDocument>`
    select p.document_id as "documentId", sum(a.amount)::bigint as amount, max(r.received_at) as "lastAt"
    from payment_document p
    join allocation a on a.house_id = p.house_id and a.document_id = p.document_id
    join receipt r on r.house_id = a.house_id and r.receipt_id = a.receipt_id and r.source = 'payment' and r.reversed_at is null
    where ${uploaded(houseId, uploadId)} and p.state = 'exposed'
    group by p.document_id having sum(a.amount) > 0 order by p.document_id`.execute(db);
  return rows;
}

/** A document that was exposed to an account of the upload later: it was drawn up knowing the upload's. */
export interface LaterDocument {
  documentId: DocumentId;
  accountId: AccountId;
  accountNumber: string;
  number: string;
  period: string;
  issuedAt: Date;
  uploadId: UploadId | null;
}

/** A document that stands again keeps the place of the one whose content it has. */
const PLACE = (alias: string) => sql`coalesce(${sql.ref(`${alias}.restores_id`)}, ${sql.ref(`${alias}.document_id`)})`;

export async function selectLaterDocuments(db: Db, houseId: HouseId, uploadId: UploadId): Promise<LaterDocument[]> {
  const { rows } = await sql<LaterDocument>`
    with own as (
      select p.account_id, (array_agg(${PLACE('p')} order by ${PLACE('p')}))[1] as first from payment_document p
      where ${uploaded(houseId, uploadId)} and (p.state = 'exposed' or exists (
        select from payment_document n where n.house_id = p.house_id and n.replaces_id = p.document_id and not n.undone
          and n.upload_id is distinct from ${uploadId}::uuid))
      group by p.account_id)
    select l.document_id as "documentId", l.account_id as "accountId", a.number as "accountNumber", l.number, l.period,
      l.issued_at as "issuedAt", l.upload_id as "uploadId"
    from own
    join payment_document l on l.house_id = ${houseId}::uuid and l.account_id = own.account_id and l.state = 'exposed'
      and ${PLACE('l')} > own.first and l.upload_id is distinct from ${uploadId}::uuid
    join account a on a.house_id = l.house_id and a.account_id = l.account_id
    order by l.document_id`.execute(db);
  return rows;
}

/** A paid document of a later time than some moment of the ids: what was charged by things that are older than it. */
export interface PaidLater extends PaidDocument {
  accountId: AccountId;
  accountNumber: string;
  number: string;
  period: string;
}

/** Documents of some accounts for a month and later ones that were exposed after a thing was made, and on which payments stand. */
export async function selectPaidLater(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  { after, from }: { after: string; from: Month },
): Promise<PaidLater[]> {
  if (accounts.length === 0) return [];
  const { rows } = await sql<PaidLater>`
    select p.document_id as "documentId", p.account_id as "accountId", o.number as "accountNumber", p.number, p.period,
      sum(a.amount)::bigint as amount, max(r.received_at) as "lastAt"
    from payment_document p
    join account o on o.house_id = p.house_id and o.account_id = p.account_id
    join allocation a on a.house_id = p.house_id and a.document_id = p.document_id
    join receipt r on r.house_id = a.house_id and r.receipt_id = a.receipt_id and r.source = 'payment' and r.reversed_at is null
    where p.house_id = ${houseId}::uuid and p.account_id = any(${accounts}::uuid[]) and p.state = 'exposed'
      and p.period >= ${`${from}-01`}::date and p.document_id > ${after}::uuid and p.restores_id is null
    group by p.document_id, p.account_id, o.number, p.number, p.period having sum(a.amount) > 0
    order by p.document_id`.execute(db);
  return rows;
}

/** What a document replaced, with its money as it was at that moment. */
export interface FormerDocument {
  /** The document that took its place. */
  replacedBy: DocumentId;
  documentId: DocumentId;
  /** The version whose content it has, where it was made to stand again itself. */
  restoresId: DocumentId | null;
  accountId: AccountId;
  uid: string;
  period: string;
  body: DocumentBody;
  carried: Kopecks;
  withdrawnAt: Date;
}

export async function selectFormer(
  trx: Transaction,
  houseId: HouseId,
  ids: readonly DocumentId[],
): Promise<FormerDocument[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<FormerDocument>`
    select p.document_id as "replacedBy", q.document_id as "documentId", q.restores_id as "restoresId",
      q.account_id as "accountId", q.uid, q.period, q.body, q.carried, q.withdrawn_at as "withdrawnAt"
    from payment_document p
    left join payment_document r on r.house_id = p.house_id and r.document_id = p.restores_id
    join payment_document q on q.house_id = p.house_id and q.state = 'withdrawn' and not q.undone
      and q.document_id = case when p.restores_id is null then p.replaces_id else r.replaces_id end
    where p.house_id = ${houseId}::uuid and p.document_id = any(${ids}::uuid[])
    order by q.period, q.document_id`.execute(trx);
  return rows;
}

export interface FormerMoney {
  /** What the issuer stated for each set of requisites. */
  dues: { document_id: DocumentId; requisite_id: RequisiteId; stated: bigint | null }[];
  carried: { document_id: DocumentId; requisite_id: RequisiteId; amount: bigint }[];
  /** What stood on its lines when it was replaced; receipts that were given back since are left out. */
  released: {
    document_id: DocumentId;
    requisite_id: RequisiteId;
    line: number;
    receipt_id: ReceiptId | null;
    amount: bigint;
  }[];
  /** What it credited. */
  credited: {
    receipt_id: ReceiptId;
    document_id: DocumentId;
    requisite_id: RequisiteId;
    source: ReceiptSource;
    amount: bigint;
    received_at: Date;
  }[];
}

/** The moment of the replacement is written on all that it moved: `withdrawn_at` of the document is `allocated_at` and `reversed_at`. */
export async function selectFormerMoney(
  trx: Transaction,
  houseId: HouseId,
  former: readonly FormerDocument[],
): Promise<FormerMoney> {
  const ids = former.map(({ documentId }) => documentId);
  const accounts = former.filter(({ carried }) => carried > 0n).map(({ accountId }) => accountId);
  const dues = await sql<FormerMoney['dues'][number]>`
    select document_id, requisite_id, stated from document_due
    where house_id = ${houseId} and document_id = any(${ids}::uuid[])`.execute(trx);
  const carried =
    accounts.length === 0
      ? { rows: [] }
      : await sql<FormerMoney['carried'][number]>`
          select document_id, requisite_id, sum(amount)::bigint as amount from ledger_entry
          where house_id = ${houseId} and account_id = any(${accounts}::uuid[]) and document_id = any(${ids}::uuid[])
            and kind = 'carried'
          group by 1, 2`.execute(trx);
  const released = await sql<FormerMoney['released'][number]>`
    select a.document_id, a.requisite_id, a.line, a.receipt_id, -a.amount as amount
    from payment_document q
    join allocation a on a.house_id = q.house_id and a.document_id = q.document_id and a.amount < 0
      and a.allocated_at = q.withdrawn_at
    left join receipt r on r.house_id = a.house_id and r.receipt_id = a.receipt_id
    where q.house_id = ${houseId} and q.document_id = any(${ids}::uuid[]) and r.reversed_at is null
    order by a.allocation_id`.execute(trx);
  const credited = await sql<FormerMoney['credited'][number]>`
    select r.receipt_id, r.document_id, r.requisite_id, r.source, r.amount, r.received_at
    from payment_document q
    join receipt r on r.house_id = q.house_id and r.document_id = q.document_id and r.reversed_at = q.withdrawn_at
    where q.house_id = ${houseId} and q.document_id = any(${ids}::uuid[]) order by r.receipt_id`.execute(trx);
  return { dues: dues.rows, carried: carried.rows, released: released.rows, credited: credited.rows };
}

/** Everything that was ever allotted to debts of some accounts but by the exposing of certain documents, and receipts given back. */
export async function selectOtherAllotments(
  trx: Transaction,
  houseId: HouseId,
  {
    accounts,
    documents,
    uploadId,
  }: { accounts: readonly AccountId[]; documents: readonly DocumentId[]; uploadId: UploadId },
) {
  // What exposing a document moved bears the moment of its entries. Credits stand on other documents: their receipts name it.
  const { rows: moments } = await sql<{ account_id: AccountId; moment: string }>`
    select distinct l.account_id, l.posted_at::text as moment from ledger_entry l
    where l.house_id = ${houseId} and l.account_id = any(${accounts}::uuid[]) and l.entry_id >= ${idsFrom(uploadId)}::uuid
      and l.kind in ('bill', 'carried', 'statement', 'negative_bill')
      and (l.document_id = any(${documents}::uuid[]) or l.receipt_id in (
        select r.receipt_id from receipt r where r.house_id = ${houseId} and r.document_id = any(${documents}::uuid[])))
    union
    select q.account_id, q.withdrawn_at::text from payment_document p
    join payment_document q on q.house_id = p.house_id and q.document_id = p.replaces_id and q.withdrawn_at is not null
    where p.house_id = ${houseId} and p.document_id = any(${documents}::uuid[]) and p.restores_id is null`.execute(trx);
  const { rows } = await sql<{
    account_id: AccountId;
    requisite_id: RequisiteId;
    document_id: DocumentId;
    line: number;
    receipt_id: ReceiptId | null;
    amount: bigint;
  }>`
    select a.account_id, a.requisite_id, a.document_id, a.line, a.receipt_id, sum(a.amount)::bigint as amount
    from payment_document p
    join allocation a on a.house_id = p.house_id and a.document_id = p.document_id
    where p.house_id = ${houseId} and p.account_id = any(${accounts}::uuid[])
      and not (p.document_id = any(${documents}::uuid[]))
      and (a.account_id, a.allocated_at) not in (
        select * from unnest(${moments.map((one) => one.account_id)}::uuid[], ${moments.map((one) => one.moment)}::timestamptz[]))
    group by 1, 2, 3, 4, 5 having sum(a.amount) <> 0`.execute(trx);
  const { rows: gone } = await sql<{ receipt_id: ReceiptId }>`
    select receipt_id from receipt where house_id = ${houseId} and account_id = any(${accounts}::uuid[])
      and reversed_at is not null`.execute(trx);
  return { allotments: rows, gone: new Set(gone.map(({ receipt_id }) => receipt_id)) };
}

/** Withdraws documents together with the upload that brought them. @throws Error when one of them is not exposed */
export async function markUndone(
  trx: Transaction,
  houseId: HouseId,
  ids: readonly DocumentId[],
  reason: string,
  at: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update payment_document set state = 'withdrawn', undone = true, withdrawn_at = ${at}, withdrawn_reason = ${reason}
    where house_id = ${houseId} and document_id = any(${ids}::uuid[]) and state = 'exposed'`.execute(trx);
  if (numAffectedRows !== BigInt(ids.length)) throw new Error('a document to take back is not exposed');
}

/** Versions that stand again: new rows with the content, the number and the days of the old ones. */
export async function insertRestored(
  trx: Transaction,
  houseId: HouseId,
  restored: readonly { documentId: DocumentId; former: DocumentId; replaces: DocumentId; restores: DocumentId }[],
): Promise<void> {
  if (restored.length === 0) return;
  await sql`
    insert into payment_document (house_id, document_id, account_id, provider_id, number, uid, kind, form, period, state,
      replaces_id, restores_id, charged, penalty, opening, stated, carried, paid, paid_on, paid_through_day, subsidies,
      issued_at, upload_id, content_hash, body)
    select q.house_id, given.document_id, q.account_id, q.provider_id, q.number, q.uid, q.kind, q.form, q.period, 'exposed',
      given.replaces, given.restores, q.charged, q.penalty, q.opening, q.stated, q.carried, q.paid, q.paid_on, q.paid_through_day,
      q.subsidies, q.issued_at, q.upload_id, q.content_hash, q.body
    from unnest(${restored.map((one) => one.documentId)}::uuid[], ${restored.map((one) => one.former)}::uuid[],
      ${restored.map((one) => one.replaces)}::uuid[], ${restored.map((one) => one.restores)}::uuid[])
      as given (document_id, former, replaces, restores)
    join payment_document q on q.house_id = ${houseId}::uuid and q.document_id = given.former`.execute(trx);
}

/** Payers had taken voluntary lines of a document that stands again: they have taken them again. */
export async function addVoluntary(
  trx: Transaction,
  houseId: HouseId,
  taken: readonly { receiptId: ReceiptId; amount: bigint }[],
): Promise<void> {
  if (taken.length === 0) return;
  await sql`
    update receipt r set voluntary = r.voluntary + v.amount
    from (select receipt_id, sum(amount)::bigint as amount
      from unnest(${taken.map((one) => one.receiptId)}::uuid[], ${taken.map((one) => one.amount)}::bigint[])
        as given (receipt_id, amount) group by 1) v
    where r.house_id = ${houseId} and r.receipt_id = v.receipt_id`.execute(trx);
}

/** Unified ids name the versions that stand again. */
export async function pointUids(
  trx: Transaction,
  restored: readonly { uid: string; documentId: DocumentId }[],
): Promise<void> {
  if (restored.length === 0) return;
  const sorted = [...restored].sort((a, b) => (a.uid < b.uid ? -1 : 1));
  await sql`
    update unified_number u set document_id = given.document_id
    from unnest(${sorted.map((one) => one.uid)}::text[], ${sorted.map((one) => one.documentId)}::uuid[]) as given (uid, document_id)
    where u.value = given.uid and u.kind = 'bill'`.execute(trx);
}
