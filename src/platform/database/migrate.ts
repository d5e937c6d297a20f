import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';
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
  await client.query(`create database ${pg.escapeIdentifier(name)}`);
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
    const version = await pool.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    if (version.rows[0]!.version < OLDEST_SERVER)
      throw new Error(`PostgreSQL 15 or newer is needed; this server is ${version.rows[0]!.version}`);
    await runMigrations({ pgPool: pool });
    const all = Object.entries(await readMigrations(folder));
    const migrations = Object.fromEntries(only ? all.filter(([name]) => only.includes(name)) : all);
    const { error, results } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest();
    if (error) throw error;
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await database.destroy();
  }
}
