import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestContext } from '../../../tests/support/context.ts';
import type { Context } from '../context.ts';
import { giveBack } from './alive.ts';
import { addJob, defineJob } from './jobs.ts';
import { holdPoolLock, selectAbandonedPools } from './queries.ts';
import { type RunningWorker, startWorker } from './worker.ts';

const SOON = { timeout: 20_000 };
const TIMES = { look: 100, confirm: 300 };

const workers: RunningWorker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

/** A worker whose jobs say a word; «long» goes on until it is let go. */
async function startAt(context: Context, times = {}) {
  const seen: string[] = [];
  const long = Promise.withResolvers<void>();
  const kind = defineJob({
    name: 'test.remember',
    payload: z.object({ word: z.string() }),
    run: async (_context, { word }) => {
      seen.push(word);
      if (word === 'long') await long.promise;
    },
  });
  const worker = await startWorker(context, [kind], [], { times: { ...TIMES, ...times } });
  workers.push(worker);
  return { worker, seen, letGo: long.resolve };
}

/** Adds a job that a pool has taken. */
const addHeld = (context: Context, poolId: string, word: string) =>
  context.db.transaction().execute(async (trx) => {
    await sql`select graphile_worker.add_job('test.remember', json_build_object('word', ${word}::text))`.execute(trx);
    await sql`update graphile_worker._private_jobs set locked_by = ${poolId}, locked_at = now(), attempts = 1
      where payload->>'word' = ${word}`.execute(trx);
  });

const holderOf = async (context: Context, word: string): Promise<string | null> => {
  const { rows } = await sql<{ poolId: string | null }>`
    select locked_by as "poolId" from graphile_worker._private_jobs where payload->>'word' = ${word}`.execute(
    context.db,
  );
  return rows[0]?.poolId ?? null;
};

/** The connection of a worker far away, which holds the lock of its pool. */
async function openFar(context: Context, poolId: string): Promise<pg.Client> {
  const far = new pg.Client({ connectionString: context.config.DATABASE_URL });
  await far.connect();
  await holdPoolLock(far, poolId);
  return far;
}

test('a job runs once after its transaction', async () => {
  const context = await createTestContext();
  const { seen } = await startAt(context);
  const kind = defineJob({
    name: 'test.remember',
    payload: z.object({ word: z.string() }),
    run: async () => undefined,
  });
  await addJob(context.db, kind, { word: 'fresh' });
  await expect.poll(() => seen, SOON).toEqual(['fresh']);
});

test('what a killed worker held is taken back by one that starts, and by one that runs already', async () => {
  const context = await createTestContext();
  await startWorker(context, [], [], { times: TIMES }).then((worker) => worker.stop());
  await addHeld(context, 'killed before', 'first');
  const { seen } = await startAt(context);
  await expect.poll(() => seen, SOON).toEqual(['first']);
  await addHeld(context, 'killed now', 'second');
  await expect.poll(() => seen, SOON).toEqual(['first', 'second']);
});

test('nobody takes the job of a worker that lives; it is free once the worker is gone', async () => {
  const context = await createTestContext();
  const far = await openFar(context, 'far');
  const { seen } = await startAt(context);
  await addHeld(context, 'far', 'theirs');
  await addHeld(context, 'killed', 'nobody’s');
  await expect.poll(() => seen, SOON).toEqual(['nobody’s']);
  expect(await holderOf(context, 'theirs')).toBe('far');
  await far.end();
  await expect.poll(() => seen, SOON).toEqual(['nobody’s', 'theirs']);
});

test('a worker that lost its lock for a moment keeps its jobs', async () => {
  const context = await createTestContext();
  await startWorker(context, [], []).then((worker) => worker.stop());
  await addHeld(context, 'far', 'theirs');
  await addHeld(context, 'killed', 'nobody’s');
  expect((await selectAbandonedPools(context.db)).sort()).toEqual(['far', 'killed']);
  const far = await openFar(context, 'far');
  const own = { db: context.db, poolId: 'own', running: new Set<string>() };
  await giveBack(own, { gone: ['far', 'killed'], forgotten: [] });
  expect(await holderOf(context, 'theirs')).toBe('far');
  expect(await holderOf(context, 'nobody’s')).toBeNull();
  await far.end();
});

test('a worker takes nothing from itself, without its lock too, but what it was given and never heard of', async () => {
  const context = await createTestContext();
  // So long a beat is as good as a line that was cut without a word: the lock is not taken again.
  const { seen, letGo } = await startAt(context, { beat: 600_000 });
  await sql`select graphile_worker.add_job('test.remember', '{"word":"long"}')`.execute(context.db);
  await expect.poll(() => seen, SOON).toEqual(['long']);
  const own = (await holderOf(context, 'long'))!;
  await expect.poll(() => selectAbandonedPools(context.db), SOON).toEqual([]);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'domovoy-jobs presence' and datname = current_database()`.execute(context.db);
  await expect.poll(() => selectAbandonedPools(context.db), SOON).toEqual([own]);
  await addHeld(context, own, 'unheard of');
  await expect.poll(() => seen, SOON).toEqual(['long', 'unheard of']);
  expect(await holderOf(context, 'long')).toBe(own);
  letGo();
  await expect.poll(() => holderOf(context, 'long'), SOON).toBeNull();
  expect(seen).toEqual(['long', 'unheard of']);
});

test('a lock that was lost with its connection is held again', async () => {
  const context = await createTestContext();
  const { seen, letGo } = await startAt(context, { beat: 50 });
  await sql`select graphile_worker.add_job('test.remember', '{"word":"long"}')`.execute(context.db);
  await expect.poll(() => seen, SOON).toEqual(['long']);
  const lines = async () =>
    (
      await sql<{ pid: number }>`select pid from pg_stat_activity where application_name = 'domovoy-jobs presence'
        and datname = current_database()`.execute(context.db)
    ).rows.map(({ pid }) => pid);
  const [before] = await lines();
  await sql`select pg_terminate_backend(${before}::int)`.execute(context.db);
  await expect.poll(lines, SOON).toEqual([expect.not.toBeOneOf([before])]);
  await expect.poll(() => selectAbandonedPools(context.db), SOON).toEqual([]);
  letGo();
});

test('a worker that asks for jobs in vain, while the database answers others, says that it is over', async () => {
  const context = await createTestContext();
  await startWorker(context, [], []).then((worker) => worker.stop());
  await sql`alter table graphile_worker._private_tasks rename to away`.execute(context.db);
  const { worker } = await startAt(context);
  expect((await worker.ended).message).toBe('jobs are asked for in vain');
});

test('a worker that is stopped is not over', async () => {
  const context = await createTestContext();
  const { worker } = await startAt(context);
  await workers.pop()!.stop();
  expect(await Promise.race([worker.ended, Promise.resolve('stopped')])).toBe('stopped');
});
