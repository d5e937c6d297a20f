import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import type { BackupReader } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { type Manifest, partOf } from './manifest.ts';
import { progressOf } from './progress.ts';
import {
  beginFilling,
  clearTables,
  endSessions,
  execute,
  fillJobs,
  fillTable,
  selectColumns,
  selectLater,
} from './queries.ts';

/** Fewer are indexed as they come. */
const MANY_ROWS = 10_000;

/**
 * Fills the tables of a database that has the migrations of the backup. The transaction is left open: the caller commits it when the files
 * are there too.
 * @throws BackupError when the database is made otherwise than the backup says, or fewer rows come than it counts
 */
export async function fillDatabase(
  client: pg.Client,
  { tables, jobs }: Manifest,
  reader: BackupReader,
  say: (line: string) => void,
): Promise<void> {
  await beginFilling(client);
  const columns = await selectColumns(client);
  const other = tables.find(({ name, columns: had }) => !isSame(columns.get(name), had));
  if (other) throw new BackupError(`Таблица ${other.name} в копии устроена иначе, чем после тех же миграций.`);
  const large = tables.filter(({ rows }) => rows >= MANY_ROWS).map(({ name }) => name);
  const later = await selectLater(client, large);
  for (const statement of later.drop) await execute(client, statement);
  await clearTables(
    client,
    tables.map(({ name }) => name),
  );
  const progress = progressOf(say);
  for (const [index, table] of tables.entries()) {
    progress(`  таблица ${index + 1} из ${tables.length}: ${table.name}, строк ${table.rows}`);
    const rows = await fillTable(client, table, unpacked(await reader.open(partOf.table(table.name))));
    if (rows !== table.rows) throw fewer(table.name, rows, table.rows);
  }
  const added = await fillJobs(client, unpacked(await reader.open(partOf.jobs)));
  if (added !== jobs.rows) throw fewer('jobs', added, jobs.rows);
  for (const [index, statement] of later.create.entries()) {
    await execute(client, statement);
    progress(`  индексов и ключей ${index + 1} из ${later.create.length}`);
  }
  await endSessions(client);
}

const isSame = (now: readonly string[] | undefined, had: readonly string[]) =>
  now !== undefined && [...now].sort().join() === [...had].sort().join();

const fewer = (name: string, came: number, said: number) =>
  new BackupError(`В таблицу ${name} пришло ${came} строк вместо ${said}.`);

/** Either one's failure ends the other, and the reader is told. */
const unpacked = (packed: Readable): Readable => pipeline(packed, createGunzip(), () => undefined);
