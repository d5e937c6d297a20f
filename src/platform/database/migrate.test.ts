import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, onServer, urlOf } from '../../../tests/support/database.ts';
import { addJobRow, selectQueueDepth } from '../jobs/queries.ts';
import { transaction } from './database.ts';
import { migrate } from './migrate.ts';

test('a database whose letters are bytes is refused before anything is in it', async () => {
  await onServer(`create database bytes_of_letters encoding 'SQL_ASCII' locale 'C' template template0`);
  onTestFinished(() => onServer('drop database bytes_of_letters with (force)'));
  await expect(migrate(urlOf('bytes_of_letters'))).rejects.toThrow('SQL_ASCII, а нужна UTF8');
});

test('a second migration does nothing, and jobs live and die with their transaction', async () => {
  const { db, url } = await createTestDatabase();
  expect(await migrate(url)).toEqual([]);
  await expect(migrate(url, undefined, [])).rejects.toThrow('к другой версии программы, чем эта: previously executed');
  const job = { task: 'x', payload: '{}', key: null, runAt: null, maxAttempts: null, queue: null };
  await expect(
    transaction(db, async (trx) => {
      await addJobRow(trx, job);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await selectQueueDepth(db)).toEqual({ waiting: 0, failed: 0, silentSeconds: null });
  await transaction(db, (trx) => addJobRow(trx, job));
  expect(await selectQueueDepth(db)).toMatchObject({ waiting: 1, failed: 0 });
  const { rows } = await sql<{ value: bigint }>`select 9007199254740993::int8 as value`.execute(db);
  expect(rows[0]!.value).toBe(9007199254740993n);
});
