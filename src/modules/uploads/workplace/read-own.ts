import type { FastifyRequest } from 'fastify';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { idParam } from '../../../platform/http/forms.ts';
import type { UploadId } from '../../../platform/ids.ts';
import { selectUpload } from '../queries/uploads.ts';
import type { Upload } from '../upload.ts';

/** The upload that the address names, when it is the organisation's own. @throws NotFound */
export async function ownUpload(context: Context, request: FastifyRequest): Promise<Upload> {
  const { acting } = actingFor(request.actor);
  const upload = await selectUpload(context.db, acting.organisationId, idParam<UploadId>(request.params, 'uploadId'));
  if (!upload) throw new NotFound('Такой загрузки нет.');
  return upload;
}

export const pathOf = ({ uploadId }: Pick<Upload, 'uploadId'>): string => `/work/uploads/${uploadId}`;
