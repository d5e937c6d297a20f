import { Logger, parseCronItem, run, type TaskList } from 'graphile-worker';
import type { Context } from '../context.ts';
import { createPool } from '../database/database.ts';
import type { JobKind, ScheduledJob } from './jobs.ts';
import { readClock, releaseHeldJobs } from './queries.ts';

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
  const late = context.config.ONLY_WORKER ? await takeOver(context) : undefined;
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
      clearTimeout(late);
      await runner.stop();
      await pool.end();
    },
  };
}

/** A worker that was killed may have asked for a job in its last moment: the database gives it when nobody is there any more. */
const LATE_MS = 10_000;

/** Takes the jobs of the worker before this one over: at once, and once more what it was given after its death. */
async function takeOver({ db, log }: Context): Promise<NodeJS.Timeout> {
  const started = await readClock(db);
  await releaseHeldJobs(db, started);
  const again = () =>
    releaseHeldJobs(db, started).catch((err: unknown) => log.warn({ err }, 'held jobs are not freed'));
  return setTimeout(again, LATE_MS).unref();
}
