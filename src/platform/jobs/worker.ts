import { EventEmitter } from 'node:events';
import { Logger, parseCronItem, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Context } from '../context.ts';
import { createPool, type Db } from '../database/database.ts';
import { type Presence, type PresenceTimes, showPresence } from './alive.ts';
import type { JobKind, ScheduledJob } from './jobs.ts';
import { doesAnswer } from './queries.ts';

export interface RunningWorker {
  /** Settles when no more jobs will be taken although nobody has stopped it: its process is to end, and whoever supervises it starts another. */
  ended: Promise<Error>;
  stop(): Promise<void>;
}

/**
 * Runs jobs until it is stopped. A job of a killed worker is taken up by another within a minute; effects are idempotent, so a
 * repeat does no harm.
 */
export async function startWorker(
  context: Context,
  // biome-ignore lint/suspicious/noExplicitAny: kinds with different payloads
  kinds: readonly JobKind<any>[],
  scheduled: readonly ScheduledJob[],
  options: { concurrency?: number; times?: Partial<PresenceTimes> } = {},
): Promise<RunningWorker> {
  const { db, log } = context;
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
  let isStopped = false;
  let presence: Presence | undefined;
  const ended = Promise.withResolvers<Error>();
  const end = (why: Error) => isStopped || ended.resolve(why);
  const events: WorkerEvents = new EventEmitter();
  const running = new Set<string>();
  events.on('job:start', ({ job }) => running.add(String(job.id)));
  events.on('job:complete', ({ job }) => running.delete(String(job.id)));
  events.on('pool:create', ({ workerPool: { id: poolId } }) => {
    const onLost = () => end(new Error('the presence of the worker cannot be shown'));
    presence = showPresence({ db, direct, poolId, running, log, onLost }, options.times);
  });
  listenForDeafness(events, db, () => end(new Error('jobs are asked for in vain')));
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
  runner.promise.then(() => end(new Error('the runner of jobs has stopped')), end);
  return {
    ended: ended.promise,
    async stop() {
      isStopped = true;
      await runner.stop();
      presence?.stop();
      await pool.end();
    },
  };
}

/** So long in vain, while the database answers others, is for ever. */
const DEAF_MS = 5_000;

/**
 * graphile-worker 0.18 keeps the answer to its first question, which kinds of jobs there are, also when the answer was that the database
 * had gone in that moment: it lives on and never takes a job.
 */
function listenForDeafness(events: WorkerEvents, db: Db, tell: () => void): void {
  let failingSince: number | null = null;
  const hear = () => {
    failingSince = null;
  };
  events.on('worker:getJob:empty', hear);
  events.on('job:start', hear);
  events.on('worker:getJob:error', async () => {
    failingSince ??= Date.now();
    const isLong = Date.now() - failingSince > DEAF_MS;
    if (!(await doesAnswer(db))) hear();
    else if (isLong && failingSince !== null) tell();
  });
}
