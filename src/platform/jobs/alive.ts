import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from '../database/database.ts';
import { cut } from '../database/watch.ts';
import {
  askStill,
  doesAnswer,
  holdPoolLock,
  releaseJobs,
  releasePools,
  selectAbandonedPools,
  selectJobsOf,
} from './queries.ts';

/** How often things are done and how long waited for, ms. */
export interface PresenceTimes {
  /** Between two questions on the connection of the lock: a line that was cut without a word is noticed by them. */
  beat: number;
  patience: number;
  /** Between two looks at what others hold. */
  look: number;
  /** What nobody seems to hold is given back if it seems so still: longer than a living worker needs to notice and to hold it again. */
  confirm: number;
  /** A worker that cannot show itself for so long, although the database answers, ends. */
  lost: number;
}
const TIMES: PresenceTimes = { beat: 1_000, patience: 2_000, look: 30_000, confirm: 6_000, lost: 15_000 };

export interface Presence {
  stop(): void;
}

/**
 * Shows other workers that this one lives, by a lock in the database that ends with the process, and gives jobs back to the queue that
 * nobody is at: those of pools whose lock nobody holds, and those that were given to this pool while the answer was lost on its way.
 * graphile-worker alone would wait four hours.
 */
export function showPresence(
  pool: {
    db: Db;
    /** The address of a server that no transaction pooler shares out. */
    direct: string;
    poolId: string;
    /** Ids of the jobs under way. */
    running: ReadonlySet<string>;
    log: Logger;
    onLost: () => void;
  },
  given: Partial<PresenceTimes> = {},
): Presence {
  const times = { ...TIMES, ...given };
  const stopping = new AbortController();
  void keepHolding(pool, times, stopping.signal);
  void keepLooking(pool, times, stopping.signal);
  return { stop: () => stopping.abort() };
}

type Pool = Parameters<typeof showPresence>[0];

/** Ends early, and without an error, when the worker stops. */
const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);

async function keepHolding(pool: Pool, { beat, patience, lost }: PresenceTimes, signal: AbortSignal): Promise<void> {
  let lostSince: number | null = null;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: pool.direct,
      application_name: 'domovoy-jobs presence',
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    // Nothing is said at the end: the answer might never come, and the lock goes with the connection.
    const leave = () => cut(client);
    signal.addEventListener('abort', leave);
    try {
      await client.connect();
      await holdPoolLock(client, pool.poolId);
      lostSince = null;
      for (; !signal.aborted; await pause(beat, signal)) await askStill(client);
    } catch (err) {
      if (!signal.aborted) pool.log.warn({ err }, 'the presence of the worker is lost');
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
    const now = Date.now();
    lostSince ??= now;
    if (now - lostSince > lost && !signal.aborted) {
      if (await doesAnswer(pool.db)) pool.onLost();
      else lostSince = null;
    }
    await pause(beat / 2, signal);
  }
}

async function keepLooking(pool: Pool, { look, confirm }: PresenceTimes, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const gone = await findAbandoned(pool);
      const forgotten = await findForgotten(pool);
      if (gone.length + forgotten.length > 0) {
        await pause(confirm, signal);
        await giveBack(pool, { gone, forgotten }, signal);
      }
    } catch (err) {
      pool.log.warn({ err }, 'held jobs are not looked at');
    }
    await pause(look, signal);
  }
}

const findAbandoned = async ({ db, poolId }: Pick<Pool, 'db' | 'poolId'>): Promise<string[]> =>
  (await selectAbandonedPools(db)).filter((id) => id !== poolId);

/** What the database has given to this pool and nobody here is at. */
const findForgotten = async ({ db, poolId, running }: Pick<Pool, 'db' | 'poolId' | 'running'>): Promise<string[]> =>
  (await selectJobsOf(db, poolId)).filter(({ id }) => !running.has(id)).map(({ id, lockedAt }) => `${id} ${lockedAt}`);

/** Gives back what is found again, and nothing else. */
export async function giveBack(
  pool: Pick<Pool, 'db' | 'poolId' | 'running'>,
  suspects: { gone: readonly string[]; forgotten: readonly string[] },
  signal?: AbortSignal,
): Promise<void> {
  const gone = (await findAbandoned(pool)).filter((id) => suspects.gone.includes(id));
  const forgotten = (await findForgotten(pool)).filter((one) => suspects.forgotten.includes(one));
  if (signal?.aborted) return;
  if (gone.length > 0) await releasePools(pool.db, gone);
  const ids = forgotten.map((one) => one.split(' ')[0]!);
  if (ids.length > 0) await releaseJobs(pool.db, pool.poolId, ids);
}
