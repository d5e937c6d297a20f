import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAccount, buildHouse, buildOrganisation, buildShare } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import type { SignedIn } from '../../platform/access.ts';
import { sha256 } from '../../platform/config.ts';
import { newId } from '../../platform/ids.ts';
import { inquirePayment } from './inquire-payment.ts';
import { selectOwnShops } from './queries/shops.ts';
import {
  buildDebt,
  buildRecipient,
  buildResident,
  keyOf,
  openWorld,
  type Recipient,
  readTruth,
  runJobs,
  type World,
} from './test-rows.ts';

let world: World;
let app: FastifyInstance;
let light: Recipient;
let elsewhere: Recipient;
let anna: SignedIn;
let cookie: string;

beforeAll(async () => {
  world = await openWorld();
  app = await createApp(world.context, { assetsFolder: 'src/ui' });
  light = await buildRecipient(world, { shopId: '100' });
  elsewhere = await buildRecipient(world);
  await buildDebt(world, light, 1234_56);
  anna = await buildResident(world, light, elsewhere);
  cookie = await signIn(anna);
});
afterAll(async () => {
  await app.close();
  await world.close();
});

async function signIn(person: SignedIn): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const at = world.context.now;
  await world.context.db
    .insertInto('session')
    .values({
      person_id: person.personId,
      session_id: person.sessionId,
      secret_hash: sha256(secret),
      created_at: at,
      seen_at: at,
      expires_at: new Date(at.getTime() + 1e10),
      user_agent: '',
      id_token: null,
    })
    .execute();
  return `domovoy_session=${person.personId}.${person.sessionId}.${secret}`;
}

const get = (url: string, as = cookie) => app.inject({ url, headers: as ? { cookie: as } : {} });
const post = (url: string, form: Record<string, string>, as = cookie) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(as ? { cookie: as } : {}) },
    payload: new URLSearchParams(form).toString(),
  });
const notify = (news: object) =>
  app.inject({
    method: 'POST',
    url: '/payments/notifications/100',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(Array.isArray(news) ? news : { type: 'notification', ...news }),
  });
/** The value of a hidden field of the page. */
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const field = (kind: string, { accountId, requisiteId }: Recipient) => `${kind}.${accountId}.${requisiteId}`;

