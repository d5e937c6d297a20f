import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { authoriseKind } from '../authorise-kind.ts';
import { kinds } from '../kinds/index.ts';
import { fieldOf, PASS_OVER } from '../mapping-fields.ts';
import { saveMapping } from '../save-mapping.ts';
import { headingOf } from '../sections.ts';
import { columnLetter, type OpenHeading, type Upload } from '../upload.ts';
import { HeadingRows } from './heading-rows.tsx';
import { ownUpload, pathOf } from './read-own.ts';

export function registerMapping(app: FastifyInstance, context: Context): void {
  const guarded = { config: { access: access.mapHeadings, sensitive: true } };
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    upload: Upload,
    errors: readonly FieldError[],
    answers: Typed,
  ) =>
    sendPage(
      request,
      reply,
      {
        title: 'Незнакомые столбцы',
        active: '/work/uploads',
        breadcrumbs: [
          { href: '/work/uploads', label: 'Загрузка файлов' },
          { href: pathOf(upload), label: upload.fileName },
          { label: 'Незнакомые столбцы' },
        ],
        ...(errors.length > 0 && { status: 422 }),
      },
      <MappingPage upload={upload} errors={errors} answers={answers} csrf={formToken(request, reply)} />,
    );

  app.get('/work/uploads/:uploadId/mapping', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    authoriseKind(request.actor, access.mapHeadings, upload.kind);
    if (upload.state !== 'needs_mapping') return reply.redirect(pathOf(upload), 303);
    return show(request, reply, upload, [], {});
  });

  app.post('/work/uploads/:uploadId/mapping', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    const answers = typed(request.body);
    try {
      await saveMapping(context, request.actor, upload.uploadId, answers);
      return reply.redirect(pathOf(upload), 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply, upload, error.fields, answers);
    }
  });
}

interface Props {
  upload: Upload;
  errors: readonly FieldError[];
  answers: Typed;
  csrf: string;
}

function MappingPage({ upload, errors, answers, csrf }: Props) {
  const open = upload.details.open ?? [];
  const asked = upload.details.asked ?? [];
  const sheets = [...new Set([...asked, ...open].map(({ sheet }) => sheet))];
  const sectionOf = (key: string) => kinds[upload.kind].sections.find((one) => one.key === key)!;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Мы не знаем этих заголовков. Скажите, что в столбцах; ответ запомнится для всех следующих файлов вашей организации.">
        Незнакомые столбцы
      </PageTitle>
      {(upload.details.missing ?? []).map(({ section, sheet, keys }) => (
        <Notice key={sheet} tone="warn" title={`На листе «${sheet}» не нашли обязательных столбцов`}>
          {keys.map((key) => `«${headingOf(sectionOf(section), key)}»`).join(', ')}. Если они здесь под другими именами,
          выберите их ниже.
        </Notice>
      ))}
      <Form action={`${pathOf(upload)}/mapping`} csrf={csrf}>
        {sheets.map((sheet) => (
          <Card key={sheet} title={`Лист «${sheet}»`}>
            {asked.map((one, index) =>
              one.sheet === sheet ? <HeadingRows key={one.sheet} asked={one} {...{ index, errors, answers }} /> : null,
            )}
            {open.map((heading, index) =>
              heading.sheet === sheet ? (
                <Field
                  key={fieldOf(index)}
                  kind="choice"
                  as="select"
                  name={fieldOf(index)}
                  label={`${columnLetter(heading.column)}: ${heading.path.join(' / ')}`}
                  value={answers[fieldOf(index)] ?? PASS_OVER}
                  error={errorOf(errors, fieldOf(index))}
                  options={optionsOf(heading, sectionOf(heading.section))}
                />
              ) : null,
            )}
          </Card>
        ))}
        <Actions>
          <Button>Запомнить и прочитать файл</Button>
          <ButtonLink kind="quiet" href={pathOf(upload)}>
            Вернуться
          </ButtonLink>
        </Actions>
      </Form>
    </Stack>
  );
}

const optionsOf = ({ choices }: OpenHeading, of: Parameters<typeof headingOf>[0]) => [
  { value: PASS_OVER, label: 'Не читать этот столбец' },
  ...[...new Set(choices)].map((key) => ({ value: key, label: headingOf(of, key) })),
];
