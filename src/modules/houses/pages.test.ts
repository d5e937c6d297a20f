import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import {
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
  signIn,
} from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { type HouseId, newId, type OrganisationId, type PremisesId } from '../../platform/ids.ts';
import { loadClassifiers } from '../classifiers/index.ts';
import { placeKey, upsertPremises } from './index.ts';

let context: TestContext;
let app: FastifyInstance;
let manager: OrganisationId;
let houseId: HouseId;
let premisesId: PremisesId;
let otherHouse: HouseId;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let clerk: Visitor;

const SNILS = '112-233-445 95';

beforeAll(async () => {
  context = await createTestContext();
  await loadClassifiers(context.db);
  app = await createApp(context);
  manager = await buildOrganisation(context, { dispatcher_phone: '+74957654321' });
  houseId = await buildHouse(context, {
    managerId: manager,
    sourceId: manager,
    shortAddress: 'ул. Лескова, д. 12',
    yearBuilt: 1978,
    stateCode: '2',
    wearPercent: '34.5',
  });
  otherHouse = await buildHouse(context, { managerId: await buildOrganisation(context) });
  const rows = [{ category: 'residential' as const, number: '7' }];
  premisesId = (await upsertPremises(context.db, houseId, rows, context.clock())).get(placeKey(rows[0]!))!;
  clerk = await signIn(context, app, await buildEmployee(context, manager), manager);
});

async function aResident(house: HouseId): Promise<Visitor> {
  const personId = await buildPerson(context);
  const accountId = await buildAccount(context, { houseId: house, providerId: manager });
  await buildLink(context, { personId, houseId: house, accountId, providerId: manager });
  return signIn(context, app, personId);
}

const actions = async (house: HouseId) =>
  (await context.db.selectFrom('audit_event').select('action').where('house_id', '=', house).execute()).map(
    (event) => event.action,
  );

describe('the card of a house', () => {
  test('asks nobody to sign in first, and is not found by strangers and for odd ids', async () => {
    expect((await app.inject(`/houses/${houseId}`)).headers.location).toMatch(/^\/sign-in/);
    const resident = await aResident(otherHouse);
    expect((await resident.get(`/houses/${houseId}`)).statusCode).toBe(404);
    expect((await resident.get(`/houses/${newId()}`)).statusCode).toBe(404);
    expect((await resident.get('/houses/12')).statusCode).toBe(404);
    expect((await clerk.get(`/houses/${houseId}`)).statusCode).toBe(403);
  });

  test('shows its residents the figures, whose they are, and the emergency phone', async () => {
    const { body, statusCode } = await (await aResident(houseId)).get(`/houses/${houseId}`);
    expect(statusCode).toBe(200);
    for (const words of ['Многоквартирный', '1978', 'Исправный', '34,5', 'tel:+74957654321', 'По данным ООО'])
      expect(body).toContain(words);
  });

  test('without figures says who must give them', async () => {
    const { body } = await (await aResident(otherHouse)).get(`/houses/${otherHouse}`);
    expect(body).toContain('Сведений о доме пока нет');
    expect(body).toContain('Связаться с организацией');
  });
});

