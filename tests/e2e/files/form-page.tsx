import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../../src/pages/page.tsx';
import { ATTACHMENT_ACCEPT, ATTACHMENT_WORDS } from '../../../src/platform/attachments/index.ts';
import { Actions, Button, Card, Field, FileUpload, Form, PageTitle, Stack } from '../../../src/ui/index.ts';

/** A page as modules make them: a text and files in one form. */
export function addFormPage(app: FastifyInstance): void {
  app.get('/page', { config: { access: ['resident'], sensitive: true } }, (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Обращение' },
      <Stack>
        <PageTitle>Обращение</PageTitle>
        <Card title="Что случилось">
          <Form action="/form" files csrf={formToken(request, reply)} idempotencyKey="key">
            <Field kind="text" name="text" label="Текст обращения" rows={4} />
            <FileUpload name="files" label="Файлы" hint={ATTACHMENT_WORDS} accept={ATTACHMENT_ACCEPT} most={4} />
            <Actions>
              <Button>Отправить</Button>
            </Actions>
          </Form>
        </Card>
      </Stack>,
    ),
  );
}
