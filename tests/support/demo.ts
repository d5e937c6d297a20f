import { mkdir } from 'node:fs/promises';
import { pino } from 'pino';
import { inject } from 'vitest';
import { DEMO_SHOPS, makeDemo } from '../../demo/index.ts';
import { loadReference } from '../../src/cli/reference.ts';
import { readConfig } from '../../src/platform/config.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { localFiles } from '../../src/platform/files/local-files.ts';
import { startApplication, type TestApplication } from './application.ts';
import { TEST_ENVIRONMENT, type TestTemplate } from './context.ts';
import { createTemplate } from './database.ts';
import { demoFilesOf } from './database-server.ts';

const NOW = new Date('2026-11-23T09:00:00Z');

/** The demo district with its files, made once a run. */
export async function demoTemplate(): Promise<Required<TestTemplate>> {
  const template = { database: 'domovoy_demo_template', files: demoFilesOf(inject('databaseServer')) };
  await createTemplate(template.database, async (url) => {
    await mkdir(template.files, { recursive: true });
    const config = readConfig({ ...TEST_ENVIRONMENT, DATABASE_URL: url, FILES_DIR: template.files, DEMO: '1' });
    const db = createDatabase(createPool({ url, connections: 8 }));
    try {
      await loadReference(db);
      const log = pino({ level: 'silent' });
      await makeDemo({ db, config, clock: () => NOW, files: localFiles(template.files), log });
    } finally {
      await db.destroy();
    }
  });
  return template;
}

/** The application with the demo district, a bank with its shops, and the worker. The clock stands at the day of the demo. */
export async function startWithDemo(settings: Record<string, string> = {}): Promise<TestApplication> {
  const application = await startApplication({
    shops: DEMO_SHOPS,
    settings: { DEMO: '1', ...settings },
    template: await demoTemplate(),
    now: NOW,
  });
  // Its people sign in at the provider of this application.
  await makeDemo(application.context);
  return application;
}
