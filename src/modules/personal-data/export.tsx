import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { sendFile } from '../../platform/files/send-file.ts';
import { contentDisposition } from '../../platform/http/content-disposition.ts';
import { idParam } from '../../platform/http/forms.ts';
import { limitsOf } from '../../platform/http/limits.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { access } from './access.ts';
import { ExportPage, isRunning, progressNote } from './export-page.tsx';
import { orderExport, takeExport } from './order-export.ts';
import { selectLastExport } from './queries/exports.ts';
import type { ExportId } from './tables.ts';

const PAGE = '/settings/export';

/** «Все мои данные»: ordered here, made by a job, taken here while it lies there. */
export function registerExport(app: FastifyInstance, context: Context, parts: readonly PersonPart[]): void {
  const own = { config: { access: access.exportData, sensitive: true } };

  app.get(PAGE, own, async (request, reply) => {
    const last = await selectLastExport(context.db, personOf(request.actor).personId);
    const running = isRunning(last);
    return sendPage(
      request,
      reply,
      {
        title: 'Все мои данные',
        breadcrumbs: [{ href: '/settings', label: 'Настройки' }, { label: 'Все мои данные' }],
        ...(running && { refreshSeconds: 5, elements: ['poll-progress'] }),
      },
      <ExportPage
        last={last}
        kinds={parts.flatMap(({ tables }) => tables.map(({ title }) => title))}
        now={context.clock()}
        token={formToken(request, reply)}
      />,
    );
  });

  const ordering = { config: { ...own.config, rateLimit: limitsOf(context.config).heavy } };
  app.post(PAGE, ordering, async (request, reply) => {
    await orderExport(context, request.actor, parts);
    return reply.redirect(PAGE, 303);
  });

  app.get(`${PAGE}/progress`, own, async (request) => {
    const last = await selectLastExport(context.db, personOf(request.actor).personId);
    return { value: last?.done ?? 0, max: last?.parts ?? 1, note: progressNote(last), done: !isRunning(last) };
  });

  app.get(`${PAGE}/:exportId/file`, own, async (request, reply) => {
    const file = await takeExport(context, request.actor, idParam<ExportId>(request.params, 'exportId'));
    reply
      .type(file.mediaType)
      .header('x-content-type-options', 'nosniff')
      .header('content-disposition', contentDisposition('attachment', file.name, 'my-data.zip'));
    return sendFile(request, reply, context.files, file);
  });
}
