import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { formatToken, openSession } from '../../src/modules/identity/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { createTestContext, type TestContext } from '../support/context.ts';
import { buildPerson } from '../support/rows.ts';
import { Asker } from './ask.ts';
import { buildWorld, type World } from './world.ts';

let world: World;
const enter = (name: string, app = world.app) =>
  new Asker(app, world.players.find((one) => one.name === name)!).enter();

beforeAll(async () => {
  world = await buildWorld();
});

/** The application of the same world with other settings: sessions and keys are good in both. */
const appWith = (settings: Partial<TestContext['config']>, log = world.context.log) =>
  createApp({ ...world.context, log, config: { ...world.context.config, ...settings } });

describe('cookies behind https', () => {
  test('a session under a name that another host of the domain may set is nobody’s; under its own it enters', async () => {
    const context = await createTestContext({ PUBLIC_URL: 'https://domovoy.example.test' });
    const app = await createApp(context);
    const personId = await buildPerson(context);
    const token = formatToken(await openSession(context, context.db, { personId, userAgent: '', idToken: null }));
    const ask = (cookie: string) => app.inject({ url: '/acting', headers: { cookie, accept: 'text/html' } });
    for (const name of ['domovoy_session', '__Secure-domovoy_session'])
      expect((await ask(`${name}=${token}`)).headers.location).toMatch(/^\/sign-in/);
    const known = await ask(`domovoy_session=x; __Host-domovoy_session=${token}`);
    expect(known.statusCode).toBe(200);
    // A browser drops such a cookie only when it is told so over the same terms.
    const wrong = await ask(`__Host-domovoy_session=${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`);
    expect(wrong.cookies.find(({ name }) => name === '__Host-domovoy_session')).toMatchObject({
      value: '',
      path: '/',
      secure: true,
    });
    await app.close();
  });
});

describe('limits say when to try again', () => {
  /** Whoever asks so often, by how many a minute (or an hour, or ten minutes) are let through at the least setting. */
  const LIMITED: readonly (readonly [string, string, string, number])[] = [
    ['nobody', 'GET', '/sign-in', 2],
    ['nobody', 'GET', '/sign-in/callback?state=x', 2],
    ['nobody', 'GET', '/addresses/search?q=x', 2],
    ['nobody', 'GET', '/addresses/choose', 2],
    ['a resident', 'GET', '/history.csv', 1],
    ['a resident', 'POST', '/settings/export', 1],
    ['a clerk', 'POST', '/work/uploads', 1],
    ['a clerk', 'POST', '/work/meters/export', 1],
    ['a head', 'GET', '/work/appeals/statistics.csv', 1],
    ['an inspector', 'GET', '/work/territory/statistics.csv', 1],
    ['a resident', 'GET', '/invitations/x', 30],
    ['a resident', 'GET', '/accounts/shared', 30],
    ['nobody', 'GET', '/pay/any', 30],
    ['nobody', 'POST', '/support', 20],
    ['a clerk', 'POST', '/attachments', 100],
  ];

  test.each(LIMITED)('%s: %s %s', async (name, method, url, most) => {
    const app = await appWith({ RATE_LIMIT_PER_MINUTE: 10 });
    const asker = await enter(name, app);
    for (let times = 0; times < most; times += 1) expect((await asker.ask(method, url)).status).not.toBe(429);
    const refused = await asker.ask(method, url);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toMatch(/Попробуйте снова через/);
    await app.close();
  });

  test('tries of codes and numbers, by the day', async () => {
    const asker = await enter('a resident');
    let answer = await asker.ask('POST', '/accounts/connect', { number: '0000000000', proof: 'code', code: 'x' });
    for (let times = 0; times < 100 && answer.status !== 429; times += 1)
      answer = await asker.ask('POST', '/accounts/connect', { number: '0000000000', proof: 'code', code: 'x' });
    expect(answer.status).toBe(429);
    // The clock of the world stands: the first of these tries is a day old in a day.
    expect(answer.headers['retry-after']).toBe(String(24 * 3600));
  });

  test('one home of IPv6 is one address', async () => {
    const app = await appWith({ RATE_LIMIT_PER_MINUTE: 10 });
    const ask = async (remoteAddress: string) => (await app.inject({ url: '/help', remoteAddress })).statusCode;
    for (let host = 1; host <= 10; host += 1) expect(await ask(`2001:db8:1:1::${host}`)).toBe(200);
    expect(await ask('2001:db8:1:1:ffff::1')).toBe(429);
    expect(await ask('2001:db8:1:2::1')).toBe(200);
    await app.close();
  });

  test('a slow client does not hold a connection without end', () => {
    const { headersTimeout, requestTimeout, timeout } = world.app.server;
    expect([headersTimeout, requestTimeout, timeout].map((term) => term / 1000)).toEqual([15, 3600, 120]);
  });
});

