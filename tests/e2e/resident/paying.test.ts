import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import type { Browserless } from '../../support/browserless.ts';
import { startWithDemo } from '../../support/demo.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
beforeAll(async () => {
  [application, browser] = await Promise.all([startWithDemo(), launchBrowser()]);
}, 180_000);
afterAll(() => browser?.close());

describe('a resident on a phone', () => {
  test('sees what is owed and why, pays at the bank, and finds the payment in the history and in the ledger', async () => {
    const visitor = await Visitor.arrive(browser, application.url);
    const { page } = visitor;
    await visitor.open('/');
    await visitor.signIn('kvartirosyomova');
    await visitor.open('/');
    expect(await page.getByText('К оплате', { exact: true }).count()).toBe(1);
    expect(await page.getByText('Вы являетесь нанимателем').count()).toBeGreaterThan(0);

    await visitor.open('/bills');
    await page.locator('main a[href^="/bills/"]').first().click();
    await page.waitForURL('**/bills/*/*');
    await visitor.look();

    await visitor.open('/pay');
    await visitor.press('button', 'Продолжить');
    let paid = 0;
    while ((await page.getByRole('button', { name: /^Перейти в банк/ }).count()) > 0) {
      await visitor.goToBank();
      await page.locator('button[name="outcome"][value="success"]').click();
      await page.waitForURL(`${application.url}/**`);
      paid += 1;
      await expect.poll(() => page.getByText('Учтено в лицевом счёте').count(), { timeout: 60_000 }).toBe(paid);
      await visitor.look();
    }
    await visitor.open('/history');
    await expect
      .poll(() => page.reload().then(() => page.getByText('Учтено в лицевом счёте').count()), { timeout: 60_000 })
      .toBeGreaterThan(0);
    await visitor.open('/bills');
    await page.getByRole('link', { name: 'Движение по счёту' }).first().click();
    await page.waitForURL('**/movements/**');
    await visitor.look();
    await expect
      .poll(() => page.reload().then(() => page.getByText('Платёж через кабинет').count()), { timeout: 60_000 })
      .toBeGreaterThan(0);
    await visitor.leave();
  }, 180_000);

  test('a newcomer connects an account by its number and sees the home page change', async () => {
    const visitor = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
    await visitor.open('/');
    await visitor.signIn('pervovhodov');
    await visitor.open('/');
    await visitor.press('link', 'Подключить лицевой счет к Личному кабинету');
    await visitor.page.getByLabel('Номер из квитанции').fill('нет такого');
    await visitor.press('button', 'Найти счёт');
    expect(await visitor.page.getByText('название или ИНН').count()).toBeGreaterThan(0);
    await visitor.open('/accounts');
    await visitor.leave();
  }, 120_000);

  test.each(['dark', 'light'] as const)(
    'every page a resident has, in %s and in the low-vision version',
    async (colorScheme) => {
      const visitor = await Visitor.arrive(browser, application.url, { colorScheme });
      await visitor.signIn('domovitova');
      if (colorScheme === 'light')
        await visitor.page
          .context()
          .addCookies([{ name: 'vision', value: '200.white-on-black.wide.on.sans', url: application.url }]);
      for (const path of [
        '/',
        '/bills',
        '/pay',
        '/pay/any',
        '/history',
        '/accounts',
        '/accounts/connect',
        '/settings',
        '/help',
        '/vision',
        '/agreement',
        '/licences',
      ])
        await visitor.open(path);
      await visitor.leave();
    },
    180_000,
  );
});

describe('a resident without script', () => {
  test('pays a part, is refused once by the bank, tries again and finds it in the history', async () => {
    const visitor = await application.signIn('domovitova');
    await visitor.get(`${application.url}/pay`);
    const fields = Object.fromEntries(
      Array.from(visitor.current!.html.matchAll(/name="(choose[^"]*|account[^"]*)"/g), ([, name]) => [name!, '']),
    );
    expect(Object.keys(fields).length).toBeGreaterThan(1);
    await visitor.submit('/pay');
    expect(visitor.current!.url).toContain('/pay/orders/');
    const order = visitor.current!.url;
    await payStep(visitor, order, 'decline');
    await expect
      .poll(async () => (await visitor.get(order)).html.includes('Попробовать ещё раз'), { timeout: 30_000 })
      .toBe(true);
  }, 120_000);
});

async function payStep(visitor: Browserless, order: string, outcome: string): Promise<void> {
  await visitor.goToBank(order);
  await visitor.submit('/pay/', { outcome });
}
