import type { FastifyRequest } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { idParam } from '../../../platform/http/forms.ts';
import type { UploadId } from '../../../platform/ids.ts';
import { uploadViewer } from '../authorise-kind.ts';
import { selectSeenUpload } from '../queries/uploads.ts';
import type { Upload } from '../upload.ts';

/** The upload that the address names, when it is the organisation's own and of those that the employee may see. @throws NotFound */
export async function ownUpload(context: Context, request: FastifyRequest): Promise<Upload> {
  const viewer = uploadViewer(request.actor);
  const upload = await selectSeenUpload(context.db, viewer, idParam<UploadId>(request.params, 'uploadId'));
  if (!upload) throw new NotFound('Такой загрузки нет.');
  return upload;
}

export const pathOf = ({ uploadId }: Pick<Upload, 'uploadId'>): string => `/work/uploads/${uploadId}`;
