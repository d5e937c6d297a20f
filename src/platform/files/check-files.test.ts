import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { startS3 } from '../../../tests/support/s3.ts';
import type { FileId } from '../ids.ts';
import { checkFiles } from './check-files.ts';
import { openFiles, recordFile } from './files.ts';
import { addFileMetrics } from './metrics.ts';
import { selectDamaged, selectFile, selectStoreHealth } from './queries.ts';

const NONE = { missing: 0, changed: 0, unreadable: 0 };
const DAY = 24 * 3_600_000;
const START = new Date('2026-11-01T00:00:00Z');

let context: TestContext;
let said: { level: number; fileId: FileId; damage: string }[];
const log = pino(
  new Writable({
    write(line, _encoding, done) {
      said.push(JSON.parse(String(line)));
      done();
    },
  }),
);
beforeAll(async () => {
  context = await createTestContext();
});
beforeEach(async () => {
  said = [];
  context.now = START;
  await context.db.deleteFrom('stored_file').execute();
});

const later = (days: number) => {
  context.now = new Date(START.getTime() + days * DAY);
};
async function add(text: string): Promise<FileId> {
  const bytes = await context.files.put(Buffer.from(text), { limitBytes: 1000, field: '' });
  await recordFile(context.db, bytes, { name: text, mediaType: 'text/plain' }, context.now);
  return bytes.fileId;
}
const seen = () =>
  context.db
    .selectFrom('stored_file')
    .select(['file_id as fileId', 'checked_at as checkedAt', 'damage'])
    .orderBy('file_id')
    .execute();

test('a store that is away says nothing of its files', async () => {
  await add('a');
  later(8);
  const s3 = await startS3();
  const files = openFiles({ ...context.config, FILES_DIR: undefined, ...s3.settings, S3_FORCE_PATH_STYLE: true });
  s3.answerWith(403);
  await expect(checkFiles({ ...context, files }, log)).rejects.toThrow();
  expect((await seen()).map(({ damage, checkedAt }) => [damage, checkedAt])).toEqual([[null, null]]);
});

test('what was put counts as looked at for a week; then each is read again, the one of long ago first', async () => {
  const first = await add('first');
  later(1);
  const second = await add('second');
  later(6);
  expect(await checkFiles(context, log)).toBe(0);
  later(9);
  expect(await checkFiles(context, log, 0)).toBe(1);
  expect(await seen()).toEqual([
    { fileId: first, checkedAt: context.now, damage: null },
    { fileId: second, checkedAt: null, damage: null },
  ]);
  expect(await checkFiles(context, log)).toBe(1);
  expect(await checkFiles(context, log)).toBe(0);
  expect(await selectStoreHealth(context.db)).toEqual({ damaged: { ...NONE }, checkedSince: context.now });
});

describe('what is damaged', () => {
  test('is noted, told once, looked at each hour, and forgotten when it is back', async () => {
    const [lost, changed, longer, whole] = [await add('lost'), await add('text'), await add('abc'), await add('ok')];
    await rm(context.files.path(lost));
    await writeFile(context.files.path(changed), 'TEXT');
    await writeFile(context.files.path(longer), 'abcd');
    later(8);
    expect(await checkFiles(context, log)).toBe(4);
    expect(said.map(({ level, fileId, damage }) => [level, fileId, damage])).toEqual([
      [50, lost, 'missing'],
      [50, changed, 'changed'],
      [50, longer, 'changed'],
    ]);
    expect(await selectStoreHealth(context.db)).toEqual({
      damaged: { ...NONE, missing: 1, changed: 2 },
      checkedSince: context.now,
    });
    expect((await selectDamaged(context.db, 2)).map(({ damage }) => damage)).toHaveLength(2);

    expect(await checkFiles(context, log)).toBe(0);
    await writeFile(context.files.path(lost), 'lost');
    later(8.1);
    expect(await checkFiles(context, log)).toBe(3);
    expect(said.slice(3).map(({ level, fileId, damage }) => [level, fileId, damage])).toEqual([[40, lost, 'missing']]);
    expect((await selectStoreHealth(context.db)).damaged).toEqual({ ...NONE, changed: 2 });
    expect(await selectFile(context.db, whole)).not.toBeNull();
  });

  test('one that cannot be read stops nothing', async () => {
    const [bad, good] = [await add('bad'), await add('good')];
    // A folder in its place gives an error of reading to everybody, root too.
    await rm(context.files.path(bad));
    await mkdir(context.files.path(bad));
    later(8);
    expect(await checkFiles(context, log)).toBe(2);
    expect(await seen()).toEqual([
      { fileId: bad, checkedAt: context.now, damage: 'unreadable' },
      { fileId: good, checkedAt: context.now, damage: null },
    ]);
  });

  test('many of them do not keep the others waiting for ever', async () => {
    for (const text of ['a', 'b', 'c']) await rm(context.files.path(await add(text)));
    later(8);
    await checkFiles(context, log);
    const fresh = await add('fresh');
    later(16);
    expect(await checkFiles(context, log)).toBe(4);
    expect((await seen()).at(-1)).toMatchObject({ fileId: fresh, checkedAt: context.now });
  });
});

test('the figures tell of now', async () => {
  const registry = new Registry();
  addFileMetrics(registry, context);
  await rm(context.files.path(await add('a')));
  await add('b');
  later(8);
  expect(await registry.metrics()).toMatch(/\{state="missing"\} 0.*unchecked_seconds 691200\n/s);
  await checkFiles(context, log);
  expect(await registry.metrics()).toMatch(/\{state="missing"\} 1.*unchecked_seconds 0\n/s);
});
