import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redirectAppeal, registerAppeal, saveAnswer, sendAnswer } from '../../../src/modules/appeals/index.ts';
import { insertPower } from '../../../src/modules/organisations/index.ts';
import type { PersonId } from '../../../src/platform/ids.ts';
import { newId } from '../../../src/platform/ids.ts';
import { loadRules } from '../../../src/platform/rules/load.ts';
import { type BuiltAppeal, buildAppeal, buildDesk, receivePdf } from '../../support/appeals.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

const LONG_NAME =
  'Общество с ограниченной ответственностью «Управляющая компания жилищно-коммунального хозяйства „Северная Дубравушка-Красносельская“»';
const DAY = 86_400_000;
const START = new Date('2026-11-10T09:00:00Z');

let application: TestApplication;
let browser: Browser;
let desk: Awaited<ReturnType<typeof buildDesk>>;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { context } = application;
  context.now = START;
  await loadRules(context.db);
  desk = await buildDesk(context, '1', { short_name: LONG_NAME, full_name: LONG_NAME });
  const inspectorate = await buildDesk(context, '4', {
    short_name: 'Жилищная инспекция',
    full_name: 'Жилищная инспекция',
  });
  await insertPower(context.db, inspectorate.organisationId, '4', '77');
}, 180_000);
afterAll(() => browser?.close());

const partOf = ({ houseId, appealId, partId }: BuiltAppeal) => ({ houseId, appealId, partId });

/** Whom the sandbox has just let in. */
async function newest(): Promise<PersonId> {
  const { rows } = await sql<{
    id: PersonId;
  }>`select person_id as id from session order by created_at desc limit 1`.execute(application.context.db);
  return rows[0]!.id;
}

async function answer(appeal: BuiltAppeal, interim: boolean): Promise<void> {
  const { context } = application;
  const given = { number: '15-А', outcome: 'refused' as const, performerPost: 'Главный инженер', interim };
  const text = `Двор убирают по графику.\n${'Оченьдлинноесловобезпробелов'.repeat(20)}`;
  const { answerId } = await saveAnswer(context, desk.clerk, { ...partOf(appeal), ...given, text });
  await sendAnswer(context, desk.clerk, { ...partOf(appeal), answerId, key: newId() });
}

describe.each([
  ['on a phone', {}],
  ['on a wide screen', { viewport: DESKTOP }],
] as const)('an author %s', (_name, options) => {
  test('finds an appeal, reads the answer, is not satisfied, sends it back, and complains when it is late', async () => {
    const { context } = application;
    context.now = START;
    const visitor = await Visitor.arrive(browser, application.url, options);
    const { page } = visitor;
    await visitor.signIn('domovitova');
    const authorId = await newest();
    await page.goto(`${application.url}/appeals`);
    await visitor.look();
    const file = await receivePdf(
      context,
      'Акт осмотра подъезда номер три от двадцатого ноября с подписями всех жильцов.pdf',
    );
    const text = `Двор не убирают.\n\n${'ж'.repeat(3_000)}\n<b>не жирно</b> 😀`;
    const appeal = await buildAppeal(context, { authorId, addressee: desk, text, files: [file] });
    for (let old = 0; old < 30; old += 1) await buildAppeal(context, { authorId, addressee: desk });
    await registerAppeal(context, desk.clerk, partOf(appeal));
    await answer(appeal, false);

    const go = (role: 'link' | 'button', name: string | RegExp) => visitor.press(role, name);
    // Home leads to the list; the form folds and finds.
    await page.goto(`${application.url}/`);
    await visitor.look();
    await go('link', 'Обращения и ответы на них');
    await page.getByText('Поиск обращений').click();
    await page.getByLabel('Номер обращения:').fill(appeal.number);
    await go('button', 'Найти');
    expect(await page.getByText('Свернуть поиск').isVisible()).toBe(true);
    await page.getByRole('table').getByRole('link').first().click();
    await page.waitForURL(`**/appeals/*/${appeal.appealId}`);
    await visitor.look();
    expect(await page.getByText('Ответ получен').isVisible()).toBe(true);
    await go('link', /Изменения по обращению/);
    await page.getByText('Раскрыть информацию').locator('visible=true').first().click();
    await visitor.look();
    await go('link', /Ответы на обращение/);
    // Not satisfied: an empty form first.
    await go('button', 'Сохранить оценку');
    expect(await page.getByRole('alert').isVisible()).toBe(true);
    await page.getByLabel('Ответом не удовлетворён').check({ force: true });
    await page.getByLabel('Чего не хватило').fill('Двор так и не убран');
    await go('button', /оценку/);
    await go('link', 'Вернуть обращение в работу');
    await page.getByLabel('С чем вы не согласны').fill('Приезжайте и посмотрите');
    await go('button', 'Да, вернуть в работу');
    expect(await page.getByText('Обращение снова в работе').first().isVisible()).toBe(true);
    // The term passes, and with it the session.
    context.now = new Date(START.getTime() + 20 * DAY);
    await visitor.signIn('domovitova');
    await page.goto(`${application.url}/appeals/${appeal.houseId}/${appeal.appealId}`);
    await visitor.look();
    expect(await page.getByText('Просрочено').first().isVisible()).toBe(true);
    await go('link', 'Пожаловаться в жилищную инспекцию');
    await go('button', 'Да, пожаловаться');
    expect(await page.getByText('Жалоба на то, как рассмотрели обращение').isVisible()).toBe(true);
    expect(await page.getByText('является официальным обращением').isVisible()).toBe(true);
    await go('link', 'Отозвать обращение');
    await go('button', 'Да, отозвать');
    expect(await page.getByText('Обращение отозвано').first().isVisible()).toBe(true);
    await visitor.leave();
  }, 180_000);
});

