import type pg from 'pg';
import { pino } from 'pino';
import { systemClock } from './platform/clock.ts';
import { type Config, ConfigError, readConfig } from './platform/config.ts';
import type { Context } from './platform/context.ts';
import { createDatabase, createPool } from './platform/database/database.ts';
import { openFiles } from './platform/files/files.ts';

/** What never reaches the log: secrets, and the rows that PostgreSQL quotes when it refuses them. */
export const REDACT = [
  'req.headers.cookie',
  'req.headers.authorization',
  '*.password',
  '*.secret',
  'err.detail',
  'err.where',
  'err.aggregateErrors[*].detail',
  'err.aggregateErrors[*].where',
  // The connection that an error came from: it holds its key and what was being asked.
  'err.client',
];

/**
 * The error stream, written in portions: a write for every line cost a tenth of the processor time of a page.
 * What waits is written every second and at the end; a SIGKILL may lose the last second.
 */
function logDestination() {
  const destination = pino.destination({ dest: 2, sync: false, minLength: 4096 });
  setInterval(() => destination.flush(), 1000).unref();
  process.on('exit', () => {
    // Not open yet when a process ends at once: then nothing waits either.
    try {
      destination.flushSync();
    } catch {}
  });
  return destination;
}

/**
 * The context of a process: a database, files, a log. Nothing is connected before its first use.
 * @param patienceMs how long a connection to the database is waited for
 */
export function createContext(
  config: Config,
  applicationName: string,
  patienceMs?: number,
): Context & { pool: pg.Pool } {
  const log = pino({ level: config.LOG_LEVEL, name: applicationName, redact: REDACT }, logDestination());
  const pool = createPool({
    url: config.DATABASE_URL,
    connections: config.DATABASE_CONNECTIONS,
    applicationName,
    ...(patienceMs && { patienceMs }),
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const db = createDatabase(pool, { namedStatements: config.NAMED_STATEMENTS });
  return { db, clock: systemClock, config, files: openFiles(config), log, pool };
}

/** Settings of the environment, or one clear message and the end of the process. */
export function configOrExit(env: NodeJS.ProcessEnv = process.env): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/**
 * Runs `stop` once at SIGTERM, SIGINT, or when the parent that supervises this process has gone; then ends the process.
 * @returns does the same, with another code
 */
export function stopGracefully(log: Context['log'], stop: () => Promise<void>): (reason: string, code: number) => void {
  let stopping = false;
  const end = (reason: string, code = 0) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    // Whatever hangs must not keep the machine waiting.
    setTimeout(() => process.exit(1), 15_000).unref();
    stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  process.on('disconnect', () => end('parent has gone'));
  return end;
}
