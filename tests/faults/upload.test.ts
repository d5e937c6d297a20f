import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImbalances, findUnevenDues } from '../../src/modules/billing/index.ts';
import { loadClassifiers, loadRegions } from '../../src/modules/classifiers/index.ts';
import { upsertRequisite } from '../../src/modules/organisations/index.ts';
import { reviveUploads } from '../../src/modules/uploads/jobs.ts';
import { HEADS, LINES } from '../../src/modules/uploads/layouts/bills.ts';
import { textsOf, xlsxOf } from '../../src/modules/uploads/test-workbooks.ts';
import type { UploadState } from '../../src/modules/uploads/upload.ts';
import type { Context } from '../../src/platform/context.ts';
import type { HouseId, OrganisationId } from '../../src/platform/ids.ts';
import { buildAccount, buildEmployee, buildHouse, buildOrganisation } from '../support/rows.ts';
import { sleep } from './installation.ts';
import { Uploader } from './uploader.ts';
import { KILLS, TIME_LIMIT_MS, type Trouble, type Victim, World } from './world.ts';

const HOUSES = 6;
const FLATS = 200;
const LINES_OF_A_BILL = 2;
/** Bills of a file whose account nobody has. */
const BAD = 3;
const VICTIMS = ['worker', 'postgres', 'worker', 'postgres', 'step'] as const;
const TROUBLES = ['database away', 'disk full'] as const;
const OVER: readonly UploadState[] = ['applied', 'failed', 'refused', 'cancelled'];

let world: World;
let context: Context;
let organisationId: OrganisationId;
let clerk: Uploader;
const houses: HouseId[] = [];
const accounts: string[] = [];

beforeAll(async () => {
  const entries = { 'read-upload': 'src/modules/uploads/read-upload.process.ts' };
  world = await World.open('upload', { entries }, async (opened) => {
    world = opened;
    context = opened.context;
    await loadRegions(context.db);
    await loadClassifiers(context.db);
    clerk = await openClerk();
  });
});
afterAll(() => world?.close());

/** A clerk of an organisation with houses full of accounts. */
async function openClerk(): Promise<Uploader> {
  organisationId = await buildOrganisation(context);
  await upsertRequisite(context.db, { organisationId, bik: '044525225', bankAccount: '40702810438000060473' });
  const personId = await buildEmployee(context, organisationId);
  for (let house = 0; house < HOUSES; house += 1) {
    const houseId = await buildHouse(context, { managerId: organisationId });
    houses.push(houseId);
    const numbers = Array.from({ length: FLATS }, (_, flat) => `${house + 1}-${flat + 1}`);
    await Promise.all(numbers.map((number) => buildAccount(context, { houseId, providerId: organisationId, number })));
    accounts.push(...numbers);
  }
  const cookie = await world.cookieOf(personId);
  await context.db.updateTable('session').set({ acting_organisation_id: organisationId }).execute();
  return new Uploader(world, 'clerk', cookie);
}

interface Month {
  period: string;
  file: Buffer;
  /** Numbers of the good bills and what each of them asks, kopecks. */
  bills: Map<string, bigint>;
  bad: number;
}

