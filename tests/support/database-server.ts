import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded.ts';
import { migrate } from '../../src/platform/database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: string;
  }
}

/** One PostgreSQL for the run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outside = process.env.TEST_DATABASE_URL;
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-test-'));
  const server = outside
    ? null
    : await startEmbeddedPostgres({
        dataDir: folder,
        settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
      });
  const url = new URL(outside ?? server!.url);
  url.pathname = '/domovoy_template';
  await migrate(url.href);
  if (outside) await dropTemplates(url);
  project.provide('databaseServer', url.href);
  return async () => {
    await server?.stop();
    for (const one of [folder, demoFilesOf(url.href)]) await rm(one, { recursive: true, force: true });
  };
}

/** Where the files of the demo district of a run are, for the files of tests that clone it. */
export const demoFilesOf = (server: string): string => join(tmpdir(), `domovoy-demo-files-${new URL(server).port}`);

/** Of an earlier run, and of an earlier tree. */
async function dropTemplates(server: URL): Promise<void> {
  const postgres = new URL(server);
  postgres.pathname = '/postgres';
  const client = new pg.Client({ connectionString: postgres.href });
  await client.connect();
  for (const name of ['demo', 'reference']) await client.query(`drop database if exists domovoy_${name}_template`);
  await client.end();
}
