import { deleteIdempotencyKeysBefore } from './idempotency/queries.ts';
import type { ScheduledJob } from './jobs/jobs.ts';
import { deleteMailBefore } from './mail/queries.ts';

/** Letters hold what was written to people: they are kept only to be repeated or asked about. */
const LETTER_DAYS = 90;
/** How long a form may be repeated with its key. */
const KEY_DAYS = 30;

/** Removes keys of forms that nobody can repeat any more, and old letters. */
export const sweepPlatform: ScheduledJob = {
  name: 'platform.sweep',
  cron: '17 1 * * *',
  async run(context) {
    const before = (days: number) => new Date(context.clock().getTime() - days * 24 * 3_600_000);
    await deleteIdempotencyKeysBefore(context.db, before(KEY_DAYS));
    await deleteMailBefore(context.db, before(LETTER_DAYS));
  },
};
