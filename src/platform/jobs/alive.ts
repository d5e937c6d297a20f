import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from '../database/database.ts';
import { holdPoolLock, releasePools, selectAbandonedPools } from './queries.ts';

/** How soon a lock that was lost with its connection is taken again. */
const AGAIN_MS = 500;
/** A pool without its lock is gone if it still has none after this time: longer than a living one needs to take it again. */
const CONFIRM_MS = 3_000;
const LOOK_MS = 30_000;

export interface Presence {
  stop(): Promise<void>;
}

/**
 * Shows other workers that this one lives, by a lock in the database that ends with the process: jobs of a pool whose lock nobody holds
 * are given back to the queue within half a minute, where graphile-worker alone would wait four hours. A machine that lost its power is
 * found by the keepalives of the connection, in two minutes.
 * @param direct a connection that no transaction pooler shares out
 */
export function showPresence(db: Db, direct: string, poolId: string, log: Logger): Presence {
  let holder: pg.Client | null = null;
  let isStopped = false;
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, work: () => Promise<void>) => {
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work().catch((err: unknown) => log.warn({ err }, 'held jobs are not looked at'));
    }, ms);
    timers.add(timer.unref());
  };

  async function hold(): Promise<void> {
    const client = new pg.Client({ connectionString: direct, application_name: 'domovoy-jobs presence' });
    let isLost = false;
    const lose = () => {
      if (isLost) return;
      isLost = true;
      if (holder === client) holder = null;
      after(AGAIN_MS, hold);
    };
    client.on('error', lose).on('end', lose);
    try {
      await client.connect();
      await holdPoolLock(client, poolId);
      if (isStopped) await client.end();
      else holder = client;
    } catch {
      client.end().catch(() => undefined);
      lose();
    }
  }

  async function look(): Promise<void> {
    try {
      const suspects = await selectAbandonedPools(db);
      if (suspects.length > 0) after(CONFIRM_MS, () => release(suspects));
    } finally {
      after(LOOK_MS, look);
    }
  }

  async function release(suspects: readonly string[]): Promise<void> {
    const gone = (await selectAbandonedPools(db)).filter((id) => suspects.includes(id));
    if (gone.length > 0) await releasePools(db, gone);
  }

  void hold();
  after(0, look);
  return {
    async stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await holder?.end().catch(() => undefined);
    },
  };
}
