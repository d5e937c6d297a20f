import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { isLinkForgotten } from '../../../../tests/support/letters.ts';
import { buildEmployee, buildOrganisation, buildPerson, signIn } from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { selectAuditEvents } from '../../../platform/audit/queries/events.ts';
import { newId, type PersonId, type SupportRequestId } from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { loadClassifiers } from '../../classifiers/index.ts';
import { pathFrom } from './ask-form.ts';
import { askSupport } from './ask-support.ts';
import { linkOf, readLink } from './link.ts';

let context: TestContext;
let app: FastifyInstance;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let residentId: PersonId;
let resident: Visitor;
let neighbour: Visitor;
let clerk: Visitor;
let administrator: Visitor;
let administratorId: PersonId;

const DESK = '/administration/support';
const question = { kind: '2', subject: 'Не открывается квитанция', text: 'Белая страница', email: 'anna@example.test' };
const key = () => newId<never>() as string;

beforeAll(async () => {
  context = await createTestContext();
  await loadClassifiers(context.db);
  await loadRules(context.db);
  app = await createApp(context);
  administratorId = await buildPerson(context, { administrator: true });
  administrator = await signIn(context, app, administratorId);
  const organisationId = await buildOrganisation(context);
  clerk = await signIn(context, app, await buildEmployee(context, organisationId), organisationId);
});
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  residentId = await buildPerson(context);
  resident = await signIn(context, app, residentId);
  neighbour = await signIn(context, app, await buildPerson(context));
});

/** Asks and gives the address of the question's page. */
async function ask(visitor: Visitor, changes: Record<string, string> = {}) {
  const sent = { ...question, email: `${key()}@example.test`, _key: key(), ...changes };
  const answer = await visitor.post('/support', sent, '/support');
  expect([answer.statusCode, answer.body.slice(0, 200)]).toEqual([303, '']);
  return answer.headers.location!.replace('?sent=1', '');
}

/** A browser of nobody, with the cookie that its form's token is bound to. */
let strangers = 0;
async function stranger() {
  strangers += 1;
  const remoteAddress = `10.0.0.${strangers}`;
  const page = await app.inject({ url: '/support', remoteAddress });
  const cookies = Object.fromEntries(page.cookies.map(({ name, value }) => [name, value]));
  const token = /name="_token" value="([^"]+)"/.exec(page.body)![1]!;
  return {
    get: (url: string) => app.inject({ url, cookies, remoteAddress }),
    post: (url: string, fields: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url,
        cookies,
        remoteAddress,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ _token: token, ...fields }).toString(),
      }),
  };
}
const lettersTo = (recipient: string) =>
  context.db.selectFrom('mail_message').selectAll().where('recipient', '=', recipient).orderBy('mail_id').execute();
const requestAt = (path: string) =>
  context.db
    .selectFrom('support_request')
    .selectAll()
    .where('request_id', '=', path.split('/').at(-1)!.split('.')[0] as SupportRequestId)
    .executeTakeFirstOrThrow();

