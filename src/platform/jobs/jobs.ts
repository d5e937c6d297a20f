import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Db } from '../database/database.ts';
import { addJobRow } from './queries.ts';

export { deleteJobs, selectSpentJobs } from './queries.ts';

/** A kind of job: its name, what its payload must be, and the one idempotent effect it has. */
export interface JobKind<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  run(context: Context, payload: Payload, log: Logger): Promise<void>;
}

/** A job at fixed times, in cron's five fields, UTC. */
export interface ScheduledJob {
  name: string;
  cron: string;
  run(context: Context, log: Logger): Promise<void>;
}

export interface JobOptions {
  /** Jobs of one key are one job until it starts. */
  key?: string;
  runAt?: Date;
  maxAttempts?: number;
  /** Jobs of one queue run one after another. */
  queue?: string;
}

/** Adds a job in the transaction of the change that needs it: it runs if and only if the change is committed. */
export function addJob<Payload>(
  db: Db,
  kind: JobKind<Payload>,
  payload: Payload,
  options: JobOptions = {},
): Promise<void> {
  return addJobRow(db, {
    task: kind.name,
    payload: JSON.stringify(kind.payload.parse(payload)),
    key: options.key ?? null,
    runAt: options.runAt ?? null,
    maxAttempts: options.maxAttempts ?? null,
    queue: options.queue ?? null,
  });
}

/** Keeps the payload type of a job kind. */
export const defineJob = <Payload>(kind: JobKind<Payload>): JobKind<Payload> => kind;