describe('paying for one’s own accounts', () => {
  it('nobody is sent to sign in; a form without a token is refused', async () => {
    expect((await get('/pay', '')).headers.location).toBe('/sign-in?returnTo=%2Fpay');
    expect((await get('/history', '')).statusCode).toBe(303);
    expect((await post('/pay', {})).statusCode).toBe(403);
    expect((await get(`/pay/orders/${newId()}`)).statusCode).toBe(404);
    expect((await get('/work/shops')).statusCode).toBe(403);
    expect((await get('/work/payments/questions')).statusCode).toBe(403);
    expect((await get('/administration/split-shop')).statusCode).toBe(403);
  });

  it('shows the debt prefilled, and requisites where nothing is taken', async () => {
    const { body, statusCode } = await get('/pay');
    expect(statusCode).toBe(200);
    expect(body).toContain('value="1234,56"');
    expect(body).toContain(light.number);
    expect(body).toContain('пока не принимает оплату');
  });

  it('gives back what was typed with an error at each field', async () => {
    const page = (await get('/pay')).body;
    const answer = await post('/pay', {
      _token: hidden(page, '_token'),
      _key: hidden(page, '_key'),
      [field('choose', light)]: '1',
      [field('sum', light)]: 'сто',
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('value="сто"');
    expect(answer.body).toContain('Укажите сумму, например 1234,56');
  });

  it('the whole way: order, bank, waiting, confirmation, history, file', async () => {
    const page = (await get('/pay')).body;
    const form = {
      _token: hidden(page, '_token'),
      _key: hidden(page, '_key'),
      [field('choose', light)]: '1',
      [field('sum', light)]: '1 000,50',
    };
    const presses = await Promise.all(Array.from({ length: 100 }, () => post('/pay', form)));
    const order = presses[0]!.headers.location as string;
    expect(new Set(presses.map(({ headers }) => headers.location)), 'a hundred presses at once').toEqual(
      new Set([order]),
    );
    expect((await readTruth(world, anna.personId)).payments).toHaveLength(1);
    expect((await post('/pay', { ...form, [field('sum', light)]: '1 000,51' })).statusCode).toBe(409);
    const shown = (await get(order)).body;
    expect(shown).toContain('Перейти в банк и оплатить');
    const begin = /action="([^"]*\/begin)"/.exec(shown)![1]!;
    const bank = (await post(begin, { _token: hidden(shown, '_token') })).headers.location as string;
    expect(bank).toContain(`${world.bank.url}/pay/`);
    const waiting = (await get(order)).body;
    expect(waiting).toContain('Проверяем оплату');
    expect(waiting).toContain('http-equiv="refresh"');
    const poll = /poll-progress src="([^"]*)"/.exec(waiting)![1]!;
    expect((await get(poll)).json()).toMatchObject({ done: false });
    const [payment] = (await readTruth(world, anna.personId)).payments;
    await world.choose(payment!.external_id!, 'success');
    await inquirePayment(world.context, keyOf(payment!));
    await runJobs(world);
    expect((await get(poll)).json()).toMatchObject({ done: true });
    const done = (await get(order)).body;
    expect(done).toContain('Это не кассовый чек');
    expect(done).toContain('Учтено в лицевом счёте');
    const history = (await get('/history')).body;
    expect(history).toContain(order);
    expect(history).toContain('Учтено в лицевом счёте');
    expect(history).not.toContain('Передано организации');
    expect((await get('/history?from=01.01.2020&until=02.01.2020')).body).toContain('По этим условиям платежей нет');
    const file = await get('/history.csv');
    expect(file.body).toContain(`${light.number};`);
    expect(file.body).toContain(';1000,50;Принято банком;10.11.2026;');
    expect((await get('/pay')).body).toContain('value="234,06"');

    const before = await readTruth(world, anna.personId);
    const then = world.context.now;
    world.context.now = new Date(then.getTime() + 31 * 24 * 3_600_000);
    for (const event of ['payment.canceled', 'payment.succeeded', 'payment.canceled'])
      await notify({ event, object: { id: payment!.external_id } });
    await runJobs(world);
    expect(await readTruth(world, anna.personId), 'old news, in the wrong order, change nothing').toEqual(before);
    world.context.now = then;
  });

  it('nothing owed: says so and lets one pay ahead', async () => {
    const calm = await buildRecipient(world, { shopId: '200' });
    const boris = await buildResident(world, calm);
    const { body } = await get('/pay', await signIn(boris));
    expect(body).toContain('Вы ничего не должны');
    expect(body).toContain(field('sum', calm));
    const newcomer = await buildResident(world);
    expect((await get('/pay', await signIn(newcomer))).body).toContain('/accounts/connect');
  });
});

describe('any account without signing in', () => {
  it('asks for the organisation, does not find, and never shows the payer or the debt', async () => {
    expect((await get(`/pay/any?number=${light.number}`, '')).body).toContain('Назовите организацию');
    expect((await get('/pay/any?number=', '')).statusCode).toBe(422);
    expect((await get(`/pay/any?number=${encodeURIComponent('77АВ999999-01')}`, '')).body).toContain('Такого счёта');
    const service = await world.context.db
      .selectFrom('account')
      .select('service_id')
      .where('account_id', '=', light.accountId)
      .executeTakeFirstOrThrow();
    const latin = service.service_id.replace('А', 'A').replace('В', 'B').toLowerCase();
    const { body } = await get(`/pay/any?number=${encodeURIComponent(latin)}`, '');
    expect(body).toContain('ул. Тихая, д. ••');
    expect(body).not.toContain('Тайнова');
    expect(body).not.toContain('234,06');
  });

  it('a guest pays and alone sees the order', async () => {
    const found = await get(`/pay/any?number=${light.number}&provider=${encodeURIComponent(await nameOf(light))}`, '');
    const formCookie = String(found.headers['set-cookie']).split(';')[0]!;
    const form = {
      _token: hidden(found.body, '_token'),
      _key: hidden(found.body, '_key'),
      number: hidden(found.body, 'number'),
      providerId: hidden(found.body, 'providerId'),
      email: 'guest@example.test',
    };
    const empty = await post('/pay/any', form, formCookie);
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('Укажите сумму');
    const answer = await post('/pay/any', { ...form, [field('sum', light)]: '50' }, formCookie);
    const order = answer.headers.location as string;
    const guest = String(answer.headers['set-cookie']).split(';')[0]!;
    expect((await get(order, guest)).body).toContain('Перейти в банк и оплатить 50,00');
    expect((await get(order)).statusCode).toBe(404);
    expect((await get(order, '')).statusCode).toBe(303);
  });

  it('many numbers in a row are too many', async () => {
    const answers = [];
    for (let index = 0; index < 32; index += 1) answers.push((await get('/pay/any?number=1', '')).statusCode);
    expect(answers.at(-1)).toBe(429);
  });
});

