import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDebt, buildRecipient, buildResident, type Recipient } from '../../src/modules/payments/test-rows.ts';
import { newId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { signIn } from '../support/rows.ts';
import { DESKTOP, Visitor } from '../support/visitor.ts';

const SHOPS = ['100', '200'].map((shopId) => ({ shopId, secretKey: 'secret-of-the-shop', name: `Магазин ${shopId}` }));

let application: TestApplication;
let browser: Browser;
let light: Recipient;
let water: Recipient;
let elsewhere: Recipient;

beforeAll(async () => {
  application = await startApplication({ shops: SHOPS });
  const { context } = application;
  // The worker and the bank live by the real clock.
  Object.defineProperty(context, 'now', { get: () => new Date() });
  light = await buildRecipient({ context }, { shopId: '100' });
  water = await buildRecipient({ context }, { shopId: '200' });
  elsewhere = await buildRecipient({ context });
  await buildDebt({ context }, light, 5123_45);
  await buildDebt({ context }, water, 801_00);
  await buildDebt({ context }, elsewhere, 640_20);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function arrive(options: object = {}): Promise<Visitor> {
  const { context, app, url } = application;
  const visitor = await Visitor.arrive(browser, url, options);
  const person = await buildResident({ context }, light, water, elsewhere);
  const { cookies } = await signIn(context, app, person.personId);
  const texts = await context.db.selectFrom('legal_text').selectAll().execute();
  for (const { kind, version } of texts)
    await context.db
      .insertInto('acceptance')
      .values({
        person_id: person.personId,
        acceptance_id: newId(),
        kind,
        version,
        organisation_id: null,
        accepted_at: context.now,
        way: 'test',
      })
      .execute();
  await visitor.page
    .context()
    .addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value: String(value), url })));
  return visitor;
}

/** The page changes by itself when the bank has answered. */
const until = (visitor: Visitor, text: string | RegExp) =>
  visitor.page.getByText(text).first().waitFor({ timeout: 30_000 });

describe('paying', () => {
  test('two recipients in steps on a phone: the first paid, the second refused and tried again', async () => {
    const visitor = await arrive();
    const { page } = visitor;
    await visitor.open('/pay');
    await visitor.press('button', 'Продолжить');
    expect(await page.getByText('Шаг 1 из 2').count()).toBe(1);
    await visitor.press('button', /Перейти в банк и оплатить 5/);
    await page.getByRole('button', { name: /^Оплатить/ }).click();
    await until(visitor, 'Учтено в лицевом счёте');
    await visitor.look();
    await visitor.press('button', /Перейти в банк и оплатить 801/);
    await page.getByRole('button', { name: /^Отказ/ }).click();
    await until(visitor, 'Платёж не прошёл');
    await visitor.look();
    await visitor.press('button', 'Попробовать ещё раз');
    await page.getByRole('button', { name: /^Молча/ }).click();
    await until(visitor, 'Это не кассовый чек');
    await visitor.look();
    await visitor.open('/history');
    expect(
      await page
        .locator('tbody')
        .getByText(/Учтено в лицевом счёте|Передано организации/)
        .count(),
    ).toBeGreaterThanOrEqual(2);
    await visitor.leave();
  });

  test('any account without signing in and without script', async () => {
    const visitor = await Visitor.arrive(browser, application.url, { javaScriptEnabled: false, viewport: DESKTOP });
    const { page } = visitor;
    await page.goto(`${application.url}/pay/any`);
    await page.getByLabel(/^Номер/).fill(light.number);
    await page.getByLabel(/^Организация/).fill('Свет');
    await page.getByRole('button', { name: 'Найти' }).click();
    await page.locator('.tile label').first().click();
    await page.getByRole('button', { name: 'Найти' }).click();
    await page.getByRole('textbox', { name: 'Сумма' }).first().fill('50');
    await page.getByRole('button', { name: 'Продолжить' }).click();
    await page.getByRole('button', { name: /Перейти в банк и оплатить 50/ }).click();
    await page.getByRole('button', { name: /^Оплатить/ }).click();
    await until(visitor, 'Это не кассовый чек');
    await visitor.leave();
  });
});
