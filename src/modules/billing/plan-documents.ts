import type { Db } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { type Assessment, assessDocuments } from './assess-documents.ts';
import type { NewDocument } from './payment-document.ts';

/**
 * What exposing would do with each document of a house, without writing: new, changed (corrects an exposed one), same or bad,
 * with errors or warnings in Russian. The same judgement that exposing makes.
 */
export async function planDocuments(
  db: Db,
  houseId: HouseId,
  documents: readonly NewDocument[],
): Promise<Assessment[]> {
  const assessed = await assessDocuments(db, houseId, documents);
  return assessed.map(({ verdict, messages, known }) => ({ verdict, messages, known }));
}
