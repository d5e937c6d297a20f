import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEST_ENVIRONMENT } from '../../../tests/support/context.ts';
import { startS3 } from '../../../tests/support/s3.ts';
import { readConfig } from '../config.ts';
import { DomovoyError } from '../errors.ts';
import { newId } from '../ids.ts';
import { openFiles } from './files.ts';
import { readRange, type SentFile, sendFile } from './send-file.ts';

const CONTENT = randomBytes(200_000);
const TAG = `"${createHash('sha256').update(CONTENT).digest('hex')}"`;

let folder: string;
let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domovoy-send-'));
  s3 = await startS3();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ['a folder', () => ({ FILES_DIR: folder })],
  ['S3', () => s3.settings],
])('from %s', (_, settings) => {
  let app: FastifyInstance;
  const sent = new Map<string, SentFile>();
  beforeAll(async () => {
    const files = openFiles(
      readConfig({ ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://localhost/none', ...settings() }),
    );
    const limit = { limitBytes: 1_000_000, field: '' };
    sent.set('whole', await files.put(CONTENT, limit));
    sent.set('empty', await files.put(Buffer.alloc(0), limit));
    sent.set('lost', { ...sent.get('whole')!, fileId: newId() });
    app = fastify();
    app.get('/:name', (request, reply) =>
      sendFile(request, reply, files, sent.get((request.params as { name: string }).name)!),
    );
    app.setErrorHandler((error, _request, reply) =>
      reply
        .code(error instanceof DomovoyError ? error.status : 500)
        .send(error instanceof DomovoyError && error.sentence),
    );
  });
  afterAll(() => app?.close());

  const ask = async (headers: Record<string, string> = {}, url = '/whole', method: 'GET' | 'HEAD' = 'GET') => {
    const { statusCode, headers: said, rawPayload } = await app.inject({ method, url, headers });
    return { status: statusCode, body: rawPayload, range: said['content-range'], length: said['content-length'], said };
  };

  test('a file that the store has lost is said in words, and nothing of it is promised', async () => {
    const { status, body } = await ask({}, '/lost');
    expect([status, String(body)]).toEqual([503, expect.stringContaining('не открывается')]);
  });

  test('the whole, with what names its content', async () => {
    const { status, body, said } = await ask();
    expect(status).toBe(200);
    expect(body.equals(CONTENT)).toBe(true);
    expect(said).toMatchObject({ etag: TAG, 'accept-ranges': 'bytes', 'content-length': '200000' });
  });

  test.each(['bytes=100-199', 'bytes=199900-', 'bytes=-100', 'bytes=199990-999999'])('the part %s', async (range) => {
    const { first, last } = readRange(range, CONTENT.length) as { first: number; last: number };
    const answer = await ask({ range });
    expect([answer.status, answer.range, answer.length]).toEqual([
      206,
      `bytes ${first}-${last}/200000`,
      String(last - first + 1),
    ]);
    expect(answer.body.equals(CONTENT.subarray(first, last + 1))).toBe(true);
  });

  test.each(['bytes=200000-', 'bytes=-0', 'bytes=999999-1000000'])('beyond the end: %s', async (range) => {
    const { status, range: said, body } = await ask({ range });
    expect([status, said, body.length]).toEqual([416, 'bytes */200000', 0]);
  });

  test('goes on only where the bytes are the same', async () => {
    const range = 'bytes=10-19';
    expect((await ask({ range, 'if-range': TAG })).status).toBe(206);
    for (const other of ['"another"', `W/${TAG}`, 'Mon, 23 Nov 2026 09:00:00 GMT'])
      expect((await ask({ range, 'if-range': other })).body.length).toBe(CONTENT.length);
  });

  test('who has it already is sent nothing', async () => {
    for (const known of [TAG, `W/${TAG}`, `"other", ${TAG}`, '*']) {
      const { status, body, said } = await ask({ 'if-none-match': known, range: 'bytes=0-9' });
      expect([status, body.length, said.etag]).toEqual([304, 0, TAG]);
    }
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('HEAD tells of the whole and reads nothing', async () => {
    const { status, body, length } = await ask({ range: 'bytes=0-9' }, '/lost', 'HEAD');
    expect([status, body.length, length]).toEqual([200, 0, '200000']);
  });

  test('no bytes at all', async () => {
    expect(await ask({}, '/empty')).toMatchObject({ status: 200, length: '0' });
    expect(await ask({ range: 'bytes=0-' }, '/empty')).toMatchObject({ status: 416, range: 'bytes */0' });
  });
});

test('ranges that make no sense are the whole, those beyond the end are refused', () => {
  expect(readRange('bytes=5-2', 10)).toBeNull();
  expect(readRange('bytes=-', 10)).toBeNull();
  expect(readRange('lines=1-2', 10)).toBeNull();
  expect(readRange('bytes=2-100', 10)).toEqual({ first: 2, last: 9 });
  expect(readRange('bytes=-100', 10)).toEqual({ first: 0, last: 9 });
  expect(readRange('bytes=-0', 10)).toBe('unsatisfiable');
});
