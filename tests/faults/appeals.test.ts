import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadClassifiers, loadRegions } from '../../src/modules/classifiers/index.ts';
import { formatToken, openSession } from '../../src/modules/identity/session.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { Context } from '../../src/platform/context.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { localFiles } from '../../src/platform/files/files.ts';
import type { AppealId, HouseId, OrganisationId, PersonId } from '../../src/platform/ids.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { TEST_ENVIRONMENT } from '../support/context.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation, buildPerson } from '../support/rows.ts';
import { bundle, freePort, MortalPostgres, sleep } from './installation.ts';
import { again, hidden, Patient } from './patient.ts';
import { type Supervised, seeded, supervise } from './supervised.ts';

/** Real processes, real kills. FAULTS_SEED plays a run again (the times of processes differ, the choices do not). */
const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
const KILLS = Number(process.env.FAULTS_KILLS ?? 12);
const AUTHORS = 4;
const random = seeded(SEED);

let folder: string;
let postgres: MortalPostgres;
let web: Supervised;
let worker: Supervised;
let context: Context;
let houseId: HouseId;
let managerId: OrganisationId;

beforeAll(async () => {
  console.log(`faults: FAULTS_SEED=${SEED}`);
  folder = await mkdtemp(join(tmpdir(), 'domovoy-faults-'));
  await bundle('dist/faults-appeals', { web: 'src/web.ts', worker: 'src/worker.ts' });
  postgres = await MortalPostgres.open(folder);
  await migrate(postgres.url);
  const port = await freePort();
  const environment = {
    ...TEST_ENVIRONMENT,
    LOG_LEVEL: process.env.FAULTS_LOG ?? 'silent',
    DATABASE_URL: postgres.url,
    FILES_DIR: join(folder, 'files'),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    HOST: '127.0.0.1',
    PORT: String(port),
    RATE_LIMIT_PER_MINUTE: '100000',
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
  await loadClassifiers(context.db);
  await loadRegions(context.db);
  await context.db.updateTable('dated_rule').set({ value: '10000' }).where('key', '=', 'appeal.sent_per_day').execute();
  managerId = await buildOrganisation(context);
  houseId = await buildHouse(context, { managerId, oktmo: '45350000' });
  web = supervise('dist/faults-appeals/web.js', environment);
  worker = supervise('dist/faults-appeals/worker.js', environment);
  await Promise.all([web.ready, worker.ready]);
});

afterAll(async () => {
  await Promise.all([web?.stop(), worker?.stop()]);
  await context?.db.destroy();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function keepKilling(): Promise<string[]> {
  const killed: string[] = [];
  for (let count = 0; count < KILLS; count += 1) {
    await sleep(100 + random() * 900);
    const victim = ['web', 'web', 'worker', 'postgres'][Math.floor(random() * 4)]!;
    killed.push(victim);
    if (victim === 'web') web.kill();
    else if (victim === 'worker') worker.kill();
    else await postgres.kill();
  }
  return killed;
}

interface Acknowledged {
  appealId: AppealId;
  text: string;
  sha256: string;
}

/** An author with one home, and the appeals that the site has said are sent. */
class Author extends Patient {
  readonly personId: PersonId;
  readonly acknowledged: Acknowledged[] = [];
  private readonly header: string;

  constructor(site: string, cookie: string, personId: PersonId) {
    super(site, cookie);
    this.header = cookie;
    this.personId = personId;
  }

  /** One appeal with a file, its every request sent until it is answered, «Да» sometimes from two windows at once. */
  async send(isTwice: boolean): Promise<void> {
    const text = `Обращение ${this.acknowledged.length + 1}`;
    const page = await this.get('/appeals/new');
    const draft = /action="(\/appeals\/drafts\/[^"]+)"/.exec(page)![1]!;
    const token = { _token: hidden(page, '_token') };
    const typed = { version: '0', seal: hidden(page, 'seal'), text, answerEmail: 'anna@example.test' };
    await this.post(draft, { ...token, ...typed });
    await this.post(`${draft}/topic`, { ...token, topic: '1.6' });
    await this.post(`${draft}/municipality`, { ...token, region: '77', name: 'Бибирево' });
    const content = aPdf();
    await this.attach(`${draft}/files`, token._token, content);
    const confirm = await this.get(`${draft}/confirm`);
    const form = { ...token, _key: hidden(confirm, '_key'), version: hidden(confirm, 'version') };
    const another = { ...form, _key: `${form._key}-another` };
    const answers = await Promise.all(
      (isTwice ? [form, another] : [form]).map((one) => this.post(`${draft}/send`, one)),
    );
    expect(new Set(answers).size, 'one draft, one appeal').toBe(1);
    const appealId = answers[0]!.split('/').at(-2) as AppealId;
    this.acknowledged.push({ appealId, text, sha256: createHash('sha256').update(content).digest('hex') });
  }

  private attach(path: string, token: string, content: Buffer): Promise<true> {
    return again(async () => {
      const body = new FormData();
      body.append('_token', token);
      body.append('files', new Blob([new Uint8Array(content)]), 'двор.pdf');
      const answer = await fetch(this.site + path, {
        method: 'POST',
        headers: { cookie: this.header },
        body,
        redirect: 'manual',
      });
      await answer.body?.cancel();
      return answer.status === 303 ? true : null;
    });
  }
}

/** A PDF of its own, of some hundred kilobytes: long enough to be cut off in the middle. */
const aPdf = (): Buffer => {
  const filling = Array.from(
    { length: 4000 },
    () =>
      `%${Math.floor(random() * 2 ** 32)
        .toString(36)
        .padEnd(60, 'x')}`,
  );
  return Buffer.from(`%PDF-1.4\n1 0 obj\n<<>>\nendobj\n${filling.join('\n')}\ntrailer\n<<>>\n%%EOF\n`);
};

async function openAuthor(): Promise<Author> {
  const accountId = await buildAccount(context, { houseId, providerId: managerId });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId: managerId });
  const token = await openSession(context, context.db, { personId, userAgent: 'faults', idToken: null });
  return new Author(context.config.PUBLIC_URL, `domovoy_session=${formatToken(token)}`, personId);
}

