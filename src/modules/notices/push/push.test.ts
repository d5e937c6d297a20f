import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, TEST_ENVIRONMENT, type TestContext } from '../../../../tests/support/context.ts';
import { PushService, type TestBrowser } from '../../../../tests/support/push-service.ts';
import { actorOf, buildHouse, buildLink, buildPerson } from '../../../../tests/support/rows.ts';
import { readConfig } from '../../../platform/config.ts';
import { transaction } from '../../../platform/database/database.ts';
import { type AccountId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import { chooseNotices } from '../choose-notices.ts';
import type { NoticeKindName } from '../kinds.ts';
import { sendNotice } from '../send-notice.ts';
import { deliverPush } from './deliver-push.ts';
import { pushKeys } from './keys.ts';
import { isPublicAddress, isPublicEndpoint, lookupPublic } from './public-host.ts';
import { selectDevices } from './queries.ts';
import { quietUntil } from './quiet-hours.ts';
import { sendPush } from './send-push.ts';
import { turnOffDevice, turnOnDevice } from './turn-on-device.ts';

let context: TestContext;
let service: PushService;
let personId: PersonId;

beforeAll(async () => {
  context = await createTestContext({ PUSH_ALLOW_PRIVATE: '1' });
  service = await new PushService().open();
});
afterAll(() => service.close());
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  service.received.length = 0;
  service.status = 201;
  personId = await buildPerson(context);
});

const turnOn = async (browser: TestBrowser = service.subscribe(), person = personId) => {
  await turnOnDevice(context, actorOf(person), browser, 'Mozilla/5.0 (Linux; Android 14) Chrome/153');
  return browser;
};
const notice = (object: string, kind: NoticeKindName = 'payment_result', path = '/pay/orders/1', isSecret = false) =>
  transaction(context.db, (trx) =>
    sendNotice(context, trx, {
      kind,
      personId,
      object,
      subject: 'Оплачено 500 ₽, Петрова',
      content: {
        title: 'Оплачено',
        paragraphs: ['Петрова Анна, 500 ₽'],
        action: { label: 'Открыть', url: `${context.config.PUBLIC_URL}${path}`, isSecret },
      },
    }),
  );
const waiting = () =>
  context.db.selectFrom('push_message').selectAll().where('person_id', '=', personId).orderBy('push_id').execute();
const deliver = async () => {
  for (const { push_id: pushId } of await waiting()) await deliverPush.run(context, { personId, pushId }, context.log);
};
const devices = () => selectDevices(context.db, personId);

describe('what a browser may name', () => {
  test.each([
    'http://push.example/1',
    'https://127.0.0.1/1',
    'https://0x7f.1/1',
    'https://2130706433/1',
    'https://[::1]/1',
    'https://localhost/1',
    'https://push.example:8443/1',
    'https://user:secret@push.example/1',
    'file:///etc/passwd',
    'gopher://push.example',
    'нет',
  ])('%s is refused', async (endpoint) => {
    expect(isPublicEndpoint(endpoint)).toBe(false);
    const strict = { ...context, config: { ...context.config, PUSH_ALLOW_PRIVATE: false } };
    const given = { ...service.subscribe(), endpoint };
    await expect(turnOnDevice(strict, actorOf(personId), given, '')).rejects.toMatchObject({ status: 422 });
    expect(await sendPush(strict.config, await pushKeys(context), given, {}, 'a')).toMatchObject({ kind: 'refused' });
  });

  test.each([
    ['8.8.8.8', true],
    ['2a02:6b8::1', true],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['192.168.1.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::ffff:10.0.0.1', false],
    ['::1', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::', false],
  ])('%s is public: %s', (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic));

  test('a name that leads inside is not connected to', async () => {
    const answer = await new Promise((done) => lookupPublic('localhost', { all: true }, (error) => done(error)));
    expect(answer).toMatchObject({ code: 'EPRIVATE' });
  });

  test.each([{ p256dh: 'x' }, { auth: 'x' }, { endpoint: 'https://push.example/\r\nHost: a' }])(
    'keys that no browser gives: %j',
    async (wrong) => {
      const given = { ...service.subscribe(), ...wrong };
      await expect(turnOn(given)).rejects.toMatchObject({ status: 422 });
    },
  );

  test('a stranger turns nothing on, and nobody another’s device off', async () => {
    await expect(turnOnDevice(context, { kind: 'anonymous' }, service.subscribe(), '')).rejects.toMatchObject({
      status: 401,
    });
    await turnOn();
    const [device] = await devices();
    const stranger = actorOf(await buildPerson(context));
    await expect(turnOffDevice(context, stranger, device!.deviceId)).rejects.toMatchObject({ status: 404 });
    expect(await devices()).toHaveLength(1);
    await turnOffDevice(context, actorOf(personId), device!.deviceId);
    expect(await devices()).toEqual([]);
  });

  test('a person has ten devices at the most', async () => {
    for (let count = 0; count < 10; count += 1) await turnOn();
    await expect(turnOn()).rejects.toMatchObject({ status: 409 });
  });
});

describe('a message', () => {
  test('nobody who did not turn it on gets one', async () => {
    await notice('1');
    expect(await waiting()).toEqual([]);
  });

  test('comes encrypted to each device, once, without a name and a sum', async () => {
    const [phone, desk] = [await turnOn(), await turnOn()];
    await notice('1');
    await notice('1');
    await deliver();
    await deliver();
    expect(service.received.map(({ path }) => service.url + path).sort()).toEqual(
      [phone.endpoint, desk.endpoint].sort(),
    );
    const [first] = service.received;
    expect(first?.payload).toMatchObject({ title: 'Результат оплаты', path: '/pay/orders/1' });
    expect(JSON.stringify(first?.payload)).not.toMatch(/Петрова|500/);
    expect(first?.headers).toMatchObject({ ttl: '86400', urgency: 'normal', 'content-encoding': 'aes128gcm' });
    expect(first?.headers.topic).toBe(first?.payload.tag?.replaceAll('-', ''));
    expect((await devices()).every(({ reachedAt }) => reachedAt !== null)).toBe(true);
  });

  test('opens a page of ours alone', async () => {
    await turnOn();
    await notice('1', 'payment_result', '');
    await deliver();
    expect(service.received[0]?.payload.path).toBe('/');
  });

  test('holds no link that opens something by itself', async () => {
    await turnOn();
    await notice('1', 'new_device', '/not-me/secret', true);
    expect((await waiting()).map(({ path }) => path)).toEqual(['/settings']);
  });

  test('only what is important comes by itself; the rest when it is chosen', async () => {
    await turnOn();
    await notice('1', 'readings_asked');
    expect(await waiting()).toEqual([]);
    await chooseNotices(context, actorOf(personId), ['push'], (kind) => kind === 'readings_asked');
    await notice('2', 'readings_asked');
    await notice('3', 'payment_result');
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['readings_asked']);
  });

  test('a shared browser belongs to whoever turned it on last', async () => {
    const browser = await turnOn();
    const other = await buildPerson(context);
    await turnOn(browser, other);
    expect(await devices()).toEqual([]);
    await notice('1');
    await deliver();
    expect(service.received).toEqual([]);
  });
});

