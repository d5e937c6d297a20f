import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext, TEST_ENVIRONMENT } from '../../../tests/support/context.ts';
import { createApp } from '../../app.ts';
import { readConfig } from '../config.ts';

const TOKEN = 'a token of enough characters';
let closed: FastifyInstance;
let withToken: FastifyInstance;

beforeAll(async () => {
  closed = await createApp(await createTestContext(), { assetsFolder: 'src/ui' });
  withToken = await createApp(await createTestContext({ METRICS_TOKEN: TOKEN, TRUST_PROXY: '1' }), {
    assetsFolder: 'src/ui',
  });
});
afterAll(() => Promise.all([closed.close(), withToken.close()]));

const ask = async (app: FastifyInstance, remoteAddress: string, headers: Record<string, string> = {}) =>
  (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode;

test.each([
  ['another machine', '10.0.0.7', {}],
  ['another machine that calls itself this one', '10.0.0.7', { 'x-forwarded-for': '127.0.0.1' }],
  ['another machine through a proxy on this one', '127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }],
  ['another machine through a proxy that names the host alone', '::1', { 'x-forwarded-host': 'dom.example' }],
  ['a wrong token', '10.0.0.7', { authorization: 'Bearer another token' }],
  ['the token by another scheme', '10.0.0.7', { authorization: `Basic ${TOKEN}` }],
  ['an empty token', '10.0.0.7', { authorization: 'Bearer ' }],
])('%s does not see the figures', async (_who, address, headers) => {
  expect(await ask(closed, address, headers)).toBe(404);
  expect(await ask(withToken, address, headers)).toBe(404);
});

test('without the setting no token opens', async () => {
  expect(await ask(closed, '10.0.0.7', { authorization: `Bearer ${TOKEN}` })).toBe(404);
});

test('a token shorter than it must be ends the start', () => {
  const given = { ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://localhost/a', FILES_DIR: 'a', METRICS_TOKEN: 'short' };
  expect(() => readConfig(given)).toThrow('METRICS_TOKEN');
});

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('the machine itself sees them from %s', async (address) => {
  const answer = await closed.inject({ url: '/metrics', remoteAddress: address });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toMatch(/^process_cpu_seconds_total \d/m);
  expect(await ask(withToken, address)).toBe(200);
});

test('the token opens from anywhere, also through a proxy', async () => {
  const authorization = `Bearer ${TOKEN}`;
  expect(await ask(withToken, '10.0.0.7', { authorization })).toBe(200);
  expect(await ask(withToken, '127.0.0.1', { authorization, 'x-forwarded-for': '203.0.113.7' })).toBe(200);
});

test('an asset is kept for a year, but not by a page of another release', async () => {
  const kept = async (query: string) => (await closed.inject(`/assets/styles.css${query}`)).headers['cache-control'];
  expect(await kept('?v=another')).toBe('no-store');
  expect(await kept(`?v=${closed.assetsVersion}`)).toContain('immutable');
  expect(await kept('')).toContain('immutable');
});

test('a process that is about to end says so to the proxy, and answers whoever is there', async () => {
  const app = await createApp(await createTestContext({ RATE_LIMIT_PER_MINUTE: '10' }), { assetsFolder: 'src/ui' });
  const ask = async (url: string) => app.inject(url);
  for (let time = 0; time < 11; time += 1) expect((await ask('/health/live')).statusCode).toBe(200);
  app.isLeaving = true;
  for (const path of ['/health/live', '/health/ready']) expect((await ask(path)).statusCode, path).toBe(503);
  const page = await ask('/help');
  expect([page.statusCode, page.headers.connection]).toEqual([200, 'close']);
  await app.close();
});
