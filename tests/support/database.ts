import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { createDatabase, createPool, type Database } from '../../src/platform/database/database.ts';

export interface TestDatabase {
  db: Database;
  url: string;
}

async function onServer(statement: string): Promise<void> {
  const server = new URL(inject('databaseServer'));
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** A database of this test file's own, cloned from the migrated template and dropped at the end. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} template domovoy_template`);
  const url = new URL(inject('databaseServer'));
  url.pathname = `/${name}`;
  const pool = createPool({ url: url.href, connections: 8 });
  const db = createDatabase(pool);
  afterAll(async () => {
    await db.destroy();
    await onServer(`drop database ${name} with (force)`);
  });
  return { db, url: url.href };
}