const nameOf = async ({ organisationId }: Recipient) =>
  (
    await world.context.db
      .selectFrom('organisation')
      .select('short_name')
      .where('organisation_id', '=', organisationId)
      .executeTakeFirstOrThrow()
  ).short_name;

it('a notification is answered 200 whatever it says', async () => {
  for (const payload of [{}, { event: 'payment.succeeded', object: { id: 'x' } }, [1]])
    expect((await notify(payload)).statusCode).toBe(200);
});

describe('the workplace', () => {
  const staff = async (role: 'head' | 'clerk' | 'accountant') => {
    const person = await buildResident(world);
    await world.context.db
      .insertInto('employee')
      .values({
        organisation_id: light.organisationId,
        employee_id: newId(),
        person_id: person.personId,
        role,
        valid_from: '2026-01-01',
      } as never)
      .execute();
    const session = await signIn(person);
    await world.context.db
      .updateTable('session')
      .set({ acting_organisation_id: light.organisationId })
      .where('person_id', '=', person.personId)
      .execute();
    return session;
  };

  it('the head connects a shop, sees no secret again, and tries it', async () => {
    const head = await staff('head');
    expect((await get('/work/shops', await staff('clerk'))).statusCode).toBe(403);
    const page = await get('/work/shops', head);
    const token = hidden(page.body, '_token');
    expect((await post('/work/shops', { _token: token, shopId: 'a b' }, head)).statusCode).toBe(422);
    // Another shop leads the money elsewhere: nobody does that alone.
    const other = { _token: token, shopId: '200', secret: 'secret-of-the-shop' };
    expect((await post('/work/shops', other, head)).headers.location).toBe('/work/shops?connected=asked');
    const activeOf = async () =>
      (await selectOwnShops(world.context.db, [light.organisationId])).map(({ shopId }) => shopId);
    expect(await activeOf()).toEqual(['100']);
    expect((await post('/work/shops/confirm', { _token: token, shopId: '200' }, head)).statusCode).toBe(403);
    const second = await staff('accountant');
    const seen = (await get('/work/shops', second)).body;
    const theirs = hidden(seen, '_token');
    expect((await post('/work/shops/refuse', { _token: theirs, shopId: '200' }, second)).statusCode).toBe(303);
    expect((await post('/work/shops/confirm', { _token: theirs, shopId: '200' }, second)).statusCode).toBe(409);
    await post('/work/shops', other, head);
    expect((await post('/work/shops/confirm', { _token: theirs, shopId: '100' }, second)).statusCode).toBe(409);
    expect((await post('/work/shops/confirm', { _token: theirs, shopId: '200' }, second)).statusCode).toBe(303);
    expect(await activeOf()).toEqual(['200']);
    const after = (await get('/work/shops', head)).body;
    expect(after).toContain('/payments/notifications/200');
    expect(after).not.toContain('secret-of-the-shop');
    expect((await post('/work/shops/check', { _token: token }, head)).body).toContain('Связь есть');
    const refused = await post('/work/shops', { _token: token, shopId: '200', secret: 'wrong' }, head);
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('Банк не принял номер магазина с этим ключом');
    expect((await post('/work/shops/check', { _token: token }, head)).body).toContain('Связь есть');
    expect((await post('/work/shops/stop', { _token: token }, head)).statusCode).toBe(303);
    expect((await get('/work/shops', head)).body).toContain('Магазин не подключён');
    await post('/work/shops', { _token: token, shopId: '100', secret: 'secret-of-the-shop' }, head);
  });

  it('a person decides what no program may, once, with a reason, in the audit', async () => {
    const clerk = await staff('clerk');
    const payer = await buildResident(world, light);
    const payerCookie = await signIn(payer);
    const page = (await get('/pay', payerCookie)).body;
    const order = (
      await post(
        '/pay',
        {
          _token: hidden(page, '_token'),
          _key: hidden(page, '_key'),
          [field('choose', light)]: '1',
          [field('sum', light)]: '10',
        },
        payerCookie,
      )
    ).headers.location as string;
    const shown = (await get(order, payerCookie)).body;
    await world.spoil('100', { fault: 'lost', times: 1 });
    await post(/action="([^"]*\/begin)"/.exec(shown)![1]!, { _token: hidden(shown, '_token') }, payerCookie);
    await world.advance(24 * 3_600_000);
    await runJobs(world);
    const [payment] = (await readTruth(world, payer.personId)).payments;
    expect(payment!.state).toBe('needs_person');
    const fresh = { payer: await renew(payer), clerk: await renewCookie(clerk) };
    expect((await get(order, fresh.payer)).body).toContain('Платить второй раз не нужно');
    const queue = (await get('/work/payments/questions', fresh.clerk)).body;
    expect(queue).toContain(light.number);
    const path = /action="(\/work\/payments\/questions\/[^"]*)"/.exec(queue)![1]!;
    const token = hidden(queue, '_token');
    expect((await post(path, { _token: token, answer: 'ask_again', note: 'x' }, fresh.clerk)).statusCode).toBe(422);
    expect((await post(path, { _token: token, answer: 'received' }, fresh.clerk)).statusCode).toBe(422);
    const decision = { _token: token, answer: 'received', note: 'Выписка банка' };
    expect((await post(path, decision, fresh.clerk)).statusCode).toBe(303);
    expect((await post(path, decision, fresh.clerk)).statusCode).toBeGreaterThanOrEqual(400);
    await runJobs(world);
    expect(await readTruth(world, payer.personId)).toMatchObject({
      states: ['succeeded'],
      receipts: [{ amount: 10_00n }],
    });
    const events = await world.context.db
      .selectFrom('audit_event')
      .select('action')
      .where('subject_person_id', '=', payer.personId)
      .execute();
    expect(events).toEqual([{ action: 'payment.question.answered' }]);
  });

  /** A day later sessions have idled out: the same people sign in again. */
  const renew = (person: SignedIn) => signIn({ ...person, sessionId: newId() });
  const renewCookie = async (old: string) => {
    await world.context.db.updateTable('session').set({ seen_at: world.context.now }).execute();
    return old;
  };
});

