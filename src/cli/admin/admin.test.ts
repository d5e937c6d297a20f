import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { startIdentity } from '../../../sandbox/identity/start.tsx';
import { createTestContext, TEST_ENVIRONMENT, type TestContext } from '../../../tests/support/context.ts';
import { buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { probeIdentityProvider } from '../../modules/identity/index.ts';
import { ConfigError, readConfig } from '../../platform/config.ts';
import { loadReference } from '../reference.ts';
import { admin } from './admin.ts';
import { administrators } from './administrators.ts';
import { check } from './check.ts';
import { endSessions } from './end-sessions.ts';
import { rules } from './rules.ts';
import { type RuleWords, setOwnRule } from './set-own-rule.ts';

/** An acquirer that refuses whoever shows no key, as the real one does. */
const bank = createServer((_, response) => response.writeHead(401).end());
await new Promise<void>((done) => bank.listen(0, '127.0.0.1', done));
const ACQUIRER_API_URL = `http://127.0.0.1:${(bank.address() as AddressInfo).port}/v3`;
afterAll(() => void bank.close());

const NOWHERE = '127.0.0.1:1';
const heard = async (run: (say: (line: string) => void) => Promise<number>) => {
  const lines: string[] = [];
  return { code: await run((line) => lines.push(line)), text: lines.join('\n'), lines };
};

describe('the words of the command', () => {
  test('an unknown command and an unknown key show what there is', async () => {
    const env = { DATABASE_URL: 'postgres://a@127.0.0.1:1/x' };
    await expect(admin(['chekc'], env, () => undefined)).rejects.toThrow(/Неизвестная команда «chekc»[\s\S]*check/);
    await expect(admin(['toString'], env, () => undefined)).rejects.toThrow(ConfigError);
  });
  test('settings that are not there are named, each on its line', async () => {
    const env = { DATABASE_URL: 'postgres://a@127.0.0.1:1/x' };
    await expect(admin(['check'], env, () => undefined)).rejects.toThrow(/SECRET_KEY: не задано[\s\S]*OIDC_ISSUER/);
  });
  test('help needs no settings', async () => {
    expect((await heard((say) => admin([], {}, say))).text).toContain('administrators');
  });
});

describe('a look at the outside world', () => {
  test('says what does not work, by which setting, and no password', async () => {
    const context = await createTestContext({
      OIDC_ISSUER: `http://${NOWHERE}`,
      SMTP_URL: `smtp://user:very-secret@${NOWHERE}`,
      CLAMD_URL: `tcp://${NOWHERE}`,
      ACQUIRER_API_URL: `http://${NOWHERE}`,
      PUBLIC_URL: 'http://dom.example.test',
    });
    // The clock of the database is the true one.
    context.now = new Date();
    const { code, text, lines } = await heard((say) => check(context, say));
    expect(code).toBe(1);
    expect(text).not.toContain('very-secret');
    for (const name of ['OIDC_', 'SMTP_URL', 'CLAMD_URL', 'ACQUIRER_API_URL', 'PUBLIC_URL'])
      expect(lines.find((line) => line.includes(name))).toMatch(/^✗/);
    expect(lines.find((line) => line.includes('SMTP_URL'))).toContain('никто не слушает');
    expect(lines.find((line) => line.includes('DATABASE_URL'))).toMatch(/^✓.*PostgreSQL \d+/);
    expect(lines.find((line) => line.includes('FILES_DIR'))).toMatch(/^✓/);
  });

  test('a refusal without a key is an answer of the acquirer; a clock that is off and rules that are missing are named', async () => {
    const context = await createTestContext({ ACQUIRER_API_URL, PUBLIC_URL: 'https://127.0.0.1:1' });
    await loadReference(context.db);
    context.now = new Date(Date.now() - 120_000);
    const { lines } = await heard((say) => check(context, say));
    expect(lines.find((line) => line.includes('ACQUIRER_API_URL'))).toMatch(/^✓/);
    expect(lines.find((line) => line.includes('PUBLIC_URL'))).toMatch(/^✗.*TRUST_PROXY/);
    expect(lines.find((line) => line.includes('правила'))).toContain('key_rate');
    expect(lines.find((line) => line.includes('DATABASE_URL'))).toMatch(/^✗.*часы.*1[12]\d с/);
  });
});

test('a provider that does not know the client, its address or its secret is named', async () => {
  const client = {
    id: 'domovoy',
    secret: 'secret',
    postLogoutRedirectUris: [],
    authMethod: 'client_secret_post' as const,
  };
  const identity = await startIdentity({
    host: '127.0.0.1',
    port: 0,
    dataDir: await mkdtemp(join(tmpdir(), 'domovoy-identity-')),
    client: { ...client, redirectUris: [`${TEST_ENVIRONMENT.PUBLIC_URL}/sign-in/callback`] },
  });
  onTestFinished(() => identity.close());
  const probe = async (overrides: Record<string, string>) =>
    probeIdentityProvider(
      readConfig({
        ...{ ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://a@127.0.0.1:1/x', FILES_DIR: '/nowhere' },
        ...{ OIDC_ISSUER: identity.url, ...overrides },
      }),
    );
  await expect(probe({ PUBLIC_URL: 'https://another.test' })).rejects.toThrow(/another\.test\/sign-in\/callback/);
  await expect(probe({ OIDC_CLIENT_ID: 'nobody' })).rejects.toThrow(/клиента nobody/);
  await expect(probe({ OIDC_CLIENT_SECRET: 'wrong' })).rejects.toThrow(/OIDC_CLIENT_SECRET/);
  await expect(probe({})).resolves.toBeUndefined();
});

describe('a number of a law that no release brings', () => {
  const enter = (context: TestContext, key: string, words: RuleWords) =>
    heard((say) => setOwnRule(context, key, words, say));
  const bank = { source: 'решение Банка России' };

  test('says all that is wrong at once', async () => {
    const context = await createTestContext();
    const { code, lines } = await enter(context, 'key_rata', { value: 'много', region: '7' });
    expect(code).toBe(2);
    for (const name of ['key_rata', '--region', '--from', '--value', '--source'])
      expect(
        lines.some((line) => line.includes(name)),
        name,
      ).toBe(true);
    expect((await enter(context, 'key_rate', { value: '1e3', from: '01.01.2026', ...bank })).code).toBe(2);
  });

  test('is in force from its day; what comes later goes only when asked', async () => {
    const context = await createTestContext();
    expect((await enter(context, 'key_rate', { value: '17', from: '15.09.2025', ...bank })).code).toBe(0);
    const second = await enter(context, 'key_rate', { value: '16,5', from: '27.10.2025', ...bank });
    expect(second.lines).toEqual([
      expect.stringMatching(/key_rate = 16\.5 % годовых; с 2025-10-27; введено оператором; решение Банка/),
      expect.stringMatching(/key_rate = 17 .*с 2025-09-15 по 2025-10-26/),
    ]);
    const earlier = { value: '18', from: '28.07.2025', ...bank };
    expect((await enter(context, 'key_rate', earlier)).text).toContain('2025-10-27: 16.5');
    expect((await enter(context, 'key_rate', { ...earlier, replace: true })).lines).toHaveLength(1);
    expect(
      (await enter(context, 'norm.1', { value: '4.745', from: '01.01.2026', region: '77', ...bank })).text,
    ).toContain('norm.1 [region 77] = 4.745 м³');
  });

  test('what the law fixes for everybody is not changed by hand', async () => {
    const context = await createTestContext();
    await loadReference(context.db);
    const said = await enter(context, 'billing.issue_day', { value: '9', from: '01.01.2027', ...bank });
    expect(said).toMatchObject({ code: 2, text: expect.stringContaining('обязательное') });
  });
});

test('an administrator is found by the e-mail of a sign-in, and the line of the settings is ready to paste', async () => {
  const context = await createTestContext();
  const say = (email: string | undefined) => heard((line) => administrators(context, { email }, line));
  expect((await say('head@example.test')).code).toBe(1);
  const personId = await buildPerson(context);
  await context.db
    .updateTable('person')
    .set({ subject: 'sub-7', email: 'Head@Example.test' })
    .where('person_id', '=', personId)
    .execute();
  const found = await say('head@example.test');
  expect(found.code).toBe(0);
  expect(found.text).toContain(`ADMINISTRATORS=${[...context.config.ADMINISTRATORS, 'sub-7'].join(',')}`);
});

test('sessions of one person, or of all, are ended and refused at their next request; each person’s journal has it', async () => {
  const context = await createTestContext();
  const app = await createApp(context);
  const [one, other] = [await buildPerson(context), await buildPerson(context)];
  await context.db.updateTable('person').set({ email: 'One@example.test' }).where('person_id', '=', one).execute();
  const browsers = [await signIn(context, app, one), await signIn(context, app, other)];
  const open = async () => Promise.all(browsers.map(async ({ get }) => (await get('/acting')).statusCode));
  const end = (email: string | null) => heard((line) => endSessions(context, email, line));
  expect((await end('nobody@example.test')).code).toBe(1);
  expect(await open()).toEqual([200, 200]);
  expect(await end('one@example.test')).toMatchObject({ code: 0, text: expect.stringContaining('людей: 1') });
  expect(await open()).toEqual([303, 200]);
  await end(null);
  expect(await open()).toEqual([303, 303]);
  const events = await context.db.selectFrom('audit_event').select('action').where('person_id', '=', one).execute();
  expect(events).toEqual([{ action: 'identity.ended_by_operator' }]);
  await app.close();
});

test('rules are listed by key and day, with their source; a day that is none is refused', async () => {
  const context = await createTestContext();
  await loadReference(context.db);
  const listed = await heard((say) => rules(context, { prefix: 'appeal.', on: '23.11.2026' }, say));
  expect(listed.code).toBe(0);
  expect(listed.text).toMatch(/appeal\.\S+ = \d+.*59-ФЗ/);
  expect(listed.text).not.toContain('reading.');
  expect((await heard((say) => rules(context, { prefix: '', on: '31.02.2026' }, say))).code).toBe(2);
});