describe('names that would end a header', () => {
  const NAME = 'а"; x=1\r\nset-cookie: x=1\r\n\r\n%0d%0a\u2028\'ё*.csv';
  const SAFE = /^attachment; filename="[ !#-[\]-~]*"; filename\*=UTF-8''[\w.!%~-]+$/;

  test('stay names in what is downloaded', async () => {
    const { db } = world.context;
    const { ids } = world.estates.own;
    await db
      .updateTable('meter')
      .set({ serial: NAME })
      .where('meter_id', '=', ids.meterId as never)
      .execute();
    await db
      .updateTable('upload')
      .set({ file_name: NAME })
      .where('upload_id', '=', ids.uploadId as never)
      .execute();
    for (const [name, url] of [
      ['a resident', `/meters/${ids.houseId}/${ids.meterId}/readings.csv`],
      ['a head', `/work/uploads/${ids.uploadId}/undo/dependents.csv`],
    ] as const) {
      const { status, headers } = await (await enter(name)).ask('GET', url);
      expect(status, url).toBe(200);
      expect(headers['content-disposition'], url).toMatch(SAFE);
      expect(headers['set-cookie'], url).toBeUndefined();
    }
  });

  test.each(['/%0d%0aset-cookie:%20x=1', '/bills?x=%0d%0aset-cookie:x=1', '/%E0%A4%A', '/%00'])(
    'an address %s makes no header',
    async (url) => {
      const { status, headers } = await (await enter('nobody')).ask('GET', url);
      expect(status).toBeLessThan(500);
      expect(String(headers['set-cookie'] ?? '')).not.toContain('x=1');
      expect(String(headers.location ?? '')).not.toMatch(/[\r\n]/);
    },
  );
});

describe('what scripts and programs are answered', () => {
  /** Paths of all fields: `results[].id`. */
  const fieldsOf = (value: unknown, path = ''): string[] =>
    Array.isArray(value)
      ? value.flatMap((one) => fieldsOf(one, `${path}[]`))
      : value !== null && typeof value === 'object'
        ? Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, path ? `${path}.${key}` : key))
        : [path];

  test('by every route that answers a look with JSON: these fields and no other', async () => {
    const found: Record<string, string> = {};
    const { ids } = world.estates.own;
    for (const name of ['nobody', 'a resident', 'a head', 'an inspector', 'an administrator', 'a system']) {
      const asker = await enter(name);
      const routes = world.app.routes.filter(
        ({ method, url, access }) =>
          method === 'GET' && !url.startsWith('/sign-in') && access.some((role) => asker.player.roles.has(role)),
      );
      for (const { url } of routes) {
        const path = url.replace(/:([a-zA-Z]+)/g, (_, param: string) => ids[param] ?? ids.personId!);
        const { status, headers, body } = await asker.ask('GET', path, {}, { accept: 'application/json' });
        if (status !== 200 || !String(headers['content-type']).includes('json') || url.endsWith('/openapi.json'))
          continue;
        const fields = [...new Set(fieldsOf(JSON.parse(body)))].toSorted().join(' ');
        found[url] = fields;
      }
    }
    expect(found).toEqual({
      '/addresses/search': '',
      '/api/v1/meters':
        'meters[].accounts[] meters[].address meters[].archiveReason meters[].archivedOn meters[].brand meters[].digits meters[].factorySealedOn meters[].givesVolume meters[].houseFias meters[].houseId meters[].installedOn meters[].kind meters[].model meters[].number meters[].place meters[].premisesId meters[].pressureNote meters[].pressureSensor meters[].ratio meters[].remote meters[].remoteNote meters[].resources[].resource meters[].resources[].unit meters[].roomId meters[].sealedOn meters[].serial meters[].state meters[].tariffs meters[].temperatureNote meters[].temperatureSensor meters[].updatedAt meters[].usedFrom meters[].verificationInterval meters[].verifiedOn meters[].verifyBy next',
      '/api/v1/readings': 'next',
      '/health/live': 'live',
      '/health/ready': 'ready',
      '/manifest.webmanifest':
        'background_color description display icons[].purpose icons[].sizes icons[].src icons[].type id lang name scope short_name shortcuts[].name shortcuts[].url start_url theme_color',
      '/pay/orders/:orderId/state': 'done',
      '/readings/sender': 'person token',
      '/settings/export/progress': 'done max note value',
      '/work/houses/:houseId/letters/progress': 'done max note value',
      '/work/uploads/:uploadId/answer/progress': 'done',
      '/work/uploads/:uploadId/progress': 'done note',
      '/work/uploads/:uploadId/undo/progress': 'done',
    });
  });
});

