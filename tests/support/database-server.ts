import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  project.provide('databaseServer', url.href);
  return async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
