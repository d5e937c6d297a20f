import { mkdtemp } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import type { Actor } from '../access.ts';
import { Conflict } from '../errors.ts';
import { createServer } from '../http/server.ts';
import { newId } from '../ids.ts';
import { registerApi } from './api.ts';
import { exactly, line, listOf, readItem } from './read.ts';

let context: TestContext;
let app: FastifyInstance;
let actor: Actor;
const system: Actor = { kind: 'system', organisationId: newId(), keyId: newId(), madeBy: newId() };

const Item = exactly({ name: line(10), count: z.int().optional() });

beforeAll(async () => {
  context = await createTestContext({ RATE_LIMIT_PER_MINUTE: '50' });
  app = await createServer(context, {
    assetsFolder: await mkdtemp('/tmp/domovoy-assets-'),
    identify: async () => {
      throw new Error('cookies are not looked at');
    },
    identifySystem: async (request) => {
      if (request.headers.authorization === 'Bearer old') request.refusal = 'Ключ отозван.';
      return actor;
    },
    onError: (error) => {
      throw error;
    },
    onNotFound: (_request, reply) => reply.code(404).send('page'),
  });
  registerApi(app, context, [
    (api) =>
      api.add({
        name: 'echo',
        method: 'POST',
        path: '/echo',
        access: ['system'],
        summary: 'Эхо',
        description: 'Отвечает тем же',
        refusals: [409],
        headers: z.object({ 'x-mark': z.string() }),
        query: z.strictObject({ times: z.coerce.number().int().max(3).optional() }),
        body: exactly({ items: listOf(Item) }),
        answer: z.object({ names: z.array(z.string()) }),
        async handle({ body }) {
          const items = body.items.map((raw) => readItem(Item, raw));
          if (items.some((item) => item.ok && item.item.name === 'clash')) throw new Conflict('Уже есть');
          if (items.some((item) => item.ok && item.item.name === 'crash')) throw new Error('secret inside');
          const names = items.map((item) => (item.ok ? item.item.name : JSON.stringify(item.errors)));
          return { names, secret: 'stays' } as { names: string[] };
        },
      }),
  ]);
});

const post = (payload: unknown, more: Record<string, string> = {}, url = '/api/v1/echo') =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'x-mark': '1', ...more },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
const good = { items: [{ name: 'a' }] };

describe('refusals are problems of RFC 9457', () => {
  test('without a key, before the body is read', async () => {
    actor = { kind: 'anonymous' };
    const answer = await post('{', { cookie: 'domovoy_session=x', 'content-type': 'text/plain' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="domovoy"');
    expect(answer.json()).toMatchObject({
      type: 'urn:domovoy:problem:not_signed_in',
      status: 401,
      code: 'not_signed_in',
    });
    expect((await post(good, { authorization: 'Bearer old' })).json().detail).toBe('Ключ отозван.');
  });

  test.each([
    ['bad JSON', '{"items":', {}, 400, 'bad_request'],
    ['no body', '', {}, 400, 'bad_request'],
    ['a poisoned prototype', '{"__proto__": {"x": 1}, "items": []}', {}, 400, 'bad_request'],
    ['a form', 'items=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'wrong_type'],
    ['too many bytes', `"${'x'.repeat(2_100_000)}"`, {}, 413, 'too_large'],
    ['too many items', { items: Array.from({ length: 1001 }, () => ({ name: 'a' })) }, {}, 413, 'too_large'],
    ['no items', { items: [] }, {}, 422, 'invalid'],
    ['a list', [], {}, 422, 'invalid'],
    ['null', 'null', {}, 422, 'invalid'],
    ['an unknown field', { items: [{ name: 'a' }], other: 1 }, {}, 422, 'invalid'],
    ['a conflict', { items: [{ name: 'clash' }] }, {}, 409, 'conflict'],
    ['a failure', { items: [{ name: 'crash' }] }, {}, 500, 'failure'],
  ])('%s', async (_, payload, more, status, code) => {
    actor = system;
    const answer = await post(payload, more as Record<string, string>);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).not.toContain('secret inside');
    expect(answer.body).not.toMatch(/FST_|stack/);
  });

  test('name every field, in words', async () => {
    actor = system;
    const answer = await post({ other: 1 }, {}, '/api/v1/echo?times=many&more=1');
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual(['times', '']);
    expect((await post({ itms: [] })).json().errors).toEqual([
      { field: 'items', message: 'Обязательное поле: список' },
      { field: '', message: 'Таких полей нет: itms' },
    ]);
    expect((await app.inject({ url: '/api/v1/nothing' })).json().code).toBe('not_found');
  });

  test('too often with one key, whatever other keys do', async () => {
    actor = { ...system, keyId: newId() };
    for (let call = 0; call < 50; call += 1) expect((await post(good)).statusCode).toBe(200);
    const late = await post(good);
    expect([late.statusCode, late.json().code]).toEqual([429, 'too_many']);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    actor = { ...system, keyId: newId() };
    expect((await post(good)).statusCode).toBe(200);
  });
});

describe('answers', () => {
  test('say of each item what is wrong, and nothing that is not described', async () => {
    actor = { ...system, keyId: newId() };
    const items = [{ name: 'a' }, { name: 'a\u0000' }, { nam: 1 }, 7, null];
    const answer = await post({ items });
    expect(answer.json()).toEqual({
      names: [
        'a',
        '[{"field":"name","message":"Управляющие знаки не принимаются"}]',
        expect.stringContaining('Таких полей нет: nam'),
        '[{"field":"","message":"Здесь нужен объект JSON"}]',
        '[{"field":"","message":"Здесь нужен объект JSON"}]',
      ],
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('are described by OpenAPI 3.1 from the same schemas', async () => {
    actor = { kind: 'anonymous' };
    const description = (await app.inject('/api/v1/openapi.json')).json();
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths)).toEqual(['/api/v1/echo']);
    const { post: echo } = description.paths['/api/v1/echo'];
    expect(echo.requestBody.content['application/json'].schema.properties.items.items).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 10, pattern: expect.any(String) },
        count: { type: 'integer', minimum: expect.any(Number), maximum: expect.any(Number) },
      },
      required: ['name'],
      additionalProperties: false,
    });
    expect(
      echo.parameters.map((one: { in: string; name: string; required?: boolean }) => [one.in, one.name, one.required]),
    ).toEqual([
      ['query', 'times', false],
      ['header', 'x-mark', true],
    ]);
    expect(Object.keys(echo.responses)).toEqual(['200', '400', '401', '409', '413', '415', '422', '429', '500']);
    expect(echo.responses[409].content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
    expect(description.components.schemas.Problem.required).toContain('code');
  });
});

test('a route cannot be for systems and people at once', async () => {
  const other = await createServer(context, {
    assetsFolder: await mkdtemp('/tmp/domovoy-assets-'),
    identify: async () => ({ kind: 'anonymous' }),
    onError: () => undefined,
    onNotFound: () => undefined,
  });
  expect(() => other.get('/both', { config: { access: ['system', 'clerk'] } }, async () => '')).toThrow('for systems');
});
