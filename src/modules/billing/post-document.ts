import type { DocumentId, RequisiteId } from '../../platform/ids.ts';
import { sum } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { addReceipt, type Book, placesOf, purseOf } from './book.ts';
import { giveBack, withdrawBill } from './give-back.ts';
import { type OwnDue, ownDues } from './own-due.ts';
import type { DocumentBody, NewDocument } from './payment-document.ts';
import { bill, carry, type Due, owed, type Purse, receive } from './purse.ts';
import type { ReceiptRow } from './queries/money.ts';
import { addStatement, broughtBefore, type Statements, statementsOf, uncounted } from './read-statements.ts';
import { claimedByIssuer, countedThrough, difference, unknownDebt } from './statement.ts';

export interface Posting {
  documentId: DocumentId;
  document: NewDocument;
  body: DocumentBody;
  replaced: { id: DocumentId; body: DocumentBody } | null;
  /** What the replaced document credited. */
  oldReceipts: readonly ReceiptRow[];
  /** The oldest month within the limitation time. */
  oldest: Month;
  now: Date;
}

export interface Posted {
  /** «К оплате» of the period, with penalties and costs. */
  asked: bigint;
  /** Debt that the issuer states and the ledger did not know. */
  carried: bigint;
  /** What the issuer states less than the ledger knows: it counts as paid. What the replaced document had credited so is taken off. */
  credited: bigint;
}

/** Puts one document into the book, after taking back the one that it corrects. Documents go in by month. */
export function postDocument(book: Book, statements: Statements, posting: Posting): Posted {
  const { document, body, replaced } = posting;
  const { accountId } = document;
  const before = new Map(placesOf(book, accountId).map(({ requisiteId, purse }) => [requisiteId, owed(purse)]));
  if (replaced) takeBackDocument(book, accountId, replaced.id, posting.oldReceipts);
  const oldOwn = new Map((replaced ? ownDues(replaced.body) : []).map(({ requisiteId, own }) => [requisiteId, own]));
  let carried = 0n;
  let credited = 0n;
  for (const { source, amount } of replaced ? posting.oldReceipts : []) if (source === 'statement') credited -= amount;
  const own = ownDues(body);
  for (const due of own) {
    const owedBefore = before.get(due.requisiteId) ?? 0n;
    const correction = replaced ? owedBefore + due.own - (oldOwn.get(due.requisiteId) ?? 0n) : null;
    const change = postDue(book, statements, posting, due, { owedBefore, correction });
    if (change > 0n) carried += change;
    else credited -= change;
  }
  return { asked: sum(own.map((due) => due.own)), carried, credited };
}

/** Withdraws a document's dues and gives back what it credited, for each set of requisites of the account. */
export function takeBackDocument(
  book: Book,
  accountId: NewDocument['accountId'],
  documentId: DocumentId,
  receipts: readonly ReceiptRow[],
): void {
  for (const { purse, requisiteId } of placesOf(book, accountId)) {
    const due = purse.dues.find((candidate) => candidate.documentId === documentId);
    if (due) withdrawBill(purse, due);
    for (const receipt of receipts.filter((one) => one.requisite_id === requisiteId)) {
      giveBack(
        purse,
        { receiptId: receipt.receipt_id, source: receipt.source, amount: receipt.amount, documentId },
        [],
      );
      book.reversed.push(receipt.receipt_id);
    }
  }
}

interface Owed {
  /** Before the document and what it corrects were touched. */
  owedBefore: bigint;
  /** What is to be owed when only the charges of an older document were corrected. */
  correction: bigint | null;
}

/** @returns the carried debt (+) or what counts as paid (-) */
function postDue(book: Book, statements: Statements, posting: Posting, own: OwnDue, known: Owed): bigint {
  const { document, documentId, oldest } = posting;
  const purse = purseOf(book, document.accountId, own.requisiteId);
  const due = bill(purse, { documentId, period: document.period }, { ...own, stated: null });
  if (own.own < 0n)
    receive(purse, credit(book, posting, own.requisiteId, 'negative_bill', -own.own), { named: null, oldest });
  if (document.kind === 'debt') return carryDebts(purse, due, statements, posting, own.requisiteId);
  const target = targetOf(purse, due, statements, posting, own, known);
  if (target === null) return 0n;
  const change = difference(purse, target);
  if (change > 0n) carry(purse, due, change);
  // The issuer says that less is owed, of whatever age: no limitation.
  if (change < 0n)
    receive(purse, credit(book, posting, own.requisiteId, 'statement', -change), { named: null, oldest: null });
  return change;
}

function credit(
  book: Book,
  { document, documentId, now }: Posting,
  requisiteId: RequisiteId,
  source: 'statement' | 'negative_bill',
  amount: bigint,
) {
  return addReceipt(book, document.accountId, requisiteId, {
    source,
    amount,
    voluntary: 0n,
    documentId,
    period: null,
    partId: null,
    personId: null,
    receivedAt: now,
  });
}

/**
 * What should be owed after the document; null when nothing says so.
 * The newest month's statement is the truth. A second document of the same month states only its own part, so it is not
 * compared. An older document that comes late changes nothing: the newer statement covers it. A correction of an older one changes what is
 * owed by the difference of the charges, for the newer statement did not know it; so does one with the number of an older one that the
 * newer statement had counted and that was withdrawn since: it brings its own charges, and what that one had brought.
 */
function targetOf(
  purse: Purse,
  due: Due,
  statements: Statements,
  { document, documentId, body, replaced }: Posting,
  own: OwnDue,
  { owedBefore, correction }: Owed,
): bigint | null {
  const { accountId, period, issuedAt } = document;
  const known = statementsOf(statements, accountId, own.requisiteId).filter((one) => one.documentId !== replaced?.id);
  const later = known.filter((one) => one.period > period).at(-1);
  const through = countedThrough(period, body.totals.paidThroughDay ?? null);
  const late = uncounted(statements, accountId, own.requisiteId, through);
  const claim = claimedByIssuer(own, owed(purse) + late);
  due.stated = claim;
  if (claim !== null)
    addStatement(statements, accountId, own.requisiteId, { documentId, period, claim, through, issuedAt });
  if (later && correction !== null) return correction;
  if (later) {
    const brought = broughtBefore(statements, document, own.requisiteId, later.issuedAt);
    return brought === null ? owedBefore : owed(purse) + brought;
  }
  if (claim === null || known.some((one) => one.period === period)) return correction;
  return claim - late;
}

function carryDebts(
  purse: Purse,
  due: Due,
  statements: Statements,
  { document, body }: Posting,
  requisiteId: RequisiteId,
): bigint {
  const through = countedThrough(document.period, body.totals.paidThroughDay ?? null);
  const debts = body.debts
    .filter((line) => line.requisiteId === requisiteId)
    .map(({ month, amount }) => ({ month, amount: BigInt(amount) }));
  const unknown = unknownDebt(purse, due, debts, uncounted(statements, document.accountId, requisiteId, through));
  carry(purse, due, unknown);
  return unknown;
}
