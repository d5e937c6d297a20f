import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { organisation } from '../../../sandbox/organisations.ts';
import { importGar } from '../../../src/modules/addresses/index.ts';
import { insertPower, upsertOrganisation } from '../../../src/modules/organisations/index.ts';
import { activateShop, sealShopSecret } from '../../../src/modules/payments/index.ts';
import { testPath, textsOf } from '../../../src/modules/uploads/test-workbooks.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { formsOf } from '../../support/browserless.ts';
import { Visitor } from '../../support/visitor.ts';
import { accountsFile, billsFile, housesFile, organisationFile } from './workbooks.ts';

const SHOP = { shopId: '980001', secretKey: 'test_secret', name: 'УК' };
const UPLOADS = { timeout: 60_000, interval: 300 };

/** An installation on its first day: addresses, and one organisation with its powers and its shop. Nothing is published yet. */
async function openInstallation(): Promise<TestApplication> {
  const application = await startApplication({ shops: [SHOP] });
  const { context } = application;
  await importGar(context, 'data/gar/demo-77');
  const { ogrn, inn, kpp, fullName, shortName } = organisation('dubravushka');
  const organisationId = await upsertOrganisation(
    context.db,
    { ogrn, inn, kpp: kpp ?? '', kind: 'legal', full_name: fullName, short_name: shortName, region_code: '77' },
    context.now,
  );
  await insertPower(context.db, organisationId, '1', '77');
  await activateShop(
    context.db,
    {
      organisation_id: organisationId,
      shop_id: SHOP.shopId,
      mode: 'own',
      secret_sealed: sealShopSecret(context, SHOP.secretKey),
    },
    context.now,
  );
  return application;
}

const serviceIdIn = (texts: Awaited<ReturnType<typeof textsOf>>): string =>
  /\d{2}[А-Я]{2}\d{6}-\d{2}/.exec(JSON.stringify(texts))![0];

describe('with script, on a phone', () => {
  let application: TestApplication;
  let browser: Browser;
  beforeAll(async () => {
    [application, browser] = await Promise.all([openInstallation(), launchBrowser()]);
  }, 120_000);
  afterAll(() => browser?.close());

  async function upload(clerk: Visitor, kind: string, content: Buffer): Promise<void> {
    const path = await testPath(`${kind}.xlsx`);
    await writeFile(path, content);
    await clerk.open(`/work/uploads/new?kind=${kind}`);
    await clerk.page.locator('input[type=file]').setInputFiles(path);
    await clerk.press('button', 'Проверить файл');
    await clerk.page.getByRole('button', { name: 'Загрузить', exact: true }).waitFor(UPLOADS);
    await clerk.look();
    await clerk.press('button', 'Загрузить', { exact: true });
    await clerk.page.getByText('Загружено').first().waitFor(UPLOADS);
    await clerk.look();
  }

  test("from an organisation's workbook to a paid bill", async () => {
    // The card and the bank accounts are the head's; the rest is the clerk's.
    const head = await Visitor.arrive(browser, application.url);
    await head.open('/');
    await head.signIn('upravlyaev', 'ООО «УК „Дубравушка“»');
    await upload(head, 'organisation', await organisationFile());
    await head.leave();
    const clerk = await Visitor.arrive(browser, application.url);
    await clerk.open('/');
    await clerk.signIn('zayavkina', 'ООО «УК „Дубравушка“»');
    await clerk.open('/work');
    await upload(clerk, 'houses', await housesFile());
    await upload(clerk, 'accounts', await accountsFile('ЛС-00017'));
    const [answer] = await Promise.all([
      clerk.page.waitForEvent('download'),
      clerk.page
        .getByRole('link', { name: /Скачать/ })
        .first()
        .click(),
    ]);
    const serviceId = serviceIdIn(await textsOf((await answer.path())!));
    await upload(clerk, 'bills', await billsFile(serviceId));
    for (const path of ['/work', '/work/uploads', '/work/houses', '/work/claims', '/work/organisation'])
      await clerk.open(path);

    const resident = await Visitor.arrive(browser, application.url);
    const { page } = resident;
    await resident.open('/');
    await resident.signIn('pervovhodov');
    await resident.press('link', 'Подключить лицевой счет к Личному кабинету');
    await page.getByLabel('Номер из квитанции').fill(serviceId.toLowerCase());
    await resident.press('button', 'Найти счёт');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Лицевой счёт подключён');
    await resident.press('link', 'На главную');
    expect(await page.locator('main').textContent()).toMatch(/5.123,45/);
    await resident.open('/bills');
    await page.locator('main a[href^="/bills/"]').first().click();
    await page.waitForURL('**/bills/*/*');
    await resident.look();
    expect(await page.locator('main').textContent()).toContain('Отопление');

    await resident.open('/pay');
    await resident.press('button', 'Продолжить');
    await resident.goToBank();
    await page.locator('button[name="outcome"][value="success"]').click();
    await page.waitForURL(`${application.url}/**`);
    // The page asks for news by itself and shows them when they come.
    await page.getByText('Учтено в лицевом счёте').first().waitFor(UPLOADS);
    await resident.look();
    await resident.open('/history');
    expect(await page.locator('main').textContent()).toMatch(/5.123,45/);
    await resident.open('/');
    await expect
      .poll(() => page.reload().then(() => page.locator('main').textContent()), UPLOADS)
      .not.toMatch(/К оплате\s*5/);

    await clerk.open('/work/houses');
    await clerk.page.locator('main a[href^="/work/houses/"]').first().click();
    await clerk.page.waitForLoadState();
    const house = new URL(clerk.page.url()).pathname;
    await clerk.open(`${house}/accounts`);
    await clerk.press('link', 'ЛС-00017');
    await clerk.press('link', 'Начисления и оплата');
    await expect
      .poll(() => clerk.page.reload().then(() => clerk.page.locator('main').textContent()), UPLOADS)
      .toContain('Платёж через кабинет');
    await resident.leave();
    await clerk.leave();
  }, 240_000);
});

