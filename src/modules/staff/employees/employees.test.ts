import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ADMINISTRATOR_SUBJECT, createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { isLinkForgotten } from '../../../../tests/support/letters.ts';
import {
  actingOf,
  actorOf,
  buildEmployee,
  buildHouse,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { transaction } from '../../../platform/database/database.ts';
import { Forbidden } from '../../../platform/errors.ts';
import { type EmployeeId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import { loadRegions } from '../../classifiers/index.ts';
import { setActing } from '../../identity/queries/sessions.ts';
import { sweepInvitations } from '../jobs.ts';
import { staffPart } from '../person-part.ts';
import { dismissEmployee } from './change-employee.ts';
import { pickName } from './houses-page.tsx';

type Visitor = Awaited<ReturnType<typeof signIn>>;
const PAGE = '/work/employees';

let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
let headId: PersonId;
let head: Visitor;

beforeAll(async () => {
  context = await createTestContext();
  await loadRegions(context.db);
  app = await createApp(context);
});
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  organisationId = await buildOrganisation(context);
  headId = await buildEmployee(context, organisationId, 'head');
  head = await signIn(context, app, headId, organisationId);
});

const employeeIdOf = async (personId: PersonId): Promise<EmployeeId> =>
  (
    await context.db
      .selectFrom('employee')
      .select('employee_id')
      .where('organisation_id', '=', organisationId)
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow()
  ).employee_id;

const offer = (changes: Record<string, string> = {}) => ({
  email: `anna-${newId<never>()}@example.test`,
  familyName: 'Семёнова',
  givenName: 'Анна',
  role: 'dispatcher',
  houses: 'all',
  ...changes,
});

/** The link of the last letter that went to an address. */
async function linkTo(email: string): Promise<string> {
  const letter = await context.db
    .selectFrom('mail_message')
    .select('body')
    .where('recipient', '=', email)
    .orderBy('mail_id', 'desc')
    .executeTakeFirstOrThrow();
  return new URL(/https?:\/\/\S+\/invitations\/\S+/.exec(letter.body)![0]).pathname;
}

async function invited(changes: Record<string, string> = {}): Promise<string> {
  const form = offer(changes);
  const answer = await head.post(PAGE, form);
  expect(answer.statusCode).toBe(303);
  return linkTo(form.email);
}

const named = (familyName = 'Семенова', confirmed = true) =>
  buildPerson(context, { familyName, givenName: 'АННА', confirmed });

const eventsOf = async (action: string) =>
  context.db
    .selectFrom('audit_event')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('action', '=', action)
    .execute();

describe('employees are the head’s to manage', () => {
  test('nobody else opens the pages or sends their forms', async () => {
    expect((await app.inject(PAGE)).statusCode).toBe(303);
    const clerkId = await buildEmployee(context, organisationId);
    const others = [
      await signIn(context, app, clerkId, organisationId),
      await signIn(context, app, await buildEmployee(context, organisationId, 'accountant'), organisationId),
      await signIn(context, app, await buildPerson(context)),
      await signIn(context, app, await buildPerson(context, { administrator: true })),
    ];
    const employee = `${PAGE}/${await employeeIdOf(clerkId)}`;
    for (const visitor of others) {
      for (const path of [PAGE, employee, `${employee}/dismiss`, `${employee}/houses`])
        expect((await visitor.get(path)).statusCode).toBe(403);
      for (const path of [PAGE, employee, `${employee}/dismiss`, `${employee}/houses`])
        expect((await visitor.post(path, offer(), '/vision')).statusCode).toBe(403);
    }
  });

  test('another organisation’s employee is not found', async () => {
    const other = await buildOrganisation(context);
    const stranger = await signIn(context, app, await buildEmployee(context, other, 'head'), other);
    const employee = `${PAGE}/${await employeeIdOf(await buildEmployee(context, organisationId))}`;
    for (const path of [employee, `${employee}/dismiss`, `${employee}/houses`])
      expect((await stranger.get(path)).statusCode).toBe(404);
    expect((await stranger.post(employee, { role: 'viewer' }, PAGE)).statusCode).toBe(404);
    expect((await stranger.post(`${employee}/dismiss`, { reason: 'Уволен' }, PAGE)).statusCode).toBe(404);
  });

  test('nobody changes or dismisses themselves', async () => {
    const own = `${PAGE}/${await employeeIdOf(headId)}`;
    expect((await head.get(own)).statusCode).toBe(404);
    expect((await head.post(own, { role: 'viewer' }, PAGE)).statusCode).toBe(403);
    expect((await head.post(`${own}/dismiss`, { reason: 'Ухожу' }, PAGE)).statusCode).toBe(403);
  });
});

