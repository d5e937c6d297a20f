import type { DocumentId, ReceiptId } from '../../../platform/ids.ts';
import { type Allotment, type Purse, type Share, shift } from '../purse.ts';

const keyOf = ({ documentId, line, receiptId }: Omit<Allotment, 'amount'>) =>
  `${documentId} ${line} ${receiptId ?? ''}`;

/** Adds up allotments of one line from one receipt; those that are nothing together are left out. */
function net(allotments: readonly Allotment[]): Map<string, Allotment> {
  const sums = new Map<string, Allotment>();
  for (const one of allotments) {
    const key = keyOf(one);
    sums.set(key, { ...one, amount: (sums.get(key)?.amount ?? 0n) + one.amount });
  }
  for (const [key, { amount }] of sums) if (amount === 0n) sums.delete(key);
  return sums;
}

/**
 * Moves what stands on the debts of a purse to where it is wanted, through the advance.
 * @param wanted allotments as they should stand
 * @param gone receipts that are given back: nothing may stand by them
 * @returns false, with nothing moved, when the wanted cannot stand: since then money was given back, or a debt became smaller
 */
export function settleAsBefore(purse: Purse, wanted: readonly Allotment[], gone: ReadonlySet<ReceiptId>): boolean {
  const after = net(wanted);
  const now = net([...purse.former, ...purse.allotments]);
  const lines = new Map(
    purse.dues.flatMap((due) => due.lines.map((line) => [`${due.documentId} ${line.line}`, { due, line }] as const)),
  );
  if (!canStand(after, now, purse, gone)) return false;
  const shares = [...new Set([...now.keys(), ...after.keys()])].flatMap((key): Share[] => {
    const { documentId, line, receiptId } = (after.get(key) ?? now.get(key))!;
    const amount = (after.get(key)?.amount ?? 0n) - (now.get(key)?.amount ?? 0n);
    return amount === 0n ? [] : [{ ...lines.get(`${documentId} ${line}`)!, receiptId, amount }];
  });
  shift(purse, [...shares.filter(({ amount }) => amount < 0n), ...shares.filter(({ amount }) => amount > 0n)]);
  return true;
}

const total = (allotments: Iterable<Allotment>): bigint => {
  let sum = 0n;
  for (const { amount } of allotments) sum += amount;
  return sum;
};

function canStand(
  after: ReadonlyMap<string, Allotment>,
  now: ReadonlyMap<string, Allotment>,
  purse: Purse,
  gone: ReadonlySet<ReceiptId>,
): boolean {
  const byLine = new Map<string, bigint>();
  for (const { documentId, line, receiptId, amount } of after.values()) {
    if (amount < 0n || (receiptId !== null && gone.has(receiptId))) return false;
    const key = `${documentId} ${line}`;
    byLine.set(key, (byLine.get(key) ?? 0n) + amount);
  }
  const due = (documentId: DocumentId, position: number) =>
    purse.dues.find((one) => one.documentId === documentId)?.lines.find(({ line }) => line === position)?.due ?? 0n;
  for (const { documentId, line } of after.values())
    if (byLine.get(`${documentId} ${line}`)! > due(documentId, line)) return false;
  return purse.advance + total(now.values()) >= total(after.values());
}
