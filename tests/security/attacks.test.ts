import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createTestContext } from '../support/context.ts';
import { Asker, isRefused } from './ask.ts';
import { buildWorld, type World } from './world.ts';

let world: World;
const enter = (name: string) => new Asker(world.app, world.players.find((one) => one.name === name)!).enter();

beforeAll(async () => {
  world = await buildWorld();
});

/** The bank and the reader of a letter have no session of ours: their routes check a signature or a token of their own. */
const WITHOUT_SESSION = [
  '/payments/notifications/:shopId',
  '/notices/off',
  '/reminders/off',
  '/not-me/:token',
  '/notices/address',
];

describe('a form of another site', () => {
  const changing = (asker: Asker) =>
    world.app.routes.filter(
      ({ method, url, access }) =>
        method !== 'GET' && !WITHOUT_SESSION.includes(url) && access.some((role) => asker.player.roles.has(role)),
    );
  const pathOf = (url: string) =>
    url.replace(/:([a-zA-Z]+)/g, (_, name: string) => world.estates.own.ids[name] ?? world.estates.own.personId);

  test.each(['a resident', 'a head', 'an administrator'])(
    'without a token, with that of another, or from elsewhere does nothing for %s',
    async (name) => {
      const asker = await enter(name);
      const other = await enter('a guest');
      const wrong: string[] = [];
      expect(changing(asker).length).toBeGreaterThan(20);
      for (const { method, url } of changing(asker))
        for (const [what, fields, headers] of [
          ['no token', { _token: '' }, {}],
          ['the token of another', { _token: other.formToken }, {}],
          ['another origin', {}, { origin: 'https://evil.test' }],
          ['another site', {}, { 'sec-fetch-site': 'cross-site' }],
          ['a type that no form has', {}, { 'content-type': 'text/plain' }],
        ] as const) {
          const { status } = await asker.ask(method, pathOf(url), fields, headers);
          if (![403, 404, 406, 415].includes(status)) wrong.push(`${method} ${url} ${what}: ${status}`);
        }
      expect(wrong).toEqual([]);
    },
  );
});

describe('where a page leads', () => {
  const ELSEWHERE = [
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    'https:evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:x=1',
    '/\r\nset-cookie: x=1',
    '/\t/evil.test',
    '/%09/evil.test',
    '/%5cevil.test',
    'data:text/html,x',
  ];

  test.each(ELSEWHERE)('is never %j', async (returnTo) => {
    const asker = await enter('a resident');
    for (const answer of [
      await asker.ask('POST', '/vision', { returnTo, contrast: 'dark' }),
      await asker.ask('GET', `/addresses/choose?${new URLSearchParams({ returnTo, to: returnTo })}`),
      await asker.ask('GET', `/addresses/chosen?${new URLSearchParams({ returnTo, to: returnTo, house: 'x' })}`),
    ]) {
      expect(answer.status).toBeLessThan(500);
      if (answer.location)
        expect(new URL(answer.location, world.context.config.PUBLIC_URL).origin).toBe(world.context.config.PUBLIC_URL);
      expect(String(answer.headers['set-cookie'] ?? '')).not.toMatch(/(^|,)\s*x=1/);
      expect(answer.body).not.toMatch(/href="(https?:)?(\/\/|\\\\|\/\\)evil|href="javascript:/);
    }
  });
});