test('many employees are shown by pages and found by name, former ones too; few need neither', async () => {
  expect((await head.get(PAGE)).body).not.toContain('name="q"');
  const hired = await Promise.all(
    Array.from({ length: 105 }, async (_, index) => {
      const familyName = `Ёлкин${String.fromCharCode(1072 + (index % 30))}${index}`;
      const personId = await buildEmployee(context, organisationId);
      await context.db
        .updateTable('person')
        .set({ family_name: familyName })
        .where('person_id', '=', personId)
        .execute();
      return { personId, familyName };
    }),
  );
  const gone = hired.slice(0, 52).map(({ personId }) => personId);
  await sql`update employee set dismissed_at = ${context.now}, dismissal = 'Уволен', valid_to = '2026-11-09'
    where organisation_id = ${organisationId} and person_id = any(${gone})`.execute(context.db);
  const rowsOf = (html: string) => (html.match(/>Изменить</g) ?? []).length;
  const first = (await head.get(PAGE)).body;
  expect(first).toContain('Больше не работают: 52');
  expect(first).toContain('Показаны последние 50');
  const next = /href="([^"]*after=[^"]*)"/.exec(first)![1]!.replaceAll('&amp;', '&');
  const second = (await head.get(next)).body;
  expect(second).not.toContain('rel="next"');
  expect(second).toContain(`href="${PAGE}" rel="prev"`);
  // The head is among those who work, and has no link to change themselves.
  expect(rowsOf(first) + rowsOf(second)).toBe(53);
  // Whoever the first page ended with leaves: the second is the same.
  const lastOfFirst = new URLSearchParams(next.split('?')[1]).get('after');
  await sql`update employee set dismissed_at = ${context.now}, dismissal = 'Ушла', valid_to = '2026-11-09'
    where organisation_id = ${organisationId} and employee_id = ${lastOfFirst}`.execute(context.db);
  expect(rowsOf((await head.get(next)).body)).toBe(rowsOf(second));
  const one = hired.at(-1)!.familyName;
  const found = (await head.get(`${PAGE}?q=${encodeURIComponent(one.replace('Ё', 'е'))}`)).body;
  expect(found).toContain(one);
  expect(rowsOf(found)).toBe(1);
  expect((await head.get(`${PAGE}?q=${encodeURIComponent('нет таких')}`)).body).toContain('Никого не нашлось');
});