describe('refusals', () => {
  test('the desk is for administrators alone', async () => {
    for (const visitor of [resident, clerk])
      for (const path of [DESK, `${DESK}/statistics`, `${DESK}/templates`, `${DESK}/${newId()}`])
        expect((await visitor.get(path)).statusCode).toBe(403);
    for (const step of ['answers', 'notes', 'assign', 'close'])
      expect((await resident.post(`${DESK}/${newId()}/${step}`, { text: 'а' }, '/support')).statusCode).toBe(403);
    expect((await administrator.get(`${DESK}/${newId()}`)).statusCode).toBe(404);
  });

  test('nobody sees, continues or closes the question of another', async () => {
    const path = await ask(resident);
    for (const visitor of [neighbour, administrator]) expect((await visitor.get(path)).statusCode).toBe(404);
    expect((await neighbour.post(`${path}/messages`, { text: 'Я' }, '/support')).statusCode).toBe(404);
    expect((await neighbour.post(`${path}/close`, {}, '/support')).statusCode).toBe(404);
    expect((await (await stranger()).get(path)).statusCode).toBe(303);
    expect((await neighbour.get('/support/requests')).body).not.toContain(question.subject);
  });

  test('a link that is changed, run out, or of somebody who has signed in opens nothing', async () => {
    const { get, post } = await stranger();
    const sent = await post('/support', { ...question, email: 'guest@example.test', _key: key() });
    const path = sent.headers.location!.replace('?sent=1', '');
    expect((await get(path)).statusCode).toBe(200);
    const [head, until, signature] = path.split('.');
    for (const wrong of [`${head}.${until}.${signature!.slice(1)}`, `${head}.zzzz.${signature}`, `${path}.x`, head!])
      expect((await get(wrong)).statusCode).toBe(404);
    const own = (await ask(resident)).split('/').at(-1) as SupportRequestId;
    expect((await get(linkOf(context.config, own, context.now))).statusCode).toBe(404);
    context.now = new Date('2027-03-10T09:00:00Z');
    expect((await get(path)).statusCode).toBe(404);
    expect(readLink(context.config, '', context.now)).toBeNull();
  });

  test.each([
    [{ kind: '3' }, 'Выберите, о чём вопрос'],
    [{ kind: '' }, 'Выберите, о чём вопрос'],
    [{ subject: ' ' }, 'Назовите вопрос в нескольких словах'],
    [{ text: '\0' }, 'Опишите, что случилось'],
    [{ text: 'я'.repeat(10_001) }, 'Не больше 10 000 знаков'],
    [{ email: 'анна' }, 'Проверьте адрес почты'],
    [{ email: 'a@b.ru\r\nBcc: c@d.ru' }, 'Проверьте адрес почты'],
    [{ website: 'http://cheap.example' }, 'Оставьте это поле пустым'],
  ])('refuses %o and keeps what was typed', async (wrong, message) => {
    const answer = await resident.post('/support', { ...question, ...wrong }, '/support');
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(message);
    expect(answer.body).toContain('Не открывается квитанция' in wrong ? '' : 'value="2"');
    expect((await resident.get('/support/requests')).body).toContain('Вы ещё ничего не спрашивали');
  });

  test('questions of one address are limited', async () => {
    const { post } = await stranger();
    const answers = [];
    for (let index = 0; index < 21; index += 1) answers.push((await post('/support', {})).statusCode);
    expect([answers[0], answers.at(-1)]).toEqual([422, 429]);
  });

  test('a sender’s day is full after ten questions, at once too', async () => {
    const email = `${key()}@example.test`;
    const { post } = await stranger();
    const tries = Array.from({ length: 14 }, () =>
      askSupport(
        context,
        { kind: 'anonymous' },
        { kindCode: '2', subject: 'а', text: 'б', name: '', email, page: '', key: key() },
      ).catch(() => null),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(10);
    const more = await post('/support', { ...question, email, _key: key() });
    expect([more.statusCode, more.body.includes('Белая страница')]).toEqual([429, true]);
    context.now = new Date('2026-11-11T09:00:01Z');
    expect((await post('/support', { ...question, email, _key: key() })).statusCode).toBe(303);
  });
});

describe('a question', () => {
  test('gets a number, a term of three working days, one letter to each side, however often it is sent', async () => {
    const email = `${key()}@example.test`;
    const before = (await lettersTo('help@example.test')).length;
    const sent = { ...question, email, _key: key(), page: '/bills?account=5' };
    const paths = await Promise.all([1, 2, 3].map(() => resident.post('/support', sent, '/support')));
    expect(new Set(paths.map(({ headers }) => headers.location)).size).toBe(1);
    const path = paths[0]!.headers.location!.replace('?sent=1', '');
    const request = await requestAt(path);
    expect(request).toMatchObject({ due_on: '2026-11-13', page: '/bills', by_guest: false, state: 'new' });
    expect(request.number).toMatch(/^П-261110-\d{4,}$/);
    const [letter, ...more] = await lettersTo(email);
    expect(more).toEqual([]);
    expect(letter!.subject).toContain(request.number);
    expect(letter!.body).toContain(`${context.config.PUBLIC_URL}${path}`);
    expect(letter!.body).not.toContain(question.text);
    expect(await lettersTo('help@example.test')).toHaveLength(before + 1);
    const page = await resident.get(`${path}?sent=1`);
    expect(page.body).toContain(request.number);
    expect(page.body).toMatch(/13\sноября 2026/);
    const other = await resident.post('/support', { ...sent, text: 'Другое' }, '/support');
    expect(other.statusCode).toBe(409);
  });

  test('is filled in by the link that leads to the form', async () => {
    const { body } = await resident.get('/support?about=organisation&name=ООО «Двор»&page=/appeals/new');
    expect(body).toContain('value="Не нашлась организация: ООО «Двор»"');
    expect(body).toMatch(/<input[^>]*value="2"[^>]*checked|<input[^>]*checked[^>]*value="2"/);
    expect(body).toContain('name="page" value="/appeals/new"');
    const { cookies } = resident;
    const referer = `${context.config.PUBLIC_URL}/meters?search=1`;
    const came = await app.inject({ url: '/support', cookies, headers: { referer } });
    expect(came.body).toContain('name="page" value="/meters"');
    expect(['//evil.example', 'javascript:alert(1)', '/a b', 'https://x', '/\\evil'].map(pathFrom)).toEqual(
      Array(5).fill(''),
    );
  });

  test('is answered by letter and page, continued, closed and opened again with a new term', async () => {
    const email = `${key()}@example.test`;
    const path = await ask(resident, { email });
    const { request_id } = await requestAt(path);
    const own = `${DESK}/${request_id}`;
    expect((await administrator.post(`${own}/close`, {}, own)).body).toContain('Сначала ответьте');
    await administrator.post(`${own}/notes`, { note: 'Спросить Олега', _key: key() }, own);
    const answer = { text: 'Обновите страницу', _key: key() };
    for (const _again of [1, 2]) await administrator.post(`${own}/answers`, answer, own);
    const letters = await lettersTo(email);
    expect(letters.map(({ subject }) => subject.split(' №')[0])).toEqual(['Вопрос в поддержку', 'Ответ на вопрос']);
    expect(letters[1]!.body).toContain('Обновите страницу');
    const seen = (await resident.get(path)).body;
    expect(seen).toContain('Обновите страницу');
    expect(seen).not.toContain('Спросить Олега');
    expect((await administrator.get(own)).body).toContain('Спросить Олега');
    expect(await requestAt(path)).toMatchObject({ state: 'answered', due_on: null, performer_id: administratorId });

    await resident.post(`${path}/close`, {}, path);
    expect((await resident.post(`${path}/close`, {}, path)).statusCode).toBe(409);
    context.now = new Date('2026-11-12T09:00:00Z');
    resident = await signIn(context, app, residentId);
    await resident.post(`${path}/messages`, { text: 'Не помогло', _key: key() }, path);
    expect(await requestAt(path)).toMatchObject({ state: 'in_work', due_on: '2026-11-17' });
    const audited = await context.db
      .selectFrom('audit_event')
      .select('action')
      .where('person_id', '=', administratorId)
      .where('details', '@>', JSON.stringify({ requestId: request_id }) as never)
      .execute();
    expect(audited.map(({ action }) => action)).toEqual(expect.arrayContaining(['support.viewed', 'support.answered']));
  });

  test('of a guest comes back by the link of each letter', async () => {
    const { get, post } = await stranger();
    const email = `${key()}@example.test`;
    const sent = await post('/support', { ...question, name: '<b>Гость</b>', email, _key: key() });
    const path = sent.headers.location!.replace('?sent=1', '');
    expect(path).toMatch(/^\/support\/by-link\//);
    const { request_id } = await requestAt(path);
    await administrator.post(`${DESK}/${request_id}/answers`, { text: 'Ответ', _key: key() }, `${DESK}/${request_id}`);
    const [, letter] = await lettersTo(email);
    const link = /https?:\S+/.exec(letter!.body)![0].replace(context.config.PUBLIC_URL, '');
    expect(await isLinkForgotten(context, email, '/support/by-link/')).toBe(true);
    const page = await get(link);
    expect(page.headers['x-robots-tag']).toBe('noindex');
    expect(page.headers['cache-control']).toContain('no-store');
    expect(page.body).toContain('Ответ');
    expect((await post(`${link}/messages`, { text: 'Спасибо', _key: key() })).statusCode).toBe(303);
    expect((await post(`${link}/close`, {})).statusCode).toBe(303);
    const atDesk = (await administrator.get(`${DESK}/${request_id}`)).body;
    expect(atDesk).toContain('&lt;b>Гость');
    expect(atDesk).toContain('Спасибо');
  });
});

describe('the queue', () => {
  test('shows what is due first, finds by number, filters, and pages without a gap', async () => {
    const paths: string[] = [];
    for (let index = 0; index < 3; index += 1)
      paths.push(await ask(resident, { kind: '5', subject: `Предложение ${index}` }));
    const late = await requestAt(paths[1]!);
    await context.db
      .updateTable('support_request')
      .set({ due_on: '2026-11-01' })
      .where('request_id', '=', late.request_id)
      .execute();
    const { body } = await administrator.get(`${DESK}?kind=5`);
    expect(body.indexOf('Предложение 1')).toBeLessThan(body.indexOf('Предложение 0'));
    expect(body).toContain('Просрочено: 01.11.2026');
    expect((await administrator.get(`${DESK}?kind=5&overdue=1`)).body).not.toContain('Предложение 0');
    expect((await administrator.get(`${DESK}?number=${late.number.toLowerCase()}`)).body).toContain('Предложение 1');
    await administrator.post(`${DESK}/${late.request_id}/assign`, { performer: 'me' }, `${DESK}/${late.request_id}`);
    expect((await administrator.get(`${DESK}?performer=me&kind=5`)).body).toContain('Предложение 1');
    expect((await administrator.get(`${DESK}?performer=none&kind=5`)).body).not.toContain('Предложение 1');
    const stranger = await administrator.post(
      `${DESK}/${late.request_id}/assign`,
      { performer: newId() },
      `${DESK}/${late.request_id}`,
    );
    expect(stranger.body).toContain('Выберите исполнителя из списка');
    for (const odd of ['state=x', 'after=x&at=y', `after=${newId()}&at=y`, 'state=all&after=0&at=9', 'performer=%00'])
      expect((await administrator.get(`${DESK}?${odd}`)).statusCode).toBe(200);

    const { personId } = { personId: await buildPerson(context) };
    const row = await requestAt(paths[0]!);
    for (let index = 0; index < 110; index += 1)
      await context.db
        .insertInto('support_request')
        .values({ ...row, request_id: newId(), number: `Т-${index}`, person_id: personId, kind_code: '12' })
        .execute();
    for (const state of ['waiting', 'all']) {
      const seen = new Set<string>();
      for (let url: string | undefined = `${DESK}?kind=12&state=${state}`; url; ) {
        const page: { body: string } = await administrator.get(url);
        for (const match of page.body.matchAll(/support\/([0-9a-f-]{36})"/g)) seen.add(match[1]!);
        url = /href="([^"]+)"[^>]*rel="next"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&');
      }
      expect(seen.size).toBe(110);
    }
  });

  test('a question shown after a refused step is written down as looked at', async () => {
    const { request_id } = await requestAt(await ask(resident));
    const looks = async () =>
      (await selectAuditEvents(context.db, administratorId)).filter(
        ({ action, details }) =>
          action === 'support.viewed' && (details as { requestId?: string }).requestId === request_id,
      );
    for (const [step, fields] of [
      ['close', {}],
      ['answers', { text: ' ', _key: key() }],
      ['notes', { note: ' ', _key: key() }],
    ] as const) {
      const before = (await looks()).length;
      const refused = await administrator.post(`${DESK}/${request_id}/${step}`, fields, DESK);
      expect([step, refused.statusCode >= 400, refused.body.includes(question.subject)]).toEqual([step, true, true]);
      expect((await looks()).length).toBe(before + 1);
    }
    expect((await looks())[0]).toMatchObject({ subject_person_id: residentId });
  });

  test('no mark that turns a line round is kept of what is typed on either side', async () => {
    const TURNED = 'Ответ\u202e 5\u2066 готов\u200f';
    const path = await ask(resident, { subject: TURNED, text: TURNED });
    const { request_id } = await requestAt(path);
    const own = `${DESK}/${request_id}`;
    await resident.post(`${path}/messages`, { text: TURNED, _key: key() }, path);
    await administrator.post(`${own}/notes`, { note: TURNED, _key: key() }, own);
    await administrator.post(`${own}/answers`, { text: TURNED, _key: key() }, own);
    await administrator.post(`${DESK}/templates`, { title: TURNED, text: TURNED });
    const messages = await context.db
      .selectFrom('support_message')
      .selectAll()
      .where('request_id', '=', request_id)
      .execute();
    const templates = await context.db.deleteFrom('support_template').returningAll().execute();
    const kept = JSON.stringify([await requestAt(path), messages, templates]);
    expect(kept).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(kept.split('Ответ 5 готов')).toHaveLength(8);
  });

  test('templates fill the answer; statistics count by kind', async () => {
    const list = `${DESK}/templates`;
    const template = { title: 'Приветствие', text: 'Здравствуйте,\r\nэто поддержка' };
    expect((await administrator.post(list, template)).statusCode).toBe(303);
    expect((await administrator.post(list, template)).body).toContain('уже есть');
    const id = /\?edit=([0-9a-f-]{36})/.exec((await administrator.get(list)).body)![1]!;
    const { request_id } = await requestAt(await ask(resident));
    expect((await administrator.get(`${DESK}/${request_id}?template=${id}`)).body).toContain(
      'это поддержка</textarea>',
    );
    await administrator.post(`${list}/${id}/delete`, {}, list);
    expect((await administrator.get(list)).body).not.toContain('Приветствие');
    await administrator.post(`${DESK}/${request_id}/answers`, { text: 'Да', _key: key() }, `${DESK}/${request_id}`);
    const { body } = await administrator.get(`${DESK}/statistics`);
    expect(body).toContain('Вопросы по системе');
    expect(body).toContain('ноябрь');
  });
});
