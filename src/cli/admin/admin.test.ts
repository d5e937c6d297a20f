import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { buildPerson } from '../../../tests/support/rows.ts';
import { ConfigError } from '../../platform/config.ts';
import { loadReference } from '../reference.ts';
import { admin } from './admin.ts';
import { administrators } from './administrators.ts';
import { check } from './check.ts';
import { rules } from './rules.ts';

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
    expect(lines.find((line) => line.includes('DATABASE_URL'))).toMatch(/^✓.*PostgreSQL \d+/);
    expect(lines.find((line) => line.includes('FILES_DIR'))).toMatch(/^✓/);
  });

  test('a refusal without a key is an answer of the acquirer; a clock that is off and rules that are missing are named', async () => {
    const context = await createTestContext({ ACQUIRER_API_URL });
    await loadReference(context.db);
    context.now = new Date(Date.now() - 120_000);
    const { lines } = await heard((say) => check(context, say));
    expect(lines.find((line) => line.includes('ACQUIRER_API_URL'))).toMatch(/^✓/);
    expect(lines.find((line) => line.includes('правила'))).toContain('key_rate');
    expect(lines.find((line) => line.includes('DATABASE_URL'))).toMatch(/^✗.*часы.*1[12]\d с/);
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

test('rules are listed by key and day, with their source; a day that is none is refused', async () => {
  const context = await createTestContext();
  await loadReference(context.db);
  const listed = await heard((say) => rules(context, { prefix: 'appeal.', on: '23.11.2026' }, say));
  expect(listed.code).toBe(0);
  expect(listed.text).toMatch(/appeal\.\S+ = \d+.*59-ФЗ/);
  expect(listed.text).not.toContain('reading.');
  expect((await heard((say) => rules(context, { prefix: '', on: '31.02.2026' }, say))).code).toBe(2);
});
