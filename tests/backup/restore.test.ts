import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBank } from '../../sandbox/bank/start.tsx';
import type { Running } from '../../sandbox/http.ts';
import { createApp } from '../../src/app.ts';
import { findImbalances } from '../../src/modules/billing/index.ts';
import { beginPayment } from '../../src/modules/payments/begin-payment.ts';
import { startPayment } from '../../src/modules/payments/start-payment.ts';
import {
  buildDebt,
  buildRecipient,
  buildResident,
  pay,
  type Recipient,
  readTruth,
  runJobs,
} from '../../src/modules/payments/test-rows.ts';
import type { Context } from '../../src/platform/context.ts';
import { createDatabase, createPool, type Database } from '../../src/platform/database/database.ts';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded.ts';
import { localFiles } from '../../src/platform/files/local-files.ts';
import { type FileId, newId } from '../../src/platform/ids.ts';
import { sendMail } from '../../src/platform/mail/mail.ts';
import { markMailSent } from '../../src/platform/mail/queries.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { Browserless } from '../support/browserless.ts';
import { buildLink } from '../support/rows.ts';
import {
  addFile,
  newDatabase,
  newFolder,
  readAll,
  readFiles,
  readMoney,
  runBackup,
  runRestore,
  SECRET_KEY,
} from './installation.ts';

const LOGIN = 'domovitova';

const elsewhere = newDatabase();

let bank: Running;
let application: TestApplication;
let folder: string;
let light: Recipient;
let water: Recipient;

