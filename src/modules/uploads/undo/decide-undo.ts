import { type Actor, actingFor, authorise } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import type { UploadId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { authoriseKind, uploadViewer } from '../authorise-kind.ts';
import { addUndo } from '../jobs.ts';
import { beginLook, selectUndo, updateUndo } from '../queries/undo.ts';
import { selectSeenUpload } from '../queries/uploads.ts';
import type { Upload } from '../upload.ts';
import { signatureOf, whyNever } from './undo.ts';

const NOT_APPLIED = 'Отменить можно только загрузку, которая применена и ещё не отменена.';
const UNDER_WAY = 'Эта загрузка уже проверяется или отменяется. Обновите страницу.';
const LOOK_AGAIN =
  'С тех пор, как вы открыли страницу, данные изменились. Посмотрите, что получается теперь, и решите снова.';

/** The applied upload, when whoever acts may take it back. @throws NotFound, Forbidden, Conflict */
async function undoable(trx: Transaction, actor: Actor, uploadId: UploadId): Promise<Upload> {
  const upload = await selectSeenUpload(trx, uploadViewer(actor), uploadId);
  if (!upload) throw new NotFound();
  authoriseKind(actor, access.undoUpload, upload.kind);
  if (upload.state !== 'applied') throw new Conflict(NOT_APPLIED, 'upload_not_applied');
  const never = whyNever(upload);
  if (never) throw new Conflict(never, 'upload_not_traced');
  return upload;
}

/**
 * Has it found out what taking an upload back would change and what depends on it. Nothing changes yet.
 * @throws NotFound, Forbidden, Conflict when it is not applied, or is being taken back already
 */
export async function lookIntoUndo(context: Context, actor: Actor, uploadId: UploadId): Promise<void> {
  authorise(actor, access.undoUpload);
  const { personId, acting } = actingFor(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const upload = await undoable(trx, actor, uploadId);
    if (!(await beginLook(trx, upload, personId, at))) throw new Conflict(UNDER_WAY, 'undo_under_way');
    await addUndo(trx, upload);
    const { organisationId } = acting;
    await audit(trx, { actor: personId, action: 'uploads.undo_looked', at, organisationId, details: { uploadId } });
  });
}

export interface UndoDecision {
  reason: string;
  /** The figures that the page has shown, as `signatureOf` writes them, and the tick beside them. */
  seen: string;
  sure: boolean;
}

/**
 * Whoever may, having seen what it changes, has an upload taken back.
 * @throws Invalid without a reason or the tick; Conflict when something depends on it, or the figures are not those that were seen
 */
export async function decideUndo(
  context: Context,
  actor: Actor,
  uploadId: UploadId,
  { reason: typed, seen, sure }: UndoDecision,
): Promise<void> {
  authorise(actor, access.undoUpload);
  const { personId, acting } = actingFor(actor);
  const reason = typed.trim();
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const upload = await undoable(trx, actor, uploadId);
    const undo = await selectUndo(trx, upload);
    if (undo?.state !== 'looked') throw new Conflict(UNDER_WAY, 'undo_under_way');
    if (!undo.lookedAt || undo.dependents > 0) throw new Conflict(LOOK_AGAIN, 'undo_depends');
    if (signatureOf(undo.figures) !== seen) throw new Conflict(LOOK_AGAIN, 'undo_changed');
    const errors: FieldError[] = [];
    if (reason.length < 5 || reason.length > 500)
      errors.push({
        field: 'reason',
        message: 'Напишите, почему загрузка отменяется: от 5 до 500 знаков. Жители это прочтут',
      });
    if (!sure) errors.push({ field: 'sure', message: 'Посмотрите на числа и поставьте отметку, если всё верно' });
    if (errors.length > 0) throw new Invalid(errors);
    const decision = {
      state: 'undoing',
      reason,
      decided_by: personId,
      decided_at: at,
      attempts: 0,
      houses_done: 0,
      problem: null,
    } as const;
    if (!(await updateUndo(trx, upload, 'looked', decision, at))) throw new Conflict(UNDER_WAY, 'undo_under_way');
    await addUndo(trx, upload);
    const { organisationId } = acting;
    const details = { uploadId, reason, figures: seen };
    await audit(trx, { actor: personId, action: 'uploads.undo_decided', at, organisationId, details });
  });
}
