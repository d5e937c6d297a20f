import type { DocumentId, ReceiptId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import { addReceipt, type Book, purseOf } from '../book.ts';
import { type OwnDue, ownDues } from '../own-due.ts';
import { bill, carry, type Due, move, type Purse, SIDE, touch } from '../purse.ts';
import type { FormerDocument, FormerMoney } from '../queries/undo.ts';

/** Ids of a replaced version and of what it had credited, and those that stand for them now. */
export interface StandsFor {
  documents: Map<DocumentId, DocumentId>;
  receipts: Map<ReceiptId, ReceiptId>;
}

/**
 * Puts what a replaced version asked and credited back on its account, under the id of the version that stands for it now. Not the
 * issuer's claim anew: payments that have come since would be counted against it twice. What was credited waits as an advance.
 * @returns voluntary lines that payers had taken
 */
export function restoreDocument(
  book: Book,
  former: FormerDocument,
  money: FormerMoney,
  standsFor: StandsFor,
): TakenLine[] {
  const documentId = standsFor.documents.get(former.documentId)!;
  const { accountId } = former;
  const own = new Map(ownDues(former.body).map((due) => [due.requisiteId, due]));
  const of = <Row extends { document_id: DocumentId }>(rows: readonly Row[]) =>
    rows.filter(({ document_id }) => document_id === former.documentId);
  const taken: TakenLine[] = [];
  for (const { requisite_id: requisiteId, stated } of of(money.dues)) {
    const asked = own.get(requisiteId);
    if (!asked) continue;
    const here = <Row extends { requisite_id: string }>(rows: readonly Row[]) =>
      rows.filter(({ requisite_id }) => requisite_id === requisiteId);
    const purse = purseOf(book, accountId, requisiteId);
    const due = bill(purse, { documentId, period: former.period.slice(0, 7) as Month }, { ...asked, stated });
    for (const { amount } of here(of(money.carried))) carry(purse, due, amount);
    for (const { receipt_id, source, amount, received_at } of here(of(money.credited))) {
      const receipt = { source, amount, voluntary: 0n, documentId, period: null, partId: null, personId: null };
      const { receiptId } = addReceipt(book, accountId, requisiteId, { ...receipt, receivedAt: received_at });
      standsFor.receipts.set(receipt_id, receiptId);
      move(purse, { debit: SIDE[source], credit: 'advance', amount, kind: source, documentId, receiptId });
    }
    taken.push(...takeVoluntary(purse, due, asked, here(of(money.released))));
  }
  return taken;
}

/** A voluntary line that a payer had taken: it is billed again, and is to be settled at once. */
export interface TakenLine {
  purse: Purse;
  due: Due;
  line: number;
  receiptId: ReceiptId;
  amount: bigint;
}

/** Voluntary lines are billed when they are paid for: what had been paid for them tells which were. */
function takeVoluntary(purse: Purse, due: Due, { voluntary }: OwnDue, released: FormerMoney['released']): TakenLine[] {
  const taken = released.flatMap(({ line, receipt_id: receiptId, amount }): TakenLine[] =>
    receiptId && voluntary.some((one) => one.line === line) ? [{ purse, due, line, receiptId, amount }] : [],
  );
  const { documentId } = due;
  for (const { line, receiptId, amount } of taken) {
    due.lines.push({ line, due: amount, settled: 0n });
    move(purse, { debit: 'receivable', credit: 'charges', amount, kind: 'voluntary', documentId, receiptId });
  }
  touch(due);
  return taken;
}

/** Voluntary lines never stand as a debt: where the money for them is not there any more, they are not taken. */
export function leaveVoluntary(taken: readonly TakenLine[]): void {
  for (const { purse, due, line, receiptId, amount } of taken) {
    due.lines.splice(
      due.lines.findIndex((one) => one.line === line),
      1,
    );
    const { documentId } = due;
    move(purse, { debit: 'charges', credit: 'receivable', amount, kind: 'reversal', documentId, receiptId });
  }
}
