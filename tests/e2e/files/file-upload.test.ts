import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docx, jpeg, PDF } from '../../../src/platform/attachments/test-files.ts';
import { newId } from '../../../src/platform/ids.ts';
import { freePort } from '../../faults/installation.ts';
import { launchBrowser } from '../../support/browser.ts';
import { createTestContext, type TestContext } from '../../support/context.ts';
import { PERSON_HEADER, startFilesServer } from '../../support/files-server.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';
import { addFormPage } from './form-page.tsx';

let context: TestContext;
let server: Awaited<ReturnType<typeof startFilesServer>>;
let browser: Browser;
beforeAll(async () => {
  // A browser says where it comes from: it must be where the product is.
  const port = await freePort();
  context = await createTestContext({ PUBLIC_URL: `http://127.0.0.1:${port}` });
  [server, browser] = await Promise.all([startFilesServer(context, { port, more: addFormPage }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.app.close();
  await rm(context.config.FILES_DIR, { recursive: true });
});

const person = () => ({ [PERSON_HEADER]: newId() });
const arrive = async (options = {}) => {
  const visitor = await Visitor.arrive(browser, server.url, {
    extraHTTPHeaders: person(),
    ...options,
  });
  await visitor.open('/page');
  return visitor;
};
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
const choose = (page: Page, ...files: ReturnType<typeof file>[]) =>
  page.getByLabel('Файлы', { exact: true }).setInputFiles(files);
const send = (page: Page) => page.getByRole('button', { name: 'Отправить', exact: true }).click();
/** What the server got of the form. */
const answered = async (page: Page) => {
  await page.waitForURL(`${server.url}/form`);
  await page.waitForFunction(() => document.body.innerText.startsWith('{'));
  const form = JSON.parse(await page.locator('body').innerText());
  return {
    text: form.fields.text,
    names: form.received.map(({ name }: { name: string }) => name),
    errors: form.errors,
  };
};
const row = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Передаваемые файлы' }).getByRole('listitem').filter({ hasText: name });
/** Larger than two pieces. */
const large = () => Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(9 * 1_048_576, 0x20), Buffer.from('%%EOF\n')]);

describe('with script', () => {
  test('files go at once; what is refused says why and is taken away; the form carries the rest', async () => {
    const visitor = await arrive({ viewport: DESKTOP });
    const { page } = visitor;
    await choose(page, file('акт.pdf', PDF), file('вирус.pdf', Buffer.from('MZ\0\0')), file('фото.jpg', await jpeg()));
    await row(page, 'вирус.pdf').getByText('Это программа').waitFor();
    await row(page, 'фото.jpg')
      .getByText(/^Передан\. Осталось нажать «.+»$/)
      .waitFor();
    await visitor.look();
    await page.getByLabel('Текст обращения').fill('Течёт крыша');
    await send(page);
    await page.getByText('Уберите его и отправьте снова').waitFor();
    await page.getByRole('button', { name: 'Убрать вирус.pdf' }).click();
    await send(page);
    expect(await answered(page)).toEqual({ text: 'Течёт крыша', names: ['акт.pdf', 'фото.jpg'], errors: [] });
  });

  test('a broken line costs a piece', async () => {
    const { page } = await arrive();
    const offsets: string[] = [];
    let tries = 0;
    // The second try waits until its reader has seen why there is one.
    const seen = Promise.withResolvers<void>();
    await page.route('**/attachments/pieces', async (route) => {
      const offset = route.request().headers()['upload-offset'];
      if (offset) offsets.push(offset);
      if (offset === '4194304' && ++tries === 1) return route.abort('connectionreset');
      if (offset === '4194304') await seen.promise;
      return route.continue();
    });
    const told = row(page, 'скан.pdf').getByText('Связь прервалась').waitFor();
    await choose(page, file('скан.pdf', large()));
    await told;
    seen.resolve();
    await row(page, 'скан.pdf')
      .getByText(/^Передан\. Осталось нажать «.+»$/)
      .waitFor();
    expect(offsets).toEqual(['0', '4194304', '4194304', '8388608']);
    await send(page);
    expect((await answered(page)).names).toEqual(['скан.pdf']);
  });

  test('a form that is sent too early waits for its files', async () => {
    const { page } = await arrive();
    const held = Promise.withResolvers<void>();
    await page.route('**/attachments/pieces', async (route) => {
      if (route.request().method() === 'POST') await held.promise;
      await route.continue();
    });
    await choose(page, file('акт.pdf', PDF));
    await send(page);
    await page.getByText('Отправим, как только файлы дойдут').waitFor();
    held.resolve();
    expect((await answered(page)).names).toEqual(['акт.pdf']);
  });

  test('a form that serves for files alone is sent by itself when they have come', async () => {
    const { page } = await arrive();
    await page.goto(`${server.url}/page?sends=1`);
    await page.getByText('Файлы не проверяются антивирусом').waitFor();
    await choose(page, file('акт.pdf', PDF), file('письмо.docx', await docx()));
    expect((await answered(page)).names).toEqual(['акт.pdf', 'письмо.docx']);
  });

  test('a file on its way is given up', async () => {
    const { page } = await arrive();
    await page.route('**/attachments/pieces', (route) =>
      route.request().method() === 'POST' ? undefined : route.continue(),
    );
    await choose(page, file('большой.pdf', large()));
    await row(page, 'большой.pdf').getByText('Передаётся').waitFor();
    await page.getByRole('button', { name: 'Отменить большой.pdf' }).click();
    await page.unroute('**/attachments/pieces');
    await choose(page, file('акт.pdf', PDF));
    await row(page, 'акт.pdf')
      .getByText(/^Передан\. Осталось нажать «.+»$/)
      .waitFor();
    await send(page);
    expect((await answered(page)).names).toEqual(['акт.pdf']);
  });
});

test('without script the form takes them with it', async () => {
  const { page } = await Visitor.arrive(browser, server.url, { extraHTTPHeaders: person(), javaScriptEnabled: false });
  await page.goto(`${server.url}/page`);
  await page.getByLabel('Текст обращения').fill('Течёт крыша');
  await choose(page, file('письмо.docx', await docx()), file('вирус.pdf', Buffer.from('MZ\0\0')));
  await send(page);
  await page.waitForURL(`${server.url}/form`);
  const form = JSON.parse(await page.locator('pre, body').first().innerText());
  expect(form.received.map(({ name }: { name: string }) => name)).toEqual(['письмо.docx']);
  expect(form.errors).toHaveLength(1);
});
