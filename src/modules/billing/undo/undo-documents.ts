import type { Clock } from '../../../platform/clock.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type AccountId, type DocumentId, type HouseId, newId, type UploadId } from '../../../platform/ids.ts';
import { type Kopecks, sum } from '../../../platform/money.ts';
import type { Month } from '../../../platform/month.ts';
import { type Book, openBook, placesOf, saveBook } from '../book.ts';
import { limitationOf } from '../limitation.ts';
import { takeBackDocument } from '../post-document.ts';
import { applyAdvance } from '../purse.ts';
import { lockAccounts, selectAccounts, selectReceiptsOfDocuments } from '../queries/money.ts';
import {
  addVoluntary,
  insertRestored,
  type LaterDocument,
  markUndone,
  type PaidDocument,
  pointUids,
  selectFormer,
  selectFormerMoney,
  selectLaterDocuments,
  selectOtherAllotments,
  selectPaidUploaded,
  selectUploaded,
  type UploadedDocument,
} from '../queries/undo.ts';
import { leaveVoluntary, restoreDocument, type StandsFor, type TakenLine } from './restore-document.ts';
import { settleAsBefore } from './settle-as-before.ts';

/** What stands of an upload in one house, and what depends on it. */
export interface UploadedDocuments {
  /** Exposed ones, in the order in which they were exposed. */
  documents: UploadedDocument[];
  accounts: AccountId[];
  /** «К оплате» of them, with penalties and costs. */
  asked: Kopecks;
  /** How many of them took the place of a version that will stand again. */
  restored: number;
  paid: (PaidDocument & UploadedDocument)[];
  later: LaterDocument[];
}

/** @param uploadId its documents are withdrawn or corrected one by one too: those are left as they are */
export async function lookAtUploaded(db: Db, houseId: HouseId, uploadId: UploadId): Promise<UploadedDocuments> {
  const all = await selectUploaded(db, houseId, uploadId);
  const documents = all.filter(({ state }) => state === 'exposed');
  const byId = new Map(documents.map((one) => [one.documentId, one]));
  const paid = documents.length === 0 ? [] : await selectPaidUploaded(db, houseId, uploadId);
  const stands = documents.length > 0 || all.some(({ corrected }) => corrected);
  return {
    documents,
    accounts: [...new Set(documents.map(({ accountId }) => accountId))],
    asked: sum(documents.map(({ asked }) => asked)),
    restored: documents.filter(({ replaced }) => replaced).length,
    paid: paid.map((one) => ({ ...byId.get(one.documentId)!, ...one })),
    later: stands ? await selectLaterDocuments(db, houseId, uploadId) : [],
  };
}

/** Accounts whose money is read and written together. */
const BATCH = 200;

/**
 * Takes back the documents that an upload brought to one house, all or none, in the caller's transaction: their entries are reversed, and
 * the versions that they replaced stand again as new ones, with what had been paid for them. The accounts are held, so a payment that
 * comes meanwhile is posted before or after, never between. When something depends on them, nothing is written and the answer says what.
 */
export async function undoUploaded(
  trx: Transaction,
  { clock }: { clock: Clock },
  houseId: HouseId,
  { uploadId, reason }: { uploadId: UploadId; reason: string },
): Promise<UploadedDocuments> {
  const before = await selectUploaded(trx, houseId, uploadId);
  await lockAccounts(trx, houseId, [...new Set(before.map(({ accountId }) => accountId))]);
  const look = await lookAtUploaded(trx, houseId, uploadId);
  if (look.documents.length === 0 || look.paid.length > 0 || look.later.length > 0) return look;
  const now = clock();
  const [account] = await selectAccounts(trx, houseId, look.accounts.slice(0, 1));
  const oldest = await limitationOf(trx, { ...account!, now });
  const byAccount = Map.groupBy(look.documents, ({ accountId }) => accountId);
  for (let from = 0; from < look.accounts.length; from += BATCH) {
    const accounts = look.accounts.slice(from, from + BATCH);
    const documents = accounts.flatMap((accountId) => byAccount.get(accountId)!);
    await takeBack(trx, houseId, { uploadId, accounts, documents, reason, oldest, now });
  }
  return look;
}

