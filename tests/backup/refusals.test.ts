import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyFingerprint, type Manifest, makeBackup } from '../../src/platform/backup/index.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { listMigrations, migrate } from '../../src/platform/database/migrate.ts';
import { openFiles } from '../../src/platform/files/files.ts';
import { removeFiles } from '../../src/platform/files/remove-files.ts';
import { sweepPlatform } from '../../src/platform/sweep.ts';
import { createTestContext, type TestContext } from '../support/context.ts';
import { buildPerson } from '../support/rows.ts';
import { startS3 } from '../support/s3.ts';
import {
  addFile,
  connectionsTo,
  databasesLike,
  newDatabase,
  newFolder,
  onServer,
  readFiles,
  refusalOf,
  runBackup,
  runRestore,
  SECRET_KEY,
} from './installation.ts';

const target = newDatabase();
const older = newDatabase();

let context: TestContext;
let folder: string;
let good: string;
let source: string[];
/** Where a restore would go, new for each test. */
let into: string[];
let files: string;
let copies = 0;

beforeAll(async () => {
  context = await createTestContext();
  folder = await newFolder();
  await buildPerson(context);
  for (const text of ['first', 'second', 'third']) await addFile(context.db, context.files, Buffer.from(text));
  source = ['--database-url', context.url, '--files-dir', context.config.FILES_DIR];
  good = join(folder, 'good');
  await runBackup(['--to', good, ...source]);
  await runBackup(['--to', `${good}.tar`, ...source]);
});
beforeEach(() => {
  copies += 1;
  files = join(folder, `files-${copies}`);
  into = ['--database-url', target.url, '--files-dir', files];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the good backup, spoiled. */
async function spoiled(spoil: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = join(folder, `copy-${copies}`);
  await rm(copy, { recursive: true, force: true });
  await cp(good, copy, { recursive: true });
  await spoil(copy);
  return copy;
}
const refused = (from: string, ...more: string[]) => refusalOf(runRestore(['--from', from, ...into, ...more]));
const untouched = async () => {
  expect(await databasesLike(target.name)).toEqual([]);
  expect(await readdir(files, { recursive: true }).catch(() => [])).toEqual([]);
};
/** Writes the sum of a part anew, as somebody would who knows how. */
async function resum(copy: string, name: string): Promise<void> {
  const path = join(copy, 'SHA256SUMS');
  const sum = createHash('sha256')
    .update(await readFile(join(copy, name)))
    .digest('hex');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.map((line) => (line.endsWith(`  ${name}`) ? `${sum}  ${name}` : line)).join('\n'));
}
async function changeManifest(copy: string, change: (manifest: Manifest) => object): Promise<void> {
  const path = join(copy, 'manifest.json');
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...change(manifest) }));
  await resum(copy, 'manifest.json');
}
const flip = async (path: string) => {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
};
const edit = async (path: string, from: string | RegExp, to: string) =>
  writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
const aFile = async (copy: string) =>
  join('files', (await readdir(join(copy, 'files'), { recursive: true })).find((name) => name.includes('/'))!);

describe('a backup is not begun', () => {
  test('without a place, with a key that does not exist, over something, or of a database that is not ours', async () => {
    expect(await refusalOf(runBackup(source))).toContain('Не сказано, куда писать копию.');
    expect(await refusalOf(runBackup(['--too', 'x', ...source]))).toContain('Ключи не разобраны: --too x');
    expect(await refusalOf(runBackup(['--to', good, ...source]))).toContain('уже есть');
    const foreign = Object.assign(new URL(context.url), { pathname: '/postgres' }).href;
    const nowhere = join(folder, 'nowhere');
    const refusal = refusalOf(runBackup(['--to', nowhere, '--database-url', foreign, '--files-dir', folder]));
    expect(await refusal).toBe('В этой базе нет данных «Домового»: проверьте её адрес.');
    expect(await refusalOf(runBackup(['--to', nowhere, ...source], { SECRET_KEY: '' }))).toContain(
      'SECRET_KEY: не задано',
    );
    expect(await refusalOf(runBackup(['--to', nowhere, '--data-dir', join(folder, 'none')]))).toContain(
      'нет встроенной базы',
    );
    expect((await readdir(folder)).filter((name) => name.includes('nowhere'))).toEqual([]);
  });

  test('while another is being made; and the sweep of the store waits for it', async () => {
    const pool = createPool({ url: context.url, connections: 1 });
    const other = createDatabase(pool);
    await sql`select pg_advisory_lock(x'646f6d6f766f79'::bigint)`.execute(other);
    const forsaken = await context.files.put(Buffer.from('x'), { limitBytes: 1, field: '' });
    const later = { ...context, clock: () => new Date(Date.now() + 10 * 24 * 3_600_000) };
    try {
      const order = {
        databaseUrl: context.url,
        files: context.files,
        version: '0',
        keyFingerprint: '',
        say: () => undefined,
      };
      await expect(makeBackup({ ...order, to: join(folder, 'second'), patienceMs: 0 })).rejects.toThrow('ещё пишется');
      await sweepPlatform.run(later, context.log);
      await removeFiles(context, [forsaken.fileId]);
      await context.files.withLocalCopy(forsaken.fileId, readFile);
    } finally {
      // Said aloud: a closed connection lets go of its locks a moment later.
      await sql`select pg_advisory_unlock(x'646f6d6f766f79'::bigint)`.execute(other);
      await other.destroy();
    }
    const another = await context.files.put(Buffer.from('y'), { limitBytes: 1, field: '' });
    await removeFiles(context, [another.fileId]);
    await sweepPlatform.run(later, context.log);
    for (const { fileId } of [forsaken, another])
      await expect(context.files.withLocalCopy(fileId, readFile)).rejects.toThrow('хранилище');
  });
});

