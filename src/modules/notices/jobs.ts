import type { JobKind, ScheduledJob } from '../../platform/jobs/jobs.ts';
import { daysAgo, sweepBefore } from '../../platform/sweep.ts';
import { deliverPush } from './push/deliver-push.ts';
import { deletePushesBefore } from './push/queries.ts';
import { deleteNoticesBefore } from './queries.ts';

/** Every kind of job of the notices. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const noticeJobs: readonly JobKind<any>[] = [deliverPush];

/** As letters: kept to be asked about. */
const PUSH_DAYS = 90;
/** Whatever is told of once may be asked for again by a job of the same year: a reading of a month, a verification, an upload. */
const NOTICE_DAYS = 800;

export const sweepNotices: ScheduledJob = {
  name: 'notices.sweep',
  cron: '53 1 * * *',
  async run({ db, clock }) {
    const now = clock();
    await sweepBefore(daysAgo(now, PUSH_DAYS), (...batch) => deletePushesBefore(db, ...batch));
    await sweepBefore(daysAgo(now, NOTICE_DAYS), (...batch) => deleteNoticesBefore(db, ...batch));
  },
};
