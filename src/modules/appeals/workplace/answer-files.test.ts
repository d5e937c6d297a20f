import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  createAppealContext,
  readWhole,
  receivePdf,
} from '../../../../tests/support/appeals.ts';
import type { TestContext } from '../../../../tests/support/context.ts';
import { signIn } from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { judgeFile, receiveAttachment } from '../../../platform/attachments/index.ts';
import { jpeg } from '../../../platform/attachments/test-files.ts';
import { inUploadPlace } from '../../../platform/attachments/upload-places.ts';
import { selectAuditEvents } from '../../../platform/audit/queries/events.ts';
import { attachToAnswer, receiveSignature, saveAnswer } from '../index.ts';

let context: TestContext;
let app: FastifyInstance;
beforeAll(async () => {
  context = await createAppealContext();
  app = await createApp(context, { assetsFolder: 'tests/support' });
});
afterAll(() => app.close());

const SIGNATURE = Buffer.from('308006092a864886f70d010702a0', 'hex');

/** An answer that is written, and the clerk's browser. */
async function begun(powerCode = '1') {
  const desk = await buildDesk(context, powerCode);
  const bytes = await jpeg();
  const photo = await receiveAttachment(context, Readable.from([bytes]), { name: 'двор.jpg', field: 'file' });
  const appeal = await buildAppeal(context, { addressee: desk, files: [photo, await receivePdf(context)] });
  await judgeFile.run(context, { fileId: photo.fileId }, context.log);
  const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
  const browser = await signIn(context, app, desk.clerkId, desk.organisationId);
  return { desk, appeal, part, photo, browser, path: `/work/appeals/${appeal.houseId}/${appeal.appealId}` };
}

describe('pictures of a file', () => {
  test.each([
    ['an organisation', '1', '/work/appeals'],
    ['an inspectorate', '4', '/work/territory'],
  ])('stand in the page of %s; the page is written down, they are not', async (_, powerCode, root) => {
    const { desk, appeal, photo, browser } = await begun(powerCode);
    const at = `${root}/${appeal.houseId}/${appeal.appealId}`;
    const page = await browser.get(at);
    const thumbnail = `${at}/files/${photo.fileId}?thumbnail=1`;
    expect(page.body.match(/\?thumbnail=1/g)).toHaveLength(1);
    expect(page.body).toContain(thumbnail);
    const before = await selectAuditEvents(context.db, desk.clerkId);
    const picture = await browser.get(thumbnail);
    expect([picture.statusCode, picture.headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(await selectAuditEvents(context.db, desk.clerkId)).toEqual(before);
    expect((await browser.get(thumbnail.replace('thumbnail', 'preview'))).statusCode).toBe(200);
    expect((await selectAuditEvents(context.db, desk.clerkId)).length).toBe(before.length + 1);
  });

  test('are for nobody else, and of nothing but pictures', async () => {
    const { appeal, photo, browser, path } = await begun();
    const other = await begun();
    expect((await other.browser.get(`${path}/files/${photo.fileId}?thumbnail=1`)).statusCode).toBe(404);
    const pdf = (await readWhole(context, appeal)).files.find(({ fileId }) => fileId !== photo.fileId)!;
    await judgeFile.run(context, { fileId: pdf.fileId }, context.log);
    expect((await browser.get(`${path}/files/${pdf.fileId}?thumbnail=1`)).statusCode).toBe(404);
  });
});

test('an answer holds fifty files and not one more, signatures among them', async () => {
  const { desk, part } = await begun();
  const { answerId } = await saveAnswer(context, desk.clerk, { ...part, ...ANSWER });
  const attach = async () =>
    attachToAnswer(context, desk.clerk, { ...part, answerId, file: await receivePdf(context) });
  const { fileId } = await attach();
  for (let file = 1; file < 50; file += 1) await attach();
  await expect(attach()).rejects.toMatchObject({
    fields: [{ field: 'files', message: expect.stringContaining('50') }],
  });
  const bytes = Readable.from([SIGNATURE]);
  const file = await receiveSignature(context, bytes, { name: 'a.sig', field: 'signature' });
  const signed = attachToAnswer(context, desk.clerk, { ...part, answerId, file, signsFileId: fileId });
  await expect(signed).rejects.toMatchObject({ fields: [{ field: 'files' }] });
  expect((await readWhole(context, part)).files.filter((one) => one.answerId === answerId)).toHaveLength(50);
});

test('files that go with the form of the answer, without script, save its words first, also when nothing is taken', async () => {
  const { part, browser, path } = await begun();
  const page = (await browser.get(path)).body;
  expect(page).toMatch(/<input[^>]*type="file"[^>]*form="answer-form"/);
  expect(page).toMatch(/<button[^>]*form="answer-form"[^>]*>/);
  const send = async (fields: Record<string, string>, file?: Buffer) => {
    const form = new FormData();
    form.append('_token', /name="_token" value="([^"]+)"/.exec(page)![1]!);
    for (const [name, value] of Object.entries({ part: part.partId, outcome: 'explained', ...fields }))
      form.append(name, value);
    if (file) form.append('files', new Blob([Uint8Array.from(file)]), 'двор.jpg');
    const body = new Response(form);
    return app.inject({
      method: 'POST',
      url: `${path}/answer/files`,
      cookies: browser.cookies,
      headers: { 'content-type': body.headers.get('content-type')! },
      payload: Buffer.from(await body.arrayBuffer()),
    });
  };
  const tooLong = await send({ text: 'ж'.repeat(10_001) }, await jpeg());
  expect(tooLong.statusCode).toBe(422);
  expect(tooLong.body).toContain('жжж');
  expect((await readWhole(context, part)).answers).toEqual([]);
  const nothing = await send({ text: 'Двор уберут завтра.' });
  expect([nothing.statusCode, nothing.body.includes('Выберите файл')]).toEqual([422, true]);
  expect(nothing.body).toContain('Двор уберут завтра.');
  const version = /name="version" value="([^"]+)"/.exec(nothing.body)![1]!;
  expect((await send({ version, text: 'Двор убран.' }, await jpeg())).statusCode).toBe(303);
  const { answers, files } = await readWhole(context, part);
  expect(answers).toMatchObject([{ text: 'Двор убран.', state: 'draft' }]);
  expect(files.filter(({ answerId }) => answerId === answers[0]!.answerId)).toMatchObject([{ name: 'двор.jpg' }]);
});

