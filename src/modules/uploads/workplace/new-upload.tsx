import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { limitsOf } from '../../../platform/http/limits.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatFileSize,
  IDEMPOTENCY_FIELD,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { authoriseKind } from '../authorise-kind.ts';
import { storeUpload } from '../store-upload.ts';
import { INSTRUCTIONS } from '../templates.ts';
import { FILE_LIMIT, KIND_NAMES, SHEET_ROWS, UPLOAD_KINDS, type UploadKind } from '../upload.ts';

/** @throws NotFound for a kind that there is not */
export function readKind(value: unknown): UploadKind {
  const kind = UPLOAD_KINDS.find((one) => one === value);
  if (!kind) throw new NotFound();
  return kind;
}

type Fields = Record<string, { value?: unknown } | undefined>;

export function registerNewUpload(app: FastifyInstance, context: Context): void {
  const show = (request: FastifyRequest, reply: FastifyReply, kind: UploadKind, errors: readonly FieldError[]) =>
    sendPage(
      request,
      reply,
      {
        title: `Загрузить: ${KIND_NAMES[kind].toLowerCase()}`,
        active: '/work/uploads',
        breadcrumbs: [{ href: '/work/uploads', label: 'Загрузка файлов' }, { label: KIND_NAMES[kind] }],
        ...(errors.length > 0 && { status: 422 }),
      },
      <NewUploadPage kind={kind} errors={errors} csrf={formToken(request, reply)} />,
    );

  app.get('/work/uploads/new', { config: { access: access.storeUpload, sensitive: true } }, async (request, reply) => {
    const kind = readKind((request.query as { kind?: string }).kind);
    authoriseKind(request.actor, access.storeUpload, kind);
    return show(request, reply, kind, []);
  });

  app.post(
    '/work/uploads',
    {
      config: { access: access.storeUpload, token: 'own', sensitive: true, rateLimit: limitsOf(context.config).heavy },
    },
    async (request, reply) => {
      // The fields stand before the file in our form: whoever sends it otherwise is not our page.
      const part = await request.file({ limits: { fileSize: FILE_LIMIT + 1 } });
      const fields = (part?.fields ?? {}) as Fields;
      app.guard.check(request, reply, fields._token?.value);
      const kind = readKind(fields.kind?.value);
      try {
        const uploadId = await storeUpload(context, request.actor, {
          kind,
          fileName: part!.filename ?? '',
          content: part!.file,
          key: String(fields[IDEMPOTENCY_FIELD]?.value ?? randomUUID()),
        });
        return reply.redirect(`/work/uploads/${uploadId}`, 303);
      } catch (error) {
        part!.file.resume();
        if (!(error instanceof Invalid)) throw error;
        return show(request, reply, kind, error.fields);
      }
    },
  );
}

function NewUploadPage({ kind, errors, csrf }: { kind: UploadKind; errors: readonly FieldError[]; csrf: string }) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Сначала мы проверим файл и покажем, что изменится. Без вашего решения ничего не загрузится.">
        {KIND_NAMES[kind]}
      </PageTitle>
      <Card title="Файл">
        <Form action="/work/uploads" files csrf={csrf} idempotencyKey={randomUUID()} hidden={{ kind }}>
          <Field
            kind="file"
            name="file"
            label="Таблица"
            accept=".xlsx,.ods,.csv"
            hint={`Excel (.xlsx), LibreOffice (.ods) или .csv, до ${formatFileSize(FILE_LIMIT)} и до ${SHEET_ROWS.toLocaleString('ru-RU')} строк на листе. Файлы не проверяются антивирусом.`}
            error={errorOf(errors, 'file')}
            required
          />
          <Actions>
            <Button icon="upload">Проверить файл</Button>
            <ButtonLink kind="secondary" icon="download" href={`/work/uploads/templates/${kind}`} download>
              Скачать шаблон
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
      <Card title="Как заполнить">
        <ul>
          {INSTRUCTIONS[kind].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
          <li>В .csv помещается только один лист; чтобы загрузить несколько, выберите .xlsx или .ods.</li>
          <li>
            Подойдёт и файл в макете ГИС ЖКХ: столбцы находятся по заголовкам. Незнакомый заголовок мы покажем и
            запомним ваш ответ.
          </li>
        </ul>
      </Card>
    </Stack>
  );
}
