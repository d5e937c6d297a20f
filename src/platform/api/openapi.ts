import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { ApiOperation } from './api.ts';
import { PROBLEM_TITLES, Problem } from './problem.ts';
import { jsonSchemaOf } from './read.ts';

const PROBLEM_TYPE = 'application/problem+json';
/** Refusals that every operation may meet. */
const COMMON = [401, 422, 429, 500];
const WITH_BODY = [400, 413, 415];

const INTRODUCTION = `Обмен с системами организаций: показания и приборы учёта.

Ключ выпускает руководитель организации на странице «Ключи для программ». Он передаётся в заголовке
\`Authorization: Bearer dm_…\` и действует от имени организации. Ошибки приходят в виде RFC 9457 (\`${PROBLEM_TYPE}\`).
Числа показаний — строки: двоичная дробь теряет знаки. Дни — \`ГГГГ-ММ-ДД\` по времени дома, месяцы — \`ГГГГ-ММ\`.`;

/** `GET /openapi.json`, made of the routes that are added after it: what is described is what runs. */
export async function registerOpenApi(scope: FastifyInstance, { config }: Context): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Домовой: обмен с системами организаций', version: '1', description: INTRODUCTION },
      servers: [{ url: config.PUBLIC_URL }],
      security: [{ key: [] }],
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'dm_…' } },
        schemas: { Problem: jsonSchemaOf(Problem, 'output') },
      },
    },
    convertConstToEnum: false,
    transform: ({ url, route }) => {
      const { operation } = route.config ?? {};
      return { url, schema: operation ? describe(operation) : { hide: true } };
    },
    transformObject: (document) => {
      if ('openapiObject' in document) addRefusals(scope, document.openapiObject as Described);
      return 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
    },
  });
  const operations = new Map<string, ApiOperation>();
  scope.addHook('onRoute', ({ config: route }) => {
    if (route?.operation) operations.set(route.operation.name, route.operation);
  });
  scope.decorate('operations', operations);
  scope.get('/openapi.json', { config: { access: ['anyone'] } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(scope.swagger()),
  );
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Operations of the API by name. */
    operations: Map<string, ApiOperation>;
  }
}

function describe({ name, summary, description, query, headers, body, answer }: ApiOperation) {
  const of = (schema: z.ZodType | undefined) => schema && jsonSchemaOf(schema, 'input');
  return {
    operationId: name,
    summary,
    description,
    ...(query ? { querystring: of(query) } : {}),
    ...(headers ? { headers: of(headers) } : {}),
    ...(body ? { body: of(body) } : {}),
    response: { 200: { description: 'Сделано', ...jsonSchemaOf(answer, 'output') } },
  };
}

interface Described {
  paths: Record<
    string,
    Record<string, { operationId: string; requestBody?: unknown; responses: Record<string, unknown> }>
  >;
}

/** Added at the end: the plugin would take a reference apart. */
function addRefusals(scope: FastifyInstance, { paths }: Described): void {
  const schema = { $ref: '#/components/schemas/Problem' };
  for (const way of Object.values(paths))
    for (const operation of Object.values(way)) {
      const own = scope.operations.get(operation.operationId)?.refusals ?? [];
      const statuses = [...COMMON, ...own, ...(operation.requestBody ? WITH_BODY : [])].sort();
      for (const status of statuses)
        operation.responses[status] = { description: PROBLEM_TITLES[status], content: { [PROBLEM_TYPE]: { schema } } };
    }
}
