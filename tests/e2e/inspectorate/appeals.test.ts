import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { organisation } from '../../../sandbox/organisations.ts';
import { projectAppeal } from '../../../src/modules/appeals/project-appeal.ts';
import { updateAppeal, updatePart } from '../../../src/modules/appeals/queries/write-appeals.ts';
import { recountDesk } from '../../../src/modules/appeals/recount-desk.ts';
import { saveAnswer } from '../../../src/modules/appeals/save-answer.ts';
import { sendAnswer } from '../../../src/modules/appeals/send-answer.ts';
import { insertPower, upsertOrganisation } from '../../../src/modules/organisations/index.ts';
import { transaction } from '../../../src/platform/database/database.ts';
import { type AppealPartId, newId, type OrganisationId } from '../../../src/platform/ids.ts';
import type { Month } from '../../../src/platform/month.ts';
import { type BuiltAppeal, buildAppeal, buildDesk } from '../../support/appeals.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

const card = organisation('inspektsiya');
let application: TestApplication;
let browser: Browser;
let inspectorate: OrganisationId;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { context } = application;
  context.now = new Date('2026-11-18T09:00:00Z');
  inspectorate = await upsertOrganisation(
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
  await insertPower(context.db, inspectorate, '4', '77');
}, 120_000);
afterAll(() => browser?.close());

/** A late appeal, a complaint on an answer, and a house that is not in the system. */
async function aTerritory(name: string) {
  const { context } = application;
  const manager = await buildDesk(context, '1', { short_name: `УК «${name}»` });
  const late = await buildAppeal(context, { addressee: manager, text: `Двор не убран, ${name}` });
  const answered = await buildAppeal(context, { addressee: manager });
  const own = { addressee: { organisationId: inspectorate, powerCode: '4' } };
  const complaint = await buildAppeal(context, { ...own, houseId: answered.houseId, topicName: `Жалоба, ${name}` });
  const missing = await buildAppeal(context, { ...own, topicCode: '10.1', topicName: 'Дом не размещён' });
  await answer(manager.clerk, answered, 'Убрали');
  await transaction(context.db, async (trx) => {
    const { houseId } = late;
    await updatePart(trx, { houseId, partId: late.partId }, { due_on: '2026-11-02', overdue_at: context.now });
    await updateAppeal(trx, complaint, { parent_id: answered.appealId, relation: 'escalation' });
    const fias = { fias_guid: newId<never>() as string, address: `г. Москва, ул. Новая, д. ${name.length}` };
    await updateAppeal(trx, missing, fias);
    for (const one of [late, complaint, missing]) await projectAppeal(trx, one, context.now);
  });
  return { manager, late, answered, complaint, missing };
}

async function answer(
  clerk: Awaited<ReturnType<typeof buildDesk>>['clerk'],
  { houseId, appealId, partId }: Pick<BuiltAppeal, 'houseId' | 'appealId'> & { partId: AppealPartId },
  text: string,
) {
  const { context } = application;
  const place = { houseId, appealId, partId };
  const draft = { ...place, number: '1', outcome: 'explained' as const, performerPost: 'Мастер', text, interim: false };
  const { answerId } = await saveAnswer(context, clerk, draft);
  await sendAnswer(context, clerk, { ...place, answerId, key: newId<never>() as string });
}

describe.each([
  ['at a desk', { viewport: DESKTOP }],
  ['on a phone, without script', { viewport: PHONE, javaScriptEnabled: false }],
] as const)('an inspector %s', (name, options) => {
  test('oversees the territory: opens for a purpose, asks an organisation, reads its answer, counts', async () => {
    const { context } = application;
    const { manager, late, complaint, missing } = await aTerritory(name);
    const inspector = await Visitor.arrive(browser, application.url, options);
    const { page } = inspector;
    // axe needs script in the page.
    if ('javaScriptEnabled' in options) inspector.look = async () => undefined;
    const main = page.locator('main');
    await inspector.signIn('proveryalova', card.shortName);

    await inspector.open('/work');
    expect(await main.textContent()).toContain('жалоб на ответы');
    await inspector.press('link', 'Просрочено на территории');
    expect(await main.textContent()).toContain(late.number);
    await inspector.open(`/work/territory?organisation=${manager.organisationId}`);
    expect(await main.textContent()).not.toContain(missing.number);

    await inspector.open(`/work/territory?q=${late.number}`);
    await inspector.press('link', 'Уборка придомовой территории');
    expect(await main.textContent()).not.toContain(`Двор не убран, ${name}`);
    await inspector.press('button', 'Показать');
    expect(await main.textContent()).toContain('Выберите, для чего');
    await page.getByText('Контрольное мероприятие', { exact: true }).click();
    await inspector.press('button', 'Показать');
    expect(await main.textContent()).toContain(`Двор не убран, ${name}`);

    await page.getByLabel('У кого запросить').selectOption(manager.organisationId);
    await page.getByLabel('Какие сведения нужны').fill('График уборки двора');
    await page.getByLabel('К какому дню').fill('30.11.2026');
    await inspector.press('button', 'Отправить запрос');
    expect(await main.textContent()).toContain('Запрос отправлен');
    await inspector.open('/work/territory/requests');
    expect(await main.textContent()).toContain(late.number);

    const { part_id } = await context.db
      .selectFrom('appeal_part')
      .select('part_id')
      .where('appeal_id', '=', late.appealId)
      .where('kind', '=', 'request')
      .executeTakeFirstOrThrow();
    await answer(manager.clerk, { ...late, partId: part_id }, 'Двор убирают по вторникам');
    await inspector.open('/work/territory/requests?view=answered');
    const row = page.getByRole('row').filter({ hasText: late.number });
    await Promise.all([page.waitForEvent('load'), row.getByRole('link').first().click()]);
    await inspector.look();
    expect(await main.textContent()).toContain('Двор убирают по вторникам');

    await inspector.open('/work/territory?state=open&escalated=1');
    await inspector.press('link', `Жалоба, ${name}`);
    expect(page.url()).toContain(`/work/appeals/${complaint.houseId}`);
    expect(await main.textContent()).toContain('Убрали');
    await inspector.press('link', 'Запросить сведения');
    expect(await main.textContent()).toContain('Обращение адресовано инспекции');

    await inspector.open('/work/territory/missing-houses');
    expect(await main.textContent()).toContain('Ещё нет');
    await recountDesk.run(context, { organisationId: inspectorate, month: '2026-11' as Month }, context.log);
    await inspector.open('/work/territory/statistics');
    expect(await main.textContent()).toContain(`УК «${name}»`);
    await inspector.leave();
  }, 120_000);
});