test('whatever is killed when, an acknowledged appeal has its row, its files, its term and its one letter', async () => {
  const authors = await Promise.all(Array.from({ length: AUTHORS }, openAuthor));
  let done = false;
  const killing = keepKilling().finally(() => {
    done = true;
  });
  await Promise.all(
    authors.map(async (author) => {
      for (let count = 0; !done || count < 2; count += 1) await author.send(random() < 0.3);
    }),
  );
  const killed = await killing;
  const sent = authors.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  console.log(`faults: ${sent} appeals under ${killed.join(' ')}`);
  expect(sent).toBeGreaterThan(AUTHORS);
  for (const author of authors) await checkTruth(author);
}, 300_000);

async function checkTruth({ personId, acknowledged }: Author): Promise<void> {
  const { db, files } = context;
  const appeals = await db.selectFrom('appeal').selectAll().where('author_id', '=', personId).execute();
  expect(appeals.map(({ appeal_id }) => appeal_id).sort(), 'these and no others').toEqual(
    acknowledged.map(({ appealId }) => appealId).sort(),
  );
  const letters = await db.selectFrom('mail_message').selectAll().where('person_id', '=', personId).execute();
  expect(letters).toHaveLength(acknowledged.length);
  const own = await db.selectFrom('own_appeal').selectAll().where('person_id', '=', personId).execute();
  expect(own).toHaveLength(acknowledged.length);
  for (const { appealId, text, sha256 } of acknowledged) {
    const appeal = appeals.find(({ appeal_id }) => appeal_id === appealId)!;
    expect(appeal.text).toBe(text);
    expect(letters.filter(({ body }) => body.includes(appeal.number))).toHaveLength(1);
    const parts = await db.selectFrom('appeal_part').selectAll().where('appeal_id', '=', appealId).execute();
    expect(parts).toHaveLength(1);
    expect(parts[0]!.due_on).not.toBeNull();
    const desk = await db.selectFrom('desk_appeal').selectAll().where('appeal_id', '=', appealId).execute();
    expect(desk).toMatchObject([{ organisation_id: managerId, number: appeal.number }]);
    const kept = await db.selectFrom('appeal_file').selectAll().where('appeal_id', '=', appealId).execute();
    // A sending of the file whose answer was lost is sent again: then it is there twice, never damaged and never lacking.
    expect(kept.length).toBeGreaterThan(0);
    for (const file of kept)
      expect(
        createHash('sha256')
          .update(await buffer(files.open(file.file_id)))
          .digest('hex'),
      ).toBe(sha256);
  }
}
