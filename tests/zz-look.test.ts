import { test } from 'vitest';
import { createApp } from '../src/app.ts';
import { importGar, searchAddresses } from '../src/modules/addresses/index.ts';
import { loadRegions } from '../src/modules/classifiers/index.ts';
import { createTestContext } from './support/context.ts';
import { launchBrowser } from './support/browser.ts';
import { readFileSync } from 'node:fs';
test('look', async () => {
  const c = await createTestContext();
  await loadRegions(c.db);
  await importGar(c, 'data/gar/demo-77');
  const app = await createApp(c, { assetsFolder: '/tmp/addr-assets' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const h = (await searchAddresses(c.db, 'петровско разумовский 12')).houses[0]!;
  const browser = await launchBrowser();
  const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
  for (const [name, width, height, dark] of [['phone', 360, 740, false], ['desk', 1280, 800, false], ['dark', 1280, 800, true]] as const) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', bypassCSP: true } as never);
    for (const [n, path] of [
      ['choose0', '/addresses/choose?return_to=/appeals/new'],
      ['choose1', `/addresses/choose?house=${h.guid}&return_to=/appeals/new`],
      ['code', `/addresses/choose?code=${h.guid},123`],
      ['search', `/addresses/search?q=${encodeURIComponent('гончарова 17')}`],
      ['none', `/addresses/search?q=${encodeURIComponent('небывалая 17')}`],
      ['place', `/addresses/search?address=${h.guid}`],
    ] as const) {
      await page.goto(url + path);
      await page.screenshot({ path: `/tmp/look-${name}-${n}.png`, fullPage: true });
      await page.evaluate(axe);
      const v = await page.evaluate(async () => (await (window as any).axe.run()).violations.map((x: any) => `${x.id}: ${x.nodes.map((y: any) => y.html.slice(0, 150)).join(' | ')}`));
      if (v.length) console.log(name, n, v);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (wide) console.log(name, n, 'scrolls sideways');
    }
    // with script: choose region -> street -> house
    if (name === 'desk') {
      await page.context().clearCookies();
      await page.goto(`${url}/addresses/choose?return_to=/addresses/search`);
      await page.selectOption('select[name=region]', h.path[0]!.guid);
      await page.waitForFunction(() => !(document.querySelector('select[name=street]') as HTMLSelectElement).disabled);
      await page.selectOption('select[name=street]', h.path[1]!.guid);
      await page.waitForFunction(() => !(document.querySelector('select[name=house]') as HTMLSelectElement).disabled);
      await page.selectOption('select[name=house]', h.guid);
      await page.getByRole('button', { name: 'Выбрать' }).click();
      await page.waitForURL(/address=/);
      console.log('chosen', page.url());
      await page.goto(`${url}/addresses/search`);
      await page.locator('input[name=q]').pressSequentially('милашенкова 4');
      await page.waitForSelector('[role=option]');
      await page.screenshot({ path: '/tmp/look-hints.png' });
      await page.keyboard.press('ArrowDown'); await page.keyboard.press('Enter'); await page.keyboard.press('Enter');
      await page.waitForURL(/address=/);
      console.log('hint', decodeURIComponent(page.url()));
    }
    await page.close();
  }
  await browser.close();
  await app.close();
}, 120000);
