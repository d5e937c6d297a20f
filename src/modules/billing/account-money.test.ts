import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { startApplication, type TestApplication } from '../../../tests/support/application.ts';
import { transaction } from '../../platform/database/database.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import { checkBalances } from './jobs.ts';
import { type BuiltHouse, buildDocument, buildHouse } from './test-rows.ts';

let application: TestApplication;
let house: BuiltHouse;
beforeAll(async () => {
  application = await startApplication();
  const { context } = application;
  await loadRules(context.db);
  house = await buildHouse(context.db);
  await sql`update organisation set ogrn = '1027700132195' where organisation_id = ${house.providerId}`.execute(
    context.db,
  );
  await transaction(context.db, (trx) =>
    exposeDocuments(trx, { clock: context.clock }, house.houseId, [buildDocument(house, { lines: [512_345] })]),
  );
});

/** A clerk of the sandbox, made an employee of this test's organisation for the session. */
async function clerk() {
  const browser = await application.signIn('zayavkina');
  await sql`insert into employee (organisation_id, employee_id, person_id, role, valid_from)
    select ${house.providerId}, gen_random_uuid(), person_id, 'clerk', '2026-01-01' from identity where subject = '1000000011'
    on conflict on constraint employee_person_once do update set valid_to = null`.execute(application.context.db);
  await browser.get(`${application.url}/acting`);
  await browser.submit('/acting', { capacity: house.providerId });
  if (browser.current!.url.includes('/welcome')) await browser.acceptTexts(house.providerId);
  return browser;
}
const money = () => `${application.url}/work/houses/${house.houseId}/accounts/${house.accountId}/money`;

test('a resident, and a stranger to the account, find nothing', async () => {
  const resident = await application.signIn('domovitova');
  expect((await resident.get(money())).status).toBe(403);
  expect((await resident.get(`${application.url}/movements/${house.houseId}/${house.accountId}`)).status).toBe(404);
  const other = await buildHouse(application.context.db);
  const browser = await clerk();
  expect(
    (await browser.get(`${application.url}/work/houses/${other.houseId}/accounts/${other.accountId}/money`)).status,
  ).toBe(404);
});

test('the issuer sees the ledger and withdraws a document with a reason; looking is written down', async () => {
  const browser = await clerk();
  const page = await browser.get(money());
  expect(page.html).toContain('Начислено по квитанции');
  const link = /href="([^"]*\/money\/[0-9a-f-]{36})"/.exec(page.html)![1]!;
  await browser.get(application.url + link);
  const refused = await browser.submit(link, { reason: ' ' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('её прочтёт житель');
  const done = await browser.submit(link, { reason: 'Ошибка в объёме' });
  expect(done.html).toContain('Ошибка в объёме');
  expect(done.html).not.toContain('/withdraw"');
  expect((await browser.get(money())).html).toContain('Отзыв квитанции');
  const { rows } = await sql<{
    action: string;
  }>`select distinct action from audit_event where account_id = ${house.accountId}`.execute(application.context.db);
  expect(rows.map((row) => row.action)).toEqual(
    expect.arrayContaining(['billing.viewed_account', 'billing.viewed_document']),
  );
});

test('what a withdrawn bill had brought is taken back in words of where it came from', async () => {
  const { context } = application;
  const before = buildDocument(house, { period: '2026-08', lines: [200_000, 100_000] });
  const asks = buildDocument(house, { period: '2026-09', lines: [60_000, 40_000, 0] });
  const stated = {
    ...asks,
    body: { ...asks.body, requisites: asks.body.requisites.map((set) => ({ ...set, stated: 325_000 })) },
  };
  const expose = (document: typeof before) =>
    transaction(context.db, (trx) => exposeDocuments(trx, { clock: context.clock }, house.houseId, [document]));
  await expose(before);
  const [made] = await expose(stated);
  const browser = await clerk();
  const link = `${new URL(money()).pathname}/${made!.documentId}`;
  await browser.get(application.url + link);
  await browser.submit(link, { reason: 'Не тот месяц' });
  const { html } = await browser.get(money());
  const rows = [...html.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    row
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/ (?=[,:])/g, '')
      .replace(/^.*?\d\d:\d\d /, '')
      .trim(),
  );
  expect(rows.slice(rows.findIndex((row) => row.startsWith('Когда')))).toEqual([
    'Когда Что Долг вырос Долг уменьшился',
    'Отмена оплаты по данным организации, сентябрь 2026 750,00 ₽ —',
    // Of both its lines, in one row.
    'Оплата снята с квитанции, август 2026: 750,00 ₽ — —',
    'Отзыв квитанции, сентябрь 2026 — 1 000,00 ₽',
    'Оплата по данным организации, август 2026 — 750,00 ₽',
    'Начислено по квитанции, сентябрь 2026 1 000,00 ₽ —',
    'Начислено по квитанции, август 2026 3 000,00 ₽ —',
    'Отзыв квитанции, октябрь 2026 — 5 123,45 ₽',
    'Начислено по квитанции, октябрь 2026 5 123,45 ₽ —',
  ]);
});

test('the nightly comparison finds nothing wrong, and finds what is wrong', async () => {
  const { context } = application;
  const errors: string[] = [];
  const log = { error: (_details: unknown, message: string) => errors.push(message), info: () => undefined } as never;
  await checkBalances.run(context, log);
  expect(errors).toEqual([]);
  await sql`update account_balance set advance = advance + 1 where house_id = ${house.houseId}`.execute(context.db);
  await checkBalances.run(context, log);
  expect(errors).toEqual(['the money of an account does not add up']);
});
