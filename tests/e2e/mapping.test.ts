import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { organisation } from '../../sandbox/organisations.ts';
import { insertPower, upsertOrganisation } from '../../src/modules/organisations/index.ts';
import { testPath, xlsxOfRows } from '../../src/modules/uploads/test-workbooks.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { Visitor } from '../support/visitor.ts';

const UPLOADS = { timeout: 60_000, interval: 300 };
const card = organisation('dubravushka');

let application: TestApplication;
let browser: Browser;
beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication({ shops: [] }), launchBrowser()]);
  const organisationId = await upsertOrganisation(
    application.context.db,
    {
      ogrn: card.ogrn,
      inn: card.inn,
      kpp: card.kpp ?? '',
      kind: 'legal',
      full_name: card.fullName,
      short_name: card.shortName,
    },
    application.context.now,
  );
  await insertPower(application.context.db, organisationId, '1', '77');
}, 120_000);
afterAll(() => browser?.close());

test('a table whose headings nobody knows is read after two questions', async () => {
  const head = await Visitor.arrive(browser, application.url);
  const { page } = head;
  await head.open('/');
  await head.signIn('upravlyaev', card.shortName);
  const path = await testPath('contacts.xlsx');
  const rows = [
    ['Выгрузка контактов', null],
    ['Код государственный', 'Куда звонить жителям'],
    [card.ogrn, '+7 495 123-45-67'],
  ];
  await writeFile(path, await xlsxOfRows({ name: 'Лист1', rows }));
  await head.open('/work/uploads/new?kind=organisation');
  await page.locator('input[type=file]').setInputFiles(path);
  await head.press('button', 'Проверить файл');

  const ask = page.getByRole('link', { name: 'Указать столбцы' });
  await ask.waitFor(UPLOADS);
  await head.press('link', 'Указать столбцы');
  await page.getByLabel('Заголовки стоят в строке').selectOption('2');
  await head.press('button', 'Запомнить и прочитать файл');
  await ask.waitFor(UPLOADS);
  await head.press('link', 'Указать столбцы');
  await page.getByLabel('A: Код государственный').selectOption({ label: 'ОГРН/ОГРНИП' });
  await page.getByLabel('B: Куда звонить жителям').selectOption({ label: 'Телефон' });
  await head.press('button', 'Запомнить и прочитать файл');
  await page.getByRole('button', { name: 'Загрузить', exact: true }).waitFor(UPLOADS);
  await head.look();
  expect(await page.locator('main').textContent()).toContain('+7 495 123-45-67');
  await head.leave();
}, 120_000);
