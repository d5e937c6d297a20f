import type { Db } from '../database/database.ts';
import { Conflict } from '../errors.ts';
import type { FileId } from '../ids.ts';
import { addJob } from '../jobs/jobs.ts';
import type { Attachment, ReceivedAttachment } from './attachment.ts';
import { judgeFile, judgeKey } from './judge-file.ts';
import { deleteAttachment, insertAttachment, selectAttachments } from './queries.ts';

/**
 * Writes a received file down, in the transaction of what it belongs to. It waits for its verdict from then on.
 * @throws Conflict when it was written down before: a page that was sent twice names the same file, and a file belongs to one thing
 */
export async function recordAttachment(trx: Db, received: ReceivedAttachment, at: Date): Promise<void> {
  if (!(await insertAttachment(trx, received, at)))
    throw new Conflict(
      'Этот файл уже приложен. Откройте страницу заново и посмотрите, что в ней есть.',
      'already_attached',
    );
  await addJob(trx, judgeFile, { fileId: received.fileId }, { key: judgeKey(received.fileId) });
}

/** Forgets a file that nothing refers to any more. Its bytes go with the nightly sweep. */
export const removeAttachment = (trx: Db, fileId: FileId): Promise<void> => deleteAttachment(trx, fileId);

/** What is known of some files; those that are gone are left out. */
export async function readVerdicts(db: Db, fileIds: readonly FileId[]): Promise<Map<FileId, Attachment>> {
  return new Map((await selectAttachments(db, fileIds)).map((file) => [file.fileId, file]));
}
