import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PHOTO_LIMIT, PHOTO_TOO_LARGE } from '../../../src/platform/files/photo.ts';
import type { TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { startWithDemo } from '../../support/demo.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
beforeAll(async () => {
  [application, browser] = await Promise.all([startWithDemo(), launchBrowser()]);
}, 180_000);
afterAll(() => browser?.close());

/** A device of the demo district, whose window is open: its card on the form by the words of its legend. */
const dial = (visitor: Visitor, name: RegExp) => visitor.page.locator('fieldset').filter({ hasText: name }).first();

describe('a resident on a phone', () => {
  test('sends readings of two homes, is asked about an odd one, adds a photo, and finds all of it in the history', async () => {
    const visitor = await Visitor.arrive(browser, application.url);
    const { page } = visitor;
    await visitor.signIn('domovitova');
    await visitor.open('/');
    await visitor.press('link', 'Передать показания приборов учета');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Внесение текущих показаний по приборам учета',
    );
    // Consumption and price while one types.
    const hot = dial(visitor, /Горячая вода/);
    const previous = /Прошлое показание ([\d\s]+(?:,\d+)?)/.exec((await hot.textContent()) ?? '')![1]!;
    const next = Number(previous.replace(/\s/g, '').replace(',', '.')) + 2;
    await hot.getByLabel('Новое показание').fill(String(next).replace('.', ','));
    await expect
      .poll(() => hot.locator('output').textContent())
      .toMatch(/^Расход 2\sм³, примерно [\d\s]+,\d\d\s₽ по тарифу за октябрь\s2026$/);
    // A dial that stood at 99 998: it has gone past its end.
    const cold = dial(visitor, /Холодная вода/);
    await cold.getByLabel('Новое показание').fill('3,2');
    await cold.getByText('Приложить фото прибора').click();
    await cold.getByLabel('Фото прибора').setInputFiles({
      name: 'dial.jpg',
      mimeType: 'image/jpeg',
      buffer: await sharp({ create: { width: 64, height: 48, channels: 3, background: '#556677' } })
        .jpeg()
        .toBuffer(),
    });
    await visitor.press('button', 'Сохранить');
    expect(await page.getByText('Показания переданы').count()).toBe(1);
    const asked = dial(visitor, /Холодная вода/);
    expect(await asked.getByLabel('Новое показание').inputValue()).toBe('3,2');
    await asked.getByText('Да, счётчик прошёл через ноль').click();
    await visitor.press('button', 'Сохранить');
    expect(page.url()).toContain('/readings?saved=');
    expect(await page.getByText(/будет учтено в квитанции за ноябрь/).count()).toBeGreaterThan(0);
    await visitor.open('/meters');
    await page
      .getByRole('link', { name: /Холодная вода/ })
      .first()
      .click();
    await page.waitForURL('**/meters/*/*');
    await visitor.look();
    expect(await page.getByRole('link', { name: 'Фото прибора' }).count()).toBe(1);
    await expect
      .poll(() => page.locator('.photo img').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(64);
    await visitor.press('link', 'Дальше');
    await visitor.leave();
  }, 180_000);

  test('is told of a photo that is too large before anything is sent', async () => {
    const visitor = await Visitor.arrive(browser, application.url);
    await visitor.signIn('kvartirosyomova');
    await visitor.open('/readings');
    const field = visitor.page.locator('details:has(input[type=file])').first();
    await field.locator('summary').click();
    const choose = (size: number) =>
      field
        .locator('input[type=file]')
        .setInputFiles({ name: 'dial.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(size) });
    const chosen = () => field.locator('input[type=file]').evaluate((input: HTMLInputElement) => input.files?.length);
    await choose(PHOTO_LIMIT + 1);
    expect(await field.getByRole('alert').textContent()).toBe(PHOTO_TOO_LARGE);
    expect(await chosen()).toBe(0);
    await visitor.look();
    await choose(PHOTO_LIMIT);
    expect(await field.getByRole('alert').count()).toBe(0);
    expect(await chosen()).toBe(1);
    await visitor.leave();
  }, 60_000);

  test.each(['dark', 'light'] as const)(
    'every page of meters, in %s and in the low-vision version',
    async (colorScheme) => {
      const visitor = await Visitor.arrive(browser, application.url, { colorScheme, viewport: DESKTOP });
      await visitor.signIn('kvartirosyomova');
      if (colorScheme === 'light')
        await visitor.page
          .context()
          .addCookies([{ name: 'vision', value: '200.white-on-black.wide.on.sans', url: application.url }]);
      for (const path of ['/readings', '/meters']) await visitor.open(path);
      const links = await visitor.page
        .locator('main a[href^="/meters/"]')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
      for (const link of new Set(links)) await visitor.open(link);
      await visitor.leave();
    },
    180_000,
  );

  test('prints the year of a home: charts stay with their headings, each number once', async () => {
    const visitor = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
    const { page } = visitor;
    await visitor.signIn('domovitova');
    await visitor.open('/statistics');
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.getByRole('button', { name: 'Распечатать' }).click();
    expect(await page.locator('body[data-printed]').count()).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Распечатать' }).isVisible()).toBe(false);
    const card = page.locator('.card').filter({ hasText: 'Холодная вода' });
    expect(await card.locator('svg').first().isVisible()).toBe(true);
    expect(await card.getByRole('table').count()).toBe(1);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThan(8);
    await visitor.leave();
  }, 60_000);

  test('without accounts the pages say what to do', async () => {
    const visitor = await Visitor.arrive(browser, application.url);
    await visitor.signIn('pervovhodov');
    for (const path of ['/readings', '/meters']) await visitor.open(path);
    expect(await visitor.page.getByRole('link', { name: 'Подключить лицевой счёт' }).count()).toBe(1);
    await visitor.leave();
  }, 60_000);
});

describe('a resident without script', () => {
  test('sends a reading, is asked, confirms, and sees consumption and price after saving', async () => {
    const visitor = await Visitor.arrive(browser, application.url, { javaScriptEnabled: false });
    const { page } = visitor;
    await visitor.signIn('domovitova');
    await page.goto(`${application.url}/readings`);
    const own = page.locator('fieldset').filter({ hasText: 'Электроэнергия' }).first();
    await own.getByLabel('Т1, новое показание').fill('6 200');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    expect(await page.getByRole('link', { name: /Электроэнергия.*укажите показание Т2/ }).count()).toBe(1);
    expect(await own.getByLabel('Т1, новое показание').inputValue()).toBe('6 200');
    await own.getByLabel('Т2, новое показание').fill('9999');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await own.getByText('Да, всё верно').click();
    await page.getByRole('button', { name: 'Сохранить' }).click();
    expect(page.url()).toContain('/readings?saved=');
    expect(await own.textContent()).toMatch(
      /За ноябрь передано.*Расход [\d\s]+(,\d+)?\sкВт·ч, примерно [\d\s]+,\d\d\s₽ по тарифу/,
    );
    await visitor.leave();
  }, 120_000);
});
