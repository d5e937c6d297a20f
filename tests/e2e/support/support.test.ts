import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askSupport } from '../../../src/modules/appeals/support/ask-support.ts';
import { linkOf } from '../../../src/modules/appeals/support/link.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  application.context.now = new Date('2026-11-18T09:00:00Z');
}, 120_000);
afterAll(() => browser?.close());

const letters = (recipient: string) =>
  application.context.db
    .selectFrom('mail_message')
    .selectAll()
    .where('recipient', '=', recipient)
    .orderBy('mail_id')
    .execute();

/** An administrator finds the question by its number, notes, answers by a template, and leaves. */
async function answerAtDesk(number: string, text: string): Promise<void> {
  const administrator = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
  const { page } = administrator;
  await administrator.signIn('platformennyy');
  await administrator.open('/administration/support/templates');
  if ((await page.getByText('Совет').count()) === 0) {
    await page.getByLabel('Название').fill('Совет');
    await page.getByLabel('Текст', { exact: false }).last().fill('Обновите страницу.');
    await administrator.press('button', 'Сохранить');
  }
  await administrator.open(`/administration/support?number=${encodeURIComponent(number)}`);
  await administrator.press('link', 'Не открывается квитанция');
  await administrator.press('button', 'Назначить');
  await page.getByRole('textbox', { name: 'Заметка' }).fill('Известная ошибка');
  await administrator.press('button', 'Сохранить заметку');
  await page.getByRole('combobox', { name: 'Шаблон' }).selectOption({ label: 'Совет' });
  await administrator.press('button', 'Подставить');
  const field = page.getByLabel('Текст ответа');
  expect(await field.inputValue()).toBe('Обновите страницу.');
  await field.fill(text);
  await administrator.press('button', 'Отправить ответ');
  expect(await page.locator('main').textContent()).toContain('Ответ отправлен');
  await administrator.press('button', 'Закрыть вопрос');
  await administrator.open('/administration/support/statistics');
  await administrator.leave();
}

describe.each([
  ['at a desk', { viewport: DESKTOP }],
  ['on a phone, without script', { viewport: PHONE, javaScriptEnabled: false }],
] as const)('a stranger %s', (name, options) => {
  test('asks from the page where it happened, and reads the answer by the letter’s link', async () => {
    const email = `guest-${name.length}@example.test`;
    const guest = await Visitor.arrive(browser, application.url, options);
    const { page } = guest;
    // axe needs script in the page.
    if ('javaScriptEnabled' in options) guest.look = async () => undefined;
    const main = page.locator('main');
    await guest.open('/find');
    await guest.press('link', 'Напишите в поддержку');
    await guest.press('button', 'Отправить');
    expect(await main.textContent()).toContain('Назовите вопрос в нескольких словах');
    await page.getByText('Ошибки системы', { exact: true }).click();
    await page.getByLabel('Коротко').fill('Не открывается квитанция');
    await page.getByLabel('Что случилось').fill('Страница\nпустая');
    await page.getByLabel('Почта для ответа').fill(email);
    await guest.press('button', 'Отправить');
    expect(await main.textContent()).toMatch(/до 23\sноября 2026.*отправлен/s);
    const [received] = await letters(email);
    const number = /№ (\S+)/.exec(received!.subject)![1]!;
    const { page: where } = await application.context.db
      .selectFrom('support_request')
      .select('page')
      .where('number', '=', number)
      .executeTakeFirstOrThrow();
    expect(where).toBe('/find');

    await answerAtDesk(number, 'Мы починили, обновите страницу');
    const [, answer, ...more] = await letters(email);
    expect(more).toEqual([]);
    await guest.open(/https?:\S+/.exec(answer!.body)![0].replace(application.url, ''));
    expect(await main.textContent()).toContain('Мы починили');
    expect(await main.textContent()).not.toContain('Известная ошибка');
    await page.getByRole('textbox', { name: 'Сообщение' }).fill('Спасибо, но всё ещё пусто');
    await guest.press('button', 'Отправить');
    expect(await main.textContent()).toContain('В работе');
    await guest.press('button', 'Вопрос решён, закрыть');
    expect(await main.textContent()).toContain('Закрыт');
    await guest.leave();
  }, 120_000);
});

test('a resident is called by name, and finds the question among their own', async () => {
  const resident = await Visitor.arrive(browser, application.url, { viewport: PHONE });
  const { page } = resident;
  await resident.signIn('domovitova');
  await resident.open('/help');
  await resident.press('link', 'Написать в поддержку');
  await resident.open('/support?about=organisation&name=ООО «Двор»');
  expect(await page.getByLabel('Коротко').inputValue()).toBe('Не нашлась организация: ООО «Двор»');
  expect(await page.locator('main').textContent()).toContain('Домовитова');
  await page.getByLabel('Что случилось').fill('Она управляет нашим домом');
  await resident.press('button', 'Отправить');
  await resident.open('/support/requests');
  await resident.press('link', 'Не нашлась организация: ООО «Двор»');
  expect(await page.locator('main').textContent()).toContain('Она управляет нашим домом');
  await resident.leave();
}, 60_000);

test('words without an end, and writing that runs backwards, break no page', async () => {
  const { context, url } = application;
  const question = { kindCode: '12', subject: 'Ж'.repeat(250), text: `${'ы'.repeat(4096)}\u202eабв` };
  const asked = { ...question, name: 'Ы'.repeat(300), email: 'long@example.test', page: '/bills', key: 'long' };
  const { requestId } = await askSupport(context, { kind: 'anonymous' }, asked);
  for (const viewport of [DESKTOP, PHONE]) {
    const administrator = await Visitor.arrive(browser, url, { viewport });
    await administrator.signIn('platformennyy');
    await administrator.open('/administration/support');
    await administrator.open(`/administration/support/${requestId}`);
    await administrator.open(linkOf(context.config, requestId, context.now));
    await administrator.leave();
  }
}, 60_000);
