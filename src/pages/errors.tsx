import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, NotAccepted } from '../platform/access.ts';
import { violatedConstraint } from '../platform/database/database.ts';
import { DomovoyError, Forbidden, Invalid, NotFound, NotSignedIn } from '../platform/errors.ts';
import { named, refuseWith } from '../platform/http/refuse.ts';
import { ButtonLink, EmptyState, ErrorSummary, PageTitle, Stack } from '../ui/index.ts';
import { sendPage, wantsJson } from './page.tsx';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Запрос не понят',
  401: 'Нужно войти',
  403: 'Сюда вам нельзя',
  404: 'Страница не найдена',
  408: 'Слишком медленно',
  409: 'Уже не получится',
  413: 'Слишком много данных',
  422: 'Проверьте заполнение',
  429: 'Слишком много попыток',
  503: 'Сервис временно недоступен',
};

/** What a person is told of an error: its status, a code to quote and a sentence. Nothing of the inside leaks. */
function describe(error: unknown): { status: number; code: string; sentence: string; fields: Invalid['fields'] } {
  if (error instanceof DomovoyError)
    return {
      status: error.status,
      code: error.code,
      sentence: error.sentence,
      fields: error instanceof Invalid ? error.fields : [],
    };
  if (violatedConstraint(error))
    return {
      status: 409,
      code: 'conflict',
      sentence: 'Кто-то изменил это одновременно с вами. Откройте страницу заново и посмотрите, что получилось.',
      fields: [],
    };
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413)
    return { status, code: 'too_large', sentence: 'Вы отправили слишком много данных сразу.', fields: [] };
  if (status >= 400 && status < 500)
    return {
      status,
      code: 'bad_request',
      sentence: 'Браузер прислал запрос, который мы не смогли разобрать. Откройте страницу заново.',
      fields: [],
    };
  return {
    status: 500,
    code: 'failure',
    sentence:
      'У нас что-то сломалось, и мы уже записали, что именно. Сделанное раньше сохранено. Попробуйте ещё раз через минуту.',
    fields: [],
  };
}

/** The one handler of errors: named errors become their sentence, anything else a plain apology with the request's number. */
export function handleError(thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const error = named(thrown);
  const { status, code, sentence, fields } = describe(error);
  if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (error instanceof DomovoyError) refuseWith(reply, error);
  if (wantsJson(request)) return reply.code(status).send({ code, message: sentence, fields });
  if (request.method === 'GET' && error instanceof NotSignedIn)
    return reply.redirect(`/sign-in?returnTo=${encodeURIComponent(request.url)}`, 303);
  if (error instanceof NotAccepted) return reply.redirect(`/welcome?returnTo=${encodeURIComponent(request.url)}`, 303);
  const title = TITLES[status] ?? 'Что-то пошло не так';
  return sendPage(
    request,
    reply,
    { title, status },
    <Stack>
      <ErrorSummary errors={fields} />
      <PageTitle>{title}</PageTitle>
      <EmptyState title={sentence} action={{ href: '/', label: 'На главную' }}>
        {status >= 500 && `Номер обращения для поддержки: ${request.id}.`}
        {error instanceof Forbidden && actingWords(request.actor)}
      </EmptyState>
      {error instanceof Forbidden && request.actor.kind === 'person' && (
        <ButtonLink kind="secondary" href="/acting">
          От чьего имени вы действуете
        </ButtonLink>
      )}
      {error instanceof NotSignedIn && <ButtonLink href="/sign-in">Войти</ButtonLink>}
    </Stack>,
  );
}

/** A letter leads an employee to a page of the workplace while they act for themselves, and the other way round. */
const actingWords = (actor: Actor): string | null =>
  actor.kind !== 'person'
    ? null
    : actor.acting
      ? `Сейчас вы действуете от имени: ${actor.acting.name}.`
      : 'Сейчас вы действуете от собственного имени.';

export const handleNotFound = (request: FastifyRequest, reply: FastifyReply) =>
  handleError(new NotFound(), request, reply);
