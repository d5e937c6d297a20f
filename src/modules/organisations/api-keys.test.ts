import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildEmployee, buildOrganisation, buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { readToken } from '../../platform/api/token.ts';
import { newId, type OrganisationId, type PersonId } from '../../platform/ids.ts';

let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
let headId: PersonId;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let head: Visitor;

const PAGE = '/work/api-keys';
const form = (changes: Record<string, string> = {}) => ({ name: '1С', term: '90', _key: newId<never>(), ...changes });
const tokenIn = (html: string) => /dm_[\w-]{89}/.exec(html)?.[0];
const keys = (of = organisationId) =>
  context.db.selectFrom('api_key').selectAll().where('organisation_id', '=', of).orderBy('key_id').execute();

beforeAll(async () => {
  context = await createTestContext();
  app = await createApp(context);
  organisationId = await buildOrganisation(context);
  headId = await buildEmployee(context, organisationId, 'head');
  head = await signIn(context, app, headId, organisationId);
});

describe('keys of programs', () => {
  test('are for the head alone', async () => {
    expect((await app.inject(PAGE)).statusCode).toBe(303);
    const clerk = await signIn(context, app, await buildEmployee(context, organisationId), organisationId);
    const resident = await signIn(context, app, await buildPerson(context));
    for (const visitor of [clerk, resident]) {
      expect((await visitor.get(PAGE)).statusCode).toBe(403);
      expect((await visitor.post(PAGE, form(), '/vision')).statusCode).toBe(403);
      expect((await visitor.get(`${PAGE}/${newId()}`)).statusCode).toBe(403);
      expect((await visitor.post(`${PAGE}/${newId()}/revoke`, {}, '/vision')).statusCode).toBe(403);
    }
    expect(await keys()).toEqual([]);
  });

  test.each([
    [{ name: ' ' }, 'Назовите ключ'],
    [{ name: 'я'.repeat(101) }, 'Не больше 100 знаков'],
    [{ term: '9999' }, 'Выберите срок'],
  ])('%o is refused beside its field', async (changes, message) => {
    const answer = await head.post(PAGE, form(changes), PAGE);
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(message);
    expect(tokenIn(answer.body)).toBeUndefined();
  });

  test('are shown once and kept as a hash; the form sent twice makes one', async () => {
    const sent = form({ name: '<b>1С</b>' });
    const made = await head.post(PAGE, sent, PAGE);
    expect(made.statusCode).toBe(200);
    expect(made.headers['cache-control']).toBe('no-store');
    const token = tokenIn(made.body)!;
    const [row] = await keys();
    expect(readToken(`Bearer ${token}`)).toMatchObject({ organisationId, keyId: row!.key_id });
    expect(row!.secret_hash.toString('latin1')).not.toContain(token.slice(-43));
    expect(row!.expires_at).toEqual(new Date(context.now.getTime() + 90 * 24 * 3_600_000));
    const again = await head.post(PAGE, sent, PAGE);
    expect(again.body).toContain('Ключ уже выпущен');
    expect(tokenIn(again.body)).toBeUndefined();
    const listed = await head.get(PAGE);
    expect(listed.body).toContain('&lt;b>1С&lt;/b>');
    expect(tokenIn(listed.body)).toBeUndefined();
    expect(await keys()).toHaveLength(1);
    const kept = await context.db.selectFrom('idempotency_key').select('result').execute();
    expect(JSON.stringify(kept)).not.toContain(token.slice(-43));
  });

  test('are revoked for good, by their own head alone, and both are in the journal', async () => {
    const { body } = await head.post(PAGE, form({ name: 'Старая программа' }), PAGE);
    const authorization = `Bearer ${tokenIn(body)!}`;
    const { key_id: keyId } = (await keys()).at(-1)!;
    const other = await buildOrganisation(context);
    const stranger = await signIn(context, app, await buildEmployee(context, other, 'head'), other);
    expect((await stranger.get(`${PAGE}/${keyId}`)).statusCode).toBe(404);
    expect((await stranger.post(`${PAGE}/${keyId}/revoke`, {}, PAGE)).statusCode).toBe(404);
    const call = () => app.inject({ url: '/api/v1/meters', headers: { authorization } });
    expect((await call()).statusCode).toBe(200);
    expect((await head.get(`${PAGE}/${keyId}`)).body).toContain('Отозвать ключ «Старая программа»?');
    expect((await head.post(`${PAGE}/${keyId}/revoke`, {}, `${PAGE}/${keyId}`)).statusCode).toBe(303);
    expect((await call()).statusCode).toBe(401);
    expect((await head.get(PAGE)).body).toContain('Отозван');
    expect((await head.post(`${PAGE}/${keyId}/revoke`, {}, PAGE)).statusCode).toBe(404);
    const journal = await context.db
      .selectFrom('audit_event')
      .select(['action', 'organisation_id'])
      .where('person_id', '=', headId)
      .where('action', 'like', 'api_key.%')
      .orderBy('event_id')
      .execute();
    expect(journal.map(({ action }) => action)).toEqual(['api_key.made', 'api_key.made', 'api_key.revoked']);
  });

  test('are not more than twenty at a time', async () => {
    const other = await buildOrganisation(context);
    const visitor = await signIn(context, app, await buildEmployee(context, other, 'head'), other);
    for (let made = 0; made < 20; made += 1) await visitor.post(PAGE, form(), PAGE);
    expect((await visitor.post(PAGE, form(), PAGE)).statusCode).toBe(409);
    expect(await keys(other)).toHaveLength(20);
  });
});
