import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobKinds } from '../../../src/jobs.ts';
import { newId } from '../../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { buildAccount, buildEmployee, buildHouse, buildLink, buildOrganisation, signIn } from '../../support/rows.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
}, 120_000);
afterAll(() => browser?.close());

const rowOf = (familyName: string) =>
  application.context.db
    .selectFrom('person')
    .select('person_id')
    .where('family_name', '=', familyName)
    .executeTakeFirstOrThrow();

describe.each([
  ['at a desk', 'pervovhodov', 'Первовходов', { viewport: DESKTOP }],
  ['on a phone, without script', 'kvartirosyomova', 'Квартиросъёмова', { viewport: PHONE, javaScriptEnabled: false }],
] as const)('a resident %s', (_, login, familyName, options) => {
  test('sees who looked, takes an archive of everything, and is forgotten', async () => {
    const { context, app, url } = application;
    const resident = await Visitor.arrive(browser, url, options);
    const { page } = resident;
    // axe needs script in the page.
    if ('javaScriptEnabled' in options) resident.look = async () => undefined;
    const main = page.locator('main');
    await resident.signIn(login);
    const { person_id: personId } = await rowOf(familyName);
    const providerId = await buildOrganisation(context, { short_name: 'УК «Двор»' });
    const houseId = await buildHouse(context);
    const accountId = await buildAccount(context, { houseId, providerId });
    await buildLink(context, { personId, houseId, accountId, providerId });
    const clerkId = await buildEmployee(context, providerId);
    for (const text of await context.db.selectFrom('legal_text').select(['kind', 'version']).execute())
      await context.db
        .insertInto('acceptance')
        .values({
          ...text,
          person_id: clerkId,
          acceptance_id: newId() as string,
          organisation_id: providerId,
          accepted_at: context.now,
          way: 'test',
        })
        .execute();
    const clerk = await signIn(context, app, clerkId, providerId);
    const account = `/work/houses/${houseId}/accounts/${accountId}`;
    const answer = await clerk.post(`${account}/disclose`, { purpose: 'charges', note: 'звонок' });
    expect(answer.headers.location).toBe(account);

    await resident.open('/settings');
    await resident.press('link', 'Кто смотрел мои данные');
    for (const words of ['Служащая', 'УК «Двор»', 'Проверка начислений: звонок'])
      expect(await main.textContent()).toContain(words);
    await resident.open('/settings/consents');
    await resident.press('link', 'Отозвать');
    await resident.press('link', 'Не отзывать');

    await resident.open('/settings/export');
    await resident.press('button', 'Заказать архив');
    expect(await main.textContent()).toContain('Архив готовится');
    const { export_id: exportId } = await context.db
      .selectFrom('data_export')
      .select('export_id')
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    await jobKinds
      .find(({ name }) => name === 'personal_data.export')!
      .run(context, { personId, exportId }, context.log);
    await resident.open('/settings/export');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Скачать архив/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^Мои данные \d{4}-\d\d-\d\d\.zip$/);

    await resident.open('/settings/delete');
    await resident.press('button', 'Удалить мои данные');
    expect(await main.textContent()).toContain('Напишите слово УДАЛИТЬ');
    await page.getByLabel('Напишите слово УДАЛИТЬ').fill('удалить');
    await resident.press('button', 'Удалить мои данные');
    expect(page.url()).toBe(`${url}/goodbye`);
    await jobKinds.find(({ name }) => name === 'personal_data.erase')!.run(context, { personId }, context.log);
    await resident.signIn(login);
    expect((await rowOf(familyName)).person_id).not.toBe(personId);
    await resident.leave();
  }, 60_000);
});
