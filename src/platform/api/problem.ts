import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { violatedConstraint } from '../database/database.ts';
import { DomovoyError, type FieldError, Invalid, NotFound, NotSignedIn } from '../errors.ts';
import { named, refuseWith } from '../http/refuse.ts';

export const FieldErrorSchema = z.object({
  field: z.string().meta({ description: 'Поле запроса, вложенные через точку' }),
  message: z.string().meta({ description: 'Что исправить' }),
});

/** RFC 9457, `application/problem+json`. */
export const Problem = z.object({
  type: z.string().meta({ description: 'urn:domovoy:problem:<code>' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'Что произошло и что делать' }),
  code: z.string().meta({ description: 'Постоянное имя ошибки: на него можно опираться в программе' }),
  requestId: z.string().meta({ description: 'Номер для обращения в поддержку' }),
  errors: z.array(FieldErrorSchema).optional(),
});
type Problem = z.output<typeof Problem>;

export const PROBLEM_TITLES: Readonly<Record<number, string>> = {
  400: 'Запрос не разобран',
  401: 'Ключ не принят',
  403: 'Нет прав',
  404: 'Не найдено',
  408: 'Слишком медленно',
  409: 'Противоречит сделанному раньше',
  413: 'Слишком много данных',
  415: 'Не тот вид данных',
  422: 'Запрос составлен неверно',
  429: 'Слишком много запросов',
  500: 'Сбой у нас',
  503: 'Временно недоступно',
};

type Told = Pick<Problem, 'status' | 'code' | 'detail'> & { errors?: readonly FieldError[] };

/** Refusals of the server's own layers, by status. */
const LAYERS: Readonly<Record<number, Told>> = {
  400: { status: 400, code: 'bad_request', detail: 'Тело запроса должно быть правильным JSON в UTF-8.' },
  413: { status: 413, code: 'too_large', detail: 'Запрос больше 2 МБ: разделите его на части.' },
  415: { status: 415, code: 'wrong_type', detail: 'Тело запроса принимается только как application/json.' },
};
const CHANGED: Told = {
  status: 409,
  code: 'conflict',
  detail: 'Данные изменились одновременно с вашим запросом. Повторите его.',
};
const FAILURE: Told = {
  status: 500,
  code: 'failure',
  detail: 'У нас что-то сломалось, и мы уже записали, что именно. Повторите запрос с тем же Idempotency-Key.',
};

/** Nothing of the inside leaks: an error is one of ours with its sentence, or one of a few plain answers. */
function tell(error: unknown): Told {
  if (error instanceof Invalid)
    return {
      status: error.status,
      code: error.code,
      detail: 'Исправьте поля, названные в errors.',
      errors: error.fields,
    };
  if (error instanceof DomovoyError) return { status: error.status, code: error.code, detail: error.sentence };
  if (violatedConstraint(error)) return CHANGED;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  return LAYERS[status] ?? (status >= 400 && status < 500 ? { ...LAYERS[400]!, status } : FAILURE);
}

/** The one handler of errors of the API. */
export function handleProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = named(thrown);
  const { status, code, detail, errors } = tell(error);
  if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (error instanceof DomovoyError) refuseWith(reply, error);
  if (error instanceof NotSignedIn) reply.header('www-authenticate', 'Bearer realm="domovoy"');
  const problem: Problem = {
    type: `urn:domovoy:problem:${code}`,
    title: PROBLEM_TITLES[status] ?? PROBLEM_TITLES[400]!,
    status,
    detail,
    code,
    requestId: request.id,
    ...(errors ? { errors: [...errors] } : {}),
  };
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

export const handleNoRoute = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  handleProblem(new NotFound('По этому адресу ничего нет: адреса перечислены в /api/v1/openapi.json.'), request, reply);
