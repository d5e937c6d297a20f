import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
import { ConfigError } from '../config.ts';
import { createDatabase, createPool } from './database.ts';

/** PostgreSQL 15: the oldest we run on. */
const OLDEST_SERVER = 150_000;

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      { up: async (database) => void (await sql.raw(texts[index]!).execute(database)) },
    ]),
  );
}

/** Makes the database of the URL when the server lives and the database does not exist yet. */
async function ensureDatabase(url: string): Promise<void> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  const direct = new pg.Client({ connectionString: url });
  try {
    await direct.connect();
    await direct.end();
    return;
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error;
  }
  target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  await client.query(`create database ${pg.escapeIdentifier(name)} encoding 'UTF8' template template0`);
  await client.end();
}

/** Names of all migrations that this program has, in their order. */
export const listMigrations = async (folder = 'migrations'): Promise<string[]> =>
  Object.keys(await readMigrations(folder));

/**
 * Brings the database to the newest migration, and the job queue's own schema with it. Safe to run from several processes at once.
 * @param only the migrations to apply, for a database that a backup of their time is put into; by default all there are
 * @returns names of the migrations applied now
 */
export async function migrate(url: string, folder = 'migrations', only?: readonly string[]): Promise<string[]> {
  await ensureDatabase(url);
  const pool = createPool({ url, connections: 2, applicationName: 'domovoy migrate' });
  const database = createDatabase(pool, { namedStatements: false });
  try {
    const facts = await pool.query<{ version: number; encoding: string }>(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    );
    const { version, encoding } = facts.rows[0]!;
    if (version < OLDEST_SERVER) throw new ConfigError(`Нужен PostgreSQL 15 или новее, а этот ${version}.`);
    // Debian without a locale makes SQL_ASCII: letters would be counted and folded as bytes.
    if (encoding !== 'UTF8')
      throw new ConfigError(
        `Кодировка базы ${encoding}, а нужна UTF8. Создайте базу так: createdb -E UTF8 -T template0`,
      );
    await runMigrations({ pgPool: pool });
    const all = Object.entries(await readMigrations(folder));
    const migrations = Object.fromEntries(only ? all.filter(([name]) => only.includes(name)) : all);
    const { error, results } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest();
    // Of a program that is older than its database, or of another branch.
    if (error instanceof Error && error.message.startsWith('corrupted migrations'))
      throw new ConfigError(`База приведена к другой версии программы, чем эта: ${error.message.slice(22)}`);
    if (error) throw error;
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await database.destroy();
  }
}
