import { admin } from './cli/admin/admin.ts';
import { backup } from './cli/backup.ts';
import { demo } from './cli/demo.ts';
import { garImport } from './cli/gar-import.ts';
import { loadReference } from './cli/reference.ts';
import { restore } from './cli/restore.ts';
import { adviceFor, wordsOfError } from './cli/words-of-error.ts';
import { BackupError } from './platform/backup/index.ts';
import { ConfigError, readConfig } from './platform/config.ts';
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  findRunningPostgres,
  startEmbeddedPostgres,
} from './platform/database/embedded.ts';
import { migrate } from './platform/database/migrate.ts';
import { createContext } from './process.ts';
import { processEnvironment, readStartSettings } from './start-settings.ts';

const COMMANDS = {
  'gar:import': garImport,
  demo,
} as const;

/** Commands that find the database themselves, and must not migrate it first. */
const STANDALONE = { admin, backup, restore } as const;

/** A database for a command: DATABASE_URL, or the embedded server that runs now, or one started for the command. */
async function openServer(dataDir: string): Promise<{ url: string; own: EmbeddedPostgres | null }> {
  const running = await findRunningPostgres(dataDir);
  if (running) return { url: running, own: null };
  const own = await startEmbeddedPostgres({ dataDir, say: console.log });
  return { url: own.url, own };
}

async function main(): Promise<void> {
  const [name = '', ...argv] = process.argv.slice(2);
  const alone = STANDALONE[name as keyof typeof STANDALONE];
  if (alone) {
    process.exitCode = await alone(argv, process.env, console.log);
    return;
  }
  const command = COMMANDS[name as keyof typeof COMMANDS];
  const known = `Есть: ${Object.keys({ ...STANDALONE, ...COMMANDS }).join(', ')}.`;
  if (!command) throw new ConfigError(name ? `Неизвестная команда «${name}». ${known}` : `Назовите команду. ${known}`);
  const settings = readStartSettings(process.env);
  const server = settings.databaseUrl ? { url: settings.databaseUrl, own: null } : await openServer(settings.dataDir);
  try {
    const applied = await migrate(server.url);
    for (const migration of applied) console.log(`Применена миграция ${migration}`);
    const context = createContext(
      readConfig({ ...processEnvironment(settings, server.url, []), ...process.env, DATABASE_URL: server.url }),
      `domovoy-${name}`,
    );
    try {
      await loadReference(context.db);
      const code = await command(argv, context);
      if (typeof code === 'number') process.exitCode = code;
    } finally {
      await context.db.destroy();
    }
  } finally {
    await server.own?.stop();
  }
}

try {
  await main();
} catch (error) {
  const expected = [ConfigError, EmbeddedPostgresError, BackupError].some((kind) => error instanceof kind);
  if (expected) console.error((error as Error).message);
  else console.error(adviceFor(error) ? `Не удалось: ${wordsOfError(error)}` : error);
  process.exitCode = 1;
}
