import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Actions, ButtonLink, Card, Notice, PageTitle, Progress, Stack } from '../../../ui/index.ts';
import { access } from '../access.ts';
import type { Upload } from '../upload.ts';
import { isAskedNow, questionOf } from './concealed.ts';
import { ownUpload, pathOf } from './read-own.ts';

/** Of an upload in another state no file is made. */
const answered = ({ state }: Upload): boolean => state === 'checked' || state === 'applied';

/**
 * The file comes some seconds after the verdict. Who asks for it before waits on a page of its own: reloading the page of the
 * upload would lose the choice that the clerk has made there.
 */
export function registerAnswer(app: FastifyInstance, context: Context): void {
  const guarded = { config: { access: access.viewUploads, sensitive: true } };

  app.get('/work/uploads/:uploadId/answer', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    const ready = upload.resultFileId !== null;
    if (!ready && !answered(upload)) return reply.redirect(pathOf(upload), 303);
    return sendPage(
      request,
      reply,
      {
        title: 'Файл с ответом',
        active: '/work/uploads',
        breadcrumbs: [
          { href: '/work/uploads', label: 'Загрузка файлов' },
          { href: pathOf(upload), label: upload.fileName },
          { label: 'Файл с ответом' },
        ],
        ...(!ready && { refreshSeconds: 3 }),
      },
      <AnswerPage
        upload={upload}
        isAsked={await isAskedNow(context, actingFor(request.actor), upload)}
        ready={ready}
      />,
    );
  });

  app.get('/work/uploads/:uploadId/answer/progress', guarded, async (request) => {
    const upload = await ownUpload(context, request);
    return { done: upload.resultFileId !== null || !answered(upload) };
  });
}

function AnswerPage({ upload, isAsked, ready }: AnswerProps & { ready: boolean }) {
  return (
    <Stack>
      <PageTitle lead="Ваша таблица, где рядом с каждой строкой сказано, что с ней стало.">Файл с ответом</PageTitle>
      {ready ? (
        <Notice tone="good" title="Файл готов" announce>
          <Actions>
            <Answer {...{ upload, isAsked }} />
          </Actions>
        </Notice>
      ) : (
        <Card title="Файл готовится">
          <Progress label="Вписываем ответ в каждую строку" src={`${pathOf(upload)}/answer/progress`} />
          <p>Обычно это секунды. Страница обновится сама.</p>
        </Card>
      )}
      <ButtonLink kind="quiet" href={pathOf(upload)}>
        Вернуться к загрузке
      </ButtonLink>
    </Stack>
  );
}

interface AnswerProps {
  upload: Upload;
  /** Says first for what: a question is a page, and is not downloaded in place of the file. */
  isAsked: boolean;
}

/** The clerk's own file with the answer, or the way to where it will be. */
export function Answer({ upload, isAsked }: AnswerProps) {
  if (!upload.resultFileId && !answered(upload)) return null;
  return upload.resultFileId && !isAsked ? (
    <ButtonLink kind="secondary" icon="download" href={`${pathOf(upload)}/result`} download>
      Скачать файл с ответом
    </ButtonLink>
  ) : (
    <ButtonLink kind="secondary" icon="download" href={isAsked ? questionOf(upload) : `${pathOf(upload)}/answer`}>
      Скачать файл с ответом
    </ButtonLink>
  );
}
