import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImbalances } from '../../src/modules/billing/index.ts';
import { formatToken, openSession } from '../../src/modules/identity/session.ts';
import { buildRecipient, buildResident, buildShop, type Recipient } from '../../src/modules/payments/test-rows.ts';
import { createYooKassa } from '../../src/modules/payments/yookassa.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { Context } from '../../src/platform/context.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { localFiles } from '../../src/platform/files/files.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { TEST_ENVIRONMENT } from '../support/context.ts';
import { bundle, freePort, MortalPostgres, sleep } from './installation.ts';
import { Payer } from './payer.ts';
import { type Supervised, seeded, supervise } from './supervised.ts';

/**
 * Real processes, real kills. FAULTS_SEED plays a run again (the times of processes differ, the choices do not).
 */
const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
const KILLS = Number(process.env.FAULTS_KILLS ?? 20);
const PAYERS = 6;
const SECRET = 'secret-of-the-shop';
const OUTCOMES = ['success', 'success', 'silent', 'duplicated', 'decline', 'lying'];
const random = seeded(SEED);
const choose = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

let folder: string;
let postgres: MortalPostgres;
let web: Supervised;
let worker: Supervised;
let sandbox: Supervised;
let context: Context;
let bankUrl: string;
let recipients: Recipient[];

beforeAll(async () => {
  console.log(`faults: FAULTS_SEED=${SEED}`);
  folder = await mkdtemp(join(tmpdir(), 'domovoy-faults-'));
  await bundle('dist/faults', { web: 'src/web.ts', worker: 'src/worker.ts', sandbox: 'sandbox/main.ts' });
  postgres = await MortalPostgres.open(folder);
  await migrate(postgres.url);
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  sandbox = supervise('dist/faults/sandbox.js', { SANDBOX_CONFIG: JSON.stringify(sandboxConfig(site)) });
  const places = JSON.parse(await sandbox.ready) as { bank: string; smtpPort: number };
  bankUrl = places.bank;
  const environment = {
    ...TEST_ENVIRONMENT,
    LOG_LEVEL: process.env.FAULTS_LOG ?? 'silent',
    DATABASE_URL: postgres.url,
    FILES_DIR: join(folder, 'files'),
    SMTP_URL: `smtp://127.0.0.1:${places.smtpPort}`,
    PUBLIC_URL: site,
    HOST: '127.0.0.1',
    PORT: String(port),
    ACQUIRER_API_URL: `${bankUrl}/v3`,
    ACQUIRER_PAGE_ORIGINS: bankUrl,
  };
  const pool = createPool({ url: postgres.url, connections: 3, onError: () => undefined });
  context = {
    db: createDatabase(pool),
    clock: () => new Date(),
    config: readConfig(environment),
    files: localFiles(environment.FILES_DIR),
    log: pino({ level: 'silent' }),
  };
  await loadRules(context.db);
  recipients = [
    await buildRecipient({ context }, { shopId: '100' }),
    await buildRecipient({ context }, { shopId: '200' }),
    await buildRecipient({ context }, { splitAccount: '200' }),
  ];
  await buildShop({ context }, (await buildRecipient({ context })).organisationId, '900', 'split');
  web = supervise('dist/faults/web.js', environment);
  worker = supervise('dist/faults/worker.js', environment);
  await Promise.all([web.ready, worker.ready]);
});

