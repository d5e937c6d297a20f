import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { type DocumentId, type HouseId, newId } from '../../platform/ids.ts';
import { type Kopecks, kopecks, sum, ZERO } from '../../platform/money.ts';
import { type Assessment, assessDocuments } from './assess-documents.ts';
import { ownDues } from './own-due.ts';
import type { NewDocument } from './payment-document.ts';
import { freshOf, postDocuments } from './post-documents.ts';

export interface DocumentPlan extends Assessment {
  /** «К оплате» of its period, with penalties and costs; nothing of a bad one. */
  asked: Kopecks;
  /** By how much its «Итого к оплате» is lower than what the account would owe: it will count as paid. Below zero where less counts so than before. */
  credited: Kopecks;
}

/**
 * What exposing would do with each document of a house, without writing: new, changed (corrects an exposed one), same or bad,
 * with errors or warnings in Russian, and what it would do to the debt. The same judgement and the same posting that exposing makes.
 * Reads all at one moment: a payment that comes meanwhile is in all of it or in nothing.
 */
export function planDocuments(
  database: Database,
  { clock }: { clock: Clock },
  houseId: HouseId,
  documents: readonly NewDocument[],
): Promise<DocumentPlan[]> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const assessed = await assessDocuments(trx, houseId, documents);
      const ids = assessed.map(() => newId<DocumentId>());
      const fresh = freshOf(assessed, ids);
      const { posted } = fresh.length > 0 ? await postDocuments(trx, houseId, fresh, clock()) : { posted: [] };
      const byId = new Map(fresh.map(({ documentId }, index) => [documentId, posted[index]!]));
      return assessed.map(({ verdict, messages, known, body }, index) => {
        const own = verdict === 'same' ? ownDues(body!).map((due) => due.own) : [];
        const { asked, credited } = byId.get(ids[index]!) ?? { asked: sum(own), credited: ZERO };
        return { verdict, messages, known, asked: kopecks(asked), credited: kopecks(credited) };
      });
    });
}
