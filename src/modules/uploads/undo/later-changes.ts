import type { Db } from '../../../platform/database/database.ts';
import type { Image } from '../../../platform/database/image.ts';
import { selectLaterUploads, type TracedChange } from '../queries/changes.ts';
import type { UploadKey } from '../upload.ts';
import { stillStands } from './trace.ts';
import type { Dependent } from './undo.ts';

/** Things that say something else by now than the upload made them say, with the later upload that changed them, where it is one. */
export async function laterChanges(
  db: Db,
  key: UploadKey,
  changes: readonly TracedChange[],
  now: ReadonlyMap<string, Image>,
  name: (change: TracedChange) => string,
): Promise<Dependent[]> {
  const changed = changes.filter((one) => !stillStands(one, now.get(one.id)));
  const uploads = await selectLaterUploads(
    db,
    key,
    changed.map(({ id }) => id),
  );
  return changed.map((one) => ({
    kind: 'later_change',
    houseId: one.houseId,
    accountId: one.entity === 'account' ? (one.id as never) : null,
    otherUploadId: uploads.get(one.id) ?? null,
    title: name(one),
    what: uploads.has(one.id)
      ? 'Эти же сведения изменила более поздняя загрузка'
      : 'Эти же сведения с тех пор изменили иначе',
  }));
}
