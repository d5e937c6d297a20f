import { Logger, parseCronItem, run, type TaskList } from 'graphile-worker';
import type { Context } from '../context.ts';
import { createPool } from '../database/database.ts';
import type { JobKind, ScheduledJob } from './jobs.ts';
import { releaseHeldJobs } from './queries.ts';

export interface RunningWorker {
  stop(): Promise<void>;
}

/**
 * Runs jobs until it is stopped. A job of a killed worker is taken up by another after its lock times out;
 * effects are idempotent, so a repeat does no harm.
 */
export async function startWorker(
  context: Context,
  // biome-ignore lint/suspicious/noExplicitAny: kinds with different payloads
  kinds: readonly JobKind<any>[],
  scheduled: readonly ScheduledJob[],
  options: { concurrency?: number } = {},
): Promise<RunningWorker> {
  const tasks: TaskList = {};
  for (const kind of kinds)
    tasks[kind.name] = async (payload, helpers) => {
      const log = context.log.child({ job: helpers.job.id, task: kind.name });
      await kind.run(context, kind.payload.parse(payload), log);
    };
  for (const job of scheduled) tasks[job.name] = async () => job.run(context, context.log.child({ task: job.name }));
  const pool = createPool({
    url: context.config.QUEUE_DATABASE_URL ?? context.config.DATABASE_URL,
    connections: 5,
    applicationName: 'domovoy-jobs',
    // A failed job's id goes into JSON there: a bigint ended the whole worker at every failure.
    integersAsText: true,
    onError: (error) => context.log.warn({ err: error }, 'queue connection lost'),
  });
  if (context.config.ONLY_WORKER) await releaseHeldJobs(context.db);
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    parsedCronItems: scheduled.map((job) => parseCronItem({ task: job.name, match: job.cron, identifier: job.name })),
    concurrency: options.concurrency ?? 4,
    pollInterval: 1000,
    noHandleSignals: true,
    noPreparedStatements: !context.config.NAMED_STATEMENTS,
    logger: new Logger(() => (level, message) => {
      if (level === 'error') context.log.error(message);
      else if (level === 'warning') context.log.warn(message);
      else context.log.debug(message);
    }),
  });
  return {
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}
