import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { startSite } from './site.tsx';

const AXE = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };

let site: Awaited<ReturnType<typeof startSite>>;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function open(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    await page.goto(site.origin + path);
    await look(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Rules broken on the page, each with the first place. */
async function violations(page: Page): Promise<string[]> {
  // By the debugger: the page's own policy lets no script in from outside.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations: found } = await axe.run(document, { rules: { 'target-size': { enabled: true } } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html.slice(0, 160)}`);
  });
}
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const VISIONS = [
  '150.black-on-white.normal.on.serif',
  '200.white-on-black.wide.on.sans',
  '200.blue.very-wide.off.sans',
];
const VIEWS: [string, string, BrowserContextOptions][] = [
  ['home, phone', '/', { viewport: PHONE }],
  ['home, desktop, dark', '/', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['design, phone, dark', '/design', { viewport: PHONE, colorScheme: 'dark' }],
  ['design, desktop', '/design', { viewport: DESKTOP }],
  ['design, acting for an organisation, narrowest', '/design?acting=1', { viewport: { width: 320, height: 600 } }],
  ['home, high contrast', '/', { viewport: DESKTOP, contrast: 'more', forcedColors: 'active' }],
  ...VISIONS.flatMap((vision): [string, string, BrowserContextOptions][] => [
    [`home ${vision}, phone`, `/?vision=${vision}`, { viewport: PHONE }],
    [`design ${vision}, desktop`, `/design?vision=${vision}`, { viewport: DESKTOP }],
  ]),
];

test.each(VIEWS)('accessible and without a sideways scroll: %s', async (_name, path, options) => {
  await open(path, options, async (page) => {
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('h1').count()).toBe(1);
  });
});

test('a first visit stays within its weight', async () => {
  const html = await (await fetch(`${site.origin}/`)).text();
  const names = Array.from(html.matchAll(/(?:src|href)="(\/assets\/[\w.-]+\.(?:js|css))"/g), (match) => match[1]!);
  // No page has all of them: files are sent where an address is not looked for.
  const without = (element: string) =>
    [...site.files].filter(([name]) => name.endsWith('.js') && !name.includes(element));
  const weight = (content: string | Uint8Array) => gzipSync(content).length;
  const total = weight(html) + names.reduce((sum, name) => sum + weight(site.files.get(name)!), 0);
  expect(names).toContain('/assets/styles.css');
  expect(total).toBeLessThan(30 * 1024);
  for (const scripts of [without('file-upload'), without('address-')])
    expect(scripts.reduce((sum, [, content]) => sum + content.length, 0)).toBeLessThan(10 * 1024);
});

describe('by keyboard', () => {
  test('the first key leads to the content, the second to the low-vision version', async () => {
    await open('/', { viewport: DESKTOP }, async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Перейти к содержанию');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Версия для слабовидящих');
    });
  });

  test('a list of the menu bar opens by a key, and by pointer', async () => {
    await open('/', { viewport: DESKTOP }, async (page) => {
      const history = page.getByRole('link', { name: 'История платежей' });
      expect(await history.isVisible()).toBe(false);
      await page.locator('.menu__opener summary').press('Enter');
      expect(await history.isVisible()).toBe(true);
      await page.locator('.menu__opener summary').press('Enter');
      expect(await history.isVisible()).toBe(false);
      await page.getByRole('link', { name: 'Оплата ЖКУ', exact: true }).hover();
      expect(await history.isVisible()).toBe(true);
    });
  });

  test('an address is chosen among the hints by arrows; hints are text', async () => {
    await open('/design', { viewport: DESKTOP }, async (page) => {
      const line = page.getByRole('combobox', { name: 'Адрес', exact: true }).first();
      await line.fill('руст');
      const option = page.getByRole('option', { name: '<b>ул. Руставели</b>, д. 1' });
      await option.waitFor();
      expect(await violations(page)).toEqual([]);
      await line.press('ArrowDown');
      await line.press('ArrowDown');
      expect(await option.getAttribute('aria-selected')).toBe('true');
      await line.press('Enter');
      expect(await line.inputValue()).toBe('<b>ул. Руставели</b>, д. 1');
      expect(await page.locator('input[type=hidden][name=address]').inputValue()).toBe('b');
    });
  });

  test('a window opens, is accessible and closes', async () => {
    await open('/design', { viewport: PHONE }, async (page) => {
      await page.getByRole('link', { name: 'Отправить обращение', exact: true }).press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Отправить обращение?' });
      expect(await dialog.isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await dialog.isVisible()).toBe(false);
    });
  });
});

describe('without script', () => {
  const options = { viewport: PHONE, javaScriptEnabled: false };
  test('the errors have the focus, «Ещё» opens, the window is a link, nothing offers to copy', async () => {
    await open('/design', options, async (page) => {
      expect(await page.locator('.error-summary:focus').count()).toBe(1);
      await page.getByText('Ещё', { exact: true }).click();
      expect(await page.locator('.bottom-bar__list').getByRole('link', { name: 'Форум' }).isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'Отправить обращение', exact: true }).getAttribute('href')).toBe(
        '#dialogs',
      );
      expect(await page.getByRole('button', { name: /Копировать/ }).count()).toBe(0);
    });
  });
});

test('on a phone the sum, the date and the button are seen without scrolling', async () => {
  await open('/', { viewport: PHONE }, async (page) => {
    const bar = await page.locator('.bottom-bar').boundingBox();
    for (const part of ['.sum__value', '.sum__note', '.sum__action .button--primary']) {
      const box = await page.locator(part).boundingBox();
      expect(box!.y + box!.height, part).toBeLessThan(bar!.y);
    }
  });
});

test('a second sending of a guarded form is stopped', async () => {
  await open('/design', { viewport: DESKTOP }, async (page) => {
    const prevented = await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>('submit-once form')!;
      return [1, 2].map(() => {
        const sending = new SubmitEvent('submit', { bubbles: true, cancelable: true });
        form.dispatchEvent(sending);
        return sending.defaultPrevented;
      });
    });
    expect(prevented).toEqual([false, true]);
  });
});

test('prints without the frame and with the numbers of the charts', async () => {
  await open('/design', { viewport: DESKTOP }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    for (const frame of ['.menu', '.bottom-bar', '.breadcrumbs', '.header__vision'])
      expect(await page.locator(frame).isVisible(), frame).toBe(false);
    expect(await page.locator('.chart__numbers table').first().isVisible()).toBe(true);
    expect(await page.getByText('Демонстрационные данные').isVisible()).toBe(true);
  });
});