describe('the workplace', () => {
  const paths = ['', '/entrances', '/owners', '/card'];

  test.each(paths)('/work/houses/:id%s is closed to residents and not found in a house of others', async (path) => {
    const resident = await aResident(houseId);
    expect((await resident.get(`/work/houses/${houseId}${path}`)).statusCode).toBe(403);
    expect((await clerk.get(`/work/houses/${otherHouse}${path}`)).statusCode).toBe(404);
    expect((await clerk.get(`/work/houses/${houseId}${path}`)).statusCode).toBe(200);
  });

  test('a provider that does not manage the house sees premises, but neither owners nor the card', async () => {
    const provider = await buildOrganisation(context);
    await buildProviderLine(context, provider, houseId, 'ул. Лескова, д. 12');
    const visitor = await signIn(context, app, await buildEmployee(context, provider), provider);
    expect((await visitor.get(`/work/houses/${houseId}`)).statusCode).toBe(200);
    expect((await visitor.get(`/work/houses/${houseId}/owners`)).statusCode).toBe(404);
    expect((await visitor.get(`/work/houses/${houseId}/card`)).statusCode).toBe(404);
    const premises = await visitor.get(`/work/houses/${houseId}/premises/${premisesId}`);
    expect(premises.body).not.toContain('Собственники');
    const form = `/work/houses/${houseId}/premises/${premisesId}/rights/new`;
    expect((await visitor.post(form, {}, `/work/houses/${houseId}`)).statusCode).not.toBe(303);
  });

  test('lists only its own houses and finds them by words of the address', async () => {
    expect((await clerk.get('/work/houses')).body).toContain('ул. Лескова, д. 12');
    expect((await clerk.get('/work/houses')).body).not.toContain(otherHouse);
    expect((await clerk.get(`/work/houses?search=${encodeURIComponent('лескова 12')}`)).body).toContain(houseId);
    expect((await clerk.get(`/work/houses?search=${encodeURIComponent('Ленина')}`)).body).toContain(
      'По этому адресу домов нет',
    );
  });

  test('goes through very many houses page by page without a gap or a repeat', async () => {
    const big = await buildOrganisation(context);
    for (let index = 0; index < 105; index += 1)
      await buildHouse(context, {
        managerId: big,
        shortAddress: index < 60 ? 'ул. Одинаковая, д. 1' : `ул. Разная, д. ${index}`,
      });
    const visitor = await signIn(context, app, await buildEmployee(context, big), big);
    const seen: string[] = [];
    for (let url: string | undefined = '/work/houses'; url; ) {
      const { body } = await visitor.get(url);
      seen.push(...[...body.matchAll(/href="\/work\/houses\/([0-9a-f-]{36})"/g)].map((match) => match[1]!));
      url = /href="(\/work\/houses\?[^"]+)"[^>]*rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect([seen.length, new Set(seen).size]).toEqual([105, 105]);
  });

  test('a right: errors beside the fields, then the record, the journal and the end', async () => {
    const path = `/work/houses/${houseId}/premises/${premisesId}`;
    const form = `${path}/rights/new`;
    const empty = await clerk.post(form, { holder: 'person' });
    expect(empty.statusCode).toBe(422);
    for (const words of ['Укажите фамилию', 'Укажите СНИЛС', 'Укажите долю']) expect(empty.body).toContain(words);
    const good = {
      holder: 'person',
      familyName: 'Петрова',
      givenName: 'Анна',
      snils: SNILS,
      share: '2/3',
      registrationNumber: '77-1',
      registeredOn: '05.04.2021',
      _key: 'form-1',
    };
    const wrong = await clerk.post(form, { ...good, snils: '11223344596' });
    expect(wrong.body).toContain('последние две — контрольные');
    expect(wrong.body).toContain('value="Петрова"');
    expect((await clerk.post(form, good)).statusCode).toBe(303);
    expect((await clerk.post(form, good)).statusCode).toBe(303);
    const page = await clerk.get(path);
    expect(page.body.match(/Прекратить право/g)).toHaveLength(1);
    const endless = Array.from({ length: 300 }, () => crypto.randomUUID()).join('');
    expect((await clerk.post(form, { ...good, _key: endless, share: '1/2' })).statusCode).toBe(422);
    const above = await clerk.post(form, { ...good, _key: 'form-2', share: '1/2' });
    expect(above.body).toContain('Свободно 1/3');
    const [, end] = /href="([^"]+\/end)"/.exec(page.body)!;
    expect((await clerk.post(end!, { endedOn: '01.01.2030' })).body).toContain('ещё не наступил');
    expect((await clerk.post(end!, { endedOn: '10.11.2026' })).statusCode).toBe(303);
    expect((await clerk.get(end!)).statusCode).toBe(404);
    expect(await actions(houseId)).toEqual(
      expect.arrayContaining(['ownership.recorded', 'premises.viewed', 'ownership.ended']),
    );
  });

  test('a form without its token changes nothing', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: `/work/houses/${houseId}/card`,
      cookies: clerk.cookies,
      payload: { yearBuilt: '1900' },
    });
    expect(answer.statusCode).toBe(403);
  });

  test('the card is edited with errors shown at once and is journalled', async () => {
    const path = `/work/houses/${houseId}/card`;
    const wrong = await clerk.post(path, { yearBuilt: '19780', wearPercent: '134' });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.body).toContain('Исправьте 2 ошибки');
    const saved = await clerk.post(path, {
      yearBuilt: '1979',
      stateCode: '2',
      wearPercent: '40',
      wearOn: '01.02.2024',
    });
    expect(saved.headers.location).toBe(`${path}?saved=1`);
    expect((await clerk.get(`${path}?saved=1`)).body).toContain('Карточка сохранена');
    expect(await actions(houseId)).toContain('house.edited');
  });
});
