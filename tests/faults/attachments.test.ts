import { readFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTACHMENT_LIMIT } from '../../src/platform/attachments/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { createTestContext, TEST_ENVIRONMENT, type TestContext } from '../support/context.ts';
import { Sender } from '../support/files-server.ts';
import { bundle } from './installation.ts';
import { type Supervised, supervise } from './supervised.ts';

const WORK = 'dist/faults-attachments';
const SENDERS = 20;
const MOST_MEMORY = 512 * 1_048_576;
const PIECE = Buffer.alloc(65_536, 0x20);

let context: TestContext;
let server: Supervised;
let url: string;
let pid: number;
beforeAll(async () => {
  context = await createTestContext();
  await bundle(WORK, { server: 'tests/faults/attachments-server.ts' });
  server = supervise(`${WORK}/server.js`, {
    ...TEST_ENVIRONMENT,
    DATABASE_URL: context.url,
    FILES_DIR: context.config.FILES_DIR,
  });
  ({ url, pid } = JSON.parse(await server.ready));
});
afterAll(async () => {
  await server?.stop();
  if (context) await rm(context.config.FILES_DIR, { recursive: true });
});

/** The most memory that the process ever held, as the system counts it; null where it does not. */
function peakMemory(): number | null {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
  } catch {
    return null;
  }
}

/** A PDF of exactly the largest size, made while it is sent. */
function* largestFile(): Generator<Buffer> {
  yield Buffer.from('%PDF-1.4\n');
  let left = ATTACHMENT_LIMIT - 9 - 6;
  for (; left > PIECE.length; left -= PIECE.length) yield PIECE;
  yield PIECE.subarray(0, left);
  yield Buffer.from('%%EOF\n');
}

const BOUNDARY = 'x-boundary-x';
function* form(token: string): Generator<Buffer> {
  yield Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="_token"\r\n\r\n${token}\r\n`);
  yield Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n`);
  yield* largestFile();
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
}

const streamOf = (pieces: Iterable<Buffer>) => Readable.toWeb(Readable.from(pieces)) as ReadableStream;

const sendForm = (sender: Sender) =>
  fetch(`${url}/form`, {
    method: 'POST',
    headers: { ...sender.headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: streamOf(form(sender.token)),
    duplex: 'half',
  } as RequestInit);

async function sendInPieces(sender: Sender) {
  const { word } = (await (await sender.announce('a.pdf', ATTACHMENT_LIMIT)).json()) as { word: string };
  return sender.piece(word, 0, streamOf(largestFile()));
}

async function bytesStored(): Promise<number> {
  const entries = await readdir(context.config.FILES_DIR, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('twenty people send 50 MB each at once, half as a form and half in pieces: it goes to the disk, not to memory', async () => {
  const senders = await Promise.all(Array.from({ length: SENDERS }, () => Sender.open(url, newId())));
  const before = peakMemory();
  const began = performance.now();
  const answers = await Promise.all(
    senders.map((sender, index) => (index % 2 === 0 ? sendForm(sender) : sendInPieces(sender))),
  );
  const seconds = (performance.now() - began) / 1000;
  expect(answers.map(({ status }) => status)).toEqual(Array(SENDERS).fill(200));
  const peak = peakMemory();
  const megabytes = (bytes: number | null) => (bytes === null ? '?' : Math.round(bytes / 1_048_576));
  console.log(
    `20 × 50 MB in ${seconds.toFixed(1)} s (${Math.round((SENDERS * 50) / seconds)} MB/s), memory ${megabytes(before)} -> ${megabytes(peak)} MB`,
  );
  expect(await bytesStored()).toBe(SENDERS * ATTACHMENT_LIMIT);
  if (process.platform === 'linux') expect(peak).toBeLessThan(MOST_MEMORY);
});

test('what had come to a killed server is not sent again: the next one goes on', async () => {
  const sender = await Sender.open(url, newId());
  const content = Buffer.concat([...largestFile()]);
  const { word } = (await (await sender.announce('a.pdf', content.length)).json()) as { word: string };
  const half = content.length / 2;
  expect((await sender.piece(word, 0, new Uint8Array(content.subarray(0, half)))).status).toBe(200);
  const before = await bytesStored();
  await server.stop();
  server = supervise(`${WORK}/server.js`, {
    ...TEST_ENVIRONMENT,
    DATABASE_URL: context.url,
    FILES_DIR: context.config.FILES_DIR,
  });
  ({ url, pid } = JSON.parse(await server.ready));
  const again = await Sender.open(url, sender.headers['test-person'] as never);
  const { offset } = (await (await again.get('/attachments/pieces', { 'upload-word': word })).json()) as {
    offset: number;
  };
  expect(offset).toBe(half);
  const last = await again.piece(word, offset, new Uint8Array(content.subarray(half)));
  expect(await last.json()).toMatchObject({ sizeBytes: ATTACHMENT_LIMIT, mediaType: 'application/pdf' });
  // The pieces are gone, the whole is there.
  expect(await bytesStored()).toBe(before + half);
});
