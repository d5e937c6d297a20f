import type { Db } from '../../platform/database/database.ts';
import type { DocumentId, HouseId } from '../../platform/ids.ts';
import type { Month } from '../../platform/month.ts';
import type { Assessed } from './assess-documents.ts';
import { type Book, openBook } from './book.ts';
import { limitationOf } from './limitation.ts';
import { type Posted, postDocument } from './post-document.ts';
import { selectDocuments } from './queries/documents.ts';
import { selectReceiptsOfDocuments } from './queries/money.ts';
import { readStatements } from './read-statements.ts';

export type Fresh = Assessed & { documentId: DocumentId };

/** The documents that change something, by month. */
export const freshOf = (assessed: readonly Assessed[], ids: readonly (DocumentId | null)[]): Fresh[] =>
  assessed
    .map((one, index) => ({ ...one, documentId: ids[index]! }))
    .filter(({ verdict }) => verdict === 'new' || verdict === 'changed')
    .sort((a, b) => (a.document.period < b.document.period ? -1 : a.document.period > b.document.period ? 1 : 0));

/**
 * Puts documents into the book of their accounts, which nobody has saved yet. Few statements for any number of documents.
 * @param fresh at least one, by month
 * @returns what became of each, in their order
 */
export async function postDocuments(
  db: Db,
  houseId: HouseId,
  fresh: readonly Fresh[],
  now: Date,
): Promise<{ book: Book; oldest: Month; posted: Posted[] }> {
  const accounts = [...new Set(fresh.map(({ document }) => document.accountId))];
  const replaced = fresh.flatMap(({ known }) => (known ? [known] : []));
  const whole = [...new Set(fresh.filter(({ known }) => known).map(({ document }) => document.accountId))];
  const old = new Map((await selectDocuments(db, houseId, replaced)).map((row) => [row.document_id, row]));
  const oldReceipts = replaced.length > 0 ? await selectReceiptsOfDocuments(db, houseId, replaced) : [];
  const book = await openBook(db, houseId, accounts, whole);
  const statements = await readStatements(db, houseId, fresh);
  const { zone, regionCode } = fresh[0]!.account!;
  const oldest = await limitationOf(db, { zone, regionCode, now });
  const posted = fresh.map((one) =>
    postDocument(book, statements, {
      documentId: one.documentId,
      document: one.document,
      body: one.body!,
      replaced: one.known ? { body: old.get(one.known)!.body, id: one.known } : null,
      oldReceipts: oldReceipts.filter((receipt) => receipt.document_id === one.known),
      oldest,
      now,
    }),
  );
  return { book, oldest, posted };
}
