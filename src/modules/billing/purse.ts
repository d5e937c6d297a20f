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

/** Every change of the sums goes through here, so the ledger is the sums. */
export function move(purse: Purse, movement: Movement): void {
  if (movement.amount === 0n) return;
  if (movement.debit === 'receivable') purse.receivable += movement.amount;
  if (movement.credit === 'receivable') purse.receivable -= movement.amount;
  if (movement.debit === 'advance') purse.advance -= movement.amount;
  if (movement.credit === 'advance') purse.advance += movement.amount;
  purse.movements.push(movement);
}

/** Marks a due for saving. */
export const touch = (due: Due) => {
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
export const SIDE: Record<ReceiptSource, LedgerSide> = {
  payment: 'money',
  statement: 'statement',
  negative_bill: 'charges',
};

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

export interface Share {
  due: Due;
  line: DueLine;
  receiptId: ReceiptId | null;
  /** Above zero from the advance to the debt, below zero back. */
  amount: bigint;
}

/** Moves money between the advance and debts: an allotment for each line, an entry for each document and receipt. */
export function shift(purse: Purse, shares: readonly Share[]): void {
  for (const { due, line, receiptId, amount } of shares) {
    line.settled += amount;
    touch(due);
    purse.allotments.push({ documentId: due.documentId, line: line.line, receiptId, amount });
  }
  const entries = Map.groupBy(shares, ({ due, receiptId, amount }) => `${amount < 0n} ${due.documentId} ${receiptId}`);
  for (const of of entries.values()) {
    const { due, receiptId } = of[0]!;
    const amount = of.reduce((total, share) => total + share.amount, 0n);
    const entry = { documentId: due.documentId, receiptId };
    if (amount < 0n)
      move(purse, { debit: 'receivable', credit: 'advance', amount: -amount, kind: 'release', ...entry });
    else move(purse, { debit: 'advance', credit: 'receivable', amount, kind: 'advance', ...entry });
  }
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

export const dueTotal = (due: Due) => kopecks(due.lines.reduce((total, line) => total + line.due, 0n));
export const settledTotal = (due: Due) => kopecks(due.lines.reduce((total, line) => total + line.settled, 0n));
