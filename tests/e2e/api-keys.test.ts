import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ORGANISATIONS } from '../../sandbox/organisations.ts';
import { upsertOrganisation } from '../../src/modules/organisations/index.ts';
import type { OrganisationId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { System } from '../support/system.ts';
import { DESKTOP, PHONE, Visitor } from '../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
const ids = new Map<string, OrganisationId>();

const OWN = ORGANISATIONS.find(({ ogrn }) => ogrn === '1249800000010')!;
const OTHER = ORGANISATIONS.find(({ ogrn }) => ogrn === '1249800000020')!;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { db, now } = application.context;
  for (const { key, ogrn, inn, kpp, fullName, shortName } of [OWN, OTHER]) {
    const card = { ogrn, inn, kpp: kpp ?? '', kind: 'legal' as const, full_name: fullName, short_name: shortName };
    ids.set(key, await upsertOrganisation(db, card, now));
  }
});
afterAll(() => browser?.close());

const tokenIn = (text: string): string => /dm_[\w-]{89}/.exec(text)?.[0] ?? '';
const statusOf = async (token: string) => (await new System(application.url, token).get('/api/v1/meters')).status;

test('a head makes a key, gives it to a program, and revokes it', async () => {
  const visitor = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
  const { page } = visitor;
  await visitor.signIn('upravlyaev', OWN.shortName);
  await visitor.open('/work/api-keys');
  await page.getByRole('textbox', { name: 'Название' }).fill(' ');
  await visitor.press('button', 'Выпустить ключ');
  expect(await page.getByRole('main').innerText()).toContain('Назовите ключ');
  await page.getByRole('textbox', { name: 'Название' }).fill('1С на сервере бухгалтерии');
  await page.getByRole('radio', { name: '90 дней' }).check({ force: true });
  await page.setViewportSize(PHONE);
  await visitor.press('button', 'Выпустить ключ');
  const token = tokenIn(await page.getByRole('main').innerText());
  expect(await page.getByRole('button', { name: 'Копировать ключ' }).count()).toBe(1);
  expect(await statusOf(token)).toBe(200);
  await visitor.open('/work/api-keys');
  expect(tokenIn(await page.content())).toBe('');
  await visitor.press('link', /^Отозвать/);
  await visitor.press('button', 'Отозвать ключ');
  expect(await page.getByRole('main').innerText()).toContain('Ключ отозван');
  expect(await statusOf(token)).toBe(401);
});

test('the same without script', async () => {
  const client = await application.signIn('dvoroupravlyaev', ids.get(OTHER.key)!);
  await client.get('/work/api-keys');
  await client.submit('/work/api-keys', { name: 'Сбытовая программа', term: '30' });
  const token = tokenIn(client.current!.html);
  expect(await statusOf(token)).toBe(200);
  const [, revoke] = /href="(\/work\/api-keys\/[\w-]+)"/.exec((await client.get('/work/api-keys')).html)!;
  await client.get(revoke!);
  await client.submit(`${revoke}/revoke`);
  expect(client.current!.html).toContain('Ключ отозван');
  expect(await statusOf(token)).toBe(401);
});