describe('a detached signature', () => {
  async function sendSignature({ browser, path, part }: Awaited<ReturnType<typeof begun>>, bytes: Buffer, fields = {}) {
    const page = await browser.get(path);
    const form = new FormData();
    form.append('_token', /name="_token" value="([^"]+)"/.exec(page.body)![1]!);
    form.append('part', part.partId);
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    form.append('signature', new Blob([Uint8Array.from(bytes)]), 'акт.sig');
    const body = new Response(form);
    return app.inject({
      method: 'POST',
      url: `${path}/answer/signature`,
      cookies: browser.cookies,
      headers: { 'content-type': body.headers.get('content-type')! },
      payload: Buffer.from(await body.arrayBuffer()),
    });
  }

  test('that is too large, or comes while three files are on their way, is not taken', async () => {
    const scene = await begun();
    const large = await sendSignature(scene, Buffer.concat([SIGNATURE, Buffer.alloc(1_048_577)]));
    expect(large.statusCode).toBe(422);
    const held = Promise.withResolvers<void>();
    const sending = { personId: scene.desk.clerkId, socket: { bytesRead: 0 }, now: context.now };
    const three = Array.from({ length: 3 }, () => inUploadPlace(sending, () => held.promise));
    expect((await sendSignature(scene, SIGNATURE)).statusCode).toBe(429);
    held.resolve();
    await Promise.all(three);
    expect((await readWhole(context, scene.part)).files).toHaveLength(2);
  });

  test('that comes a byte a second is let go', async () => {
    const slow = new Readable({ read: () => undefined });
    slow.push(SIGNATURE);
    const pace = { windowMs: 20, leastBytes: 1024 };
    const received = receiveSignature(context, slow, { name: 'акт.sig', field: 'signature', pace });
    await expect(received).rejects.toMatchObject({ fields: [{ message: expect.stringContaining('медленно') }] });
  });

  test('goes to the file that it signs', async () => {
    const scene = await begun();
    const { answerId } = await saveAnswer(context, scene.desk.clerk, { ...scene.part, ...ANSWER });
    const file = await receivePdf(context);
    await attachToAnswer(context, scene.desk.clerk, { ...scene.part, answerId, file });
    const fields = { answer: answerId, signsFileId: file.fileId };
    expect((await sendSignature(scene, SIGNATURE, fields)).statusCode).toBe(303);
    const { files } = await readWhole(context, scene.part);
    expect(files.at(-1)).toMatchObject({ name: 'акт.sig', signsFileId: file.fileId, answerId });
  });
});
