import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createTestContext } from '../../../tests/support/context.ts';
import { addJob, defineJob } from './jobs.ts';
import { startWorker } from './worker.ts';

test('a job runs once after its transaction, and the only worker takes back what a killed one held', async () => {
  const context = await createTestContext({ ONLY_WORKER: '1' });
  const seen: string[] = [];
  const kind = defineJob({
    name: 'test.remember',
    payload: z.object({ word: z.string() }),
    run: async (_context, { word }) => void seen.push(word),
  });
  await addJob(context.db, kind, { word: 'fresh' });
  await addJob(context.db, kind, { word: 'held' });
  await sql`update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now(), attempts = 1 where payload->>'word' = 'held'`.execute(
    context.db,
  );
  const worker = await startWorker(context, [kind], []);
  await expect.poll(() => [...seen].sort(), { timeout: 20_000 }).toEqual(['fresh', 'held']);
  await worker.stop();
});
