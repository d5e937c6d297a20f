import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../../src/pages/page.tsx';
import { ATTACHMENT_ACCEPT, attachmentHint } from '../../../src/platform/attachments/index.ts';
import { Actions, Button, Card, Field, FileUpload, Form, PageTitle, Stack } from '../../../src/ui/index.ts';

/** A page as modules make them: a text and files in one form. */
export function addFormPage(app: FastifyInstance): void {
  app.get('/page', { config: { access: ['resident'], sensitive: true } }, (request, reply) => {
    const { sends } = request.query as { sends?: string };
    return sendPage(
      request,
      reply,
      { title: 'Обращение' },
      <Stack>
        <PageTitle>Обращение</PageTitle>
        <Card title="Что случилось">
          <Form action="/form" files csrf={formToken(request, reply)} idempotencyKey="key">
            <Field kind="text" name="text" label="Текст обращения" rows={4} />
            <FileUpload
              name="files"
              label="Файлы"
              hint={attachmentHint(app.context.config)}
              accept={ATTACHMENT_ACCEPT}
              most={4}
              sends={sends === '1'}
            />
            <Actions>
              <Button>Отправить</Button>
            </Actions>
          </Form>
        </Card>
      </Stack>,
    );
  });
}