describe('an invitation', () => {
  test.each([
    [{ email: 'anna' }, 'Адрес почты выглядит так'],
    [{ email: 'a@b.ru,c@d.ru' }, 'Адрес почты выглядит так'],
    [{ familyName: ' ' }, 'Укажите фамилию'],
    [{ role: 'inspector' }, 'Выберите роль'],
    [{ until: '01.11.2026' }, 'Этот день уже прошёл'],
    [{ until: 'скоро' }, 'Последний день работы: ДД.ММ.ГГГГ'],
    [{ role: 'head', until: '01.12.2026' }, 'Руководителю срок не задают'],
    [{ role: 'head', houses: 'some' }, 'Руководителю открыты все дома'],
  ])('%o is refused beside its field and keeps what was typed', async (changes, message) => {
    const answer = await head.post(PAGE, offer({ givenName: 'Аннушка', ...changes }));
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(message);
    expect(answer.body).toContain('Аннушка');
  });

  test('goes out once to an address, says who offers what, and keeps no secret', async () => {
    const form = offer({ until: '01.12.2026', role: 'accountant' });
    expect((await head.post(PAGE, form)).headers.location).toBe(`${PAGE}?done=invited`);
    expect((await head.post(PAGE, form)).body).toContain('На этот адрес приглашение уже отправлено');
    const link = await linkTo(form.email);
    const secret = link.split('.').at(-1)!;
    const rows = await context.db
      .selectFrom('invitation')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify({ ...rows[0], secret_hash: rows[0]!.secret_hash.toString('base64url') })).not.toContain(
      secret,
    );
    expect((await head.get(PAGE)).body).toContain(form.email);
    expect(await isLinkForgotten(context, form.email, '/invitations/')).toBe(true);
    const person = await signIn(context, app, await named());
    const page = await person.get(link);
    for (const words of ['Бухгалтер', '1 декабря', 'Служащая Анна Ивановна'])
      expect(page.body.replace(/[\u00a0\u202f]/g, ' ')).toContain(words);
  });

  test('leads whoever has not signed in to the sign-in and back', async () => {
    const link = await invited();
    const answer = await app.inject(link);
    expect(answer.headers.location).toBe(`/sign-in?returnTo=${encodeURIComponent(link)}`);
  });

  test.each([
    ['another name', async () => named('Петрова'), 'Приглашение выписано на другое имя'],
    ['an account that is not confirmed', async () => named('Семёнова', false), 'Нужна подтверждённая учётная запись'],
    [
      'whoever works there already',
      async () => {
        const personId = await buildEmployee(context, organisationId);
        await context.db
          .updateTable('person')
          .set({ family_name: 'Семёнова', given_name: 'Анна' })
          .where('person_id', '=', personId)
          .execute();
        return personId;
      },
      'Вы уже работаете в этой организации',
    ],
  ])('is explained to %s, and not accepted', async (_name, build, words) => {
    const link = await invited();
    const visitor = await signIn(context, app, await build());
    expect((await visitor.get(link)).body).toContain(words);
    const answer = await visitor.post(link, {}, '/acting');
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([409, true]);
  });

  test('of a wrong secret opens nothing, and says what to do', async () => {
    const link = await invited();
    const person = await signIn(context, app, await named());
    const wrong = `${link.slice(0, -43)}${'A'.repeat(43)}`;
    for (const path of [
      wrong,
      '/invitations/x',
      `/invitations/${newId<never>()}.${newId<never>()}.${'A'.repeat(43)}`,
    ]) {
      const answer = await person.get(path);
      expect([answer.statusCode, answer.body.includes('не открывает приглашения')]).toEqual([404, true]);
      expect((await person.post(path, {}, '/acting')).statusCode).toBe(404);
    }
  });

  test('expires after a week, is sent again with a new link, revoked for good', async () => {
    const form = offer();
    await head.post(PAGE, form);
    const first = await linkTo(form.email);
    const person = await signIn(context, app, await named());
    context.now = new Date('2026-11-17T09:00:01Z');
    const fresh = await signIn(context, app, await named());
    head = await signIn(context, app, headId, organisationId);
    expect((await fresh.get(first)).body).toContain('Срок приглашения прошёл');
    expect((await head.get(PAGE)).body).toContain('срок прошёл');
    const invitation = `${PAGE}/invitations/${first.split('.')[1]}`;
    expect((await head.post(`${invitation}/resend`, {}, invitation)).statusCode).toBe(303);
    const second = await linkTo(form.email);
    expect((await fresh.get(first)).statusCode).toBe(404);
    expect((await fresh.get(second)).body).toContain('Принять приглашение');
    expect((await head.post(`${invitation}/revoke`, {}, invitation)).statusCode).toBe(303);
    expect((await fresh.get(second)).body).toContain('Приглашение отозвано');
    expect((await fresh.post(second, {}, '/acting')).statusCode).toBe(409);
    expect((await head.post(`${invitation}/resend`, {}, PAGE)).statusCode).toBe(404);
    expect(person).toBeDefined();
    expect((await eventsOf('invitation.resent')).length + (await eventsOf('invitation.revoked')).length).toBe(2);
  });

  test('is sent at most five times', async () => {
    const form = offer();
    await head.post(PAGE, form);
    const invitation = `${PAGE}/invitations/${(await linkTo(form.email)).split('.')[1]}`;
    for (let times = 2; times <= 5; times += 1)
      expect((await head.post(`${invitation}/resend`, {}, invitation)).statusCode).toBe(303);
    expect((await head.post(`${invitation}/resend`, {}, invitation)).statusCode).toBe(409);
  });

  test('is forgotten three months after its link ran out; the names of an accepted one at the deletion of the person', async () => {
    const [waits, accepted] = [offer({ houses: 'some' }), offer()];
    const house = await buildHouse(context, { managerId: organisationId });
    const houses = String((await head.post(PAGE, waits)).headers.location);
    await head.post(houses, { shown: house, [pickName(house)]: '1' });
    await head.post(PAGE, accepted);
    const personId = await named();
    await (await signIn(context, app, personId)).post(await linkTo(accepted.email), {});
    const left = () =>
      context.db.selectFrom('invitation').select('email').where('organisation_id', '=', organisationId).execute();
    await transaction(context.db, (trx) => staffPart.erase(context, trx, personId));
    expect((await left()).map(({ email }) => email).sort()).toEqual(['', waits.email].sort());
    context.now = new Date('2027-02-15T08:59:59Z');
    await sweepInvitations.run(context, context.log);
    expect(await left()).toHaveLength(2);
    context.now = new Date('2027-02-15T09:00:01Z');
    await sweepInvitations.run(context, context.log);
    expect(await left()).toHaveLength(0);
    const { rows } = await sql`select from invitation_house where organisation_id = ${organisationId}`.execute(
      context.db,
    );
    expect(rows).toHaveLength(0);
    expect(JSON.stringify(await eventsOf('invitation.sent'))).not.toContain(waits.email);
  });

  test('accepted, is work with its role, days and houses; the link works once, of two at once one', async () => {
    const [open, closed] = [
      await buildHouse(context, { managerId: organisationId }),
      await buildHouse(context, { managerId: organisationId }),
    ];
    const form = offer({ houses: 'some', until: '01.12.2026' });
    const answer = await head.post(PAGE, form);
    const houses = String(answer.headers.location);
    expect(houses).toMatch(/\/houses\?invited=1$/);
    await head.post(houses, { shown: `${open} ${closed}`, [pickName(open)]: '1' });
    const link = await linkTo(form.email);
    const personId = await named();
    const person = await signIn(context, app, personId);
    const twin = await signIn(context, app, await named());
    const answers = await Promise.all([person.post(link, {}), twin.post(link, {})]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409]);
    const [works] = answers[0]!.statusCode === 303 ? [personId] : [null];
    const workers = await context.db
      .selectFrom('employee')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('invited', '=', true)
      .execute();
    expect(workers).toMatchObject([{ role: 'dispatcher', valid_to: '2026-12-01', limited: true }]);
    const worker = await signIn(context, app, workers[0]!.person_id, organisationId);
    const list = (await worker.get('/work/houses')).body;
    expect([list.includes(open), list.includes(closed)]).toEqual([true, false]);
    expect((await worker.get(link)).body).toContain('Приглашение уже принято');
    expect(works === null || works === personId).toBe(true);
    const told = await context.db.selectFrom('notice').selectAll().where('person_id', '=', headId).execute();
    expect(told).toMatchObject([{ kind: 'organisation' }]);
    context.now = new Date('2026-12-02T09:00:00Z');
    const late = await signIn(context, app, workers[0]!.person_id, organisationId);
    expect((await late.get('/work/houses')).statusCode).toBe(303);
  });
});