describe('what scripts are answered to what they send', () => {
  test('these fields and no other', async () => {
    const { ids } = world.estates.own;
    const json = { accept: 'application/json' };
    const [resident, clerk] = [await enter('a resident'), await enter('a clerk')];
    const word = { ...json, 'form-token': resident.formToken, 'content-type': 'application/json' };
    const announced = await world.app.inject({
      method: 'POST',
      url: '/attachments',
      headers: { cookie: resident.cookie, ...word },
      payload: JSON.stringify({ name: 'a.pdf', size: 3 }),
    });
    const upload = { 'upload-word': String(announced.json().word), 'upload-offset': '0' };
    const pieces = await world.app.inject({
      method: 'POST',
      url: '/attachments/pieces',
      headers: { cookie: resident.cookie, ...word, ...upload, 'content-type': 'application/octet-stream' },
      payload: 'ab',
    });
    const found = {
      announced: announced.body,
      pieces: pieces.body,
      refused: (await resident.ask('GET', '/work/claims', {}, json)).body,
      readings: (await resident.ask('POST', '/readings', { [`t1.${ids.meterId}.1`]: '2', _key: newId() }, json)).body,
      draft: (await resident.ask('POST', `/appeals/drafts/${ids.draftId}`, { text: 'x', version: '1' }, json)).body,
      answer: (
        await clerk.ask(
          'POST',
          `/work/appeals/${ids.houseId}/${ids.appealId}/answer`,
          { part: ids.partId!, text: 'x', do: 'save' },
          json,
        )
      ).body,
    };
    const fields = Object.entries(found).map(([name, body]) => [name, Object.keys(JSON.parse(body)).join(' ')]);
    expect(Object.fromEntries(fields)).toEqual({
      announced: 'word',
      pieces: 'offset',
      refused: 'code message fields',
      readings: 'isSettled settled lines',
      draft: 'version saved path',
      answer: 'version saved',
    });
  });
});

test('who is refused for want of a right, a token or a key stands in the log, without secrets', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
  const app = await appWith({}, log as never);
  const resident = await enter('a resident', app);
  const nobody = await enter('nobody', app);
  await resident.ask('GET', '/administration/organisations');
  await resident.ask('POST', '/vision', { _token: 'forged' });
  await nobody.ask('GET', '/sign-in/callback?state=x&code=secret-code');
  await app.inject({ url: '/api/v1/meters', headers: { authorization: 'Bearer dm_wrong' } });
  await nobody.ask('GET', '/bills');
  const refused = lines.filter(({ msg }) => msg === 'refused');
  expect(refused.map(({ code, route, kind, by }) => [code, route, kind, by])).toEqual([
    ['forbidden', '/administration/organisations', 'person', resident.player.personId],
    ['forbidden', '/vision', 'person', resident.player.personId],
    ['forbidden', '/sign-in/callback', 'anonymous', undefined],
    ['not_signed_in', '/api/v1/meters', 'anonymous', undefined],
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/forged|secret-code|dm_wrong|domovoy_session/);
  await app.close();
});
