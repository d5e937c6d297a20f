import type { Db, Transaction } from '../../platform/database/database.ts';
import {
  type AccountId,
  type HouseId,
  newId,
  type PartId,
  type PersonId,
  type ReceiptId,
  type RequisiteId,
} from '../../platform/ids.ts';
import { firstDay, type Month } from '../../platform/month.ts';
import { type Due, dueTotal, emptyPurse, type Incoming, type Purse, settledTotal } from './purse.ts';
import {
  markReversed,
  selectAllocations,
  selectBalances,
  selectDues,
  updateDues,
  upsertBalances,
} from './queries/money.ts';
import { insertRecords } from './queries/records.ts';

export interface NewReceipt extends Incoming {
  voluntary: bigint;
  period: Month | null;
  partId: PartId | null;
  personId: PersonId | null;
  receivedAt: Date;
}

interface Place {
  accountId: AccountId;
  requisiteId: RequisiteId;
  purse: Purse;
}

/** The money of locked accounts of one house while a change is made. */
export interface Book {
  houseId: HouseId;
  places: Map<string, Place>;
  receipts: (NewReceipt & { accountId: AccountId; requisiteId: RequisiteId })[];
  reversed: ReceiptId[];
}

/** The purse of an account and set of requisites; an empty one the first time. */
export function purseOf(book: Book, accountId: AccountId, requisiteId: RequisiteId): Purse {
  const key = `${accountId} ${requisiteId}`;
  const known = book.places.get(key);
  if (known) return known.purse;
  const purse = emptyPurse();
  book.places.set(key, { accountId, requisiteId, purse });
  return purse;
}

export const placesOf = (book: Book, accountId: AccountId): Place[] =>
  [...book.places.values()].filter((place) => place.accountId === accountId);

/** Reads the money of accounts: whoever saves it has locked them. `whole` accounts come with settled debts and allotments too. */
export async function openBook(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  whole: readonly AccountId[] = [],
): Promise<Book> {
  const book: Book = { houseId, places: new Map(), receipts: [], reversed: [] };
  for (const row of await selectBalances(db, houseId, accounts))
    Object.assign(purseOf(book, row.account_id, row.requisite_id), {
      receivable: row.receivable,
      advance: row.advance,
    });
  for (const row of await selectDues(db, houseId, accounts, whole))
    purseOf(book, row.account_id, row.requisite_id).dues.push({
      documentId: row.document_id,
      period: row.period.slice(0, 7) as Month,
      stated: row.stated,
      change: 'kept',
      lines: row.lines.map((line, index) => ({
        line,
        due: BigInt(row.line_due[index]!),
        settled: BigInt(row.line_settled[index]!),
      })),
    });
  if (whole.length > 0)
    for (const row of await selectAllocations(db, houseId, whole))
      purseOf(book, row.account_id, row.requisite_id).former.push({
        documentId: row.document_id,
        line: row.line,
        receiptId: row.receipt_id,
        amount: row.amount,
      });
  return book;
}

const dueRow = (book: Book, { accountId, requisiteId }: Place, due: Due) => ({
  house_id: book.houseId,
  document_id: due.documentId,
  requisite_id: requisiteId,
  account_id: accountId,
  period: firstDay(due.period),
  due: dueTotal(due),
  settled: settledTotal(due),
  stated: due.stated,
  lines: due.lines.map(({ line }) => line),
  line_due: due.lines.map((line) => line.due),
  line_settled: due.lines.map((line) => line.settled),
});

/** Writes everything that was done, a statement a table. The documents' own rows must be there already. */
export async function saveBook(trx: Transaction, book: Book, at: Date): Promise<void> {
  const places = [...book.places.values()];
  const dues = places.flatMap((place) => place.purse.dues.map((due) => ({ place, due })));
  const rows = (change: Due['change']) =>
    dues.filter(({ due }) => due.change === change).map(({ place, due }) => dueRow(book, place, due));
  await insertRecords(trx, 'document_due', rows('new'));
  await updateDues(trx, book.houseId, rows('changed'));
  await insertRecords(
    trx,
    'receipt',
    book.receipts.map((receipt) => ({
      house_id: book.houseId,
      receipt_id: receipt.receiptId,
      account_id: receipt.accountId,
      requisite_id: receipt.requisiteId,
      source: receipt.source,
      amount: receipt.amount,
      voluntary: receipt.voluntary,
      period: receipt.period && firstDay(receipt.period),
      part_id: receipt.partId,
      person_id: receipt.personId,
      document_id: receipt.documentId,
      received_at: receipt.receivedAt,
      reversed_at: null,
    })),
  );
  await markReversed(trx, book.houseId, book.reversed, at);
  await insertRecords(
    trx,
    'allocation',
    places.flatMap((place) => allocationRows(book, place, at)),
  );
  await insertRecords(
    trx,
    'ledger_entry',
    places.flatMap((place) => ledgerRows(book, place, at)),
  );
  await upsertBalances(
    trx,
    places
      .filter(({ purse }) => purse.movements.length > 0)
      .map(({ accountId, requisiteId, purse }) => ({
        house_id: book.houseId,
        account_id: accountId,
        requisite_id: requisiteId,
        receivable: purse.receivable,
        advance: purse.advance,
        updated_at: at,
      })),
  );
}

const allocationRows = (book: Book, { accountId, requisiteId, purse }: Place, at: Date) =>
  purse.allotments.map(({ documentId, line, receiptId, amount }) => ({
    house_id: book.houseId,
    allocation_id: newId(),
    account_id: accountId,
    requisite_id: requisiteId,
    document_id: documentId,
    line,
    receipt_id: receiptId,
    amount,
    allocated_at: at,
  }));

const ledgerRows = (book: Book, { accountId, requisiteId, purse }: Place, at: Date) =>
  purse.movements.map(({ documentId, receiptId, ...movement }) => ({
    house_id: book.houseId,
    entry_id: newId(),
    account_id: accountId,
    requisite_id: requisiteId,
    ...movement,
    document_id: documentId,
    receipt_id: receiptId,
    posted_at: at,
  }));

/** Notes a receipt for saving and gives what the purse needs of it. */
export function addReceipt(
  book: Book,
  accountId: AccountId,
  requisiteId: RequisiteId,
  receipt: Omit<NewReceipt, 'receiptId'>,
): Incoming {
  const incoming: NewReceipt = { ...receipt, receiptId: newId<ReceiptId>() };
  book.receipts.push({ ...incoming, accountId, requisiteId });
  return incoming;
}
