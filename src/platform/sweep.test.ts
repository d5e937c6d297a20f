import { existsSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createTestContext } from '../../tests/support/context.ts';
import { recordFile } from './files/files.ts';
import { deleteIdempotencyKeysBefore, insertIdempotencyKey } from './idempotency/queries.ts';
import { daysAgo, sweepBefore, sweepPlatform } from './sweep.ts';

const NOTHING = Buffer.alloc(32);

test('rows go in batches, the oldest first, until none is left; younger ones stay', async () => {
  const { db, now } = await createTestContext();
  for (const days of [1, 40, 31, 50, 60, 35]) await insertIdempotencyKey(db, `${days}`, NOTHING, daysAgo(now, days));
  const left = async () =>
    (await db.selectFrom('idempotency_key').select('key').orderBy('created_at').execute()).map(({ key }) => key);
  expect(await deleteIdempotencyKeysBefore(db, daysAgo(now, 30), 2)).toBe(2);
  expect(await left()).toEqual(['40', '35', '31', '1']);
  const removed = await sweepBefore(daysAgo(now, 30), (...given) => deleteIdempotencyKeysBefore(db, ...given), 2);
  expect(removed).toBe(3);
  expect(await left()).toEqual(['1']);
});

test('the nightly sweep leaves a key that has just come and takes one of last month', async () => {
  const context = await createTestContext();
  await insertIdempotencyKey(context.db, 'young', NOTHING, daysAgo(context.now, 29));
  await insertIdempotencyKey(context.db, 'old', NOTHING, daysAgo(context.now, 31));
  await sweepPlatform.run(context, context.log);
  expect(await context.db.selectFrom('idempotency_key').select('key').execute()).toEqual([{ key: 'young' }]);
});

test('files that never came to belong to anything go after two days; those with a row stay', async () => {
  const context = await createTestContext();
  const put = async (days: number) => {
    const stored = await context.files.put(Buffer.from('picture'), { limitBytes: 100, field: 'photo' });
    const when = daysAgo(context.now, days);
    await utimes(context.files.path(stored.fileId), when, when);
    return stored;
  };
  const [forsaken, waiting, kept] = [await put(3), await put(1), await put(3)];
  await recordFile(context.db, kept, { name: 'photo.jpg', mediaType: 'image/jpeg' }, context.now);
  await sweepPlatform.run(context, context.log);
  const stands = [forsaken, waiting, kept].map(({ fileId }) => existsSync(context.files.path(fileId)));
  expect(stands).toEqual([false, true, true]);
});
