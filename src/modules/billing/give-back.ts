import type { DocumentId } from '../../platform/ids.ts';
import { CARRIED } from './own-due.ts';
import { type Allotment, type Due, type Incoming, move, type Purse, type Share, SIDE, shift, touch } from './purse.ts';

/** Takes up to `most` of what was allotted back from the debts into the advance. */
function release(purse: Purse, wanted: (allotment: Allotment) => boolean, most: bigint | null = null): void {
  let released = 0n;
  const shares: Share[] = [];
  const net = new Map<string, Allotment>();
  for (const allotment of [...purse.former, ...purse.allotments]) {
    if (!wanted(allotment)) continue;
    const key = `${allotment.documentId} ${allotment.line} ${allotment.receiptId}`;
    const known = net.get(key);
    // The key moves to the end: what was allotted last is released first.
    net.delete(key);
    net.set(key, { ...allotment, amount: (known?.amount ?? 0n) + allotment.amount });
  }
  for (const allotment of [...net.values()].reverse()) {
    const rest = most === null ? allotment.amount : most - released;
    const amount = rest < allotment.amount ? rest : allotment.amount;
    if (amount <= 0n) continue;
    const due = purse.dues.find(({ documentId }) => documentId === allotment.documentId);
    const line = due?.lines.find((candidate) => candidate.line === allotment.line);
    if (!due || !line) throw new Error(`an allotment to a line that is not loaded: ${allotment.documentId}`);
    shares.push({ due, line, receiptId: allotment.receiptId, amount: -amount });
    released += amount;
  }
  shift(purse, shares);
}

/** A document is withdrawn: what was paid for it becomes an advance, and nothing of it is due any more. Needs `former`. */
export function withdrawBill(purse: Purse, due: Due): void {
  const { documentId } = due;
  release(purse, (allotment) => allotment.documentId === documentId);
  // One entry each, as it was billed: the payer reads them.
  for (const debit of ['charges', 'statement'] as const) {
    const own = due.lines.filter(({ line }) => (line === CARRIED) === (debit === 'statement'));
    const amount = own.reduce((total, line) => total + line.due, 0n);
    move(purse, { debit, credit: 'receivable', amount, kind: 'withdrawal', documentId, receiptId: null });
  }
  for (const line of due.lines) line.due = 0n;
  touch(due);
}

/**
 * A receipt is given back whole: a refund, or the document that made it is withdrawn. What of it has gone on from the advance
 * to other debts is taken back from them, newest first. Needs `former`.
 */
export function giveBack(
  purse: Purse,
  incoming: Incoming,
  voluntary: readonly { documentId: DocumentId; line: number }[],
): void {
  const { receiptId, source, amount, documentId } = incoming;
  release(purse, (allotment) => allotment.receiptId === receiptId);
  for (const { documentId: of, line: position } of voluntary) {
    const due = purse.dues.find((candidate) => candidate.documentId === of);
    const line = due?.lines.find((candidate) => candidate.line === position);
    if (!due || !line) continue;
    move(purse, {
      debit: 'charges',
      credit: 'receivable',
      amount: line.due,
      kind: 'reversal',
      documentId: of,
      receiptId,
    });
    due.lines.splice(due.lines.indexOf(line), 1);
    touch(due);
  }
  if (purse.advance < amount) release(purse, (allotment) => allotment.receiptId === null, amount - purse.advance);
  move(purse, { debit: 'advance', credit: SIDE[source], amount, kind: 'reversal', documentId, receiptId });
}