/** Every month another file; sums tell a bill from its neighbours, and every other file has bad bills in it. */
async function monthOf(index: number): Promise<Month> {
  const period = `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  const bad = index % 2 === 0 ? 0 : BAD;
  const bills = new Map<string, bigint>();
  const heads: Record<string, string>[] = [];
  const lines: Record<string, string>[] = [];
  const named = [...accounts, ...Array.from({ length: bad }, (_, one) => `нет-${one}`)];
  for (const [at, account] of named.entries()) {
    const document = `${period}/${account}`;
    heads.push({
      account,
      document,
      period: period.split('-').reverse().join('.'),
      bik: '044525225',
      bankAccount: '40702810438000060473',
    });
    let total = 0n;
    for (let line = 0; line < LINES_OF_A_BILL; line += 1) {
      const kopecks = BigInt(10_000 + index * 100_000 + at * 7 + line);
      total += kopecks;
      lines.push({
        document,
        service: `Услуга ${line + 1}`,
        payable: `${kopecks / 100n},${String(kopecks % 100n).padStart(2, '0')}`,
      });
    }
    if (at < accounts.length) bills.set(document, total);
  }
  return { period, file: await xlsxOf([HEADS, heads], [LINES, lines]), bills, bad };
}

const stateOf = async (path: string): Promise<UploadState | null> => {
  const uploadId = path.split('/').at(-1)!;
  const row = await context.db
    .selectFrom('upload')
    .select('state')
    .where('organisation_id', '=', organisationId)
    .where('upload_id', '=', uploadId as never)
    .executeTakeFirst()
    .catch(() => null);
  return row?.state ?? null;
};

/** What nobody is at work on is taken up again within ten minutes (reviveUploads): longer is stuck. */
const PATIENCE = 660_000;

async function untilState(path: string, wanted: readonly UploadState[]): Promise<UploadState> {
  for (const started = Date.now(); Date.now() - started < PATIENCE; await sleep(50)) {
    const state = await stateOf(path);
    if (state && wanted.includes(state)) return state;
  }
  throw new Error(`the upload is stuck: ${await stateOf(path)}`);
}

const struck: string[] = [];

/** Strikes up to four times while an upload is under way, so that now and then one is given up. What is over is left alone. */
async function strike(path: string, running: readonly UploadState[]): Promise<void> {
  for (let blows = 1 + Math.floor(world.random() * 4); blows > 0 && struck.length < KILLS; blows -= 1) {
    const what: Victim | Trouble | 'step' = struck.length % 10 === 9 ? world.choose(TROUBLES) : world.choose(VICTIMS);
    await sleep(world.random() * 1200);
    const state = await stateOf(path);
    if (state && !running.includes(state)) return;
    if (what !== 'step') await world.strike(what);
    else if (!world.worker.killChild()) continue;
    struck.push(`${what} (${state})`);
  }
}

/** Sends a month until it is loaded: what has failed after too many deaths is sent again, as its page says. */
async function load(month: Month): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const path = await clerk.send('bills', `${month.period}.xlsx`, month.file);
    await Promise.all([strike(path, ['stored', 'reading']), untilState(path, ['checked', ...OVER])]);
    if ((await stateOf(path)) !== 'checked') continue;
    await clerk.apply(path, month.bad > 0 ? 'good_ones' : 'all_or_nothing');
    const [, state] = await Promise.all([strike(path, ['applying']), untilState(path, OVER)]);
    if (state === 'applied') return;
  }
  throw new Error(`${month.period} was never loaded`);
}

/** Nothing that is due waits in the queue (people are told of new bills minutes later), and each upload that could have an answer has it. */
async function untilQuiet(): Promise<void> {
  await expect
    .poll(
      async () => {
        await reviveUploads.run(context, context.log);
        const { rows: jobs } = await sql<object>`
          select task.identifier as task, attempts, left(last_error, 300) as error, locked_at
          from graphile_worker._private_jobs job join graphile_worker._private_tasks task on task.id = job.task_id
          where run_at <= now()`.execute(context.db);
        const { rows: unanswered } = await sql<object>`
          select upload_id from upload where state = 'applied' and result_file_id is null`.execute(context.db);
        return { jobs, unanswered };
      },
      { timeout: 120_000, interval: 200 },
    )
    .toEqual({ jobs: [], unanswered: [] });
}

test(
  'whatever is killed when, a file of bills is loaded once or not at all, and its page says which',
  async () => {
    const months: Month[] = [];
    while (struck.length < KILLS) {
      const month = await monthOf(months.length);
      months.push(month);
      await load(month);
    }
    await untilQuiet();
    const uploads = await context.db.selectFrom('upload').selectAll().execute();
    console.log(
      `faults: ${months.length} files in ${uploads.length} uploads under ${struck.join(', ')}; ${uploads.filter(({ state }) => state === 'failed').length} given up`,
    );
    await checkUploads(uploads.map(({ upload_id }) => upload_id));
    await checkBills(months);
  },
  TIME_LIMIT_MS * 3,
);

async function checkUploads(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { rows } = await sql<Record<string, unknown>>`
      select state, documents_bad, documents_applied, file_name,
        (select count(*) from upload_document d where d.upload_id = u.upload_id and d.applied)::int as verdicts,
        (select count(*) from upload_row r where r.upload_id = u.upload_id)::int as staged,
        (select count(*) from payment_document p where p.upload_id = u.upload_id)::int as bills,
        (select count(*) from audit_event a where a.action = 'uploads.applied' and a.details->>'uploadId' = u.upload_id::text)::int as events
      from upload u where upload_id = ${id}`.execute(context.db);
    const { state, ...counts } = rows[0]!;
    const path = `/work/uploads/${id}`;
    const page = (await clerk.get(path)).replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
    if (state === 'applied') {
      const [year, month] = String(counts.file_name).split(/[-.]/).map(Number);
      const bad = ((year! - 2024) * 12 + month! - 1) % 2 === 0 ? 0 : BAD;
      expect(counts).toMatchObject({
        documents_bad: bad,
        documents_applied: accounts.length,
        verdicts: accounts.length,
        bills: accounts.length,
        events: 1,
        staged: 0,
      });
      expect(page.replaceAll(' ', '')).toContain(`Загружено:${accounts.length}документов`);
      await checkAnswer(path, bad);
    } else {
      expect(state).toBe('failed');
      expect(counts).toMatchObject({ verdicts: 0, bills: 0, events: 0, staged: 0 });
      expect(page).toMatch(/Загрузить не получилось.*(Ничего не загружено|ничего не изменилось)/);
    }
  }
}

/** The answer tells of each row what became of it, not what was planned. */
async function checkAnswer(path: string, bad: number): Promise<void> {
  const answer = join(world.work, 'answer.xlsx');
  await writeFile(answer, await clerk.download(`${path}/result`));
  const heads = Object.values((await textsOf(answer))['Разделы 1-2']!).slice(1);
  const statuses = heads.map((cells) => cells.at(-1) ?? '');
  expect(statuses.filter((status) => status.startsWith('Загружено')).length).toBe(accounts.length);
  expect(statuses.filter((status) => status.startsWith('Ошибка')).length).toBe(bad);
}

async function checkBills(months: readonly Month[]): Promise<void> {
  const { rows } = await sql<{ number: string; state: string; charged: bigint }>`
    select number, state, charged from payment_document order by number`.execute(context.db);
  const wanted = months.flatMap(({ bills }) => [...bills]).map(([number, sum]) => `${number} exposed ${sum}`);
  expect(rows.map(({ number, state, charged }) => `${number} ${state} ${charged}`).sort()).toEqual(wanted.sort());
  for (const houseId of houses) {
    expect(await findImbalances(context.db, houseId)).toEqual([]);
    expect(await findUnevenDues(context.db, houseId)).toEqual([]);
  }
  const { rows: sums } = await sql<{ owed: bigint; charged: bigint }>`
    select (select sum(receivable - advance) from account_balance)::bigint as owed,
      (select sum(case when debit = 'receivable' then amount else -amount end) from ledger_entry
        where 'receivable' in (debit, credit))::bigint as charged`.execute(context.db);
  const total = months.flatMap(({ bills }) => [...bills.values()]).reduce((a, b) => a + b, 0n);
  expect(sums[0]).toEqual({ owed: total, charged: total });
}
