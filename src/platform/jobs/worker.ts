import { EventEmitter } from 'node:events';
import { Logger, parseCronItem, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Context } from '../context.ts';
import { createPool } from '../database/database.ts';
import { type Presence, showPresence } from './alive.ts';
import type { JobKind, ScheduledJob } from './jobs.ts';

export interface RunningWorker {
  stop(): Promise<void>;
}

/**
 * Runs jobs until it is stopped. A job of a killed worker is taken up by another within half a minute; effects are idempotent, so a
 * repeat does no harm.
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
  const direct = context.config.QUEUE_DATABASE_URL ?? context.config.DATABASE_URL;
  const pool = createPool({
    url: direct,
    connections: 5,
    applicationName: 'domovoy-jobs',
    // A failed job's id goes into JSON there: a bigint ended the whole worker at every failure.
    integersAsText: true,
    onError: (error) => context.log.warn({ err: error }, 'queue connection lost'),
  });
  let presence: Presence | undefined;
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => {
    presence = showPresence(context.db, direct, workerPool.id, context.log);
  });
  const runner = await run({
    pgPool: pool,
    events,
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
      await presence?.stop();
      await pool.end();
    },
  };
}
