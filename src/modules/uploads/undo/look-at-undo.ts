import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import { replaceDependents, selectUndo, updateUndo } from '../queries/undo.ts';
import { selectUpload } from '../queries/uploads.ts';
import type { UploadKey } from '../upload.ts';
import { reversals } from './reversals.ts';
import { add, type Dependent, type Figures } from './undo.ts';

/** More are counted and not listed: nobody goes through them one by one. */
const MOST_DEPENDENTS = 50_000;

/**
 * Finds out what taking an upload back would change and what depends on it, house by house, holding nothing. Killed in the middle, it is
 * repeated.
 */
export async function lookAtUndo(context: Context, key: UploadKey): Promise<void> {
  const { db, clock } = context;
  const [upload, undo] = [await selectUpload(db, key.organisationId, key.uploadId), await selectUndo(db, key)];
  if (undo?.state !== 'looking' || upload?.state !== 'applied') return;
  const reversal = reversals[upload.kind];
  const houses = await reversal.houses(db, upload);
  const dependents: Dependent[] = [];
  let figures: Figures = {};
  let count = 0;
  for (const [index, houseId] of houses.entries()) {
    const found = await reversal.look(context, db, upload, houseId);
    figures = add(figures, found.figures);
    count += found.dependents.length;
    dependents.push(...found.dependents.slice(0, MOST_DEPENDENTS - dependents.length));
    await updateUndo(db, key, 'looking', { houses_total: houses.length, houses_done: index + 1 }, clock());
  }
  await transaction(db, async (trx) => {
    const at = clock();
    const done = { state: 'looked', figures, dependents: count, looked_at: at } as const;
    if (await updateUndo(trx, key, 'looking', done, at)) await replaceDependents(trx, key, dependents);
  });
}
