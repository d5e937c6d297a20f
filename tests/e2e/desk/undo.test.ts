import { writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { organisation } from '../../../sandbox/organisations.ts';
import { insertPower, upsertOrganisation, upsertRequisite } from '../../../src/modules/organisations/index.ts';
import { HEADS, LINES } from '../../../src/modules/uploads/layouts/bills.ts';
import { testPath, xlsxOf } from '../../../src/modules/uploads/test-workbooks.ts';
import type { AccountId, HouseId, OrganisationId, PersonId } from '../../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { buildAccount, buildHouse, buildLink } from '../../support/rows.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

const SHOP = { shopId: '980001', secretKey: 'test_secret', name: 'УК' };
const BANK = { bik: '044525225', bankAccount: '40702810438000060473' };
const SOON = { timeout: 30_000 };

let application: TestApplication;
let browser: Browser;
let organisationId: OrganisationId;
let houseId: HouseId;
let accountId: AccountId;
beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication({ shops: [SHOP] }), launchBrowser()]);
  const { context } = application;
  const { ogrn, inn, kpp, fullName, shortName } = organisation('dubravushka');
  const card = { ogrn, inn, kpp: kpp ?? '', kind: 'legal', full_name: fullName, short_name: shortName } as const;
  organisationId = await upsertOrganisation(context.db, card, context.now);
  await insertPower(context.db, organisationId, '1', '77');
  await upsertRequisite(context.db, { organisationId, ...BANK });
  houseId = await buildHouse(context, { managerId: organisationId });
  accountId = await buildAccount(context, { houseId, providerId: organisationId, number: 'ЛС-17' });
}, 120_000);
afterAll(() => browser?.close());

test('a wrong upload: a clerk applies it, a resident sees the bill, the head takes it back, the resident is told', async () => {
  const { context, url } = application;
  const clerk = await Visitor.arrive(browser, url);
  await clerk.open('/');
  await clerk.signIn('zayavkina', 'ООО «УК „Дубравушка“»');
  await clerk.open('/work/uploads/new?kind=bills');
  const path = await testPath('пд.xlsx');
  await writeFile(
    path,
    await xlsxOf(
      [HEADS, [{ account: 'ЛС-17', document: 'К-1', period: '10.2026', ...BANK }]],
      [LINES, [{ document: 'К-1', service: 'Отопление', payable: '99143,45' }]],
    ),
  );
  await clerk.page.locator('input[type=file]').setInputFiles(path);
  // Pages that wait reload by themselves: they are looked at when they have come to their end.
  await clerk.page.getByRole('button', { name: 'Проверить файл' }).click();
  await clerk.page.getByRole('button', { name: 'Загрузить', exact: true }).waitFor(SOON);
  await clerk.page.getByRole('button', { name: 'Загрузить', exact: true }).click();
  await clerk.page.getByText('Загружено: 1').first().waitFor(SOON);
  expect(await clerk.page.getByRole('link', { name: 'Отменить загрузку' }).count()).toBe(0);
  const upload = new URL(clerk.page.url()).pathname;

  const resident = await Visitor.arrive(browser, url);
  await resident.open('/');
  await resident.signIn('domovitova');
  const { rows } = await sql<{
    id: PersonId;
  }>`select person_id as id from person where family_name = 'Домовитова-Двухквартирная'`.execute(context.db);
  await buildLink(context, { personId: rows[0]!.id, houseId, accountId, providerId: organisationId });
  await resident.open('/bills');
  await resident.press('link', /октябрь 2026/);
  expect(await resident.page.getByText(/99\s143,45/).count()).toBeGreaterThan(0);
  const bill = new URL(resident.page.url()).pathname;

  const head = await Visitor.arrive(browser, url, { viewport: DESKTOP });
  await head.signIn('upravlyaev', 'ООО «УК „Дубравушка“»');
  await head.open(upload);
  await head.press('link', 'Отменить загрузку');
  await head.page.getByRole('button', { name: 'Проверить' }).click();
  await head.page.getByLabel(/Почему загрузка отменяется/).waitFor(SOON);
  await head.look();
  await head.press('button', 'Отменить загрузку');
  expect(await head.page.getByText(/Жители это прочтут/).count()).toBeGreaterThan(0);
  await head.page.getByLabel(/Почему загрузка отменяется/).fill('В файле сумма за весь год вместо месяца');
  await head.page.getByText(/Да, отменить 1\s?квитанцию на 99\s143,45/).click();
  await head.page.getByRole('button', { name: 'Отменить загрузку' }).click();
  await head.page.getByText('Загрузка отменена целиком').waitFor(SOON);
  await head.look();

  await resident.open(bill);
  expect(await resident.page.getByText('Квитанция отменена организацией').count()).toBe(1);
  expect(await resident.page.getByText('В файле сумма за весь год вместо месяца').count()).toBe(1);
  const letters = () =>
    context.db
      .selectFrom('mail_message')
      .select('subject')
      .where('person_id', '=', rows[0]!.id)
      .where('kind', '=', 'bill_withdrawn')
      .execute();
  await expect.poll(letters, SOON).toEqual([{ subject: 'Квитанция отменена, платить по ней не нужно' }]);
  await Promise.all([clerk.leave(), resident.leave(), head.leave()]);
}, 120_000);
