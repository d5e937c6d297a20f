import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { createDatabase, createPool, type Database } from '../../src/platform/database/database.ts';

export interface TestDatabase {
  db: Database;
  url: string;
}

export async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  await client.query(statement);
  await client.end();
}

export function urlOf(database: string): string {
  const url = new URL(inject('databaseServer'));
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * A template that several files of tests clone: made by the first of them, the others wait.
 * @param make fills the database at the URL, and leaves no connection to it
 */
export async function createTemplate(name: string, make: (url: string) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}_making`);
    await client.query(`create database ${name}_making template domovoy_template`);
    await make(urlOf(`${name}_making`));
    await client.query(`alter database ${name}_making rename to ${name}`);
  } finally {
    await client.end();
  }
}

/** A database of this test file's own, cloned from the migrated template or another one and dropped at the end. */
export async function createTestDatabase(template = 'domovoy_template'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} template ${template}`);
  const url = urlOf(name);
  const pool = createPool({ url, connections: 8 });
  const db = createDatabase(pool);
  afterAll(async () => {
    await db.destroy();
    await onServer(`drop database ${name} with (force)`);
  });
  return { db, url };
}
