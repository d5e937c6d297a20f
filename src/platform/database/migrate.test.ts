import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { addJobRow, selectQueueDepth } from '../jobs/queries.ts';
import { transaction } from './database.ts';
import { migrate } from './migrate.ts';

test('a second migration does nothing, and jobs live and die with their transaction', async () => {
  const { db, url } = await createTestDatabase();
  expect(await migrate(url)).toEqual([]);
  const job = { task: 'x', payload: '{}', key: null, runAt: null, maxAttempts: null, queue: null };
  await expect(
    transaction(db, async (trx) => {
      await addJobRow(trx, job);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await selectQueueDepth(db)).toEqual({ waiting: 0, failed: 0 });
  await transaction(db, (trx) => addJobRow(trx, job));
  expect(await selectQueueDepth(db)).toEqual({ waiting: 1, failed: 0 });
  const { rows } = await sql<{ value: bigint }>`select 9007199254740993::int8 as value`.execute(db);
  expect(rows[0]!.value).toBe(9007199254740993n);
});
