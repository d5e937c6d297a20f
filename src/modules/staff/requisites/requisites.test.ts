import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import {
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  limitTo,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { groupDigits } from '../../../ui/index.ts';
import { loadClassifiers, loadRegions } from '../../classifiers/index.ts';
import { listRequisites, requisiteForm } from '../../organisations/index.ts';
import { REQUISITES, REQUISITES_DESK } from './paths.ts';

type Visitor = Awaited<ReturnType<typeof signIn>>;
const FIRST = { bik: '044525225', bankAccount: '40702810438000060473', bankName: 'Банк' };
const SECOND = { bik: '044525225', bankAccount: '40702810938000000001', bankName: 'Другой банк' };

let context: TestContext;
let app: FastifyInstance;
let administrator: Visitor;
let organisationId: OrganisationId;
let headId: PersonId;
let head: Visitor;

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  await loadRegions(context.db);
  app = await createApp(context);
});
beforeEach(async () => {
  context.now = new Date('2026-11-20T09:00:00Z');
  administrator = await signIn(context, app, await buildPerson(context, { administrator: true }));
  organisationId = await buildOrganisation(context);
  headId = await buildEmployee(context, organisationId, 'head');
  head = await signIn(context, app, headId, organisationId);
});

const as = async (role: 'head' | 'accountant' | 'clerk' | 'viewer') => {
  const personId = await buildEmployee(context, organisationId, role);
  return { personId, visitor: await signIn(context, app, personId, organisationId) };
};
const ask = (set: Record<string, string>, by = head) => by.post(REQUISITES, set);
const accounts = async () => (await listRequisites(context.db, organisationId)).map((one) => one.bank_account);
const changes = () =>
  context.db
    .selectFrom('requisite_change')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('change_id')
    .execute();
const pendingPath = async () => `${REQUISITES}/${(await changes()).at(-1)!.change_id}`;

describe('bank accounts', () => {
  test('are for heads and accountants; the second person’s word for the administrator only where there is none', async () => {
    await ask(FIRST);
    await ask(SECOND);
    const path = await pendingPath();
    const resident = await signIn(context, app, await buildPerson(context));
    for (const visitor of [(await as('clerk')).visitor, (await as('viewer')).visitor, resident]) {
      expect((await visitor.get(REQUISITES)).statusCode).toBe(403);
      for (const url of [REQUISITES, `${path}/confirm`, `${path}/refuse`, `${path}/withdraw`])
        expect((await visitor.post(url, FIRST, '/vision')).statusCode).toBe(403);
    }
    for (const visitor of [head, resident]) expect((await visitor.get(REQUISITES_DESK)).statusCode).toBe(403);
    const houseId = await buildHouse(context, { managerId: organisationId });
    const limitedId = await buildEmployee(context, organisationId, 'accountant');
    await limitTo(context, organisationId, limitedId, [houseId]);
    const limited = await signIn(context, app, limitedId, organisationId);
    expect((await limited.get(REQUISITES)).statusCode).toBe(403);
    expect((await limited.post(`${path}/confirm`, {}, '/vision')).statusCode).toBe(403);
    expect(await accounts()).toEqual([FIRST.bankAccount]);
  });

  test.each([
    [{ bankAccount: '40702810438000060474' }, 'не подходит к этому БИК'],
    [{ bik: '12' }, 'БИК — девять цифр'],
    [{ bankName: ' ' }, 'Укажите название банка'],
  ])('with %o are refused beside the field', async (changed, message) => {
    const answer = await ask({ ...FIRST, ...changed });
    expect([answer.statusCode, answer.body.includes(message)]).toEqual([422, true]);
    expect(requisiteForm.safeParse({ ...FIRST, correspondentAccount: '30101810400000000226' }).success).toBe(false);
  });

  test('of another organisation are not found', async () => {
    await ask(FIRST);
    await ask(SECOND);
    const path = await pendingPath();
    const other = await buildOrganisation(context);
    const stranger = await signIn(context, app, await buildEmployee(context, other, 'head'), other);
    for (const action of ['confirm', 'withdraw'])
      expect((await stranger.post(`${path}/${action}`, {}, REQUISITES)).statusCode).toBe(404);
  });
});

describe('the first account', () => {
  test('is there at once by the head’s word, and waits by the accountant’s', async () => {
    const { visitor } = await as('accountant');
    expect((await ask(FIRST, visitor)).headers.location).toBe(`${REQUISITES}?done=pending`);
    expect(await accounts()).toEqual([]);
    expect((await ask(SECOND)).headers.location).toBe(`${REQUISITES}?done=first`);
    expect(await accounts()).toEqual([SECOND.bankAccount]);
    expect((await app.inject(`/organisations/${organisationId}`)).body).not.toContain('реквизиты изменены');
  });
});

