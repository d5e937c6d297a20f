// Pictures for the README, from a running `npm start` with its demo data: npm run screenshots [-- http://localhost:3000]
import { mkdir } from 'node:fs/promises';
import { launchBrowser } from '../tests/support/browser.ts';

const address = process.argv[2] ?? 'http://localhost:3000';
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const folder = 'docs/screenshots';
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();

async function visit(login, capacity, options, take) {
  const context = await browser.newContext({ locale: 'ru-RU', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${address}/sign-in`);
  await page.locator(`button[value="${login}"]`).click();
  await page.waitForURL(`${address}/**`);
  if (page.url().includes('/welcome')) {
    if (capacity) await page.getByLabel(`От имени: ${capacity}`).check({ force: true });
    await page.getByLabel('Принимаю условия соглашения').check({ force: true });
    await page.getByLabel('Даю согласие на обработку моих данных').check({ force: true });
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
  }
  // Whoever has more than one capacity chooses one.
  if (capacity && !page.url().includes('/work')) {
    await page.goto(`${address}/acting`);
    await page.getByLabel(`От имени: ${capacity}`).check({ force: true });
    await page.getByRole('button', { name: 'Продолжить' }).click();
  }
  await page.waitForLoadState();
  await take(page, (name, whole = false) => page.screenshot({ path: `${folder}/${name}.png`, fullPage: whole }));
  await context.close();
}

/** The form with a value typed: consumption and price stand beside it. */
async function showReadings(page, save, name) {
  await page.goto(`${address}/readings`);
  const dial = page.locator('fieldset').filter({ hasText: 'Горячая вода' }).first();
  const previous = /показание ([\d\s]+)/.exec(await dial.textContent())[1].replace(/\s/g, '');
  await dial.getByLabel('Новое показание').fill(String(Number(previous) + 3));
  await dial.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await save(name);
}

await visit('domovitova', null, PHONE, async (page, save) => {
  await page.goto(`${address}/`);
  await save('home-phone');
  await page.goto(`${address}/bills`);
  await page.locator('main a[href^="/bills/"]').first().click();
  await save('bill-phone');
  await showReadings(page, save, 'readings-phone');
});
await visit('domovitova', null, DESKTOP, async (page, save) => {
  await page.goto(`${address}/`);
  await save('home-desktop');
  await showReadings(page, save, 'readings-desktop');
});
await visit('domovitova', null, { ...PHONE, colorScheme: 'dark' }, async (page, save) => {
  await page.goto(`${address}/`);
  await save('home-dark');
});
await visit('domovitova', null, DESKTOP, async (page, save) => {
  await page.context().addCookies([{ name: 'vision', value: '150.black-on-white.normal.on.sans', url: address }]);
  await page.goto(`${address}/`);
  await save('home-vision');
});
await visit('zayavkina', 'ООО «УК „Дубравушка“»', DESKTOP, async (page, save) => {
  await page.goto(`${address}/work/uploads/new?kind=bills`);
  await save('upload-desktop');
});
await browser.close();
