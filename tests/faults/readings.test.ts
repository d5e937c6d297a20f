import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatToken, openSession } from '../../src/modules/identity/session.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { Context } from '../../src/platform/context.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { localFiles } from '../../src/platform/files/files.ts';
import { type HouseId, type MeterId, newId, type OrganisationId, type PremisesId } from '../../src/platform/ids.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { TEST_ENVIRONMENT } from '../support/context.ts';
import { buildMeter } from '../support/meters.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation, buildPerson } from '../support/rows.ts';
import { bundle, freePort, MortalPostgres, sleep } from './installation.ts';
import { hidden, Patient } from './patient.ts';
import { type Supervised, seeded, supervise } from './supervised.ts';

/** Real processes, real kills. FAULTS_SEED plays a run again (the times of processes differ, the choices do not). */
const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
const KILLS = Number(process.env.FAULTS_KILLS ?? 12);
const RESIDENTS = 5;
const BASE = 100;
const random = seeded(SEED);

let folder: string;
let postgres: MortalPostgres;
let web: Supervised;
let worker: Supervised;
let context: Context;
let houseId: HouseId;
let providerId: OrganisationId;

beforeAll(async () => {
  console.log(`faults: FAULTS_SEED=${SEED}`);
  folder = await mkdtemp(join(tmpdir(), 'domovoy-faults-'));
  await bundle('dist/faults-readings', { web: 'src/web.ts', worker: 'src/worker.ts' });
  postgres = await MortalPostgres.open(folder);
  await migrate(postgres.url);
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  const environment = {
    ...TEST_ENVIRONMENT,
    LOG_LEVEL: process.env.FAULTS_LOG ?? 'silent',
    DATABASE_URL: postgres.url,
    FILES_DIR: join(folder, 'files'),
    PUBLIC_URL: site,
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
  houseId = await buildHouse(context);
  providerId = await buildOrganisation(context);
  web = supervise('dist/faults-readings/web.js', environment);
  worker = supervise('dist/faults-readings/worker.js', environment);
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
  readingIds: string[];
  values: Map<MeterId, number>;
}

/** A resident with two devices, and what the site has said it has. */
class Resident extends Patient {
  readonly meters: readonly MeterId[];
  readonly acknowledged: Acknowledged[] = [];
  private value = BASE;

  constructor(site: string, cookie: string, meters: readonly MeterId[]) {
    super(site, cookie);
    this.meters = meters;
  }

  /** Both values in one form, sometimes from two tabs at once, until it is answered. */
  async send(isTwice: boolean): Promise<void> {
    this.value += 1;
    const page = await this.get('/readings');
    const form: Record<string, string> = { _token: hidden(page, '_token'), _key: hidden(page, '_key') };
    this.meters.forEach((meterId, index) => {
      form[`t1.${meterId}.${index + 1}`] = String(this.value + index);
    });
    const answers = await Promise.all((isTwice ? [form, form] : [form]).map((one) => this.post('/readings', one)));
    expect(new Set(answers).size, 'one form, one answer').toBe(1);
    const saved = new URL(answers[0]!, this.site).searchParams.get('saved') ?? '';
    this.acknowledged.push({
      readingIds: saved.split(',').filter(Boolean),
      values: new Map(this.meters.map((meterId, index) => [meterId, this.value + index])),
    });
  }
}

async function openResident(): Promise<Resident> {
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: premisesId.slice(-8),
      updated_at: context.clock(),
    })
    .execute();
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId });
  const given = {
    houseId,
    premisesId,
    accounts: [{ accountId, providerId }],
    base: { on: '2026-01-10', t1: String(BASE) },
  };
  const meters = [
    await buildMeter(context, { ...given, resource: '1' }),
    await buildMeter(context, { ...given, resource: '2' }),
  ];
  const token = await openSession(context, context.db, { personId, userAgent: 'faults', idToken: null });
  return new Resident(context.config.PUBLIC_URL, `domovoy_session=${formatToken(token)}`, meters);
}

test('whatever is killed when, no acknowledged reading is lost or doubled', async () => {
  const residents = await Promise.all(Array.from({ length: RESIDENTS }, openResident));
  let done = false;
  const killing = keepKilling().finally(() => {
    done = true;
  });
  await Promise.all(
    residents.map(async (resident) => {
      for (let count = 0; !done || count < 2; count += 1) await resident.send(random() < 0.3);
    }),
  );
  const killed = await killing;
  const sent = residents.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  console.log(`faults: ${sent} forms under ${killed.join(' ')}`);
  expect(sent).toBeGreaterThan(RESIDENTS);
  for (const resident of residents) await checkTruth(resident);
}, 300_000);

async function checkTruth({ meters, acknowledged }: Resident): Promise<void> {
  const { rows } = await sql<{
    id: string;
    meterId: MeterId;
    t1: string;
    state: string;
    kind: string;
    deliveries: number;
  }>`
    select reading_id as id, meter_id as "meterId", t1, reading.state, kind, (select count(*)::int from reading_delivery
      where reading_delivery.house_id = reading.house_id and reading_delivery.reading_id = reading.reading_id) as deliveries
    from reading where house_id = ${houseId} and meter_id = any(${meters}::uuid[])`.execute(context.db);
  const current = rows.filter(({ kind }) => kind === 'current');
  const ids = new Set(current.map(({ id }) => id));
  for (const { readingIds } of acknowledged) {
    expect(readingIds).toHaveLength(meters.length);
    for (const id of readingIds) expect(ids.has(id), 'an acknowledged reading is there').toBe(true);
  }
  expect(current, 'and nothing else is').toHaveLength(acknowledged.length * meters.length);
  expect(current.every(({ deliveries }) => deliveries === 1)).toBe(true);
  const last = acknowledged.at(-1)!.values;
  for (const meterId of meters) {
    const active = current.filter((row) => row.meterId === meterId && row.state === 'active');
    expect(Math.max(...active.map(({ t1 }) => Number(t1)))).toBe(last.get(meterId));
    const { rows: used } = await sql<{ volume: string }>`select sum(volume) as volume from consumption
      where house_id = ${houseId} and meter_id = ${meterId}`.execute(context.db);
    expect(Number(used[0]!.volume), 'months agree with the dial').toBe(last.get(meterId)! - BASE);
  }
}
