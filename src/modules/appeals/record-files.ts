import { recordAttachment } from '../../platform/attachments/index.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import type { AnswerId, AppealEventId, FileId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import type { Appeal } from './appeal.ts';
import type { GivenFile } from './change-part.ts';
import { selectFiles } from './queries/read-appeals.ts';
import { insertFiles } from './queries/write-appeals.ts';

const MEGABYTE = 1_048_576;
const LONGEST_DESCRIPTION = 500;
/** A list that a person can still look through. */
const MOST_FILES = 50;

export type FileOwner = { answerId: AnswerId } | { eventId: AppealEventId };

/**
 * Puts received files to an answer or to a step, behind those that are there.
 * @throws Invalid on `files` when all files of the answer or the step are larger together than the rule allows, or are too many
 */
export async function recordFiles(
  trx: Transaction,
  appeal: Appeal,
  files: readonly (GivenFile & { signsFileId?: FileId })[],
  owner: FileOwner,
  at: Date,
): Promise<void> {
  if (files.length === 0) return;
  const known = await selectFiles(trx, appeal);
  const beside = known.filter((file) => 'answerId' in owner && file.answerId === owner.answerId);
  if (beside.length + files.length > MOST_FILES)
    throw new Invalid([{ field: 'files', message: `Можно приложить не больше ${MOST_FILES} файлов.` }]);
  const bytes = [...beside, ...files.map(({ received }) => received)].reduce((sum, file) => sum + file.sizeBytes, 0);
  const most = await getWholeNumber(trx, 'appeal.files_total_megabytes', dayIn(appeal.zone, at), appeal);
  if (bytes > most * MEGABYTE)
    throw new Invalid([{ field: 'files', message: `Вместе файлы больше ${most} МБ. Приложите меньше файлов.` }]);
  const first = (known.at(-1)?.position ?? -1) + 1;
  for (const { received } of files) await recordAttachment(trx, received, at);
  await insertFiles(
    trx,
    files.map(({ received, description = '', signsFileId = null }, index) => ({
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      file_id: received.fileId,
      answer_id: 'answerId' in owner ? owner.answerId : null,
      event_id: 'eventId' in owner ? owner.eventId : null,
      name: received.name,
      description: description.trim().slice(0, LONGEST_DESCRIPTION),
      media_type: received.mediaType,
      size_bytes: BigInt(received.sizeBytes),
      signs_file_id: signsFileId,
      position: first + index,
    })),
  );
}

/** What makes a form with files what it is: the same form sent again brings the same bytes under other ids. */
export const requestOf = (files: readonly GivenFile[]) =>
  files.map(({ received, description }) => [received.name, received.sha256.toString('hex'), description]);
