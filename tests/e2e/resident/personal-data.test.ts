import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobKinds } from '../../../src/jobs.ts';
import { placeKey, upsertPremises } from '../../../src/modules/houses/index.ts';
import { newId, type OrganisationId } from '../../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { buildMeter } from '../../support/meters.ts';
import {
  buildAccount,
  buildBill,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  signIn,
} from '../../support/rows.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
}, 120_000);
afterAll(() => browser?.close());

const rowOf = (familyName: string) =>
  application.context.db
    .selectFrom('person')
    .select('person_id')
    .where('family_name', '=', familyName)
    .executeTakeFirstOrThrow();

/** An employee who has accepted the texts. */
async function clerkOf(providerId: OrganisationId) {
  const { context, app } = application;
  const clerkId = await buildEmployee(context, providerId);
  for (const text of await context.db.selectFrom('legal_text').select(['kind', 'version']).execute())
    await context.db
      .insertInto('acceptance')
      .values({
        ...text,
        person_id: clerkId,
        acceptance_id: newId() as string,
        organisation_id: providerId,
        accepted_at: context.now,
        way: 'test',
      })
      .execute();
  return signIn(context, app, clerkId, providerId);
}

describe.each([
  ['at a desk', 'pervovhodov', 'Первовходов', { viewport: DESKTOP }],
  ['on a phone, without script', 'kvartirosyomova', 'Квартиросъёмова', { viewport: PHONE, javaScriptEnabled: false }],
] as const)('a resident %s', (_, login, familyName, options) => {
  test('sees who looked, takes an archive of everything, and is forgotten', async () => {
    const { context, url } = application;
    const resident = await Visitor.arrive(browser, url, options);
    const { page } = resident;
    // axe needs script in the page.
    if ('javaScriptEnabled' in options) resident.look = async () => undefined;
    const main = page.locator('main');
    await resident.signIn(login);
    const { person_id: personId } = await rowOf(familyName);
    const providerId = await buildOrganisation(context, { short_name: 'УК «Двор»' });
    const houseId = await buildHouse(context);
    const accountId = await buildAccount(context, { houseId, providerId });
    await buildLink(context, { personId, houseId, accountId, providerId });
    const clerk = await clerkOf(providerId);
    const account = `/work/houses/${houseId}/accounts/${accountId}`;
    const answer = await clerk.post(`${account}/disclose`, { purpose: 'charges', note: 'звонок' });
    expect(answer.headers.location).toBe(account);

    await resident.open('/settings');
    await resident.press('link', 'Кто смотрел мои данные');
    for (const words of ['Служащая', 'УК «Двор»', 'Проверка начислений: звонок'])
      expect(await main.textContent()).toContain(words);
    await resident.open('/settings/consents');
    await resident.press('link', 'Отозвать');
    await resident.press('link', 'Не отзывать');

    await resident.open('/settings/export');
    await resident.press('button', 'Заказать архив');
    expect(await main.textContent()).toContain('Архив готовится');
    const { export_id: exportId } = await context.db
      .selectFrom('data_export')
      .select('export_id')
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    await jobKinds
      .find(({ name }) => name === 'personal_data.export')!
      .run(context, { personId, exportId }, context.log);
    await resident.open('/settings/export');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Скачать архив/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^Мои данные \d{4}-\d\d-\d\d\.zip$/);

    await resident.open('/settings/delete');
    await resident.press('button', 'Удалить мои данные');
    expect(await main.textContent()).toContain('Напишите слово УДАЛИТЬ');
    await page.getByLabel('Напишите слово УДАЛИТЬ').fill('удалить');
    await resident.press('button', 'Удалить мои данные');
    expect(page.url()).toBe(`${url}/goodbye`);
    await jobKinds.find(({ name }) => name === 'personal_data.erase')!.run(context, { personId }, context.log);
    await resident.signIn(login);
    expect((await rowOf(familyName)).person_id).not.toBe(personId);
    await resident.leave();
  }, 60_000);
});

