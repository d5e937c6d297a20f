import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, importGar, searchAddresses } from '../../src/modules/addresses/index.ts';
import { upsertPremises } from '../../src/modules/houses/index.ts';
import type { HouseId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { buildHouse } from '../support/rows.ts';
import { Visitor } from '../support/visitor.ts';

const NUMBER = `77${'0'.repeat(22)}7-00001`;
const CADASTRAL = '77:02:0021003:1045';
const OF_A_FLAT = '77:02:0021003:9001';
/** Of two streets alone: the rest of the set has the code of the whole city. */
const OKTMO = '45348000';

let application: TestApplication;
let browser: Browser;
let house: Address;
let other: Address;
let houseId: HouseId;
beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { context } = application;
  await importGar(context, 'data/gar/demo-77');
  house = (await searchAddresses(context.db, 'петровско разумовский 12')).houses[0]!;
  other = (await searchAddresses(context.db, 'милашенкова 4')).houses[0]!;
  houseId = await buildHouse(context, { fiasGuid: house.guid, uniqueNumber: NUMBER, cadastralNumber: CADASTRAL });
  const flat = { category: 'residential' as const, number: '1', cadastralNumber: OF_A_FLAT };
  await upsertPremises(context.db, houseId, [flat], context.clock());
  // A house whose address the register does not have: it cannot be chosen.
  await buildHouse(context, { cadastralNumber: '77:02:0021003:4040' });
  for (const { path } of [house, other])
    await context.db
      .updateTable('address_object')
      .set({ oktmo: OKTMO })
      .where('guid', '=', path.at(-1)!.guid)
      .execute();
}, 120_000);
afterAll(() => browser?.close());

describe('«Классификационный код» without script', () => {
  const ask = async (code: string) => {
    const client = application.client();
    await client.get('/addresses/choose?return_to=/help');
    const page = await client.submit('/addresses/choose', { code });
    return { client, html: page.html, words: page.html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ') };
  };

  test.each([
    ['of a flat', OF_A_FLAT],
    ['of a house that the register does not have', '77:02:0021003:4040'],
    ['of nothing', '00000000-0000-4000-8000-000000000000'],
    ['that is an ОКТМО of nothing', '99999999'],
  ])('a code %s is named as unknown, at the top and beside the field', async (_what, code) => {
    const { html, words } = await ask(`${code} ${NUMBER}`);
    expect(words).toContain(`Нет дома или улицы с кодом ${code}. Впишите код полностью.`);
    expect(html).toMatch(/class="error-summary".*Нет дома или улицы/s);
    expect(words).toContain('Выбрать');
  });

  test('the hint says what may be entered', async () => {
    const { words } = await ask('');
    expect(words).toContain('Код дома по ФИАС (ГАР), кадастровый номер дома, код дома в ГИС ЖКХ');
  });

  test.each(['ФИАС', 'ГИС ЖКХ', 'cadastre', 'our id'])('the house is found by its code: %s', async (which) => {
    const code = { ФИАС: house.guid, 'ГИС ЖКХ': NUMBER, cadastre: CADASTRAL, 'our id': `{${houseId.toUpperCase()}}` }[
      which
    ]!;
    const { client, words } = await ask(code);
    expect(words).not.toContain('Нет дома');
    expect(words).toContain(house.full);
    const form = /formaction="([^"]+)"/.exec(client.current!.html)![1]!;
    expect(form).toBe('/addresses/chosen');
    const chosen = await client.get(`${form}?house=${house.guid}&return_to=/help`);
    expect(chosen.url).toBe(`${application.url}/help?address=${house.guid}`);
  });

  test('several codes of one house are one house; of two houses they are a choice', async () => {
    expect((await ask(`${NUMBER}; ${CADASTRAL}, ${house.guid}`)).words).toContain(`Адрес: ${house.full}`);
    const { client, words } = await ask(`${NUMBER}, ${other.guid}`);
    expect(words).toContain('нашлось несколько домов');
    const page = await client.get(`/addresses/choose?house=${other.guid}`);
    expect(page.html).toContain(other.full);
  });

  test.each([OKTMO, `${OKTMO}000`])('an ОКТМО of two streets (%s) offers both, and leads to one', async (oktmo) => {
    const { client, html, words } = await ask(oktmo);
    expect(words).toContain('нашлось несколько мест');
    const links = [...html.matchAll(/href="(\/addresses\/choose\?[^"]*place=[^"]*)"/g)].map(([, href]) =>
      href!.replaceAll('&amp;', '&'),
    );
    expect(links).toHaveLength(2);
    const page = await client.get(links[0]!);
    expect(page.html).toMatch(/<select[^>]*name="house"(?![^>]*disabled)/);
  });

  test('an ОКТМО of one place chooses it', async () => {
    const { html, words } = await ask('45000000');
    expect(words).not.toContain('Нет дома');
    expect(words).not.toContain('несколько');
    expect(html).toMatch(/<select[^>]*name="street"(?![^>]*disabled)/);
  });
});

test('with script: a typed code is answered by the page, also when a level is chosen after it', async () => {
  const visitor = await Visitor.arrive(browser, application.url);
  const { page } = visitor;
  await visitor.open('/addresses/choose');
  await page.getByLabel('Классификационный код').fill(NUMBER);
  await visitor.press('button', 'Дальше');
  expect(await page.getByText(house.full).count()).toBeGreaterThan(0);
  expect(await page.getByLabel('Индекс').inputValue()).toBe('127220');
  await page.getByRole('button', { name: 'Выбрать' }).waitFor();

  await visitor.open('/addresses/choose');
  await page.getByLabel('Классификационный код').fill(OKTMO);
  await Promise.all([page.waitForEvent('load'), page.getByLabel('Субъект РФ').selectOption({ label: 'г. Москва' })]);
  await visitor.look();
  expect(await page.getByText('нашлось несколько мест').count()).toBe(1);
  await visitor.press('link', /Милашенкова/);
  const houses = page.getByLabel('Номер здания');
  await houses.selectOption({ label: other.house });
  await expect.poll(() => page.getByRole('button', { name: 'Выбрать' }).count()).toBe(1);
  await visitor.look();
});
