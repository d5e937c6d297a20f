import type { Socket } from 'node:net';
import pg from 'pg';

/** A look that is not answered in this time is repeated once; then the database is away. Together less than the two seconds of a page. */
const PATIENCE_MS = 700;
const PAUSE_MS = 300;

/** Not there, going, coming, or with no room to write: SQLSTATE classes 08, 53 and 57P (documentation of PostgreSQL, appendix A). */
const AWAY_STATES = /^(08|53|57P)/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Errors of the driver that have no code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether a request failed because the database is away, not because of what it asked. What it did may be done or not. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (error instanceof pg.DatabaseError ? AWAY_STATES.test(code) : AWAY_CODES.has(code)))
    return true;
  return AWAY_WORDS.test(error.message);
}

export interface DatabaseWatch {
  isAway(): boolean;
  stop(): Promise<void>;
}

/**
 * Knows at any moment whether the database answers: a server that is silent, behind a line that was cut, would hold every page until
 * the system gives its connections up, minutes later. While it is away the connections of the pool are cut: what waits on them is refused.
 */
export function watchDatabase(pool: pg.Pool, url: string): DatabaseWatch {
  const connected = new Set<pg.PoolClient>();
  pool.on('connect', (client) => connected.add(client));
  pool.on('remove', (client) => connected.delete(client));
  let looker: pg.Client | null = null;
  let isAway = false;
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;

  async function look(): Promise<boolean> {
    try {
      if (!looker) {
        looker = new pg.Client({
          connectionString: url,
          application_name: 'domovoy watch',
          connectionTimeoutMillis: PATIENCE_MS,
          query_timeout: PATIENCE_MS,
        });
        looker.on('error', () => undefined);
        await looker.connect();
      }
      await looker.query('select 1');
      return true;
    } catch {
      if (looker) cut(looker);
      looker = null;
      return false;
    }
  }

  async function keepLooking(): Promise<void> {
    // A process that was held up itself hears late of an answer that came in time.
    isAway = !((await look()) || (await look()));
    if (isAway) for (const client of connected) cut(client);
    if (!isStopped) timer = setTimeout(keepLooking, PAUSE_MS).unref();
  }
  void keepLooking();

  return {
    isAway: () => isAway,
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await looker?.end().catch(() => undefined);
    },
  };
}

/** At once: a farewell would wait for an answer. */
export function cut(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
