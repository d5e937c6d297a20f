import type { DocumentId, ReceiptId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { type AllocationOrder, allocate } from './allocation.ts';
import { CARRIED, type OwnDue } from './own-due.ts';
import type { LedgerKind, LedgerSide } from './tables.ts';

export interface DueLine {
  line: number;
  due: bigint;
  settled: bigint;
}

export interface Due {
  documentId: DocumentId;
  period: Month;
  lines: DueLine[];
  stated: bigint | null;
  /** 'kept' as the database has it; the saver writes the others. */
  change: 'new' | 'changed' | 'kept';
}

export interface Movement {
  debit: LedgerSide;
  credit: LedgerSide;
  amount: bigint;
  kind: LedgerKind;
  documentId: DocumentId | null;
  receiptId: ReceiptId | null;
}

export interface Allotment {
  documentId: DocumentId;
  line: number;
  receiptId: ReceiptId | null;
  amount: bigint;
}

/**
 * The money of one account for one set of requisites while it is being changed: its sums, its debts, and what has been done to
 * it. Pure: it is loaded under the lock of the account, changed by the functions below, and saved. Each change moves the sums,
 * the debts, the allotments and the ledger together, so they cannot part.
 */
export interface Purse {
  receivable: bigint;
  advance: bigint;
  dues: Due[];
  /** Allotments made before, by whoever loaded them; only giving back needs them, newest last. */
  former: Allotment[];
  movements: Movement[];
  allotments: Allotment[];
}

export const emptyPurse = (): Purse => ({
  receivable: 0n,
  advance: 0n,
  dues: [],
  former: [],
  movements: [],
  allotments: [],
});

/** What the account owes (+) or has paid ahead (-). */
export const owed = (purse: Purse): bigint => purse.receivable - purse.advance;

function move(purse: Purse, movement: Movement): void {
  if (movement.amount === 0n) return;
  if (movement.debit === 'receivable') purse.receivable += movement.amount;
  if (movement.credit === 'receivable') purse.receivable -= movement.amount;
  if (movement.debit === 'advance') purse.advance -= movement.amount;
  if (movement.credit === 'advance') purse.advance += movement.amount;
  purse.movements.push(movement);
}

const touch = (due: Due) => {
  if (due.change === 'kept') due.change = 'changed';
};

/** Writes the own due of a document as receivable. A document that asks for nothing still has its row: it holds what is stated. */
export function bill(purse: Purse, document: { documentId: DocumentId; period: Month }, own: OwnDue): Due {
  const due: Due = {
    ...document,
    lines: own.lines.map(({ line, due: amount }) => ({ line, due: amount, settled: 0n })),
    stated: own.stated,
    change: 'new',
  };
  purse.dues.push(due);
  const amount = own.own > 0n ? own.own : 0n;
  move(purse, {
    debit: 'receivable',
    credit: 'charges',
    amount,
    kind: 'bill',
    documentId: due.documentId,
    receiptId: null,
  });
  return due;
}

/** Takes over debt that the issuer states and the ledger did not know: once a document. */
export function carry(purse: Purse, due: Due, amount: bigint): void {
  if (amount === 0n) return;
  due.lines.unshift({ line: CARRIED, due: amount, settled: 0n });
  touch(due);
  const { documentId } = due;
  move(purse, { debit: 'receivable', credit: 'statement', amount, kind: 'carried', documentId, receiptId: null });
}

export type ReceiptSource = 'payment' | 'statement' | 'negative_bill';
const SIDE: Record<ReceiptSource, LedgerSide> = { payment: 'money', statement: 'statement', negative_bill: 'charges' };

export interface Incoming {
  receiptId: ReceiptId;
  source: ReceiptSource;
  amount: bigint;
  documentId: DocumentId | null;
}

function settle(
  purse: Purse,
  amount: bigint,
  order: AllocationOrder,
  from: { side: LedgerSide; kind: LedgerKind; receiptId: ReceiptId | null },
): bigint {
  let left = amount;
  const byDocument = new Map<DocumentId, bigint>();
  for (const { due, line, amount: share } of allocate(amount, purse.dues, order)) {
    line.settled += share;
    touch(due);
    left -= share;
    purse.allotments.push({ documentId: due.documentId, line: line.line, receiptId: from.receiptId, amount: share });
    byDocument.set(due.documentId, (byDocument.get(due.documentId) ?? 0n) + share);
  }
  for (const [documentId, share] of byDocument)
    move(purse, {
      debit: from.side,
      credit: 'receivable',
      amount: share,
      kind: from.kind,
      documentId,
      receiptId: from.receiptId,
    });
  return left;
}

/** Money or credit came: it settles debts in their order, the rest is an advance. @returns what became an advance */
export function receive(purse: Purse, incoming: Incoming, order: AllocationOrder): bigint {
  const { receiptId, source, amount, documentId } = incoming;
  const left = settle(purse, amount, order, { side: SIDE[source], kind: source, receiptId });
  move(purse, { debit: SIDE[source], credit: 'advance', amount: left, kind: source, documentId, receiptId });
  return left;
}

/** The payer pays voluntary lines: only now they are billed, and settled at once. */
export function payVoluntary(purse: Purse, due: Due, lines: OwnDue['voluntary'], receiptId: ReceiptId): void {
  const { documentId } = due;
  for (const { line, amount } of lines) {
    due.lines.push({ line, due: amount, settled: amount });
    purse.allotments.push({ documentId, line, receiptId, amount });
    move(purse, { debit: 'receivable', credit: 'charges', amount, kind: 'voluntary', documentId, receiptId });
    move(purse, { debit: 'money', credit: 'receivable', amount, kind: 'payment', documentId, receiptId });
  }
  touch(due);
}

/** The advance settles the debts that are open. */
export function applyAdvance(purse: Purse, order: AllocationOrder): void {
  if (purse.advance > 0n) settle(purse, purse.advance, order, { side: 'advance', kind: 'advance', receiptId: null });
}

/** Takes up to `most` of what was allotted back from the debts into the advance. @returns how much was */
function release(purse: Purse, wanted: (allotment: Allotment) => boolean, most: bigint | null = null): bigint {
  let released = 0n;
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
    line.settled -= amount;
    touch(due);
    purse.allotments.push({ ...allotment, amount: -amount });
    move(purse, {
      debit: 'receivable',
      credit: 'advance',
      amount,
      kind: 'release',
      documentId: allotment.documentId,
      receiptId: allotment.receiptId,
    });
    released += amount;
  }
  return released;
}

/** A document is withdrawn: what was paid for it becomes an advance, and nothing of it is due any more. Needs `former`. */
export function withdrawBill(purse: Purse, due: Due): void {
  const { documentId } = due;
  release(purse, (allotment) => allotment.documentId === documentId);
  for (const line of due.lines) {
    const credit = line.line === CARRIED ? 'statement' : 'charges';
    move(purse, {
      debit: credit,
      credit: 'receivable',
      amount: line.due,
      kind: 'withdrawal',
      documentId,
      receiptId: null,
    });
    line.due = 0n;
  }
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

export const dueTotal = (due: Due) => kopecks(due.lines.reduce((total, line) => total + line.due, 0n));
export const settledTotal = (due: Due) => kopecks(due.lines.reduce((total, line) => total + line.settled, 0n));