interface Batch {
  uploadId: UploadId;
  accounts: readonly AccountId[];
  documents: readonly UploadedDocument[];
  reason: string;
  oldest: Month;
  now: Date;
}

async function takeBack(trx: Transaction, houseId: HouseId, batch: Batch): Promise<void> {
  const { accounts, documents, reason, oldest, now } = batch;
  const ids = documents.map(({ documentId }) => documentId);
  const replacing = documents.flatMap(({ documentId, replaced }) => (replaced ? [documentId] : []));
  const former = await selectFormer(trx, houseId, replacing);
  const receipts = await selectReceiptsOfDocuments(trx, houseId, ids);
  // A document that only asked for money has moved nothing but itself.
  const entangled = [...new Set([...former.map((one) => one.accountId), ...receipts.map((one) => one.account_id)])];
  const before = await readBefore(trx, houseId, batch, entangled);
  const money = former.length > 0 ? await selectFormerMoney(trx, houseId, former) : null;
  const book = await openBook(trx, houseId, accounts, accounts);
  const byDocument = Map.groupBy(receipts, (one) => one.document_id);
  // The last first: what it credited may have settled those before.
  for (const { accountId, documentId } of documents.toReversed())
    takeBackDocument(book, accountId, documentId, byDocument.get(documentId) ?? []);
  const standsFor: StandsFor = {
    documents: new Map(former.map(({ documentId }) => [documentId, newId<DocumentId>()])),
    receipts: new Map(),
  };
  const taken = former.flatMap((one) => restoreDocument(book, one, money!, standsFor));
  const bought = entangled.flatMap((accountId) => settleAccount(book, accountId, before, { standsFor, taken }));
  for (const accountId of accounts)
    for (const { purse } of placesOf(book, accountId)) applyAdvance(purse, { named: null, oldest });
  await markUndone(trx, houseId, ids, reason, now);
  await insertRestored(
    trx,
    houseId,
    former.map((one) => ({
      documentId: standsFor.documents.get(one.documentId)!,
      former: one.documentId,
      replaces: one.replacedBy,
      restores: one.restoresId ?? one.documentId,
    })),
  );
  await saveBook(trx, book, now);
  await addVoluntary(trx, houseId, bought);
  await pointUids(
    trx,
    former.map(({ uid, documentId }) => ({ uid, documentId: standsFor.documents.get(documentId)! })),
  );
}

type Before = Awaited<ReturnType<typeof selectOtherAllotments>>;

const readBefore = async (
  trx: Transaction,
  houseId: HouseId,
  { uploadId, documents }: Batch,
  entangled: readonly AccountId[],
): Promise<Before> => {
  const own = new Set(entangled);
  const ids = documents.flatMap(({ accountId, documentId }) => (own.has(accountId) ? [documentId] : []));
  return entangled.length === 0
    ? { allotments: [], gone: new Set() }
    : selectOtherAllotments(trx, houseId, { accounts: entangled, documents: ids, uploadId });
};

/**
 * Money stands where it stood before, and where it came to stand since; where it cannot, it settles debts in the order of the law.
 * @returns voluntary lines that are paid for again
 */
function settleAccount(
  book: Book,
  accountId: AccountId,
  { allotments, gone }: Before,
  { standsFor, taken }: { standsFor: StandsFor; taken: readonly TakenLine[] },
): TakenLine[] {
  const own = Map.groupBy(
    allotments.filter((one) => one.account_id === accountId),
    (one) => one.requisite_id,
  );
  return placesOf(book, accountId).flatMap(({ purse, requisiteId }) => {
    const wanted = (own.get(requisiteId) ?? []).map(({ document_id, line, receipt_id, amount }) => ({
      documentId: standsFor.documents.get(document_id) ?? document_id,
      line,
      receiptId: receipt_id && (standsFor.receipts.get(receipt_id) ?? receipt_id),
      amount,
    }));
    const bought = taken.filter((one) => one.purse === purse);
    if (settleAsBefore(purse, wanted, gone)) return bought;
    leaveVoluntary(bought);
    return [];
  });
}
