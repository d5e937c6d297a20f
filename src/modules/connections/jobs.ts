import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { daysAgo, sweepBefore } from '../../platform/sweep.ts';
import { deleteAttemptsBefore, deleteFailedProofsBefore } from './queries.ts';

/** The limits count one day; a month is left to see who was guessing. */
const TRY_DAYS = 30;

/** Removes failed tries to connect an account that no limit counts any more. */
export const sweepTries: ScheduledJob = {
  name: 'connections.sweep',
  cron: '41 1 * * *',
  async run({ db, clock }) {
    const moment = daysAgo(clock(), TRY_DAYS);
    await sweepBefore(moment, (...batch) => deleteAttemptsBefore(db, ...batch));
    await sweepBefore(moment, (...batch) => deleteFailedProofsBefore(db, ...batch));
  },
};
