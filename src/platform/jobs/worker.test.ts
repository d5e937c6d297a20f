import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createTestContext } from '../../../tests/support/context.ts';
import type { Context } from '../context.ts';
import { addJob, defineJob } from './jobs.ts';
import { holdPoolLock, selectAbandonedPools } from './queries.ts';
import { startWorker } from './worker.ts';

const defineTask = (run: (word: string) => Promise<void>) =>
  defineJob({ name: 'test.remember', payload: z.object({ word: z.string() }), run: (_context, { word }) => run(word) });

const giveTo = (context: Context, poolId: string, word: string) =>
  sql`update graphile_worker._private_jobs set locked_by = ${poolId}, locked_at = now(), attempts = 1 where payload->>'word' = ${word}`.execute(
    context.db,
  );

test('a job runs once after its transaction, and one that a killed worker held is taken back by a living one', async () => {
  const context = await createTestContext();
  const seen: string[] = [];
  const kind = defineTask(async (word) => void seen.push(word));
  await addJob(context.db, kind, { word: 'fresh' });
  await addJob(context.db, kind, { word: 'held' });
  await giveTo(context, 'killed', 'held');
  const worker = await startWorker(context, [kind], []);
  await expect.poll(() => [...seen].sort(), { timeout: 20_000 }).toEqual(['fresh', 'held']);
  await worker.stop();
});

test('nobody takes the job of a worker that lives; it is free once the worker is gone', async () => {
  const context = await createTestContext();
  const kind = defineTask(async () => undefined);
  await addJob(context.db, kind, { word: 'held' });
  await giveTo(context, 'pool-far-away', 'held');
  const far = new pg.Client({ connectionString: context.config.DATABASE_URL });
  await far.connect();
  await holdPoolLock(far, 'pool-far-away');
  expect(await selectAbandonedPools(context.db)).toEqual([]);
  await far.end();
  await expect.poll(() => selectAbandonedPools(context.db), { timeout: 20_000 }).toEqual(['pool-far-away']);
});

test('a worker at work is seen to live, also after its connections were cut', async () => {
  const context = await createTestContext();
  const done = Promise.withResolvers<void>();
  let isRunning = false;
  const kind = defineTask(async () => {
    isRunning = true;
    await done.promise;
  });
  await addJob(context.db, kind, { word: 'long' });
  const worker = await startWorker(context, [kind], []);
  await expect.poll(() => isRunning, { timeout: 20_000 }).toBe(true);
  const lines = async () =>
    (
      await sql<{ pid: number }>`select pid from pg_stat_activity where application_name = 'domovoy-jobs presence'
        and datname = current_database()`.execute(context.db)
    ).rows.map(({ pid }) => pid);
  const abandoned = () => selectAbandonedPools(context.db);
  await expect.poll(abandoned, { timeout: 20_000 }).toEqual([]);
  const [before] = await lines();
  await sql`select pg_terminate_backend(${before}::int)`.execute(context.db);
  await expect.poll(lines, { timeout: 20_000 }).toEqual([expect.not.toBeOneOf([before])]);
  await expect.poll(abandoned, { timeout: 20_000 }).toEqual([]);
  done.resolve();
  await worker.stop();
});

test('a worker that asks for jobs in vain, while the database answers others, says that it is over', async () => {
  const context = await createTestContext();
  const kind = defineTask(async () => undefined);
  await sql`alter table graphile_worker._private_tasks rename to away`.execute(context.db);
  const worker = await startWorker(context, [kind], []);
  expect((await worker.ended).message).toBe('jobs are asked for in vain');
  await worker.stop();
});
