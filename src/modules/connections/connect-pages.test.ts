import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildAccount, buildHouse, buildOrganisation, buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../../platform/ids.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { foundNumbers } from './found-number.ts';

let context: TestContext;
let app: FastifyInstance;
let houseId: HouseId;
let providerId: OrganisationId;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createApp(context);
  houseId = await buildHouse(context);
  providerId = await buildOrganisation(context);
});

let personId: PersonId;
let visitor: Awaited<ReturnType<typeof signIn>>;
let number: string;
beforeEach(async () => {
  personId = await buildPerson(context);
  visitor = await signIn(context, app, personId);
  const accountId = await buildAccount(context, { houseId, providerId });
  const { rows } = await sql<{ service_id: string }>`
    select service_id from account where account_id = ${accountId}`.execute(context.db);
  number = rows[0]!.service_id;
  await sql`insert into unified_number (value, kind, house_id, account_id)
    values (${number}, 'service', ${houseId}, ${accountId})`.execute(context.db);
});

const PAGE = '/accounts/connect';
const tries = async () =>
  (await sql`select from connect_attempt where person_id = ${personId}`.execute(context.db)).rows.length;

test('the step that proves an account is a page: read again it is the same, and no link of the person’s', async () => {
  const found = await visitor.post(PAGE, { number });
  expect(found.statusCode).toBe(303);
  for (const _ of [1, 2]) {
    const step = await visitor.get(found.headers.location as string);
    expect([step.statusCode, step.body.includes('плательщиком записаны не вы')]).toEqual([200, true]);
  }
  expect(found.headers.location).not.toContain(number);
  expect(await tries()).toBe(0);
  expect((await sql`select from account_link where person_id = ${personId}`.execute(context.db)).rows).toEqual([]);
});

test('an address that another has made looks nothing up: no tries are used, the form begins anew', async () => {
  const strange = foundNumbers(context.config, newId<PersonId>(), context.clock());
  const old = foundNumbers(context.config, personId, new Date(context.clock().getTime() - 25 * 3_600_000));
  for (const word of ['x', strange.wrap({ number, provider: '' }), old.wrap({ number, provider: '' })]) {
    const { statusCode, body } = await visitor.get(`${PAGE}?found=${word}&number=77АВ999999`);
    expect([statusCode, body.includes('Найти счёт')]).toEqual([200, true]);
  }
  expect(await tries()).toBe(0);
});

test('what is closed meanwhile says so; one of several that is chosen no more is asked for again, and nothing typed is lost', async () => {
  const { headers } = await visitor.post(PAGE, { number });
  const page = await visitor.get(headers.location as string);
  const found = /name="found" value="([^"]+)"/.exec(page.body)![1]!;
  for (const sum of ['1,00', '-5', '2,00']) {
    const wrong = await visitor.post(PAGE, { found, proof: 'bill_sum', sum });
    expect([wrong.statusCode, wrong.body.includes('плательщиком записаны не вы')]).toEqual([422, true]);
  }
  const chosen = { number, accountId: newId() as string, proof: 'claim', message: 'Я сын' };
  const again = await visitor.post(PAGE, chosen);
  expect(again.statusCode).toBe(422);
  expect(again.body).toMatch(/Выберите, какой счёт подключить.*Я сын/s);
  await sql`update account set closed_on = '2026-01-01' where service_id = ${number}`.execute(context.db);
  const step = await visitor.get(headers.location as string);
  expect([step.statusCode, step.body.includes('счёт закрыт')]).toEqual([422, true]);
});