describe('what every answer carries', () => {
  test('behind https: nothing sniffed, framed, shared with another origin or sent in the clear', async () => {
    const context = await createTestContext({ PUBLIC_URL: 'https://domovoy.example.test' });
    const app = await createApp(context);
    for (const url of [
      '/',
      '/vision',
      '/nothing',
      '/api/v1/openapi.json',
      '/assets/styles.css',
      '/health/live',
      '/offline',
    ]) {
      const { headers } = await app.inject({ url, headers: { origin: 'https://evil.test' } });
      expect(headers['x-content-type-options'], url).toBe('nosniff');
      expect(headers['strict-transport-security'], url).toMatch(/max-age=31536000; includeSubDomains/);
      expect(headers['content-security-policy'], url).toMatch(
        /default-src 'none'.*base-uri 'none';frame-ancestors 'none'/,
      );
      expect(headers['referrer-policy'], url).toBe('same-origin');
      expect(headers['access-control-allow-origin'], url).toBeUndefined();
      expect(headers['content-type'], url).toMatch(/charset=utf-8|^image\/|^font\//i);
      expect(headers.server ?? headers['x-powered-by'], url).toBeUndefined();
    }
    const page = await app.inject('/vision');
    for (const cookie of page.cookies) {
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
      expect(cookie.domain).toBeUndefined();
    }
    expect(page.cookies.length).toBeGreaterThan(0);
    expect((await app.inject({ method: 'TRACE' as 'GET', url: '/' })).statusCode).toBe(404);
    for (const url of ['/assets/', '/assets/../package.json', '/.git/config', '/assets/%2e%2e/%2e%2e/package.json'])
      expect((await app.inject(url)).statusCode, url).toBeGreaterThanOrEqual(400);
    await app.close();
  });

  test('pages of a session are kept by nobody', async () => {
    for (const [name, url] of [
      ['a resident', '/bills'],
      ['a head', '/work/claims'],
      ['an administrator', '/administration/support'],
    ] as const)
      expect((await (await enter(name)).ask('GET', url)).headers['cache-control']).toBe('no-store');
  });
});

test('too many requests of one address are 429, and another address is not hindered', async () => {
  // The least that the setting allows.
  const most = 10;
  const app = await createApp(await createTestContext({ RATE_LIMIT_PER_MINUTE: String(most) }));
  const ask = async (remoteAddress: string) => (await app.inject({ url: '/help', remoteAddress })).statusCode;
  for (let index = 0; index < most; index += 1) expect(await ask('192.0.2.1')).toBe(200);
  expect(await ask('192.0.2.1')).toBe(429);
  expect(await ask('192.0.2.2')).toBe(200);
  await app.close();
});

describe('fields that no form has', () => {
  test('do not make another owner, state or organisation of an account', async () => {
    const { ids, personId } = world.estates.own;
    const read = () =>
      world.context.db
        .selectFrom('account_link')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('link_id')
        .execute();
    const before = await read();
    const other = world.estates['other region'];
    const extra = {
      person_id: other.personId,
      personId: other.personId,
      provider_id: other.organisationId,
      state: 'removed',
      rights: 'pay',
      __proto__: 'x',
      'constructor.prototype.admin': '1',
    };
    const asker = await enter('a resident');
    const { status } = await asker.ask('POST', `/accounts/${ids.linkId}/rename`, { ...extra, title: 'Дача' });
    expect(status).toBe(303);
    const plain = (rows: Awaited<ReturnType<typeof read>>) => rows.map(({ title, changed_at, ...row }) => row);
    expect(plain(await read())).toEqual(plain(before));
    expect((await read()).map(({ title }) => title)).toContain('Дача');
  });

  test('do not make an administrator, another person or a confirmed one', async () => {
    const read = () => world.context.db.selectFrom('person').selectAll().orderBy('person_id').execute();
    const before = await read();
    const asker = await enter('an unconfirmed resident');
    await asker.ask('POST', '/settings/notices', {
      confirmed: 'true',
      administrator: 'true',
      role: 'head',
      snils: '98700010702',
      kind: 'citizen',
      subject: '1000000041',
    });
    expect(await read()).toEqual(before);
  });
});

describe('access that has ended is refused at the next request of an open session', () => {
  const own = () => world.estates.own.ids;

  test('of a link that was removed', async () => {
    const asker = await enter('a resident');
    const path = `/bills/${own().houseId}/${own().documentId}`;
    expect((await asker.ask('GET', path)).status).toBe(200);
    await world.context.db
      .updateTable('account_link')
      .set({ state: 'removed' })
      .where('link_id', '=', own().linkId as never)
      .execute();
    expect((await asker.ask('GET', path)).status).toBe(404);
  });

  test('of a settlement centre whose delegation was revoked', async () => {
    const asker = await enter('a settlement centre');
    const path = `/work/claims/${own().claimId}`;
    expect((await asker.ask('GET', path)).status).toBe(200);
    await world.context.db.updateTable('delegation').set({ revoked_at: world.context.now }).execute();
    const after = await asker.ask('GET', path);
    expect(isRefused(after) || after.status === 404).toBe(true);
  });

  test('of an employee whose last day was yesterday', async () => {
    const asker = await enter('a dispatcher');
    expect((await asker.ask('GET', '/work/claims')).status).toBe(200);
    await world.context.db
      .updateTable('employee')
      .set({ valid_to: '2026-11-09' })
      .where('person_id', '=', asker.player.personId!)
      .execute();
    expect(isRefused(await asker.ask('GET', '/work/claims'))).toBe(true);
  });

  test('of a session that was ended', async () => {
    const asker = await enter('a viewer');
    expect((await asker.ask('GET', '/work')).status).toBe(200);
    await world.context.db
      .updateTable('session')
      .set({ ended_at: world.context.now })
      .where('person_id', '=', asker.player.personId!)
      .execute();
    expect(isRefused(await asker.ask('GET', '/work'))).toBe(true);
  });
});
