import type { FastifyInstance, FastifyReply } from 'fastify';
import { actingFor } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { selectFile } from '../../../platform/files/queries.ts';
import { sendFile } from '../../../platform/files/send-file.ts';
import { contentDisposition } from '../../../platform/http/content-disposition.ts';
import { access } from '../access.ts';
import { makeTemplate } from '../templates.ts';
import { KIND_NAMES } from '../upload.ts';
import { disclosedUpload, isAskedPurpose, questionOf } from './concealed.ts';
import { readKind } from './new-upload.tsx';
import { ownUpload } from './read-own.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** As a file to keep, never shown in the page: whatever is in it runs nowhere. */
const attach = (reply: FastifyReply, name: string) =>
  reply
    .header('content-disposition', contentDisposition('attachment', name, `file${/\.\w+$/.exec(name)?.[0] ?? ''}`))
    .header('x-content-type-options', 'nosniff');

export function registerDownloads(app: FastifyInstance, context: Context): void {
  app.get('/work/uploads/templates/:kind', { config: { access: access.takeTemplate } }, async (request, reply) => {
    const kind = readKind((request.params as { kind: string }).kind);
    const template = await makeTemplate(context.db, kind, context.clock());
    return attach(reply, `Шаблон. ${KIND_NAMES[kind]}.xlsx`).type(XLSX).send(template);
  });

  app.get(
    '/work/uploads/:uploadId/result',
    { config: { access: access.viewUploads, sensitive: true } },
    async (request, reply) => {
      const upload = await ownUpload(context, request);
      const file = upload.resultFileId && (await selectFile(context.db, upload.resultFileId));
      if (!file || !upload.resultName)
        throw new NotFound('Файл с ответом ещё готовится. Вернитесь на страницу загрузки через минуту.');
      const actor = actingFor(request.actor);
      const { personId } = actor;
      const isAsked = isAskedPurpose(actor, upload);
      const disclosed = isAsked ? await disclosedUpload(context, actor, upload) : null;
      if (isAsked && !disclosed) return reply.redirect(questionOf(upload), 303);
      await audit(context.db, {
        actor: personId,
        action: 'uploads.downloaded',
        at: context.clock(),
        organisationId: upload.organisationId,
        details: { uploadId: upload.uploadId, ...(disclosed && { purpose: disclosed.purpose }) },
      });
      const type = upload.resultName.endsWith('.csv') ? 'text/csv; charset=utf-8' : XLSX;
      attach(reply, upload.resultName).type(type);
      return sendFile(request, reply, context.files, file);
    },
  );
}
