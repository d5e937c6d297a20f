import { createHash } from 'node:crypto';
import {
  CURRENT_FORM,
  type DocumentBody,
  dueTotal,
  emptyPurse,
  type OwnDue,
  type Purse,
  settledTotal,
} from '../src/modules/billing/index.ts';
import type { AccountId, DocumentId, Id, PartId, PersonId, ReceiptId } from '../src/platform/ids.ts';
import { type Day, firstDay, type Month } from '../src/platform/month.ts';
import type { AccountPlan, HouseFrame } from './account.ts';
import type { Provider } from './organisations.ts';
import { add, arrayText, type Rows } from './rows.ts';

export interface Exposed {
  documentId: DocumentId;
  number: string;
  uid: string;
  period: Month;
  issued: Date;
  replaces: DocumentId | null;
  body: DocumentBody;
  dues: OwnDue[];
  withdrawn: { at: Date; reason: string } | null;
}

/** An account on its way through the months. Its money changes by billing's own pure rules; here it only becomes rows. */
export interface Life {
  rows: Rows;
  house: HouseFrame;
  plan: AccountPlan;
  purses: Map<Provider, { purse: Purse; changedAt: Date }>;
  documents: Exposed[];
  /** Payments in a calendar month: the bill of that month counts them. */
  paid: { month: Month; amount: number; on: Day | null };
}

export function purseOf(life: Life, payee: Provider): Purse {
  const known = life.purses.get(payee);
  if (known) return known.purse;
  const purse = emptyPurse();
  life.purses.set(payee, { purse, changedAt: new Date(0) });
  return purse;
}

export interface NewReceipt {
  receiptId: ReceiptId;
  source: 'payment' | 'negative_bill';
  amount: bigint;
  voluntary: bigint;
  period: Month | null;
  partId: PartId | null;
  personId: PersonId | null;
  documentId: DocumentId | null;
  receivedAt: Date;
}

export function addReceipt({ rows, house, plan }: Life, payee: Provider, receipt: NewReceipt): void {
  add(rows, 'receipt', [
    house.houseId,
    receipt.receiptId,
    plan.accountId,
    payee.requisiteId,
    receipt.source,
    receipt.amount,
    receipt.voluntary,
    receipt.period && firstDay(receipt.period),
    receipt.partId,
    receipt.personId,
    receipt.documentId,
    receipt.receivedAt,
  ]);
}

/** Writes what has been done to a purse since the last time, and makes it the past. */
export function drain(life: Life, payee: Provider, at: Date): void {
  const { rows, house, plan } = life;
  const place = life.purses.get(payee)!;
  const { purse } = place;
  for (const { documentId, line, receiptId, amount } of purse.allotments)
    add(rows, 'allocation', [
      house.houseId,
      house.makeId<Id<'allocation'>>(at),
      plan.accountId,
      payee.requisiteId,
      documentId,
      line,
      receiptId,
      amount,
      at,
    ]);
  for (const { debit, credit, amount, kind, documentId, receiptId } of purse.movements)
    add(rows, 'ledger_entry', [
      house.houseId,
      house.makeId<Id<'entry'>>(at),
      plan.accountId,
      payee.requisiteId,
      debit,
      credit,
      amount,
      kind,
      documentId,
      receiptId,
      at,
    ]);
  if (purse.movements.length > 0) place.changedAt = at;
  purse.former.push(...purse.allotments);
  purse.allotments = [];
  purse.movements = [];
}

/** Dues and balances as they stand at the end. */
export function writeMoney({ rows, house, plan, purses }: Life): void {
  for (const [payee, { purse, changedAt }] of purses) {
    for (const due of purse.dues)
      add(rows, 'document_due', [
        house.houseId,
        due.documentId,
        payee.requisiteId,
        plan.accountId,
        firstDay(due.period),
        dueTotal(due),
        settledTotal(due),
        due.stated,
        arrayText(due.lines.map(({ line }) => line)),
        arrayText(due.lines.map((line) => line.due)),
        arrayText(due.lines.map((line) => line.settled)),
      ]);
    if (changedAt.getTime() > 0)
      add(rows, 'account_balance', [
        house.houseId,
        plan.accountId,
        payee.requisiteId,
        purse.receivable,
        purse.advance,
        changedAt,
      ]);
  }
}

export function writeDocuments({ rows, house, plan, documents }: Life): void {
  // A correction keeps the unified id: the look-up names the newest.
  const newest = new Map<string, DocumentId>();
  for (const document of documents) {
    newest.set(document.uid, document.documentId);
    writeDocument(rows, house, plan, document);
  }
  for (const [uid, documentId] of newest)
    add(rows, 'unified_number', [uid, 'bill', house.houseId, plan.accountId, documentId]);
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Billing's content hash of a current document, from the text that is written anyway: a test holds the two equal. */
const hashOf = (accountId: AccountId, period: Month, body: string): Buffer =>
  createHash('sha256').update(`["${accountId}","current","${CURRENT_FORM}","${period}",${body}]`).digest();

function writeDocument(rows: Rows, house: HouseFrame, plan: AccountPlan, document: Exposed): void {
  const { body, dues, period, withdrawn } = document;
  const text = JSON.stringify(body);
  const { accountId, provider } = plan;
  add(rows, 'payment_document', [
    house.houseId,
    document.documentId,
    accountId,
    provider.organisationId,
    document.number,
    document.uid,
    'current',
    CURRENT_FORM,
    firstDay(period),
    withdrawn ? 'withdrawn' : 'exposed',
    document.replaces,
    withdrawn?.at ?? null,
    withdrawn?.reason ?? null,
    sumOf(dues.map(({ principal }) => principal)),
    sumOf(dues.map(({ penalty }) => penalty)),
    body.totals.opening ?? null,
    body.totals.stated ?? null,
    0,
    body.totals.paid ?? null,
    body.totals.paidOn ?? null,
    null,
    null,
    document.issued,
    hashOf(accountId, period, text),
    text,
  ]);
}
