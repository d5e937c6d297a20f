import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { daysAgo, sweepBefore } from '../../platform/sweep.ts';
import { deleteInvitationsBefore } from './queries/invitations.ts';

/** Who comes with an old link is told what became of it for as long as letters are kept. */
const INVITATION_DAYS = 90;

/** Removes invitations with the names and addresses of people who may never have come. */
export const sweepInvitations: ScheduledJob = {
  name: 'staff.sweep_invitations',
  cron: '37 1 * * *',
  async run({ db, clock }) {
    await sweepBefore(daysAgo(clock(), INVITATION_DAYS), (...batch) => deleteInvitationsBefore(db, ...batch));
  },
};