test('an owner lets a helper in by a code, reads what was done, and closes the door; a refused claim says why', async () => {
  const { context, url } = application;
  context.now = new Date('2026-11-18T09:00:00Z');
  const owner = await Visitor.arrive(browser, url, { viewport: DESKTOP });
  await owner.signIn('domovitova');
  const { person_id: personId } = await rowOf('Домовитова-Двухквартирная');
  const providerId = await buildOrganisation(context, { short_name: 'УК «Порог»' });
  const houseId = await buildHouse(context, { managerId: providerId });
  const rows = [{ category: 'residential' as const, number: '7' }];
  const premisesId = (await upsertPremises(context.db, houseId, rows, context.now)).get(placeKey(rows[0]!))!;
  const accountId = await buildAccount(context, { houseId, providerId, premisesId, number: 'ЛС-ПОРОГ' });
  await buildLink(context, { personId, houseId, accountId, providerId });
  await buildBill(context, { houseId, accountId, providerId, payable: 123_456 });
  const accounts = [{ accountId, providerId }];
  await buildMeter(context, { houseId, premisesId, accounts, base: { on: '2026-10-20', t1: '100' } });
  const words = async ({ page }: Visitor) => (await page.locator('main').innerText()).replace(/[\u00a0\u202f]/g, ' ');

  await owner.open('/accounts');
  await owner.press('link', 'Открыть доступ другому');
  await owner.page.getByLabel('Кого вы приглашаете').fill('Соседка Фаина');
  await owner.page.getByLabel('Передавать показания').check({ force: true });
  await owner.page.getByLabel('Оплачивать').check({ force: true });
  await owner.page.getByLabel('До какого дня').fill('17.11.2026');
  await owner.press('button', 'Пригласить');
  expect(await words(owner)).toContain('Этот день уже прошёл');
  await owner.page.getByLabel('До какого дня').fill('31.12.2026');
  await owner.press('button', 'Пригласить');
  const CODE = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/;
  const code = CODE.exec(await words(owner))![0];

  // Without script and without a confirmed identity.
  const helper = await Visitor.arrive(browser, url, { javaScriptEnabled: false });
  helper.look = async () => undefined;
  await helper.signIn('nepodtverzhdyonov');
  await helper.open('/accounts/shared');
  await helper.page.getByLabel('Код').fill('AAAA-BBBB-CCCC');
  await helper.press('button', 'Посмотреть приглашение');
  expect(await words(helper)).toContain('Такого приглашения нет');
  await helper.page.getByLabel('Код').fill(code.toLowerCase());
  await helper.press('button', 'Посмотреть приглашение');
  expect(await words(helper)).toMatch(/смотреть, передавать показания и оплачивать\s+Сколько\s+до 31\sдекабря 2026/);
  await helper.press('button', 'Принять приглашение');
  expect(await words(helper)).toContain('Доступ от другого');
  await helper.open('/');
  await helper.open('/bills');
  await helper.press('link', /октябрь\s2026/);
  const bill = new URL(helper.page.url()).pathname;
  expect(await words(helper)).toContain('Содержание жилья');
  await helper.open('/meters');
  await helper.press('link', /Холодная вода/);
  await helper.open('/pay');
  expect(await words(helper)).toContain('УК «Порог»');
  // A form that stays open until the door is closed.
  const later = await helper.page.context().newPage();
  await later.goto(`${url}/readings`);
  await later.getByLabel('Новое показание').fill('105');
  await helper.open('/readings');
  await helper.page.getByLabel('Новое показание').fill('104');
  await helper.press('button', 'Сохранить');
  expect(helper.page.url()).toContain('/readings?saved=');

  await owner.press('link', 'Вернуться к доступам');
  const log = await words(owner);
  for (const line of [
    'Неподтверждёнов',
    'Смотрел(а) квитанцию: за октябрь 2026',
    'Смотрел(а) счёт: список квитанций',
    'Смотрел(а) счёт: долг на главной странице',
    'Смотрел(а) приборы: № ',
    'Передал(а) показания: 104',
  ])
    expect(log).toContain(line);
  await owner.press('button', 'Закрыть доступ');
  expect(await words(owner)).toContain('Доступа нет ни у кого, кроме вас');
  await Promise.all([later.waitForEvent('load'), later.getByRole('button', { name: 'Сохранить' }).click()]);
  expect(await later.locator('main').innerText()).not.toContain('Показания переданы');
  expect((await helper.page.goto(url + bill))!.status()).toBe(404);
  await owner.page.reload();
  expect(await words(owner)).not.toContain('Передал(а) показания: 105');
  await helper.leave();

  const claimant = await Visitor.arrive(browser, url);
  await claimant.signIn('pervovhodov');
  await claimant.open('/accounts/connect');
  await claimant.page.getByLabel('Номер из квитанции').fill('ЛС-ПОРОГ');
  await claimant.page.getByLabel('Организация').fill('УК «Порог»');
  await claimant.press('button', 'Найти счёт');
  // The step has an address of its own: it is read again, and gone back from, like any page.
  await claimant.page.reload();
  expect(await words(claimant)).toContain('плательщиком записаны не вы');
  await claimant.page.getByLabel('Заявкой в организацию').check({ force: true });
  await claimant.page.getByLabel('Сообщение организации').fill('Я сын');
  await claimant.press('button', 'Подключить');
  expect(await words(claimant)).toContain('Организация ответит не позже 25');
  const desk = await Visitor.arrive(browser, url, { viewport: DESKTOP });
  const { cookies } = await clerkOf(providerId);
  const session = Object.entries(cookies).map(([name, value]) => ({ name, value, url }));
  await desk.page.context().addCookies(session);
  await desk.open('/work');
  expect(await words(desk)).toContain('1 заявка на подключение');
  await desk.press('link', /^Заявки на подключение/);
  await desk.press('link', 'П***ов С. И.');
  await desk.page.getByLabel('Отказать').check({ force: true });
  await desk.press('button', 'Отправить решение');
  expect(await words(desk)).toContain('Напишите, почему отказано');
  await desk.page.getByLabel('Причина отказа').selectOption('need_document');
  await desk.press('button', 'Отправить решение');
  expect(await words(desk)).toContain('Открытых заявок нет');
  await desk.open(`/work/houses/${houseId}/accounts/${accountId}`);
  await desk.press('link', 'Сделать код');
  await desk.press('button', 'Показать код на экране');
  expect(await words(desk)).toContain('Выберите, для чего');
  await desk.page.getByLabel('Просьба жителя').check({ force: true });
  await desk.press('button', 'Показать код на экране');
  const given = CODE.exec(await words(desk))![0];
  await desk.leave();
  await claimant.open('/accounts');
  expect(await words(claimant)).toMatch(/нужен документ\. .* попросите одноразовый код/);
  await claimant.open('/why/account');
  await claimant.press('link', 'Написать обращение об этом');
  expect(await claimant.page.getByLabel('Текст обращения').inputValue()).toContain('№ ЛС-ПОРОГ');
  await claimant.open('/accounts');
  await claimant.press('link', 'Подключить ещё раз');
  await claimant.press('button', 'Найти счёт');
  await claimant.page.getByLabel('Одноразовым кодом').check({ force: true });
  await claimant.page.getByLabel('Одноразовый код', { exact: true }).fill(given);
  await claimant.press('button', 'Подключить');
  await claimant.open('/accounts');
  expect(await words(claimant)).not.toContain('Отказано');
  await claimant.leave();
  await owner.open('/settings/views');
  expect(await words(owner)).toContain('Просьба жителя');
  await owner.leave();
}, 120_000);
