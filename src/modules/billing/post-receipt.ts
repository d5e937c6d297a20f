import type { Clock } from '../../platform/clock.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import type { AccountId, HouseId, PartId, PersonId, ReceiptId, RequisiteId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { addReceipt, openBook, placesOf, purseOf, saveBook } from './book.ts';
import { giveBack } from './give-back.ts';
import { limitationOf } from './limitation.ts';
import { ownDues } from './own-due.ts';
import { applyAdvance, type Due, owed, type Purse, payVoluntary, receive } from './purse.ts';
import { selectDocuments } from './queries/documents.ts';
import { lockAccounts, selectAccounts, selectReceipt, selectReceiptOfPart } from './queries/money.ts';

export interface PaidPart {
  houseId: HouseId;
  accountId: AccountId;
  requisiteId: RequisiteId;
  /** The part of the order: the same part is posted once, however often it is delivered. */
  partId: PartId;
  personId: PersonId | null;
  amount: Kopecks;
  /** The month that the payer named; null: the oldest debt first. */
  period: Month | null;
  /** When the bank took the money. */
  receivedAt: Date;
}

export interface PostedReceipt {
  receiptId: ReceiptId;
  /** False when the part was there already: nothing was changed. */
  posted: boolean;
}

/**
 * Puts a paid part on its account in the caller's transaction: settles debts in the order of the law, the rest is an advance.
 * When a month is named and the rest is exactly its voluntary lines, the payer has taken them (paying is the acceptance).
 * @throws NotFound when the account is not in the house
 * @throws Conflict when the part was posted with another sum or to another account
 */
export async function postReceipt(
  trx: Transaction,
  { clock }: { clock: Clock },
  part: PaidPart,
): Promise<PostedReceipt> {
  const { houseId, accountId, requisiteId, partId, amount, period } = part;
  await lockAccounts(trx, houseId, [accountId]);
  const known = await selectReceiptOfPart(trx, houseId, partId);
  if (known) {
    if (known.account_id !== accountId || known.requisite_id !== requisiteId || known.amount !== amount)
      throw new Conflict('Этот платёж уже проведён с другими данными.', 'part_posted_otherwise');
    return { receiptId: known.receipt_id, posted: false };
  }
  const [account] = await selectAccounts(trx, houseId, [accountId]);
  if (!account) throw new NotFound('Лицевой счёт не найден.');
  const now = clock();
  // Voluntary lines stand on documents that may be settled: with a named month the whole account is read.
  const book = await openBook(trx, houseId, [accountId], period ? [accountId] : []);
  const purse = purseOf(book, accountId, requisiteId);
  const voluntary = period ? await voluntaryOffer(trx, houseId, purse, { period, requisiteId, amount }) : null;
  const incoming = addReceipt(book, accountId, requisiteId, {
    source: 'payment',
    amount,
    voluntary: voluntary?.amount ?? 0n,
    documentId: null,
    period,
    partId,
    personId: part.personId,
    receivedAt: part.receivedAt,
  });
  const order = { named: period, oldest: await limitationOf(trx, { ...account, now }) };
  if (voluntary) payVoluntary(purse, voluntary.due, voluntary.lines, incoming.receiptId);
  const rest = amount - (voluntary?.amount ?? 0n);
  if (rest > 0n) receive(purse, { ...incoming, amount: rest }, order);
  await saveBook(trx, book, now);
  return { receiptId: incoming.receiptId, posted: true };
}

/** Voluntary lines of the named month, when the sum pays all debt and exactly them. */
async function voluntaryOffer(
  trx: Transaction,
  houseId: HouseId,
  purse: Purse,
  { period, requisiteId, amount }: { period: Month; requisiteId: RequisiteId; amount: bigint },
): Promise<{ due: Due; lines: { line: number; amount: bigint }[]; amount: bigint } | null> {
  const debt = owed(purse) > 0n ? owed(purse) : 0n;
  if (amount <= debt) return null;
  const dues = purse.dues.filter((due) => due.period === period);
  const documents = await selectDocuments(
    trx,
    houseId,
    dues.map(({ documentId }) => documentId),
  );
  for (const due of dues) {
    const document = documents.find((one) => one.document_id === due.documentId && one.state === 'exposed');
    const own = document && ownDues(document.body).find((one) => one.requisiteId === requisiteId);
    const lines = (own?.voluntary ?? []).filter(({ line }) => !due.lines.some((paid) => paid.line === line));
    const whole = lines.reduce((total, line) => total + line.amount, 0n);
    if (whole > 0n && amount === debt + whole) return { due, lines, amount: whole };
  }
  return null;
}

/**
 * Gives a payment back whole, after the bank has (a refund): its debts are open again. Doing it twice is doing it once.
 * @throws NotFound when there is no such payment in the house
 */
export async function reverseReceipt(
  trx: Transaction,
  { clock }: { clock: Clock },
  { houseId, receiptId }: { houseId: HouseId; receiptId: ReceiptId },
): Promise<{ reversed: boolean }> {
  const found = await selectReceipt(trx, houseId, receiptId);
  if (found?.source !== 'payment') throw new NotFound('Платёж не найден.');
  const accountId = found.account_id;
  await lockAccounts(trx, houseId, [accountId]);
  const receipt = await selectReceipt(trx, houseId, receiptId);
  if (receipt!.reversed_at) return { reversed: false };
  const now = clock();
  const [account] = await selectAccounts(trx, houseId, [accountId]);
  const book = await openBook(trx, houseId, [accountId], [accountId]);
  const purse = purseOf(book, accountId, found.requisite_id);
  const paid = purse.former.filter((one) => one.receiptId === receiptId);
  const documents =
    receipt!.voluntary > 0n
      ? await selectDocuments(trx, houseId, [...new Set(paid.map(({ documentId }) => documentId))])
      : [];
  const voluntary = paid.filter(({ documentId, line }) =>
    documents
      .find((document) => document.document_id === documentId)
      ?.body.lines.some(({ position, voluntary: optional }) => optional && position === line),
  );
  giveBack(purse, { receiptId, source: 'payment', amount: found.amount, documentId: null }, voluntary);
  book.reversed.push(receiptId);
  const oldest = await limitationOf(trx, { ...account!, now });
  for (const place of placesOf(book, accountId)) applyAdvance(place.purse, { named: null, oldest });
  await saveBook(trx, book, now);
  return { reversed: true };
}
