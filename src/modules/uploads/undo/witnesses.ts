import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, PersonId } from '../../../platform/ids.ts';
import { peopleSeeing, whoHasSeen } from '../../billing/index.ts';
import { whoWasTold } from '../../notices/index.ts';
import { whoBeganToPay } from '../../payments/index.ts';
import type { Upload } from '../upload.ts';

type OwnDocument = { documentId: DocumentId; accountId: AccountId };

/**
 * People who have the accounts of some documents of one house, and have seen them: opened a document, were told of it, or began to pay
 * for its account since it came.
 */
export async function witnessesOf<Document extends OwnDocument>(
  db: Db,
  houseId: HouseId,
  upload: Upload,
  documents: readonly Document[],
): Promise<Map<PersonId, Document[]>> {
  const links = await peopleSeeing(db, houseId, [...new Set(documents.map(({ accountId }) => accountId))]);
  const people = [...new Set(links.map(({ personId }) => personId))];
  const ids = documents.map(({ documentId }) => documentId);
  const opened = await whoHasSeen(db, people, ids);
  const told = await whoWasTold(db, 'new_bill', people, ids);
  const seen = new Set([
    ...opened.map(({ personId, documentId }) => `${personId} ${documentId}`),
    ...told.map(({ personId, object }) => `${personId} ${object}`),
  ]);
  const paying = new Set(
    (await whoBeganToPay(db, people, houseId, upload.createdAt)).map(
      ({ personId, accountId }) => `${personId} ${accountId}`,
    ),
  );
  const byAccount = Map.groupBy(documents, ({ accountId }) => accountId);
  const witnesses = new Map<PersonId, Document[]>();
  for (const { personId, accountId } of links)
    for (const one of byAccount.get(accountId) ?? [])
      if (paying.has(`${personId} ${accountId}`) || seen.has(`${personId} ${one.documentId}`))
        witnesses.set(personId, [...(witnesses.get(personId) ?? []), one]);
  return witnesses;
}