describe('a damaged backup is refused before anything is changed', () => {
  test.each<[string, (copy: string) => Promise<unknown>, string]>([
    [
      'one bit of a table',
      (copy) => flip(join(copy, 'tables/person.copy.gz')),
      'не сходится сумма части tables/person.copy.gz',
    ],
    [
      'a table cut short',
      (copy) => truncate(join(copy, 'tables/stored_file.copy.gz'), 9),
      'не сходится сумма части tables/stored_file',
    ],
    ['a table lost', (copy) => rm(join(copy, 'tables/house.copy.gz')), 'В копии нет части tables/house.copy.gz'],
    ['jobs lost', (copy) => rm(join(copy, 'jobs.copy.gz')), 'В копии нет части jobs.copy.gz'],
    ['one bit of a file', async (copy) => flip(join(copy, await aFile(copy))), 'не сходится сумма части files/'],
    ['a file lost', async (copy) => rm(join(copy, await aFile(copy))), 'В копии нет части files/'],
    ['no manifest', (copy) => rm(join(copy, 'manifest.json')), 'В копии нет части manifest.json'],
    ['a manifest cut short', (copy) => truncate(join(copy, 'manifest.json'), 500), 'manifest.json повреждена'],
    [
      'a manifest without its tables',
      (copy) => edit(join(copy, 'manifest.json'), '"tables"', '"table"'),
      'manifest.json',
    ],
    [
      'a sum changed in the manifest',
      (copy) => edit(join(copy, 'manifest.json'), /"sha256": "[0-9a-f]{4}/, '"sha256": "0bad'),
      'не сходится сумма части',
    ],
    ['sums cut short', (copy) => truncate(join(copy, 'SHA256SUMS'), 700), 'SHA256SUMS повреждён'],
    [
      'sums without files',
      async (copy) => {
        const text = await readFile(join(copy, 'SHA256SUMS'), 'utf8');
        await writeFile(
          join(copy, 'SHA256SUMS'),
          text
            .split('\n')
            .filter((line) => !line.includes('  files/'))
            .join('\n'),
        );
      },
      'В копии не все файлы: их 0 из 3',
    ],
    [
      'a table exchanged with its sum',
      async (copy) => {
        await writeFile(join(copy, 'tables/person.copy.gz'), gzipSync(''));
        await resum(copy, 'tables/person.copy.gz');
      },
      'не сходится сумма части tables/person',
    ],
  ])('%s', async (_, spoil, said) => {
    const refusal = await refused(await spoiled(spoil));
    expect(refusal).toContain(said);
    expect(refusal).not.toContain('\n');
    await untouched();
  });

  test('an archive cut short anywhere, or that is none', async () => {
    const whole = await readFile(`${good}.tar`);
    for (const length of [whole.length / 10, whole.length / 2, whole.length - 1600]) {
      const cut = join(folder, 'cut.tar');
      await writeFile(cut, whole.subarray(0, Math.floor(length)));
      expect(await refused(cut)).toMatch(/^Копия обрывается/);
    }
    const other = join(folder, 'other.tar');
    await writeFile(other, 'x'.repeat(5000));
    expect(await refused(other)).toContain('Это не резервная копия');
    await writeFile(
      other,
      whole.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
    );
    expect(await refused(other)).toContain('не сходится заголовок');
    expect(await refused(join(folder, 'nothing'))).toContain('не найдено');
    await untouched();
  });

  test('of a newer program, or for another key', async () => {
    const newer = await spoiled((copy) =>
      changeManifest(copy, ({ migrations }) => ({
        migrations: [...migrations, '20991231_0000_later.sql'],
      })),
    );
    expect(await refused(newer)).toMatch(
      /^Копия сделана более новой версией программы \(\d+\.\d+\.\d+\): сначала обновите программу\.$/,
    );
    const format = await spoiled((copy) => changeManifest(copy, () => ({ format: 2, version: '9.0' })));
    expect(await refused(format)).toContain('более новой версией программы (9.0)');
    expect(
      await refusalOf(runRestore(['--from', good, ...into], { SECRET_KEY: 'another key of the same length' })),
    ).toContain('SECRET_KEY не тот');
    await untouched();
  });
});

test('what fails in the middle leaves the target as it was', async () => {
  const wrong = await spoiled((copy) =>
    changeManifest(copy, ({ tables }) => ({
      tables: tables.map((table) => (table.name === 'person' ? { ...table, rows: 5 } : table)),
    })),
  );
  expect(await refused(wrong)).toBe('В таблицу person пришло 1 строк вместо 5.');
  await untouched();
  await onServer(`create database ${target.name}`);
  expect(await refused(wrong)).toContain('вместо 5');
  expect(await runRestore(['--from', good, ...into])).toContain('Восстановлено');
});

test('what is there stays, unless it may be replaced; then the old database is kept under another name', async () => {
  expect(await refused(good)).toMatch(/^База restored_\w+ не пустая/);
  await mkdir(join(files, 'ab'), { recursive: true });
  await writeFile(join(files, 'ab', 'x'), 'x');
  expect(await refused(good)).toMatch(/уже есть файлы/);
  await rm(files, { recursive: true });

  const pool = createPool({ url: target.url, connections: 1 });
  const reader = createDatabase(pool);
  await sql`update person set family_name = 'Прежняя'`.execute(reader);
  expect(await refused(good, '--replace')).toContain('остановите приложение');
  await reader.destroy();
  await expect.poll(() => connectionsTo(target.name)).toBe(0);
  expect(await refused(good, '--replace')).toContain('Восстановлено');
  const names = await databasesLike(target.name);
  expect(names).toEqual([target.name, expect.stringMatching(/_before_\d{14}$/)]);
  for (const [name, family] of [
    [names[0]!, 'Петрова'],
    [names[1]!, 'Прежняя'],
  ] as const) {
    const db = createDatabase(
      createPool({ url: Object.assign(new URL(target.url), { pathname: `/${name}` }).href, connections: 1 }),
    );
    expect(await db.selectFrom('person').select('family_name').execute()).toEqual([{ family_name: family }]);
    await db.destroy();
  }
});

test('of an older program, from S3 into S3: restored as it was, then migrated', async () => {
  const names = await listMigrations();
  await migrate(older.url, undefined, names.slice(0, -2));
  const s3 = await startS3();
  const store = openFiles({ ...context.config, FILES_DIR: undefined, ...s3.settings, S3_FORCE_PATH_STYLE: true });
  const db = createDatabase(createPool({ url: older.url, connections: 2 }));
  const fileId = await addFile(db, store, Buffer.alloc(6 * 1_048_576, 'a'));
  await db.destroy();
  const to = join(folder, 'older.tar');
  await runBackup(['--to', to, '--database-url', older.url], s3.settings);

  await onServer(`drop database ${older.name} with (force)`);
  expect(await refusalOf(runRestore(['--from', to, '--database-url', older.url], s3.settings))).toContain(
    'уже есть файлы',
  );
  await store.remove(fileId);
  const said = await runRestore(['--from', to, '--database-url', older.url], s3.settings);
  expect(said).toContain(`Применена миграция ${names.at(-1)}`);
  const restored = createDatabase(createPool({ url: older.url, connections: 2 }));
  expect([...(await readFiles(restored, store))]).toEqual([[fileId, 'whole']]);
  await restored.destroy();
});

test('the key is told apart by its fingerprint, which tells nothing of it', () => {
  const said = keyFingerprint({ SECRET_KEY });
  expect(said).toMatch(/^[0-9a-f]{16}$/);
  expect(keyFingerprint({ SECRET_KEY: `${SECRET_KEY}.` })).not.toBe(said);
});
