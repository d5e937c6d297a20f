import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import {
  anOgrn,
  buildAccount,
  buildEmployee,
  buildHouse,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { type ClaimId, type LinkId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { loadClassifiers, loadRegions } from '../../classifiers/index.ts';
import { insertClaim } from '../../connections/queries.ts';
import { insertUpload } from '../../uploads/queries/uploads.ts';
import { DELEGATIONS } from '../staff.ts';

type Visitor = Awaited<ReturnType<typeof signIn>>;

let context: TestContext;
let app: FastifyInstance;
let principalId: OrganisationId;
let centreId: OrganisationId;
let centreOgrn: string;
let head: Visitor;
let workerId: PersonId;
let worker: Visitor;

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  await loadRegions(context.db);
  app = await createApp(context);
});
beforeEach(async () => {
  context.now = new Date('2026-11-20T09:00:00Z');
  centreOgrn = anOgrn();
  principalId = await buildOrganisation(context);
  centreId = await buildOrganisation(context, { ogrn: centreOgrn, short_name: 'АО «РЦ „Счёт“»' });
  head = await signIn(context, app, await buildEmployee(context, principalId, 'head'), principalId);
  workerId = await buildEmployee(context, centreId, 'clerk', ['36']);
  worker = await signIn(context, app, workerId, centreId);
});

const form = (changes: Record<string, string> = {}) => ({
  ...{ number: centreOgrn, from: '20.11.2026', to: '20.12.2026', work_bills: '1', work_claims: '1' },
  ...changes,
});
const give = (changes: Record<string, string> = {}) => head.post(DELEGATIONS, form(changes));
const choose = (visitor: Visitor, whose: string = principalId, own: string = centreId) =>
  visitor.post('/acting', { capacity: `${own}.${whose}` });
const delegation = () =>
  context.db.selectFrom('delegation').selectAll().where('organisation_id', '=', principalId).executeTakeFirstOrThrow();

describe('a delegation is given', () => {
  test('by the head alone, of the own organisation', async () => {
    const clerk = await signIn(context, app, await buildEmployee(context, principalId), principalId);
    const resident = await signIn(context, app, await buildPerson(context));
    for (const visitor of [clerk, resident, worker]) {
      expect((await visitor.get(DELEGATIONS)).statusCode).toBe(403);
      expect((await visitor.post(DELEGATIONS, form(), '/vision')).statusCode).toBe(403);
    }
    await give();
    const { delegation_id } = await delegation();
    const centreHead = await signIn(context, app, await buildEmployee(context, centreId, 'head', ['36']), centreId);
    expect((await centreHead.get(DELEGATIONS)).body).toContain('Вам поручили');
    expect((await centreHead.get(`${DELEGATIONS}/${delegation_id}`)).statusCode).toBe(404);
    expect((await centreHead.post(`${DELEGATIONS}/${delegation_id}`, { reason: 'Нет' }, DELEGATIONS)).statusCode).toBe(
      404,
    );
  });

  test.each([
    [{ number: '12' }, 'ИНН — 10 или 12 цифр'],
    [{ number: '1249899999999' }, 'Организации с таким номером здесь нет'],
    [{ work_bills: '', work_claims: '' }, 'Отметьте, что поручаете'],
    [{ from: '19.11.2026' }, 'с сегодняшнего дня или позже'],
    [{ to: '19.11.2026' }, 'Последний день раньше первого'],
    [{ to: '21.11.2031' }, 'Срок больше 5\u00a0лет'],
    [{ to: '' }, 'Укажите последний день'],
  ] as [Record<string, string>, string][])('not with %o; what was typed stays', async (changes, message) => {
    const answer = await give(changes);
    expect([answer.statusCode, answer.body.includes(message)]).toEqual([422, true]);
    expect(answer.body).toContain(changes.number ?? centreOgrn);
  });

  test('once: of a form sent twice at once, or sent again for some of the same days, one; other days and other works go', async () => {
    const answers = await Promise.all([give(), give({ work_claims: '' })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422]);
    const again = await give({ from: '20.12.2026', to: '21.12.2026' });
    expect([again.statusCode, again.body.includes('уже поручено по')]).toEqual([422, true]);
    expect((await give({ from: '21.12.2026', to: '20.11.2031' })).statusCode).toBe(303);
    expect((await give({ work_bills: '', work_claims: '', work_readings: '1' })).statusCode).toBe(303);
    const { delegation_id } = await delegation();
    await head.post(`${DELEGATIONS}/${delegation_id}`, { reason: 'Другие работы' }, DELEGATIONS);
    expect((await give()).statusCode).toBe(303);
  });

  test('not to oneself, and not to who is no settlement centre', async () => {
    const [own, other] = [anOgrn(), anOgrn()];
    await context.db
      .updateTable('organisation')
      .set({ ogrn: own })
      .where('organisation_id', '=', principalId)
      .execute();
    await buildOrganisation(context, { ogrn: other });
    expect((await give({ number: own })).body).toContain('Это номер вашей организации');
    expect((await give({ number: other })).body).toContain('не расчётный центр');
  });
});

