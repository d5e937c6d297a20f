import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { isUuid, newId, type TemplateId } from '../../../platform/ids.ts';
import {
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  PageTitle,
  Stack,
  TypedText,
} from '../../../ui/index.ts';
import { messageForm, shortText } from './ask-form.ts';
import { atDesk, DESK } from './desk-path.ts';
import { deleteTemplate, selectTemplates, upsertTemplate } from './queries.ts';

const LIST = `${DESK}/templates`;
const form = messageForm.extend({ title: shortText('Назовите шаблон', 200) });

/** Texts that the desk answers with again and again. */
export function registerSupportTemplates(app: FastifyInstance, context: Context): void {
  app.get(LIST, atDesk, (request, reply) => show(context, request, reply, {}, []));

  app.post(LIST, atDesk, async (request, reply) => {
    const sent = typed(request.body);
    try {
      const row = parse(form.extend({ template: z.string().optional() }), sent);
      const templateId = (isUuid(row.template ?? '') ? row.template : newId<TemplateId>()) as TemplateId;
      const { title, text } = row;
      const saved = await upsertTemplate(context.db, {
        template_id: templateId,
        title,
        text,
        changed_at: context.clock(),
      });
      if (!saved) throw new Invalid([{ field: 'title', message: 'Шаблон с таким названием уже есть' }]);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), sent, error.fields);
    }
    return reply.redirect(LIST, 303);
  });

  app.post(`${LIST}/:templateId/delete`, atDesk, async (request, reply) => {
    await deleteTemplate(context.db, idParam<TemplateId>(request.params, 'templateId'));
    return reply.redirect(LIST, 303);
  });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: Typed,
  errors: readonly FieldError[],
) {
  const templates = await selectTemplates(context.db);
  const { edit = sent.template } = typed(request.query);
  const edited = templates.find(({ templateId }) => templateId === edit);
  const values: Typed = errors.length > 0 || !edited ? sent : { title: edited.title, text: edited.text };
  const token = formToken(request, reply);
  const title = 'Шаблоны ответов';
  return sendPage(
    request,
    reply,
    { title, active: DESK, breadcrumbs: [{ href: DESK, label: 'Вопросы в поддержку' }, { label: title }] },
    <Stack>
      <PageTitle lead="Подставляются в ответ на вопрос; перед отправкой текст можно изменить.">{title}</PageTitle>
      <ErrorSummary errors={errors} />
      <Card title={edited ? 'Изменить шаблон' : 'Новый шаблон'}>
        <Form
          action={LIST}
          csrf={token}
          hidden={edited ? { template: edited.templateId } : {}}
          label="Шаблон"
          marksRequired
        >
          <Field
            kind="text"
            name="title"
            label="Название"
            value={values.title}
            error={errorOf(errors, 'title')}
            required
            maxLength={200}
          />
          <Field
            kind="text"
            rows={6}
            name="text"
            label="Текст"
            value={values.text}
            error={errorOf(errors, 'text')}
            required
            maxLength={10_000}
          />
          <Button>Сохранить</Button>
        </Form>
      </Card>
      {templates.map((template) => (
        <Card key={template.templateId} title={template.title}>
          <TypedText>{template.text}</TypedText>
          <div class="actions">
            <ButtonLink kind="secondary" href={`${LIST}?edit=${template.templateId}`}>
              Изменить
            </ButtonLink>
            <Form action={`${LIST}/${template.templateId}/delete`} csrf={token} label={`Удалить «${template.title}»`}>
              <Button kind="quiet">Удалить</Button>
            </Form>
          </div>
        </Card>
      ))}
    </Stack>,
  );
}
