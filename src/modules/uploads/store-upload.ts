import type { Readable } from 'node:stream';
import { type Actor, actingFor, throughOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import { recordFile } from '../../platform/files/files.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import { newId, type UploadId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { authoriseKind } from './authorise-kind.ts';
import { addRead } from './jobs.ts';
import { insertUpload } from './queries/uploads.ts';
import { FILE_LIMIT, type UploadKind } from './upload.ts';

export interface Arrival {
  kind: UploadKind;
  fileName: string;
  content: Readable;
  /** Of the form: a second sending of the same form makes no second upload. */
  key: string;
}

/**
 * Keeps a clerk's file and has it read. What the file is, its contents tell to the process that reads it.
 * @throws Forbidden when the kind is not the actor's to change; Invalid on the field "file" when there is none, it is empty or larger than FILE_LIMIT
 */
export async function storeUpload(context: Context, actor: Actor, arrival: Arrival): Promise<UploadId> {
  authoriseKind(actor, access.storeUpload, arrival.kind);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const fileName = arrival.fileName.replace(/^.*[\\/]/, '').slice(-200);
  const stored = await context.files.put(arrival.content, { limitBytes: FILE_LIMIT, field: 'file' });
  if (fileName === '' || stored.sizeBytes === 0)
    throw new Invalid([{ field: 'file', message: 'Выберите файл с таблицей: .xlsx, .ods или .csv' }]);
  const at = context.clock();
  const request = { kind: arrival.kind, fileName, sha256: stored.sha256.toString('hex') };
  return transaction(context.db, async (trx) => {
    const made = await once(trx, { key: `upload ${personId} ${arrival.key}`, request, at }, async () => {
      const uploadId = newId<UploadId>();
      const { fileId } = stored;
      await recordFile(trx, stored, { name: fileName, mediaType: 'application/octet-stream' }, at);
      await insertUpload(
        trx,
        {
          ...{ organisationId, uploadId, kind: arrival.kind, fileId, fileName, uploadedBy: personId },
          houses: acting.houses,
          throughId: acting.through?.organisationId ?? null,
        },
        at,
      );
      await addRead(trx, { organisationId, uploadId });
      const details = { uploadId, kind: arrival.kind, fileName, bytes: stored.sizeBytes, ...throughOf(acting) };
      await audit(trx, { actor: personId, action: 'uploads.stored', at, organisationId, details });
      return { uploadId };
    });
    return made.uploadId;
  });
}
