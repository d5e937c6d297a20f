import { sql } from 'kysely';
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

/** The database's own clock: jobs are stamped with it. */
export async function readClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db);
  return rows[0]!.now;
}

/** Gives the jobs that were taken before a moment, by workers that are gone, back to the queue. Only where no other worker runs. */
export async function releaseHeldJobs(db: Db, before: Date): Promise<void> {
  await sql`select graphile_worker.force_unlock_workers(array(
    select distinct locked_by from graphile_worker._private_jobs where locked_at < ${before}::timestamptz
    union select locked_by from graphile_worker._private_job_queues where locked_at < ${before}::timestamptz))`.execute(
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