beforeAll(async () => {
  folder = await newFolder();
  const shops = [{ shopId: '100', secretKey: 'secret-of-the-shop', name: 'Магазин' }];
  bank = await startBank({ host: '127.0.0.1', port: 0, dataDir: join(folder, 'bank'), shops });
  application = await startApplication({
    settings: { ACQUIRER_API_URL: `${bank.url}/v3`, ACQUIRER_PAGE_ORIGINS: bank.url },
  });
  const { context } = application;
  light = await buildRecipient({ context }, { shopId: '100' });
  water = await buildRecipient({ context });
  await buildDebt({ context }, light, 5123_45);
  await buildDebt({ context }, water, 801_10);
}, 120_000);
afterAll(async () => {
  await bank?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A resident pays a part of what the account owes; the bank takes it and the money is posted. */
async function payPart({ context }: TestApplication, amount: number): Promise<void> {
  const person = await buildResident({ context }, light);
  const { orderId } = await startPayment(context, person, { key: newId(), sums: [pay(light, amount)], period: null });
  const { payments } = await readTruth({ context }, person.personId);
  await beginPayment(context, person, { orderId, paymentId: payments[0]!.payment_id });
  const { payments: begun } = await readTruth({ context }, person.personId);
  const body = new URLSearchParams({ outcome: 'success' });
  await fetch(`${bank.url}/pay/${begun[0]!.external_id}`, { method: 'POST', body, redirect: 'manual' });
  await runJobs({ context });
}

/** Bills, files and removals, one after another until it is told to stop. */
function keepWriting({ context }: TestApplication): { rounds(): number; stop(): Promise<number> } {
  let isStopped = false;
  let rounds = 0;
  const writing = (async () => {
    let before: FileId | null = null;
    for (; !isStopped; rounds += 1) {
      await buildDebt({ context }, water, 100 + rounds);
      const fileId = await addFile(context.db, context.files, randomBytes(20_000));
      // What a sweep does to a file that nobody names any more, but of this very moment.
      if (before) await context.db.deleteFrom('stored_file').where('file_id', '=', before).execute();
      before = rounds % 2 ? fileId : null;
    }
    return rounds;
  })();
  return {
    rounds: () => rounds,
    async stop() {
      isStopped = true;
      return writing;
    },
  };
}

/** The sums that the page shows. */
const sumsOn = (html: string): string[] =>
  Array.from(html.replace(/<[^>]+>/g, '').matchAll(/\d[\d\s\u00a0\u202f]*,\d{2}/g), ([sum]) => sum.replace(/\s/g, ''));

test('an installation is backed up while it works, and goes on from the backup elsewhere', async () => {
  const { context, url } = application;
  const person = await application.signIn(LOGIN);
  const { person_id: personId } = await context.db.selectFrom('person').select('person_id').executeTakeFirstOrThrow();
  for (const { houseId, accountId, organisationId } of [light, water])
    await buildLink(context, { personId, houseId, accountId, providerId: organisationId });
  await payPart(application, 1000_05);
  const large = randomBytes(6 * 1_048_576);
  const [whole, lost] = [
    await addFile(context.db, context.files, large),
    await addFile(context.db, context.files, large),
  ];
  await rm(context.files.path(lost));
  const bad = await addFile(context.db, context.files, large);
  // A folder in its place: an error of reading to everybody, root too.
  await rm(context.files.path(bad));
  await mkdir(context.files.path(bad));
  const letter = {
    personId,
    recipient: 'anna@example.test',
    subject: 'Письмо',
    body: { title: 'Письмо', paragraphs: ['Текст'] },
  };
  const sent = await sendMail(context.db, letter, context.now);
  await sql`delete from graphile_worker._private_jobs where payload->>'mailId' = ${sent}`.execute(context.db);
  await markMailSent(context.db, { personId, mailId: sent!, content: null, body: '' }, context.now);
  const waiting = await sendMail(context.db, letter, context.now);
  await sql`update graphile_worker._private_jobs set attempts = 3, last_error = 'no answer', locked_at = now(), locked_by = 'a worker'
    where payload->>'mailId' = ${waiting}`.execute(context.db);
  await sql`insert into arriving_file (file_id, begun_at, size_bytes, pieces) values (${newId()}, now(), 5, array[${newId()}]::uuid[])`.execute(
    context.db,
  );
  const home = sumsOn((await person.get('/')).html);
  expect(home.length).toBeGreaterThan(0);

  // While others write: the rows are of one moment, and no row names a file that is not there.
  const source = ['--database-url', context.url, '--files-dir', context.config.FILES_DIR];
  const writer = keepWriting(application);
  await expect.poll(writer.rounds).toBeGreaterThan(3);
  const began = writer.rounds();
  const busy = join(folder, 'busy.tar');
  const saidBusy = await runBackup(['--to', busy, ...source]);
  expect(await writer.stop()).toBeGreaterThan(began);
  expect(saidBusy).toMatch(/хранилище потеряло или изменило 2\sфайла: /);
  expect(saidBusy).toContain('code 3');

  // Then in quiet, to be compared row by row.
  const quiet = join(folder, 'quiet');
  await runBackup(['--to', quiet, ...source]);
  const homeBefore = sumsOn((await person.get('/')).html);
  const before = { all: await readAll(context.db), money: await readMoney(context.db) };

  const busyFiles = localFiles(join(folder, 'from-busy'));
  await runRestore(['--from', busy, '--database-url', elsewhere.url, '--files-dir', busyFiles.place]);
  await withDatabase(elsewhere.url, async (db) => {
    for (const { houseId } of [light, water]) expect(await findImbalances(db, houseId)).toEqual([]);
    const files = await readFiles(db, busyFiles);
    expect([...files].filter(([, state]) => state !== 'whole')).toEqual([
      [lost, 'missing'],
      [bad, 'missing'],
    ]);
    const { ledger } = await readMoney(db);
    const known = new Set(before.money.ledger.map((entry) => JSON.stringify(entry)));
    expect(ledger.filter((entry) => !known.has(JSON.stringify(entry)))).toEqual([]);
  });

  const quietDir = join(folder, 'from-quiet');
  await runRestore(['--from', quiet, '--data-dir', quietDir]);
  await writeFile(join(quietDir, 'secret-key'), SECRET_KEY);
  // The application is stopped, and so is its database: the command starts it for itself.
  const again = join(folder, 'again.tar');
  await runBackup(['--to', again, '--data-dir', quietDir], { SECRET_KEY: '' });
  expect(await runRestore(['--from', again, '--check'])).toContain('Копия цела');

  await withEmbedded(quietDir, async (restored) => {
    const after = await readAll(restored.db);
    // What is on its way is in no backup.
    before.all.set('arriving_file', []);
    for (const [table, rows] of before.all) expect([table, after.get(table)]).toEqual([table, rows]);
    expect(await readMoney(restored.db)).toEqual(before.money);
    expect((await readFiles(restored.db, restored.files)).get(whole)).toBe('whole');
    const mailJobs =
      await sql`select payload->>'mailId' as "mailId", attempts, last_error, locked_at from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'mail.deliver'`.execute(
        restored.db,
      );
    expect(mailJobs.rows).toContainEqual({ mailId: waiting, attempts: 2, last_error: 'no answer', locked_at: null });
    expect(mailJobs.rows.map((row) => (row as { mailId: string }).mailId)).not.toContain(sent);

    await application.app.close();
    const app = await createApp(restored);
    await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    try {
      const isReady = () => fetch(`${url}/health/ready`).then(({ status }) => status, String);
      await expect.poll(isReady).toBe(200);
      // The session of before is over; whoever signs in finds what was there.
      expect((await person.get('/')).html).not.toContain(light.number);
      const browser = new Browserless(url);
      await browser.signInAs(LOGIN);
      expect(sumsOn((await browser.get('/')).html)).toEqual(homeBefore);
    } finally {
      await app.close();
    }
  });
}, 120_000);

async function withDatabase(url: string, work: (db: Database) => Promise<void>): Promise<void> {
  const db = createDatabase(createPool({ url, connections: 5 }));
  await work(db).finally(() => db.destroy());
}

/** A world of a data folder, as `npm start` would have it. */
async function withEmbedded(dataDir: string, work: (context: Context) => Promise<void>): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const files = localFiles(join(dataDir, 'files'));
  const { context } = application;
  const config = { ...context.config, DATABASE_URL: server.url, FILES_DIR: files.place };
  await withDatabase(server.url, (db) => work({ ...context, db, files, config, clock: () => context.now })).finally(
    () => server.stop(),
  );
}
