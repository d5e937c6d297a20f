import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { type ReceivedAttachment, recordAttachment, removeAttachment } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, transaction } from '../../platform/database/database.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { DraftId, FileId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { access } from './access.ts';
import type { Draft, DraftFile } from './draft.ts';
import { deleteDraftFile, insertDraftFiles, lockDraft, selectDraftFiles, updateDraft } from './queries/drafts.ts';

/** A list that a person can still look through. */
export const MOST_FILES = 30;
export const DESCRIPTION_LIMIT = 500;
const MIB = 1_048_576;

/** Files that are in the store join the draft; they wait for their verdict from then on. @throws Invalid when they are too many */
export async function addFiles(
  context: Context,
  actor: Actor,
  draftId: DraftId,
  received: readonly ReceivedAttachment[],
  description: string,
): Promise<void> {
  authorise(actor, access.writeAppeal);
  if (received.length === 0) return;
  const key = { personId: personOf(actor).personId, draftId };
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const draft = await lockDraft(trx, key);
    if (!draft) throw new NotFound();
    const present = await selectDraftFiles(trx, key);
    // The same words of a script sent twice bring the same file.
    const fresh = received.filter(({ fileId }) => !present.some((file) => file.fileId === fileId));
    const all = [...present, ...fresh];
    const limit = await totalLimit(trx, draft, at);
    const total = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (all.length > MOST_FILES || total > limit) throw tooMuch(limit);
    for (const file of fresh) await recordAttachment(trx, file, at);
    const rows = fresh.map((file): DraftFile => ({ ...file, description: description.slice(0, DESCRIPTION_LIMIT) }));
    await insertDraftFiles(trx, key, rows, present.length);
    await updateDraft(trx, key, draft, at);
  });
}

/** Takes a file out of a draft. One that is gone already is no error. */
export async function removeFile(context: Context, actor: Actor, draftId: DraftId, fileId: FileId): Promise<void> {
  authorise(actor, access.writeAppeal);
  const key = { personId: personOf(actor).personId, draftId };
  await transaction(context.db, async (trx) => {
    const draft = await lockDraft(trx, key);
    if (!draft) throw new NotFound();
    if (!(await deleteDraftFile(trx, key, fileId))) return;
    await removeAttachment(trx, fileId);
    await updateDraft(trx, key, draft, context.clock());
  });
}

/** Bytes that the files of one appeal may take together. */
export async function totalLimit(db: Db, { regionCode }: Pick<Draft, 'regionCode'>, at: Date): Promise<number> {
  const on = dayIn('Europe/Moscow', at);
  return (await getWholeNumber(db, 'appeal.files_total_megabytes', on, { regionCode })) * MIB;
}

const tooMuch = (limit: number) =>
  new Invalid([
    {
      field: 'files',
      message: `К обращению можно приложить не больше ${MOST_FILES} файлов, вместе не больше ${limit / MIB} МБ. Уменьшите файлы или оставьте главные.`,
    },
  ]);
