import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '../database/database.ts';

/** Adds a job in the caller's transaction. A job of the same key that has not started is replaced, not doubled. */
export async function addJobRow(
  db: Db,
  job: {
    task: string;
    payload: string;
    key: string | null;
    runAt: Date | null;
    maxAttempts: number | null;
    queue: string | null;
  },
): Promise<void> {
  await sql`select from graphile_worker.add_job(${job.task}, payload => ${job.payload}::json, job_key => ${job.key},
    run_at => ${job.runAt}::timestamptz, max_attempts => ${job.maxAttempts}::int, queue_name => ${job.queue})`.execute(
    db,
  );
}

export const doesAnswer = (db: Db): Promise<boolean> =>
  sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );

/** The first of the two numbers of the locks by which living workers are known. */
const PRESENCE = 0x6a6f6273;

/**
 * Holds the lock of a pool of workers for as long as the connection stands; the server gives a peer that has vanished up in two minutes.
 * Shared: the same pool may come again before the server has noticed that its line was cut.
 */
export async function holdPoolLock(client: pg.Client, poolId: string): Promise<void> {
  await client.query('set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 15; set tcp_keepalives_count = 4');
  await client.query(`select pg_advisory_lock_shared(${PRESENCE}, hashtext($1))`, [poolId]);
}

/** @throws when the connection does not stand any more */
export const askStill = (client: pg.Client): Promise<unknown> => client.query('select 1');

/** Pools of workers that hold jobs and whose own lock nobody holds. */
export async function selectAbandonedPools(db: Db): Promise<string[]> {
  const { rows } = await sql<{ poolId: string }>`
    select "poolId" from (
      select locked_by as "poolId" from graphile_worker._private_jobs where locked_by is not null
      union select locked_by from graphile_worker._private_job_queues where locked_by is not null
      offset 0
    ) as held
    where pg_try_advisory_xact_lock(${PRESENCE}::int, hashtext("poolId"))`.execute(db);
  return rows.map(({ poolId }) => poolId);
}

/** Gives what these pools hold back to the queue. */
export async function releasePools(db: Db, poolIds: readonly string[]): Promise<void> {
  await sql`select graphile_worker.force_unlock_workers(${poolIds}::text[])`.execute(db);
}

/** Jobs that the database has given to a pool. */
export async function selectJobsOf(db: Db, poolId: string): Promise<{ id: string; lockedAt: string }[]> {
  const { rows } = await sql<{ id: string; lockedAt: string }>`
    select id::text, locked_at::text as "lockedAt" from graphile_worker._private_jobs where locked_by = ${poolId}`.execute(
    db,
  );
  return rows;
}

/** Gives some of a pool's jobs back to the queue. */
export async function releaseJobs(db: Db, poolId: string, ids: readonly string[]): Promise<void> {
  await sql`
    with released as (
      update graphile_worker._private_jobs set locked_at = null, locked_by = null
      where locked_by = ${poolId} and id = any(${ids}::bigint[]) returning job_queue_id
    )
    update graphile_worker._private_job_queues set locked_at = null, locked_by = null
    where locked_by = ${poolId} and id in (select job_queue_id from released)`.execute(db);
}

/** Jobs of some kinds that have used up their tries. */
export async function selectSpentJobs(
  db: Db,
  kinds: readonly string[],
): Promise<{ id: string; kind: string; payload: unknown }[]> {
  const { rows } = await sql<{ id: string; kind: string; payload: unknown }>`
    select job.id::text, task.identifier as kind, job.payload
    from graphile_worker._private_jobs job join graphile_worker._private_tasks task on task.id = job.task_id
    where task.identifier = any(${kinds}::text[]) and job.attempts >= job.max_attempts and job.locked_at is null`.execute(
    db,
  );
  return rows;
}

/** Takes jobs that nobody is at out of the queue. */
export async function deleteJobs(db: Db, ids: readonly string[]): Promise<void> {
  await sql`delete from graphile_worker._private_jobs where id = any(${ids}::bigint[]) and locked_at is null`.execute(
    db,
  );
}

export interface QueueDepth {
  waiting: number;
  failed: number;
  /** Since a worker last did what the clock asks of it, some of it every minute; null where none ever ran. */
  silentSeconds: number | null;
}

export async function selectQueueDepth(db: Db): Promise<QueueDepth> {
  const { rows } = await sql<QueueDepth>`
    select count(*) filter (where attempts < max_attempts)::int as waiting,
           count(*) filter (where attempts >= max_attempts)::int as failed,
           (select extract(epoch from now() - max(last_execution))::int
             from graphile_worker._private_known_crontabs) as "silentSeconds"
    from graphile_worker._private_jobs`.execute(db);
  return rows[0]!;
}

/** A worker that is silent for longer does not run. */
const SILENT_SECONDS = 5 * 60;
export const isWorkerGone = ({ silentSeconds }: QueueDepth): boolean =>
  silentSeconds !== null && silentSeconds > SILENT_SECONDS;