describe('rights', () => {
  test('are changed from the next request on: role, last day, houses', async () => {
    const personId = await buildEmployee(context, organisationId);
    const clerk = await signIn(context, app, personId, organisationId);
    const house = await buildHouse(context, { managerId: organisationId });
    const employee = `${PAGE}/${await employeeIdOf(personId)}`;
    expect((await head.get(employee)).statusCode).toBe(200);
    expect((await clerk.get('/work/uploads')).statusCode).toBe(200);
    const answer = await head.post(employee, { role: 'viewer', until: '30.11.2026', houses: 'some' });
    expect(answer.headers.location).toBe(`${employee}/houses`);
    expect((await clerk.get('/work/uploads')).statusCode).toBe(403);
    expect((await clerk.get('/work/houses')).body).not.toContain(house);
    await head.post(`${employee}/houses`, { shown: house, [pickName(house)]: '1' });
    expect((await clerk.get('/work/houses')).body).toContain(house);
    expect((await head.get(`${employee}/houses`)).body).toContain('Открыт');
    const stranger = await buildHouse(context, { managerId: await buildOrganisation(context) });
    await head.post(`${employee}/houses`, { shown: stranger, [pickName(stranger)]: '1' });
    expect((await clerk.get('/work/houses')).body).not.toContain(stranger);
    await head.post(`${employee}/houses`, { shown: house });
    expect((await clerk.get('/work/houses')).body).not.toContain(house);
    expect(await eventsOf('employee.changed')).toMatchObject([{ subject_person_id: personId }]);
  });

  test('of the last head stay: of two who demote each other at once one does', async () => {
    const otherId = await buildEmployee(context, organisationId, 'head');
    const other = await signIn(context, app, otherId, organisationId);
    const [mine, theirs] = [await employeeIdOf(headId), await employeeIdOf(otherId)];
    const answers = await Promise.all([
      head.post(`${PAGE}/${theirs}`, { role: 'clerk' }),
      other.post(`${PAGE}/${mine}`, { role: 'clerk' }),
    ]);
    const codes = answers.map(({ statusCode }) => statusCode).sort();
    expect(codes[0]).toBe(303);
    expect(codes[1]).toBe(403);
    const heads = await context.db
      .selectFrom('employee')
      .select('role')
      .where('organisation_id', '=', organisationId)
      .where('role', '=', 'head')
      .execute();
    expect(heads).toHaveLength(1);
  });
});