describe('an employee of the centre', () => {
  test('chooses whom they act for; without a delegation there is nobody', async () => {
    expect((await choose(worker)).statusCode).toBe(404);
    await give();
    const other = await buildOrganisation(context);
    expect((await choose(worker, other)).statusCode).toBe(404);
    expect((await choose(worker, principalId, principalId)).statusCode).toBe(404);
    expect((await worker.get('/acting')).body).toContain('АО «РЦ „Счёт“» для');
    expect((await choose(worker)).statusCode).toBe(303);
    const desk = await worker.get('/work');
    expect(desk.statusCode).toBe(200);
    expect(desk.body).toContain('АО «РЦ „Счёт“» для ООО');
  });

  test('does the works that were given and no other, and sees what the centre has sent alone', async () => {
    await give();
    await choose(worker);
    for (const [kind, status] of [
      ['bills', 200],
      ['accounts', 403],
      ['readings', 403],
      ['organisation', 403],
      ['houses', 403],
    ] as const)
      expect([kind, (await worker.get(`/work/uploads/new?kind=${kind}`)).statusCode]).toEqual([kind, status]);
    for (const path of [
      '/work/houses',
      '/work/meters',
      '/work/appeals',
      '/work/organisation',
      '/work/employees',
      '/work/shops',
    ])
      expect([path, (await worker.get(path)).statusCode]).toEqual([path, 403]);
    const anUpload = async (throughId: OrganisationId | null) => {
      const uploadId = newId<never>();
      await insertUpload(
        context.db,
        {
          ...{ organisationId: principalId, uploadId, kind: 'bills', fileId: newId<never>(), fileName: 'пд.xlsx' },
          ...{ uploadedBy: workerId, houses: null, throughId },
        },
        context.now,
      );
      return uploadId as string;
    };
    const [own, theirs] = [await anUpload(centreId), await anUpload(null)];
    const list = (await worker.get('/work/uploads')).body;
    expect([list.includes(own), list.includes(theirs)]).toEqual([true, false]);
    expect((await worker.get(`/work/uploads/${theirs}`)).statusCode).toBe(404);
    expect((await head.get('/work/uploads')).body).toContain(own);
  });

  test('is written down with both organisations', async () => {
    await give();
    const houseId = await buildHouse(context, { managerId: principalId });
    const accountId = await buildAccount(context, { houseId, providerId: principalId });
    const claimId = newId<ClaimId>();
    await insertClaim(context.db, {
      ...{ organisationId: principalId, claimId, personId: await buildPerson(context), linkId: newId<LinkId>() },
      ...{ houseId, accountId, claimantName: 'Петрова', message: '', dueOn: '2026-11-25', at: context.now },
    });
    expect((await worker.get('/work/claims')).statusCode).toBe(200);
    await choose(worker);
    expect((await worker.get('/work/claims')).body).toContain(claimId);
    expect((await worker.get(`/work/claims/${claimId}`)).statusCode).toBe(200);
    const decided = await worker.post(`/work/claims/${claimId}`, { decision: 'refuse', reason: 'Это не ваш счёт' });
    expect(decided.statusCode).toBe(303);
    const journal = await context.db
      .selectFrom('audit_event')
      .select(['action', 'organisation_id', 'details'])
      .where('person_id', '=', workerId)
      .where('action', 'like', 'claims.%')
      .orderBy('event_id')
      .execute();
    for (const event of journal)
      expect(event).toMatchObject({ organisation_id: principalId, details: { through: centreId } });
    expect(new Set(journal.map(({ action }) => action))).toEqual(new Set(['claims.viewed', 'claims.refused']));
  });

  test.each([
    ['viewer', ['bills', 'claims'], 404],
    ['accountant', ['claims'], 404],
    ['accountant', ['bills'], 303],
    ['dispatcher', ['bills'], 404],
  ] as const)('as a %s of the centre with %j: %i', async (role, works, status) => {
    await give({ work_bills: '', work_claims: '', ...Object.fromEntries(works.map((work) => [`work_${work}`, '1'])) });
    const visitor = await signIn(context, app, await buildEmployee(context, centreId, role, ['36']), centreId);
    expect((await choose(visitor)).statusCode).toBe(status);
  });
});