describe('a service that does not take it', () => {
  test.each([404, 410])('%i: the device is gone', async (status) => {
    await turnOn();
    await notice('1');
    service.status = status;
    await deliver();
    expect(await devices()).toEqual([]);
    expect(await waiting()).toMatchObject([{ sent_at: null, refusal: 'device removed' }]);
  });

  test.each([400, 302, 413])('%i: a repeat will not help', async (status) => {
    await turnOn();
    await notice('1');
    service.status = status;
    await deliver();
    service.status = 201;
    await deliver();
    expect(service.received).toEqual([]);
    expect(await waiting()).toMatchObject([{ refusal: `HTTP ${status}`, refused_at: context.now }]);
  });

  test.each([429, 500, 503])('%i: tried again, given up in the end', async (status) => {
    await turnOn();
    await notice('1');
    service.status = status;
    for (let tried = 1; tried < 8; tried += 1) await expect(deliver()).rejects.toThrow(String(status));
    await deliver();
    expect(await waiting()).toMatchObject([{ attempts: 9, refused_at: context.now }]);
  });

  test('nobody there: tried again', async () => {
    await turnOn({ ...service.subscribe(), endpoint: 'http://127.0.0.1:1/push' });
    await notice('1');
    await expect(deliver()).rejects.toThrow('ECONNREFUSED');
  });

  test('what is found two days later is no news', async () => {
    await turnOn();
    await notice('1');
    context.now = new Date('2026-11-13T09:00:00Z');
    await deliver();
    expect(service.received).toEqual([]);
  });
});

describe('at night', () => {
  test.each([
    ['2026-11-10T18:59:59Z', 'Europe/Moscow', null],
    ['2026-11-10T19:00:00Z', 'Europe/Moscow', '2026-11-11T05:00:00.000Z'],
    ['2026-11-10T22:10:20.5Z', 'Europe/Moscow', '2026-11-11T05:00:00.000Z'],
    ['2026-11-11T04:59:59Z', 'Europe/Moscow', '2026-11-11T05:00:00.000Z'],
    ['2026-11-11T05:00:00Z', 'Europe/Moscow', null],
    ['2026-11-10T12:00:00Z', 'Asia/Vladivostok', '2026-11-10T22:00:00.000Z'],
  ])('%s in %s: until %s', (now, zone, until) => {
    expect(quietUntil(new Date(now), zone)?.toISOString() ?? null).toBe(until);
  });

  test('a message waits for the morning of the person’s house', async () => {
    const houseId = await buildHouse(context, { zone: 'Asia/Vladivostok' });
    await buildLink(context, { personId, houseId, accountId: newId<AccountId>(), providerId: newId<OrganisationId>() });
    await turnOn();
    context.now = new Date('2026-11-10T12:00:00Z');
    await notice('1');
    await deliver();
    expect(service.received).toEqual([]);
    context.now = new Date('2026-11-10T22:00:00Z');
    await deliver();
    expect(service.received).toHaveLength(1);
  });
});

describe('the keys of the installation', () => {
  test('are made once, however many need them at first, and kept sealed', async () => {
    const own = await createTestContext();
    const pairs = await Promise.all([pushKeys(own), pushKeys(own), pushKeys(own)]);
    expect(new Set(pairs.map(({ publicKey }) => publicKey)).size).toBe(1);
    const row = await own.db.selectFrom('push_key').selectAll().executeTakeFirstOrThrow();
    expect(row.sealed_private.toString('latin1')).not.toContain(pairs[0]!.privateKey);
  });

  test('of the settings come first, and end what was turned on with others', async () => {
    await turnOn();
    await notice('1');
    const pair = await pushKeys(await createTestContext());
    const config = { ...context.config, VAPID_PUBLIC_KEY: pair.publicKey, VAPID_PRIVATE_KEY: pair.privateKey };
    const [push] = await waiting();
    await deliverPush.run({ ...context, config }, { personId, pushId: push!.push_id }, context.log);
    expect(await devices()).toEqual([]);
    expect(service.received).toEqual([]);
  });

  test('one without the other ends the start', () => {
    const given = { ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://a/b', FILES_DIR: 'a' };
    const env = { ...given, VAPID_PRIVATE_KEY: 'a'.repeat(43) };
    expect(() => readConfig(env)).toThrow('задаются вместе');
  });
});
