import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { backup } from '../../src/cli/backup.ts';
import { restore } from '../../src/cli/restore.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { FileMissing, type FileStore, recordFile } from '../../src/platform/files/files.ts';
import type { FileId } from '../../src/platform/ids.ts';
import { TEST_ENVIRONMENT } from '../support/context.ts';

export const { SECRET_KEY } = TEST_ENVIRONMENT;

const server = (name: string): string =>
  Object.assign(new URL(inject('databaseServer')), { pathname: `/${name}` }).href;

/** Runs statements on the test's server, one after another. */
export async function onServer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server('postgres') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function ask<Row extends pg.QueryResultRow>(query: string, value: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server('postgres') });
  await client.connect();
  const { rows } = await client.query<Row>(query, [value]);
  await client.end();
  return rows;
}

/** Names of databases that begin so. */
export async function databasesLike(prefix: string): Promise<string[]> {
  const query = 'select datname from pg_database where starts_with(datname, $1) order by 1';
  return (await ask<{ datname: string }>(query, prefix)).map(({ datname }) => datname);
}

/** How many connections a database has. */
export const connectionsTo = async (name: string): Promise<number> =>
  (await ask('select pid from pg_stat_activity where datname = $1', name)).length;

/** The address of a database that is not there yet; it and those made beside it go at the end. */
export function newDatabase(): { name: string; url: string } {
  const name = `restored_${randomBytes(6).toString('hex')}`;
  afterAll(async () => onServer(...(await databasesLike(name)).map((made) => `drop database ${made} with (force)`)));
  return { name, url: server(name) };
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'domovoy-backup-test-'));

/** A command as it is typed. @returns what it said; it must have ended well */
async function run(command: typeof backup, argv: string[], env: Record<string, string>): Promise<string> {
  const said: string[] = [];
  const code = await command(argv, { SECRET_KEY, ...env }, (line) => said.push(line));
  if (code !== 0) said.push(`code ${code}`);
  return said.join('\n');
}
export const runBackup = (argv: string[], env: Record<string, string> = {}) => run(backup, argv, env);
export const runRestore = (argv: string[], env: Record<string, string> = {}) => run(restore, argv, env);
/** The one line of a command that refuses. */
export const refusalOf = (running: Promise<string>): Promise<string> =>
  running.then(
    (said) => `it went well: ${said}`,
    (error: Error) => error.message,
  );

export async function addFile(db: Database, files: FileStore, content: Buffer): Promise<FileId> {
  const bytes = await files.put(content, { limitBytes: 1 << 26, field: '' });
  await recordFile(db, bytes, { name: 'акт.pdf', mediaType: 'application/pdf' }, new Date());
  return bytes.fileId;
}

/** Whatever money there is, by account, from each side of the ledger and from the sums that are kept ready. */
export async function readMoney(
  db: Database,
): Promise<{ ledger: unknown[]; balances: unknown[]; payments: unknown[] }> {
  const ledger = await sql`select to_jsonb(e) as entry from ledger_entry e order by to_jsonb(e)::text`.execute(db);
  const balances = await sql`select to_jsonb(b) as balance from account_balance b order by to_jsonb(b)::text`.execute(
    db,
  );
  const payments = await sql`select to_jsonb(p) as payment from payment p order by to_jsonb(p)::text`.execute(db);
  return { ledger: ledger.rows, balances: balances.rows, payments: payments.rows };
}

/** Each file that a row names, with whether the store has it as it was put. */
export async function readFiles(db: Database, files: FileStore): Promise<Map<FileId, 'whole' | 'missing' | 'changed'>> {
  const rows = await db.selectFrom('stored_file').select(['file_id', 'sha256']).orderBy('file_id').execute();
  const found = new Map<FileId, 'whole' | 'missing' | 'changed'>();
  for (const { file_id, sha256 } of rows) {
    const content = await buffer(files.open(file_id)).catch((error) => {
      if (error instanceof FileMissing) return null;
      throw error;
    });
    const isWhole = content && createHash('sha256').update(content).digest().equals(sha256);
    found.set(file_id, isWhole ? 'whole' : content ? 'changed' : 'missing');
  }
  return found;
}

/** Every row of every table but sessions, which end, as text. */
export async function readAll(db: Database): Promise<Map<string, string[]>> {
  const tables = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('session', 'kysely_migration', 'kysely_migration_lock')
    order by 1`.execute(db);
  const all = new Map<string, string[]>();
  for (const { name } of tables.rows) {
    const { rows } = await sql<{
      row: string;
    }>`select to_jsonb(t)::text as row from ${sql.table(name)} t order by 1`.execute(db);
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}