afterAll(async () => {
  await Promise.all([web?.stop(), worker?.stop(), sandbox?.stop()]);
  await context?.db.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sandboxConfig = (site: string) => ({
  dataDir: join(folder, 'sandbox'),
  bank: {
    port: 0,
    shops: ['100', '200', '900'].map((shopId) => ({
      shopId,
      secretKey: SECRET,
      name: shopId,
      webhookUrl: `${site}/payments/notifications/${shopId}`,
    })),
  },
  identity: {
    port: 0,
    client: { id: 'domovoy', secret: 'secret', redirectUris: [`${site}/cb`], postLogoutRedirectUris: [site] },
  },
  mailbox: { smtpPort: 0, webPort: 0 },
});

async function keepKilling(): Promise<string[]> {
  const killed: string[] = [];
  for (let count = 0; count < KILLS; count += 1) {
    await sleep(100 + random() * 900);
    const victim = choose(['web', 'worker', 'postgres', 'web', 'worker']);
    killed.push(victim);
    if (victim === 'web') web.kill();
    else if (victim === 'worker') worker.kill();
    else await postgres.kill();
  }
  return killed;
}

async function openPayer(): Promise<Payer> {
  const person = await buildResident({ context }, ...recipients);
  const token = await openSession(context, context.db, {
    personId: person.personId,
    userAgent: 'faults',
    idToken: null,
  });
  return new Payer(context.config.PUBLIC_URL, `domovoy_session=${formatToken(token)}`);
}

async function untilQuiet(): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 180_000; await sleep(1000)) {
    const waiting = await context.db
      .selectFrom('payment')
      .select(['state', 'posted_at'])
      .where('next_check_at', 'is not', null)
      .execute()
      .catch(() => null);
    if (waiting?.length === 0) return;
  }
}

test('whatever is killed when, no money is lost, doubled or stuck', async () => {
  const payers = await Promise.all(Array.from({ length: PAYERS }, openPayer));
  let done = false;
  const killing = keepKilling().finally(() => {
    done = true;
  });
  const orders = await Promise.all(
    payers.map(async (payer) => {
      let count = 0;
      while (!done || count < 2) {
        const split = random() < 0.3;
        const chosen = split ? [recipients[2]!] : recipients.slice(0, 1 + Math.floor(random() * 2));
        const amount = `${1 + Math.floor(random() * 900)},${String(Math.floor(random() * 100)).padStart(2, '0')}`;
        await payer.pay(
          chosen.map((to) => ({ to, amount })),
          choose(OUTCOMES),
        );
        count += 1;
      }
      return count;
    }),
  );
  const killed = await killing;
  await untilQuiet();
  console.log(`faults: ${orders.reduce((a, b) => a + b, 0)} orders under ${killed.join(' ')}`);
  await checkTruth();
}, 600_000);

/** The bank's own list is the measure: what it took is on the accounts exactly once, and nothing else is. */
async function checkTruth(): Promise<void> {
  const { db } = context;
  const taken = new Map<string, string>();
  for (const shopId of ['100', '200', '900']) {
    const acquirer = createYooKassa({ apiUrl: `${bankUrl}/v3`, shopId, secretKey: SECRET, timeoutMs: 10_000 });
    const range = { createdFrom: new Date(Date.now() - 3_600_000), createdTo: new Date(Date.now() + 60_000) };
    const outcome = await acquirer.findPayments(range);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    for (const { metadata, status } of outcome.value) {
      expect(taken.has(metadata.payment_id!), 'one payment of ours is one at the bank').toBe(false);
      taken.set(metadata.payment_id!, status);
    }
  }
  const payments = await db.selectFrom('payment').selectAll().execute();
  const parts = await db.selectFrom('payment_part').selectAll().execute();
  const { rows: receipts } = await sql<{ part_id: string; amount: bigint }>`
    select part_id, amount from receipt where reversed_at is null`.execute(db);
  expect(payments.filter(({ next_check_at }) => next_check_at !== null)).toEqual([]);
  expect(payments.filter(({ state }) => state === 'needs_person')).toEqual([]);
  for (const payment of payments)
    expect([payment.payment_id, payment.state === 'succeeded']).toEqual([
      payment.payment_id,
      taken.get(payment.payment_id) === 'succeeded',
    ]);
  const succeeded = new Set(payments.filter(({ state }) => state === 'succeeded').map(({ payment_id }) => payment_id));
  const due = parts.filter(({ payment_id }) => succeeded.has(payment_id));
  const asText = (list: readonly { part_id: string; amount: bigint }[]) =>
    list.map(({ part_id, amount }) => `${part_id} ${amount}`).sort();
  expect(asText(receipts)).toEqual(asText(due));
  expect(due.length).toBeGreaterThan(0);
  const { rows: letters } = await sql<{ subject: string }>`
    select subject from mail_message where subject like 'Оплачено%'`.execute(db);
  expect(letters.length, 'a letter for each paid payment').toBe(succeeded.size);
  for (const { houseId } of recipients) expect(await findImbalances(db, houseId)).toEqual([]);
}
