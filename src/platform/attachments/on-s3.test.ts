import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { Sender, startFilesServer } from '../../../tests/support/files-server.ts';
import { moveToS3 } from '../../../tests/support/on-s3.ts';
import type { S3 } from '../../../tests/support/s3.ts';
import { newId } from '../ids.ts';
import { judgeFile } from './judge-file.ts';
import * as made from './test-files.ts';

let context: TestContext;
let s3: S3;
let server: Awaited<ReturnType<typeof startFilesServer>>;
let sender: Sender;
beforeAll(async () => {
  process.env.TMPDIR = await mkdtemp(join(tmpdir(), 'domovoy-on-s3-'));
  context = await createTestContext();
  s3 = await moveToS3(context);
  server = await startFilesServer(context);
  sender = await Sender.open(server.url, newId());
});
afterAll(async () => {
  await server?.app.close();
  await rm(tmpdir(), { recursive: true });
  delete process.env.TMPDIR;
});

/** Of files of the store, in a temporary folder that is this test's own. */
const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('domovoy-file-'));

test('a picture comes with its form, is drawn anew, shown, made small, and sent back as it was', async () => {
  const original = await made.jpeg(900, 600);
  const { received } = (await (await sender.send([['фото.jpg', original]])).json()) as {
    received: { fileId: never }[];
  };
  const { fileId } = received[0]!;
  await judgeFile.run(context, { fileId }, context.log);
  const read = async (query: string, headers = {}) => {
    const answer = await sender.get(`/files/${fileId}${query}`, headers);
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  expect((await read('?whose=own')).bytes.equals(original)).toBe(true);
  const shown = await read('?as=preview');
  expect((await sharp(shown.bytes).metadata()).exif).toBeUndefined();
  expect((await sharp((await read('?as=thumbnail')).bytes).metadata()).width).toBe(176);
  const part = await read('?as=preview', { range: 'bytes=100-299' });
  expect([part.status, part.bytes.equals(shown.bytes.subarray(100, 300))]).toEqual([206, true]);
  expect(copies()).toEqual([]);
});

test('a file in pieces goes on where the line broke, and leaves nothing but itself', async () => {
  const content = Buffer.concat([made.PDF.subarray(0, -6), randomBytes(6 * 1_048_576), Buffer.from('\n%%EOF\n')]);
  const { word } = (await (await sender.announce('акт.pdf', content.length)).json()) as { word: string };
  const half = content.length >> 1;
  await sender.piece(word, 0, new Uint8Array(content.subarray(0, half)));
  const { offset } = (await (await sender.get('/attachments/pieces', { 'upload-word': word })).json()) as {
    offset: number;
  };
  expect(offset).toBe(half);
  const last = await sender.piece(word, half, new Uint8Array(content.subarray(half)));
  expect([last.status, await last.json()]).toEqual([200, expect.objectContaining({ sizeBytes: content.length })]);
  expect(await context.db.selectFrom('arriving_file').selectAll().execute()).toEqual([]);
  expect(await s3.unfinished()).toBe(0);
});
