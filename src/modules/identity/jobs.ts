import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { deleteSignInAttemptsBefore } from './queries.ts';

/** Removes entries that were begun and never finished: anybody can begin one, without an end. */
export const sweepSignInAttempts: ScheduledJob = {
  name: 'identity.sweep_attempts',
  cron: '23 * * * *',
  run: ({ db, clock }) => deleteSignInAttemptsBefore(db, new Date(clock().getTime() - 3_600_000)),
};
