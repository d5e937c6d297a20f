import { type Actor, actingFor, authorise, throughOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import type { UploadId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { authoriseKind, uploadViewer } from './authorise-kind.ts';
import { addApply } from './jobs.ts';
import { deleteStagedRows } from './queries/staging.ts';
import { selectSeenUpload, updateUpload } from './queries/uploads.ts';
import type { UploadPolicy } from './upload.ts';

const DECIDED = 'По этому файлу решение уже принято. Обновите страницу.';
const NOTHING_LOADED =
  'Вы выбрали «ничего, если есть ошибка», а ошибки в файле есть: ничего не загружено. Исправьте их и загрузите файл ещё раз.';

/**
 * The clerk has seen the dry run and says what to load.
 * @throws NotFound, Conflict when it was decided before or there is nothing to load
 */
export async function applyUpload(
  context: Context,
  actor: Actor,
  uploadId: UploadId,
  policy: UploadPolicy,
): Promise<void> {
  authorise(actor, access.decideUpload);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const upload = await selectSeenUpload(trx, uploadViewer(actor), uploadId);
    if (!upload) throw new NotFound();
    authoriseKind(actor, access.decideUpload, upload.kind);
    if (upload.state !== 'checked') throw new Conflict(DECIDED, 'upload_decided');
    const refused = policy === 'all_or_nothing' && upload.documents.bad > 0;
    if (!refused && upload.documents.new + upload.documents.changed === 0)
      throw new Conflict('В этом файле нет ничего нового: загружать нечего.', 'nothing_to_load');
    const change = refused
      ? { state: 'cancelled' as const, policy, problem: NOTHING_LOADED }
      : { state: 'applying' as const, policy, attempts: 0, problem: null, documents_applied: 0 };
    if (!(await updateUpload(trx, upload, change, at))) throw new Conflict(DECIDED, 'upload_decided');
    if (!refused) await addApply(trx, upload);
    if (refused) await deleteStagedRows(trx, upload);
    const details = { uploadId, policy, refused, ...throughOf(acting) };
    await audit(trx, { actor: personId, action: 'uploads.decided', at, organisationId, details });
  });
}

/** The clerk gives an upload up: nothing of it is loaded. @throws NotFound, Conflict when it is over already */
export async function cancelUpload(context: Context, actor: Actor, uploadId: UploadId): Promise<void> {
  authorise(actor, access.decideUpload);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const upload = await selectSeenUpload(trx, uploadViewer(actor), uploadId);
    if (!upload) throw new NotFound();
    authoriseKind(actor, access.decideUpload, upload.kind);
    const changed = await updateUpload(trx, upload, { state: 'cancelled' }, at);
    if (!changed) throw new Conflict(DECIDED, 'upload_decided');
    await deleteStagedRows(trx, upload);
    await audit(trx, {
      actor: personId,
      action: 'uploads.cancelled',
      at,
      organisationId,
      details: { uploadId, ...throughOf(acting) },
    });
  });
}
