import { deleteIdempotencyKeysBefore } from './idempotency/queries.ts';
import type { ScheduledJob } from './jobs/jobs.ts';

/** How long a form may be repeated with its key. */
const KEY_DAYS = 30;

/** Removes keys of forms that nobody can repeat any more. */
export const sweepPlatform: ScheduledJob = {
  name: 'platform.sweep',
  cron: '17 1 * * *',
  async run(context) {
    await deleteIdempotencyKeysBefore(context.db, new Date(context.clock().getTime() - KEY_DAYS * 24 * 3_600_000));
  },
};
