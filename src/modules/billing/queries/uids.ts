import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { DocumentId, HouseId } from '../../../platform/ids.ts';

/** Unified ids of documents of one house, and whether each is still exposed. */
export async function selectUids(
  db: Db,
  houseId: HouseId,
  documents: readonly DocumentId[],
): Promise<Map<DocumentId, { uid: string; exposed: boolean }>> {
  if (documents.length === 0) return new Map();
  const { rows } = await sql<{ documentId: DocumentId; uid: string; exposed: boolean }>`
    select document_id as "documentId", uid, state = 'exposed' as exposed from payment_document
    where house_id = ${houseId} and document_id = any(${documents}::uuid[])`.execute(db);
  return new Map(rows.map(({ documentId, ...rest }) => [documentId, rest]));
}