describe('a dismissal', () => {
  test('needs a reason', async () => {
    const employee = `${PAGE}/${await employeeIdOf(await buildEmployee(context, organisationId))}/dismiss`;
    const answer = await head.post(employee, { reason: ' ' });
    expect([answer.statusCode, answer.body.includes('Напишите причину')]).toEqual([422, true]);
  });

  test('ends access at the next request of an open session, tells the person and stays in the journal', async () => {
    const personId = await buildEmployee(context, organisationId);
    const clerk = await signIn(context, app, personId, organisationId);
    expect((await clerk.get('/work/houses')).statusCode).toBe(200);
    const employee = `${PAGE}/${await employeeIdOf(personId)}`;
    expect((await head.post(`${employee}/dismiss`, { reason: 'Уволилась' })).headers.location).toBe(
      `${PAGE}?done=dismissed`,
    );
    const after = await clerk.get('/work/houses');
    expect([after.statusCode, after.headers.location]).toEqual([303, '/welcome?returnTo=%2Fwork%2Fhouses']);
    expect((await clerk.get('/welcome')).body).toContain('Ваш доступ от имени');
    expect((await clerk.post('/work/uploads/x/apply', {}, '/vision')).statusCode).not.toBe(200);
    expect((await head.get(PAGE)).body).toContain('Уволилась');
    expect((await head.get(employee)).statusCode).toBe(404);
    expect(await eventsOf('employee.dismissed')).toMatchObject([
      { subject_person_id: personId, details: { reason: 'Уволилась' } },
    ]);
    const notices = await context.db.selectFrom('notice').select('kind').where('person_id', '=', personId).execute();
    expect(notices).toEqual([{ kind: 'organisation' }]);
  });

  test('of the last head is nobody’s: of two heads who dismiss each other at once one stays', async () => {
    const otherId = await buildEmployee(context, organisationId, 'head');
    const actor = (personId: PersonId) => actorOf(personId, { acting: actingOf(organisationId, { role: 'head' }) });
    const [mine, theirs] = [await employeeIdOf(headId), await employeeIdOf(otherId)];
    const outcomes = await Promise.allSettled([
      dismissEmployee(context, actor(headId), theirs, 'Уволен'),
      dismissEmployee(context, actor(otherId), mine, 'Уволен'),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')!;
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(Forbidden);
  });

  test('of a head leaves no way back by an invitation sent before; sent again by another head it is that one’s word', async () => {
    const leaverId = await buildEmployee(context, organisationId, 'head');
    const leaver = await signIn(context, app, leaverId, organisationId);
    const [family] = await context.db
      .selectFrom('person')
      .select(['family_name', 'given_name'])
      .where('person_id', '=', leaverId)
      .execute();
    const form = offer({ role: 'head', familyName: family!.family_name, givenName: family!.given_name });
    expect((await leaver.post(PAGE, form)).statusCode).toBe(303);
    const link = await linkTo(form.email);
    await head.post(`${PAGE}/${await employeeIdOf(leaverId)}/dismiss`, { reason: 'Уволен' });
    const person = await signIn(context, app, leaverId);
    expect((await person.get(link)).body).toContain('Приглашение больше не действует');
    expect((await person.post(link, {})).statusCode).toBe(409);
    const id = link.split('.')[1]!;
    expect((await head.post(`${PAGE}/invitations/${id}/resend`, {}, PAGE)).statusCode).toBe(303);
    expect((await person.get(await linkTo(form.email))).body).toContain('Принять приглашение');
  });

  test('is undone by a new invitation alone', async () => {
    const personId = await named('Семёнова');
    await context.db
      .insertInto('employee')
      .values({
        organisation_id: organisationId,
        employee_id: newId(),
        person_id: personId,
        role: 'clerk',
        valid_from: '2020-01-01',
      })
      .execute();
    const employee = `${PAGE}/${await employeeIdOf(personId)}`;
    await head.post(`${employee}/dismiss`, { reason: 'Ошибка' });
    const link = await invited({ role: 'viewer' });
    const person = await signIn(context, app, personId);
    const accepted = await person.post(link, {});
    expect(accepted.headers.location).toBe(`/acting?capacity=${organisationId}`);
    const [session] = await context.db
      .selectFrom('session')
      .select('session_id')
      .where('person_id', '=', personId)
      .execute();
    await setActing(context.db, personId, session!.session_id, organisationId);
    expect((await person.get('/work/houses')).statusCode).toBe(200);
    expect((await person.get('/work/uploads')).statusCode).toBe(403);
  });
});

describe('an administrator', () => {
  test('invites heads of any organisation, and nobody else', async () => {
    const empty = await buildOrganisation(context);
    const administratorId = await buildPerson(context, { administrator: true });
    const { OIDC_ISSUER: issuer } = context.config;
    const identity = { issuer, subject: ADMINISTRATOR_SUBJECT, person_id: administratorId, created_at: context.now };
    await context.db.insertInto('identity').values(identity).execute();
    const administrator = await signIn(context, app, administratorId);
    const path = `/administration/organisations/${empty}/employees`;
    expect((await head.get(path)).statusCode).toBe(403);
    expect((await administrator.get(`/administration/organisations/${newId<never>()}/employees`)).statusCode).toBe(404);
    expect((await administrator.get(path)).body).toContain('Руководителя пока нет');
    const form = offer({ role: 'clerk', houses: 'some' });
    expect((await administrator.post(path, form)).statusCode).toBe(303);
    const link = await linkTo(form.email);
    const personId = await named();
    expect((await (await signIn(context, app, personId)).post(link, {})).statusCode).toBe(303);
    const rows = await context.db.selectFrom('employee').selectAll().where('organisation_id', '=', empty).execute();
    expect(rows).toMatchObject([{ role: 'head', limited: false }]);
  });
});