test('an author without script finds, reads, assesses, sends back, complains and withdraws', async () => {
  const { context } = application;
  context.now = START;
  const client = await application.signIn('domovitova');
  const authorId = await newest();
  const appeal = await buildAppeal(context, { authorId, addressee: desk });
  await answer(appeal, false);
  const path = `/appeals/${appeal.houseId}/${appeal.appealId}`;
  await client.get('/appeals');
  expect((await client.submit('/appeals', { number: appeal.number })).html).toContain(path);
  expect((await client.get(`${path}?tab=changes`)).html).toContain('Обращение отправлено');
  await client.get(path);
  const empty = await client.submit(`${path}/assess`, {});
  expect([empty.status, empty.html.includes('Выберите оценку')]).toEqual([422, true]);
  expect((await client.submit(`${path}/assess`, { assessment: 'none' })).html).toContain('Спасибо, оценка сохранена');
  await client.get(`${path}/reopen`);
  expect((await client.submit(`${path}/reopen`, { comment: 'Приезжайте' })).html).toContain('снова в работе');
  context.now = new Date(START.getTime() + 20 * DAY);
  const again = await application.signIn('domovitova');
  await again.get(`${path}/escalate`);
  const complaint = await again.submit(`${path}/escalate`, {});
  expect(complaint.html).toContain('Жалоба на то, как рассмотрели обращение');
  const child = new URL(complaint.url).pathname;
  expect((await again.get(path)).html).toContain(`href="${child}"`);
  await again.get(`${child}/withdraw`);
  expect((await again.submit(`${child}/withdraw`, {})).html).toContain('Обращение отозвано');
}, 60_000);

test('pages of an appeal that was passed on, in print and in the version for low vision', async () => {
  const { context } = application;
  context.now = START;
  const visitor = await Visitor.arrive(browser, application.url);
  const { page } = visitor;
  await visitor.signIn('domovitova');
  const authorId = await newest();
  const appeal = await buildAppeal(context, { authorId, addressee: desk });
  const other = await buildDesk(context, '2');
  const to = [{ organisationId: other.organisationId, powerCode: '2' }];
  await redirectAppeal(context, desk.clerk, {
    ...partOf(appeal),
    to,
    comment: 'Не наши сети',
    files: [],
    key: newId(),
  });
  const path = `/appeals/${appeal.houseId}/${appeal.appealId}`;
  await visitor.open(path);
  expect(await page.getByText('Не наши сети').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByText('Не наши сети').isVisible()).toBe(true);
  expect(await page.getByRole('link', { name: 'Отозвать обращение' }).isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  await visitor.look();
  for (const why of ['/why/house', '/why/account', '/why/bill', '/why/reading', '/help']) await visitor.open(why);
  await visitor.leave();
}, 120_000);
