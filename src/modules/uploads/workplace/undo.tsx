import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor, rolesOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { BYTE_ORDER_MARK, csvLine } from '../../../platform/csv.ts';
import { type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { contentDisposition } from '../../../platform/http/content-disposition.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import { access } from '../access.ts';
import { mayUpload } from '../authorise-kind.ts';
import { countDependents, selectDependentPage, selectUndo, selectUploadsInTheWay } from '../queries/undo.ts';
import { decideUndo, lookIntoUndo } from '../undo/decide-undo.ts';
import { DEPENDENT_NAMES, RUNNING_UNDO } from '../undo/undo.ts';
import type { Upload } from '../upload.ts';
import { ownUpload, pathOf } from './read-own.ts';
import { UndoPage, undoProgress } from './undo-page.tsx';

const PAGE = 50;
const CSV_PAGE = 5000;
const UPLOADS = 10;

export const undoPathOf = (upload: Pick<Upload, 'uploadId'>): string => `${pathOf(upload)}/undo`;

/** Whoever looks may take back uploads of this kind. */
export const mayUndo = (request: FastifyRequest, upload: Upload): boolean =>
  access.undoUpload.some((role) => rolesOf(request.actor).has(role)) && mayUpload(request.actor, upload.kind);

/** «Отменить загрузку»: what it would change, what depends on it, the decision. */
export function registerUndo(app: FastifyInstance, context: Context): void {
  const guarded = { config: { access: access.undoUpload, sensitive: true } };
  const path = '/work/uploads/:uploadId/undo';

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    form: { values: Typed; errors: readonly FieldError[] },
  ) => {
    const upload = await ownUpload(context, request);
    if (!mayUpload(request.actor, upload.kind)) throw new NotFound();
    if (upload.state !== 'applied') return reply.redirect(pathOf(upload), 303);
    const undo = await selectUndo(context.db, upload);
    const after = Number.parseInt(String((request.query as { after?: string }).after ?? '0'), 10) || 0;
    const rows = undo?.dependents ? await selectDependentPage(context.db, upload, after, PAGE + 1) : [];
    const running = undo !== null && RUNNING_UNDO.includes(undo.state);
    if (!running) await noteLooking(context, request, upload);
    return sendPage(
      request,
      reply,
      {
        title: `Отменить загрузку: ${upload.fileName}`,
        active: '/work/uploads',
        breadcrumbs: [
          { href: '/work/uploads', label: 'Загрузка файлов' },
          { href: pathOf(upload), label: upload.fileName },
          { label: 'Отменить загрузку' },
        ],
        ...(running && { refreshSeconds: 3 }),
      },
      <UndoPage
        upload={upload}
        undo={undo}
        dependents={{
          rows: rows.slice(0, PAGE),
          more: rows.length > PAGE,
          first: after === 0,
          counts: undo?.dependents ? await countDependents(context.db, upload) : [],
          uploads: undo?.dependents ? await selectUploadsInTheWay(context.db, upload, UPLOADS) : [],
        }}
        csrf={formToken(request, reply)}
        {...form}
      />,
    );
  };

  app.get(path, guarded, (request, reply) => show(request, reply, { values: {}, errors: [] }));

  app.get(`${path}/progress`, guarded, async (request) => {
    const upload = await ownUpload(context, request);
    const undo = await selectUndo(context.db, upload);
    if (!undo || !RUNNING_UNDO.includes(undo.state) || upload.state !== 'applied') return { done: true };
    const { value, max, note } = undoProgress(undo);
    return { value, max, note, done: false };
  });

  app.get(`${path}/dependents.csv`, guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    await noteLooking(context, request, upload);
    const name = `Что зависит от загрузки ${upload.fileName}.csv`;
    return reply
      .header('content-disposition', contentDisposition('attachment', name, 'dependents.csv'))
      .header('x-content-type-options', 'nosniff')
      .type('text/csv; charset=utf-8')
      .send(Readable.from(dependentLines(context, upload)));
  });

  app.post(`${path}/look`, guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    await lookIntoUndo(context, request.actor, upload.uploadId);
    return reply.redirect(undoPathOf(upload), 303);
  });

  app.post(path, guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    const values = typed(request.body);
    try {
      const { reason = '', seen = '', sure } = values;
      await decideUndo(context, request.actor, upload.uploadId, { reason, seen, sure: sure !== undefined });
      return reply.redirect(undoPathOf(upload), 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply.code(error.status), { values, errors: error.fields });
    }
  });
}

const noteLooking = (context: Context, request: FastifyRequest, { organisationId, uploadId }: Upload) =>
  audit(context.db, {
    actor: actingFor(request.actor).personId,
    action: 'uploads.viewed',
    at: context.clock(),
    organisationId,
    details: { uploadId },
  });

async function* dependentLines({ db }: Context, upload: Upload): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(['Лицевой счёт или дом', 'Что зависит', 'Подробно'])}`;
  for (let after = 0; ; ) {
    const rows = await selectDependentPage(db, upload, after, CSV_PAGE);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ title, kind, what }) => csvLine([title, DEPENDENT_NAMES[kind], what])).join('');
    after = last.position;
  }
}
