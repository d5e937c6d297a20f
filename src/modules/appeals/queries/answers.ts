import type { Db } from '../../../platform/database/database.ts';
import type { AnswerId, FileId, HouseId } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import '../tables.ts';

/** @returns false when it was sent or deleted meanwhile */
export async function deleteAnswerDraft(
  db: Db,
  { houseId, answerId }: { houseId: HouseId; answerId: AnswerId },
): Promise<boolean> {
  const result = await db
    .deleteFrom('appeal_answer')
    .where('house_id', '=', houseId)
    .where('answer_id', '=', answerId)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function deleteFiles(db: Db, { houseId, appealId }: AppealKey, fileIds: readonly FileId[]): Promise<void> {
  await db
    .deleteFrom('appeal_file')
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where((where) => where('file_id', '=', where.fn.any(where.val(fileIds as FileId[]))))
    .execute();
}
