import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { organisation } from '../../../sandbox/organisations.ts';
import { submitReadings, summariseHouse } from '../../../src/modules/meters/index.ts';
import { insertPower, upsertOrganisation } from '../../../src/modules/organisations/index.ts';
import { newId, type OrganisationId } from '../../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { buildMeterWorld, type MeterWorld } from '../../support/meter-world.ts';
import { actorOf } from '../../support/rows.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

const card = organisation('dubravushka');
let application: TestApplication;
let browser: Browser;
let manager: OrganisationId;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { context } = application;
  context.now = new Date('2026-11-18T09:00:00Z');
  manager = await upsertOrganisation(
    context.db,
    {
      ogrn: card.ogrn,
      inn: card.inn,
      kpp: card.kpp ?? '',
      kind: 'legal',
      full_name: card.fullName,
      short_name: card.shortName,
    },
    context.now,
  );
  await insertPower(context.db, manager, '1', '77');
}, 120_000);
afterAll(() => browser?.close());

/** A house where a resident has sent one value and another device is silent. */
async function aHouse(): Promise<MeterWorld> {
  const { context } = application;
  const world = await buildMeterWorld(context, { manager });
  await submitReadings(
    context,
    actorOf(world.personId),
    [{ houseId: world.houseId, meterId: world.cold, resource: '1', t1: '110', t2: null, t3: null, confirmed: [] }],
    newId<never>() as string,
  );
  await summariseHouse(context, world.houseId);
  return world;
}

describe.each([
  ['at a desk', 'upravlyaev', { viewport: DESKTOP }],
  ['on a phone, without script', 'zayavkina', { viewport: PHONE, javaScriptEnabled: false }],
] as const)('a clerk %s', (_name, login, options) => {
  test('takes values by phone, decides, replaces a device, and gives billing its file', async () => {
    const world = await aHouse();
    const path = `/work/meters/${world.houseId}`;
    const clerk = await Visitor.arrive(browser, application.url, options);
    const { page } = clerk;
    // axe needs script in the page.
    if (login === 'zayavkina') clerk.look = async () => undefined;
    const main = page.locator('main');
    await clerk.signIn(login, card.shortName);

    await clerk.open('/work/meters');
    expect(await main.textContent()).toContain('1 из 3 за ноябрь');

    await clerk.open(`${path}?search=7`);
    await page
      .getByLabel(/^Новое показание, кв\.\s7/)
      .nth(1)
      .fill('40');
    await clerk.press('button', 'Сохранить показания');
    expect(await main.textContent()).toContain('меньше прошлого');
    await page.locator('label', { hasText: 'Да, показание верное' }).click();
    await clerk.press('button', 'Сохранить показания');
    expect(await main.textContent()).toContain('Сохранено 1 показание');

    await clerk.press('link', 'Ждут решения');
    await page.getByText('Отклонить…').first().click();
    await clerk.look();
    await page.getByLabel('Почему отклонено и что сделать жителю').fill('На фото 101: передайте ещё раз');
    await clerk.press('button', 'Отклонить показание');
    expect(await main.textContent()).toContain('Решать нечего');

    await clerk.open(`${path}/${world.cold}`);
    expect(await main.textContent()).toContain('На фото 101: передайте ещё раз');
    await clerk.press('link', 'Заменить прибор');
    await clerk.press('button', 'Заменить прибор');
    expect(await page.getByRole('alert').or(page.locator('.error-summary')).first().textContent()).toContain(
      'Выберите причину',
    );
    await page.getByLabel('Причина').selectOption('1');
    await page.getByLabel('Заводской номер').fill(`Н-${world.cold.slice(-6)}`);
    await page.getByLabel('Холодная вода').first().fill('112');
    await page.getByLabel('Холодная вода').last().fill('0');
    await clerk.press('button', 'Заменить прибор');
    expect(await main.textContent()).toContain('Поставлен на место другого прибора');

    for (const list of ['missing', 'due', 'waiting', 'window']) await clerk.open(`/work/meters/${list}`);
    await clerk.open(`/work/meters/missing?house=${world.houseId}`);
    for (const tab of ['balance', 'new']) await clerk.open(`${path}/${tab}`);
    await clerk.open('/work/meters/export');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Скачать файл' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('Показания 2026-11.csv');
    await clerk.leave();
  }, 120_000);
});