describe('another account', () => {
  beforeEach(async () => {
    await ask(FIRST);
  });

  test('takes no money until another head or accountant confirms it; who asked cannot', async () => {
    const { visitor: accountant, personId } = await as('accountant');
    expect((await ask(SECOND)).headers.location).toBe(`${REQUISITES}?done=pending`);
    expect((await ask(SECOND)).body).toContain('Этот счёт уже ждёт подтверждения');
    expect((await ask(FIRST)).body).toContain('Такой счёт у организации уже есть');
    const path = await pendingPath();
    expect(await accounts()).toEqual([FIRST.bankAccount]);
    expect((await app.inject(`/organisations/${organisationId}`)).body).not.toContain(SECOND.bankAccount);
    expect((await head.get(REQUISITES)).body).toContain('подтвердить его должен другой');
    expect((await head.post(`${path}/confirm`, {}, REQUISITES)).statusCode).toBe(403);
    expect((await administrator.get(REQUISITES_DESK)).body).not.toContain(organisationId);
    const changeId = path.split('/').at(-1)!;
    const desk = `${REQUISITES_DESK}/${organisationId}/${changeId}`;
    expect((await administrator.post(`${desk}/confirm`, {}, '/vision')).statusCode).toBe(409);
    expect((await accountant.get(REQUISITES)).body).toContain(groupDigits(SECOND.bankAccount));
    expect((await accountant.get('/work')).body).toContain('Новый банковский счёт');
    expect((await head.get('/work')).body).not.toContain('Новый банковский счёт');
    const twice = await Promise.all([1, 2].map(() => accountant.post(`${path}/confirm`, {}, REQUISITES)));
    expect(twice.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409]);
    expect(await accounts()).toEqual([FIRST.bankAccount, SECOND.bankAccount]);
    expect(await changes()).toMatchObject([{ state: 'confirmed', asked_by: headId, decided_by: personId }]);
    const journal = await context.db
      .selectFrom('audit_event')
      .select(['action', 'person_id'])
      .where('organisation_id', '=', organisationId)
      .where('action', 'like', 'requisite.%')
      .orderBy('event_id')
      .execute();
    expect(journal).toEqual([
      { action: 'requisite.added', person_id: headId },
      { action: 'requisite.asked', person_id: headId },
      { action: 'requisite.confirmed', person_id: personId },
    ]);
    const told = await context.db.selectFrom('notice').select('object').where('person_id', '=', headId).execute();
    expect(told.map(({ object }) => object.split(' ').at(-1))).toEqual(expect.arrayContaining(['asked', 'decided']));
  });

  test('is shown with its date on the organisation’s card and on the pages of its houses', async () => {
    const houseId: HouseId = await buildHouse(context, { managerId: organisationId });
    const accountId = await buildAccount(context, { houseId, providerId: organisationId });
    const residentId = await buildPerson(context);
    await buildLink(context, { personId: residentId, houseId, accountId, providerId: organisationId });
    const resident = await signIn(context, app, residentId);
    const house = async () => (await resident.get(`/houses/${houseId}`)).body;
    expect(await house()).not.toContain('Банковские реквизиты');
    const { visitor } = await as('head');
    await ask(SECOND);
    await visitor.post(`${await pendingPath()}/confirm`, {}, REQUISITES);
    expect((await app.inject(`/organisations/${organisationId}`)).body).toContain(
      'Банковские реквизиты изменены 20.11.2026',
    );
    expect(await house()).toContain('изменены 20.11.2026');
    expect((await head.get('/work/organisation')).body).toContain('Банковские реквизиты изменены 20.11.2026');
  });

  test('is refused with a reason that is read; may be asked for again', async () => {
    const { visitor } = await as('accountant');
    await ask(SECOND);
    const path = await pendingPath();
    const wrong = await visitor.post(`${path}/refuse`, { reason: ' ' }, REQUISITES);
    expect([wrong.statusCode, wrong.body.includes('Напишите, почему отказано')]).toEqual([422, true]);
    expect((await visitor.post(`${path}/refuse`, { reason: 'Счёта нет в договоре' }, REQUISITES)).statusCode).toBe(303);
    expect((await head.get(REQUISITES)).body).toContain('Счёта нет в договоре');
    expect(await accounts()).toEqual([FIRST.bankAccount]);
    expect((await ask(SECOND)).statusCode).toBe(303);
    expect((await head.post(`${await pendingPath()}/withdraw`, {}, REQUISITES)).statusCode).toBe(303);
    expect((await visitor.post(`${await pendingPath()}/withdraw`, {}, REQUISITES)).statusCode).toBe(409);
    expect((await changes()).map(({ state }) => state)).toEqual(['refused', 'withdrawn']);
  });

  test('of an organisation of one person is confirmed by the administrator', async () => {
    await as('clerk');
    await ask(SECOND);
    expect((await head.get(REQUISITES)).body).toContain('это сделает администратор кабинета');
    const page = (await administrator.get(REQUISITES_DESK)).body;
    expect(page).toContain(organisationId);
    const { change_id } = (await changes()).at(-1)!;
    const path = `${REQUISITES_DESK}/${organisationId}/${change_id}`;
    expect((await administrator.post(`${path}/refuse`, { reason: '' }, REQUISITES_DESK)).statusCode).toBe(422);
    expect(
      (await administrator.post(`${REQUISITES_DESK}/${organisationId}/${newId<never>()}/confirm`, {}, REQUISITES_DESK))
        .statusCode,
    ).toBe(404);
    expect((await administrator.post(`${path}/confirm`, {}, REQUISITES_DESK)).statusCode).toBe(303);
    expect(await accounts()).toEqual([FIRST.bankAccount, SECOND.bankAccount]);
  });
});