describe('the end', () => {
  const acts = async () => (await worker.get('/work/uploads/new?kind=bills')).body.includes('для ООО');

  test('comes by itself on the day after', async () => {
    await give({ from: '21.11.2026', to: '22.11.2026' });
    expect((await choose(worker)).statusCode).toBe(404);
    context.now = new Date('2026-11-21T09:00:00Z');
    worker = await signIn(context, app, workerId, centreId);
    expect((await choose(worker)).statusCode).toBe(303);
    expect(await acts()).toBe(true);
    context.now = new Date('2026-11-22T20:30:00Z');
    worker = await signIn(context, app, workerId, centreId);
    await choose(worker);
    expect(await acts()).toBe(true);
    context.now = new Date('2026-11-22T21:00:01Z');
    expect(await acts()).toBe(false);
  });

  test('comes at the next request when the head revokes it, and a form that was open is not taken', async () => {
    await give();
    await choose(worker);
    const page = await worker.get('/work/claims');
    expect(await acts()).toBe(true);
    const { delegation_id } = await delegation();
    const path = `${DELEGATIONS}/${delegation_id}`;
    expect((await head.post(path, { reason: '' })).statusCode).toBe(422);
    expect((await head.post(path, { reason: 'Договор расторгнут' })).headers.location).toBe(
      `${DELEGATIONS}?done=revoked`,
    );
    expect((await head.post(path, { reason: 'Ещё раз' }, DELEGATIONS)).statusCode).toBe(404);
    expect(await acts()).toBe(false);
    // The token of the page is of another capacity now.
    const sent = await app.inject({
      method: 'POST',
      url: `/work/claims/${newId<never>()}`,
      cookies: worker.cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        _token: /name="_token" value="([^"]+)"/.exec(page.body)?.[1] ?? '',
        decision: 'approve',
      }).toString(),
    });
    expect(sent.statusCode).toBe(403);
    expect((await head.get(DELEGATIONS)).body).toContain('Договор расторгнут');
  });

  test('comes when the centre is none any more', async () => {
    await give();
    await choose(worker);
    expect(await acts()).toBe(true);
    await context.db.deleteFrom('organisation_power').where('organisation_id', '=', centreId).execute();
    expect(await acts()).toBe(false);
  });

  test('comes with the employment at the centre', async () => {
    await give();
    await choose(worker);
    await context.db
      .updateTable('employee')
      .set({ dismissed_at: context.now })
      .where('person_id', '=', workerId)
      .execute();
    expect((await worker.get('/work/uploads')).headers.location).toContain('/welcome');
  });
});

test('the public card says who does the bills while it is so', async () => {
  const card = async () => (await app.inject(`/organisations/${principalId}`)).body;
  expect(await card()).not.toContain('Начисления ведёт');
  await give();
  expect(await card()).toContain('Начисления ведёт');
  expect(await card()).toContain(`/organisations/${centreId}`);
  context.now = new Date('2026-12-21T09:00:00Z');
  expect(await card()).not.toContain('Начисления ведёт');
});
