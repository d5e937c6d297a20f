import type { Db } from '../database/database.ts';
import type { FileId } from '../ids.ts';
import { addJob } from '../jobs/jobs.ts';
import type { Attachment, ReceivedAttachment } from './attachment.ts';
import { judgeFile, judgeKey } from './judge-file.ts';
import { deleteAttachment, insertAttachment, selectAttachments } from './queries.ts';

/**
 * Writes a received file down, in the transaction of what it belongs to. It waits for its verdict from then on.
 * @returns false when it was written down before: a page that was sent twice names the same file, and it belongs where it was put first
 */
export async function recordAttachment(trx: Db, received: ReceivedAttachment, at: Date): Promise<boolean> {
  if (!(await insertAttachment(trx, received, at))) return false;
  await addJob(trx, judgeFile, { fileId: received.fileId }, { key: judgeKey(received.fileId) });
  return true;
}

/** Forgets a file that nothing refers to any more. Its bytes go with the nightly sweep. */
export const removeAttachment = (trx: Db, fileId: FileId): Promise<void> => deleteAttachment(trx, fileId);

/** What is known of some files; those that are gone are left out. */
export async function readVerdicts(db: Db, fileIds: readonly FileId[]): Promise<Map<FileId, Attachment>> {
  return new Map((await selectAttachments(db, fileIds)).map((file) => [file.fileId, file]));
}
