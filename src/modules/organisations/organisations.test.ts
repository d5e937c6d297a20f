import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { anOgrn, buildEmployee, buildOrganisation, buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { newId, type OrganisationId } from '../../platform/ids.ts';
import { loadClassifiers, loadRegions } from '../classifiers/index.ts';
import { selectOrganisation } from './queries/cards.ts';
import { selectPowers } from './queries/powers.ts';

let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let head: Visitor;
let clerk: Visitor;
let administrator: Visitor;

const LIST = '/administration/organisations';
const card = { full_name: 'Общество «Двор»', short_name: 'ООО «Двор»', inn: '9801000016' };

beforeAll(async () => {
  context = await createTestContext();
  await loadClassifiers(context.db);
  await loadRegions(context.db);
  app = await createApp(context);
  organisationId = await buildOrganisation(context, { site: 'javascript:alert(1)', phone: '+74951234567' });
  head = await signIn(context, app, await buildEmployee(context, organisationId, 'head'), organisationId);
  clerk = await signIn(context, app, await buildEmployee(context, organisationId), organisationId);
  administrator = await signIn(context, app, await buildPerson(context, { administrator: true }));
});

describe('the public card', () => {
  test('is open to anybody and leads nowhere but to the web', async () => {
    const answer = await app.inject(`/organisations/${organisationId}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('tel:+74951234567');
    expect(answer.body).toContain('Управляющая организация');
    expect(answer.body).not.toContain('href="javascript');
    expect((await app.inject(`/organisations/${newId()}`)).statusCode).toBe(404);
  });
});

describe('the own card', () => {
  test('is changed by the head alone', async () => {
    const resident = await signIn(context, app, await buildPerson(context));
    expect((await resident.get('/work/organisation')).statusCode).toBe(403);
    expect((await clerk.get('/work/organisation')).statusCode).toBe(200);
    expect((await clerk.post('/work/organisation', card, '/work/organisation')).statusCode).toBe(403);
  });

  test.each([
    [{ inn: '9801000017' }, 'ИНН не проходит проверку'],
    [{ short_name: ' ' }, 'Укажите краткое наименование'],
    [{ email: 'дом' }, 'Адрес почты выглядит так'],
    [{ site: 'javascript:alert(1)' }, 'Адрес сайта выглядит так'],
    [{ phone: 'звоните' }, 'Телефон — цифрами'],
    [{ registered_on: '32.01.2014' }, 'Дата регистрации: ДД.ММ.ГГГГ'],
  ])('refuses %o and keeps what was typed', async (wrong, message) => {
    const answer = await head.post('/work/organisation', { ...card, actual_address: 'ул. Новая, 1', ...wrong });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(message);
    expect(answer.body).toContain('ул. Новая, 1');
  });

  test('is saved, seen by everybody and journalled with what it said before', async () => {
    const sent = { ...card, registered_on: '03.02.2014', site: 'dvor.example', phone: '8 (495) 123-45-67' };
    expect((await head.post('/work/organisation', sent)).headers.location).toBe('/work/organisation?saved=card');
    expect(await selectOrganisation(context.db, organisationId)).toMatchObject({
      short_name: 'ООО «Двор»',
      registered_on: '2014-02-03',
      site: 'https://dvor.example',
    });
    const events = await context.db
      .selectFrom('audit_event')
      .select(['action', 'details'])
      .where('organisation_id', '=', organisationId)
      .where('action', '=', 'organisation.edited')
      .execute();
    expect(events[0]?.details).toMatchObject({ before: { phone: '+74951234567' } });
  });
});

describe('administration', () => {
  const fresh = () => ({ ...card, kind: 'legal', ogrn: anOgrn(), kpp: '980101001' });

  test('is closed to everybody else', async () => {
    for (const visitor of [head, clerk, await signIn(context, app, await buildPerson(context))])
      for (const path of [LIST, `${LIST}/new`, `${LIST}/${organisationId}`])
        expect((await visitor.get(path)).statusCode).toBe(403);
    expect((await administrator.get(`${LIST}/${newId()}`)).statusCode).toBe(404);
  });

  test.each([
    [{ ogrn: '1249800000011' }, 'ОГРН не проходит проверку'],
    [{ kind: 'entrepreneur' }, 'У предпринимателя ОГРНИП из 15 цифр'],
    [{ kpp: '' }, 'Укажите КПП'],
  ])('refuses a new organisation with %o', async (wrong, message) => {
    const answer = await administrator.post(LIST, { ...fresh(), ...wrong }, `${LIST}/new`);
    expect([answer.statusCode, answer.body.includes(message)]).toEqual([422, true]);
  });

  test('adds one once, then finds it by its ОГРН', async () => {
    const sent = fresh();
    const added = await administrator.post(LIST, sent, `${LIST}/new`);
    expect(added.statusCode).toBe(303);
    const again = await administrator.post(LIST, sent, `${LIST}/new`);
    expect(again.body).toContain('уже есть: найдите её в списке');
    expect((await administrator.get(`${LIST}?search=${sent.ogrn}`)).body).toContain(
      added.headers.location!.toString().replace('?saved=1', ''),
    );
  });

  test('gives a power by region and takes it back; an unknown one is refused', async () => {
    const own = await buildOrganisation(context);
    const path = `${LIST}/${own}`;
    const give = (power: object) => administrator.post(`${path}/powers`, power as Record<string, string>, path);
    expect((await give({ powerCode: '999', regionCode: '77' })).statusCode).toBe(422);
    expect((await give({ powerCode: '1', regionCode: '77' })).statusCode).toBe(303);
    expect(await selectPowers(context.db, own)).toEqual(['1']);
    expect((await administrator.get(path)).body).toContain('Весь регион');
    for (const oktmo of ['453', '4538900a', '45389000 or 1=1'])
      expect((await give({ powerCode: '8', regionCode: '77', oktmo })).body).toContain('8 или 11 цифр');
    expect((await give({ powerCode: '8', regionCode: '77', oktmo: '45389000' })).statusCode).toBe(303);
    expect((await administrator.get(path)).body).toContain('ОКТМО 45389000');
    await administrator.post(`${path}/powers/take`, { powerCode: '8', regionCode: '77' }, path);
    await administrator.post(`${path}/powers/take`, { powerCode: '1', regionCode: '77' }, path);
    expect(await selectPowers(context.db, own)).toEqual([]);
  });

  test('pages through organisations of one name without a gap', async () => {
    for (let index = 0; index < 60; index += 1) await buildOrganisation(context, { short_name: 'ООО «Тёзки»' });
    const seen = new Set<string>();
    for (let url: string | undefined = `${LIST}?search=${encodeURIComponent('тёзки')}`; url; ) {
      const { body } = await administrator.get(url);
      for (const match of body.matchAll(/organisations\/([0-9a-f-]{36})"/g)) seen.add(match[1]!);
      url = /href="([^"]+)"[^>]*rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen.size).toBe(60);
  });
});
