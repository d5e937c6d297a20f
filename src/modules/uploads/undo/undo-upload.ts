import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { addTelling, addUndo } from '../jobs.ts';
import { deleteStagedRows } from '../queries/staging.ts';
import { selectUndo, updateUndo } from '../queries/undo.ts';
import { lockUpload, selectUpload, updateUpload } from '../queries/uploads.ts';
import type { UploadKey } from '../upload.ts';
import { reversals } from './reversals.ts';
import { add, type Figures, signatureOf } from './undo.ts';

/** Something has come in between: nothing is taken back, and whoever decided looks again. */
class NotAsSeen extends Error {}

const NOT_AS_SEEN =
  'Пока вы решали, данные изменились: отменять то, чего вы не видели, мы не стали. Ничего не отменено. Посмотрите, что получается теперь.';

/**
 * Takes an upload back in one transaction: all of it, or nothing. What depends on it is looked for again with everything held, and it must
 * come to the very figures that were agreed to. Killed in the middle, it leaves nothing behind and is repeated; repeated after its end, it
 * does nothing.
 */
export async function undoUpload(context: Context, key: UploadKey): Promise<void> {
  const { db, clock } = context;
  try {
    await transaction(db, (trx) => undo(context, trx, key));
  } catch (error) {
    if (!(error instanceof NotAsSeen)) throw error;
    await transaction(db, async (trx) => {
      const again = { state: 'looking', attempts: 0, problem: NOT_AS_SEEN, looked_at: null } as const;
      if (await updateUndo(trx, key, 'undoing', again, clock())) await addUndo(trx, key);
    });
  }
}

async function undo(context: Context, trx: Transaction, key: UploadKey): Promise<void> {
  const { db, clock } = context;
  await lockUpload(trx, key.uploadId);
  const upload = await selectUpload(trx, key.organisationId, key.uploadId);
  const decided = await selectUndo(trx, key);
  if (upload?.state !== 'applied' || decided?.state !== 'undoing') return;
  const reversal = reversals[upload.kind];
  const order = { ...key, reason: decided.reason!, by: decided.decidedBy! };
  const houses = await reversal.houses(trx, upload);
  let figures: Figures = {};
  for (const [index, houseId] of houses.entries()) {
    const found = await reversal.undo(context, trx, upload, order, houseId);
    if (found.dependents.length > 0) throw new NotAsSeen('something depends on the upload');
    figures = add(figures, found.figures);
    // Outside of the transaction, so that the page sees it move; whoever watches for silence sees that somebody is at work.
    await updateUndo(db, key, 'undoing', { houses_total: houses.length, houses_done: index + 1 }, clock());
  }
  if (signatureOf(figures) !== signatureOf(decided.figures)) throw new NotAsSeen('the figures are not those agreed to');
  await deleteStagedRows(trx, key);
  const at = clock();
  const done = await updateUpload(trx, key, { state: 'undone' }, at);
  if (!done || !(await updateUndo(trx, key, 'undoing', { state: 'done', figures, done_at: at }, at)))
    throw new Error('the undoing was given up while it was under way');
  await audit(trx, {
    actor: order.by,
    action: 'uploads.undone',
    at,
    organisationId: key.organisationId,
    details: { uploadId: key.uploadId, kind: upload.kind, reason: order.reason, figures: signatureOf(figures) },
  });
  if (upload.kind === 'bills') await addTelling(trx, key);
}