describe('an account that is shared', () => {
  it('is not on it without that right, and the page says why', async () => {
    const { context } = world;
    const owner = await buildResident(world, light);
    const helper = await buildResident(world);
    const session = await signIn(helper);
    expect((await get('/pay', session)).body).toContain('ещё не подключён ни один лицевой счёт');
    const ids = { ownerId: owner.personId, accountId: light.accountId, helperId: helper.personId };
    await buildShare(context, { ...ids, rights: ['see'] });
    const { body } = await get('/pay', session);
    expect(body).toContain('Вам открыли доступ без права оплачивать');
    expect(body).not.toContain('ещё не подключён');
  });

  it('that has nowhere to pay to is not told of as a right that lacks', async () => {
    const { context } = world;
    const organisationId = await buildOrganisation(context);
    const houseId = await buildHouse(context);
    const accountId = await buildAccount(context, { houseId, providerId: organisationId });
    const owner = await buildResident(world, { ...light, houseId, accountId, organisationId });
    const helper = await buildResident(world);
    await buildShare(context, {
      ownerId: owner.personId,
      accountId,
      helperId: helper.personId,
      rights: ['see', 'pay'],
    });
    for (const person of [owner, helper]) {
      const { body } = await get('/pay', await signIn(person));
      expect(body).toContain('Платить здесь пока некуда');
      expect(body).not.toMatch(/без права|ещё не подключён/);
    }
  });

  it('is on the page of paying with the right to pay, and its owner reads who looked', async () => {
    const { context } = world;
    const owner = await buildResident(world, light);
    const helper = await buildResident(world);
    const ids = { ownerId: owner.personId, accountId: light.accountId, helperId: helper.personId };
    await buildShare(context, { ...ids, rights: ['see', 'pay'] });
    const page = await get('/pay', await signIn(helper));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain(field('sum', light));
    const uses = await context.db.selectFrom('share_use').selectAll().where('person_id', '=', owner.personId).execute();
    expect(uses).toMatchObject([{ kind: 'debt', thing_id: light.accountId, times: 1 }]);
  });
});