describe('without script', () => {
  test('the same path by links and forms alone; the same file again changes nothing', async () => {
    const application = await openInstallation();
    const at = (path: string) => `${application.url}${path}`;
    const arrive = async (login: string) => {
      const client = application.client();
      await client.signInAs(login);
      const { html } = client.current!;
      const capacity = formsOf(html).length > 0 ? /value="([0-9a-f-]{36})"/.exec(html)![1]! : '';
      await client.acceptTexts(capacity);
      return client;
    };
    const [head, clerk] = [await arrive('upravlyaev'), await arrive('zayavkina')];

    const upload = async (kind: string, content: Buffer, by = clerk): Promise<string> => {
      await by.get(at(`/work/uploads/new?kind=${kind}`));
      await by.submitFile('/work/uploads', 'file', { name: `${kind}.xlsx`, content });
      const page = by.current!.url;
      expect(page).toMatch(/\/work\/uploads\/[0-9a-f-]{36}$/);
      await expect.poll(async () => /Идёт обработка/.test((await by.get(page)).html), UPLOADS).toBe(false);
      return page;
    };
    const apply = async (page: string, by = clerk) => {
      await by.submit(`${new URL(page).pathname}/apply`);
      await expect.poll(async () => /Загружено/.test((await by.get(page)).html), UPLOADS).toBe(true);
    };
    await apply(await upload('organisation', await organisationFile(), head), head);
    for (const [kind, file] of [
      ['houses', housesFile()],
      ['accounts', accountsFile('ЛС-00017')],
    ] as const)
      await apply(await upload(kind, await file));
    const again = await upload('accounts', await accountsFile('ЛС-00017'));
    // Nothing is new and nothing is changed: there is nothing to load.
    expect((await clerk.get(again)).html).not.toContain('<span>Загрузить</span>');
    const accounts = await application.context.db.selectFrom('account').select('service_id').execute();
    expect(accounts).toHaveLength(1);
    const serviceId = accounts[0]!.service_id;
    await apply(await upload('bills', await billsFile(serviceId)));

    const resident = await application.signIn('pervovhodov');
    await resident.get(at('/accounts/connect'));
    await resident.submit('/accounts/connect', { number: serviceId });
    expect(resident.current!.html).toContain('Лицевой счёт подключён');
    expect((await resident.get(at('/'))).html.replace(/[\s\u00a0\u202f]/g, '')).toContain('5123,45');
    await resident.get(at('/pay'));
    await resident.submit('/pay');
    const order = resident.current!.url;
    await resident.goToBank(order);
    await resident.submit('/pay/', { outcome: 'success' });
    await expect.poll(async () => /Учтено в лицевом счёте/.test((await resident.get(order)).html), UPLOADS).toBe(true);
    expect((await resident.get(at('/history'))).html).toContain('Учтено в лицевом счёте');

    const houses = await clerk.get(at('/work/houses'));
    const house = /href="(\/work\/houses\/[0-9a-f-]{36})"/.exec(houses.html)![1]!;
    const account = /href="([^"]*\/accounts\/[0-9a-f-]{36})"[^>]*>ЛС-00017/.exec(
      (await clerk.get(at(`${house}/accounts`))).html,
    )![1]!;
    expect((await clerk.get(at(account))).html).toContain(`${account}/money`);
    await expect
      .poll(async () => (await clerk.get(at(`${account}/money`))).html, UPLOADS)
      .toContain('Платёж через кабинет');
  }, 240_000);
});
