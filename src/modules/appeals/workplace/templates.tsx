import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import type { TemplateId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { listTopics } from '../list-topics.ts';
import { selectTemplate, selectTemplates } from '../queries/templates.ts';
import { removeTemplate, saveTemplate } from '../save-template.ts';
import { DESK } from './queue-query.ts';
import { TemplatePage, TemplatesPage } from './templates-page.tsx';

export const TEMPLATES = `${DESK}/templates`;
const crumbs = (label: string) => [
  { href: DESK, label: 'Обращения' },
  { href: TEMPLATES, label: 'Шаблоны ответов' },
  { label },
];

/** Texts that an organisation answers with again and again. */
export function registerTemplates(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.workDesk, sensitive: true } };

  app.get(TEMPLATES, staff, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    const [templates, topics] = await Promise.all([
      selectTemplates(context.db, acting.organisationId),
      listTopics(context.db),
    ]);
    return sendPage(
      request,
      reply,
      {
        title: 'Шаблоны ответов',
        active: DESK,
        breadcrumbs: [{ href: DESK, label: 'Обращения' }, { label: 'Шаблоны ответов' }],
      },
      <TemplatesPage {...{ templates, topics }} />,
    );
  });

  app.get(`${TEMPLATES}/new`, staff, (request, reply) => showForm(context, request, reply, null, {}, []));

  app.get(`${TEMPLATES}/:templateId`, staff, async (request, reply) => {
    const templateId = idParam<TemplateId>(request.params, 'templateId');
    const { acting } = actingFor(request.actor);
    const known = await selectTemplate(context.db, acting.organisationId, templateId);
    if (!known) throw new NotFound('Такого шаблона нет.');
    const { title, topicCode, text, outcome } = known;
    return showForm(context, request, reply, templateId, { title, topicCode, text, outcome: outcome ?? '' }, []);
  });

  for (const path of [`${TEMPLATES}/new`, `${TEMPLATES}/:templateId`])
    app.post(path, staff, async (request, reply) => {
      const isNew = path.endsWith('/new');
      const templateId = isNew ? null : idParam<TemplateId>(request.params, 'templateId');
      try {
        await saveTemplate(context, request.actor, templateId, request.body);
        return await reply.redirect(TEMPLATES, 303);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return showForm(context, request, reply.code(error.status), templateId, typed(request.body), error.fields);
      }
    });

  app.post(`${TEMPLATES}/:templateId/delete`, staff, async (request, reply) => {
    await removeTemplate(context, request.actor, idParam<TemplateId>(request.params, 'templateId'));
    return reply.redirect(TEMPLATES, 303);
  });
}

async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  templateId: TemplateId | null,
  values: Typed,
  errors: readonly FieldError[],
) {
  const title = templateId ? 'Шаблон ответа' : 'Новый шаблон';
  return sendPage(
    request,
    reply,
    { title, active: DESK, breadcrumbs: crumbs(title) },
    <TemplatePage
      {...{ templateId, title, values, errors }}
      topics={await listTopics(context.db)}
      token={formToken(request, reply)}
    />,
  );
}
