import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Config, readConfig } from '../../src/platform/config.ts';
import type { Context } from '../../src/platform/context.ts';
import { type LocalFiles, localFiles } from '../../src/platform/files/local-files.ts';
import { createTestDatabase } from './database.ts';

/** Whom the tests let administer the installation: the sandbox has a person of this subject. */
export const ADMINISTRATOR_SUBJECT = '1000000041';

export const TEST_ENVIRONMENT = {
  PUBLIC_URL: 'http://localhost:3000',
  SECRET_KEY: 'a key for tests that is long enough',
  OIDC_ISSUER: 'http://localhost:3001',
  OIDC_CLIENT_ID: 'domovoy',
  OIDC_CLIENT_SECRET: 'secret',
  SMTP_URL: 'smtp://localhost:2525',
  MAIL_FROM: 'Домовой <domovoy@example.test>',
  OPERATOR_NAME: 'Оператор испытаний',
  SUPPORT_EMAIL: 'help@example.test',
  ADMINISTRATORS: ADMINISTRATOR_SUBJECT,
  LOG_LEVEL: 'silent',
};

export interface TestContext extends Context {
  /** The clock of the context: set it to move time. */
  now: Date;
  url: string;
  config: Config & { FILES_DIR: string };
  files: LocalFiles;
}

/** What a context begins with, when it is not empty. */
export interface TestTemplate {
  database: string;
  /** A folder of files, which is copied. */
  files?: string;
}

/** A context on a database and a folder of its own, with a clock that stands until it is set. */
export async function createTestContext(
  overrides: Record<string, string> = {},
  template?: TestTemplate,
): Promise<TestContext> {
  const { db, url } = await createTestDatabase(template?.database);
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-files-'));
  if (template?.files) await cp(template.files, folder, { recursive: true });
  const config = readConfig({ ...TEST_ENVIRONMENT, DATABASE_URL: url, FILES_DIR: folder, ...overrides });
  const context: TestContext = {
    db,
    url,
    config: { ...config, FILES_DIR: folder },
    now: new Date('2026-11-10T09:00:00Z'),
    clock: () => context.now,
    files: localFiles(folder),
    log: pino({ level: config.LOG_LEVEL }),
  };
  return context;
}
