import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { handleError, handleNotFound } from '../../pages/errors.tsx';
import { createServer } from './server.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createServer(await createTestContext(), {
    assetsFolder: await mkdtemp(join(tmpdir(), 'domovoy-assets-')),
    identify: async () => ({ kind: 'anonymous' }),
    onError: handleError,
    onNotFound: handleNotFound,
    wholeBodyMs: 300,
  });
  app.post('/form', { config: { access: ['anyone'], token: 'none' } }, async ({ body }) => body);
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

/** Sends the beginning of a form, then a byte now and then, until the server closes the line. */
const talk = (length: number, first: string, everyMs: number): Promise<string> =>
  new Promise((done) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.on('data', (piece) => {
      answer += piece.toString();
    });
    socket.on('error', () => undefined);
    const timer = setInterval(() => socket.write('x'), everyMs);
    socket.on('close', () => {
      clearInterval(timer);
      done(answer);
    });
    const head = `host: x\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${length}`;
    socket.write(`POST /form HTTP/1.1\r\n${head}\r\n\r\n${first}`);
  });

test('who sends a form a byte at a time is told so, and the line is closed', async () => {
  const answer = await talk(8192, 'a=', 40);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toMatch(/connection: close/i);
  expect(answer).toContain('слишком медленно');
});

test('a form that comes in time is read whole', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/form`;
  const answer = await fetch(url, { method: 'POST', headers, body: `a=${'я'.repeat(10_000)}` });
  expect([answer.status, ((await answer.json()) as { a: string }).a.length]).toEqual([200, 10_000]);
});
