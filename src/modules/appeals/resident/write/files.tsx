import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import { readFilesForm, sendAttachment } from '../../../../platform/attachments/index.ts';
import type { Context } from '../../../../platform/context.ts';
import { type FieldError, Invalid, NotFound } from '../../../../platform/errors.ts';
import { idParam } from '../../../../platform/http/forms.ts';
import type { DraftId, FileId } from '../../../../platform/ids.ts';
import { addFiles, DESCRIPTION_LIMIT, totalLimit } from '../../change-files.ts';
import { cleanLine } from '../../clean-text.ts';
import { readDraft } from '../../save-draft.ts';
import { draftPath } from './draft-paths.ts';
import { AT_ONCE, FilesPage } from './files-page.tsx';
import { CRUMBS, WRITE_ACCESS } from './form.tsx';

const idOf = (request: FastifyRequest) => idParam<DraftId>(request.params, 'draftId');

/** «Прикрепленные файлы» of a draft: a page that takes them, and the files themselves for their author. */
export function registerDraftFiles(app: FastifyInstance, context: Context): void {
  const page = async (
    request: FastifyRequest,
    reply: FastifyReply,
    errors: readonly FieldError[] = [],
    description = '',
  ) => {
    const { draft, files } = await readDraft(context, personOf(request.actor).personId, idOf(request));
    const totalMegabytes = (await totalLimit(context.db, draft, context.clock())) / 1_048_576;
    const title = 'Прикрепленные файлы';
    return sendPage(
      request,
      reply,
      {
        title,
        active: '/appeals',
        breadcrumbs: [...CRUMBS, { href: draftPath(draft.draftId), label: 'Добавление обращения' }, { label: title }],
      },
      <FilesPage {...{ draft, files, totalMegabytes, description, errors }} token={formToken(request, reply)} />,
    );
  };
  app.get('/appeals/drafts/:draftId/files', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));

  app.post('/appeals/drafts/:draftId/files', { config: { ...WRITE_ACCESS, token: 'own' } }, async (request, reply) => {
    const draftId = idOf(request);
    // Before a byte is taken: nobody fills another's draft, or one that is gone.
    await readDraft(context, personOf(request.actor).personId, draftId);
    const form = await readFilesForm(request, reply, context, {
      field: 'files',
      check: (token) => app.guard.check(request, reply, token),
      mostFiles: AT_ONCE,
    });
    const description = cleanLine(form.fields.description ?? '').slice(0, DESCRIPTION_LIMIT);
    const errors = [...form.errors];
    try {
      await addFiles(context, request.actor, draftId, form.received, description);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      errors.push(...error.fields);
    }
    if (errors.length === 0 && form.received.length === 0) errors.push({ field: 'files', message: 'Выберите файл' });
    if (errors.length > 0) return page(request, reply.code(422), errors, description);
    return reply.redirect(`${draftPath(draftId)}#field-files`, 303);
  });

  app.get('/appeals/drafts/:draftId/files/:fileId', { config: WRITE_ACCESS }, async (request, reply) => {
    const { files } = await readDraft(context, personOf(request.actor).personId, idOf(request));
    const fileId = idParam<FileId>(request.params, 'fileId');
    const attachment = files.find((file) => file.fileId === fileId)?.attachment;
    if (!attachment) throw new NotFound();
    const { show } = request.query as { show?: string };
    return sendAttachment(request, reply, context, attachment, {
      as: show === '1' ? 'preview' : 'download',
      whose: 'own',
    });
  });
}
