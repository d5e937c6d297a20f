import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { daysAgo, sweepBefore } from '../../platform/sweep.ts';
import { deleteDevicesUnseenSince } from './queries/devices.ts';
import { deleteSessionsExpiredBefore } from './queries/sessions.ts';
import { deleteSignInAttemptsBefore } from './queries/sign-in.ts';

import { DEVICE_DAYS } from './recognise-device.ts';

/** A session that has run out opens nothing; for a while it still tells from what device an account was used. */
const SESSION_DAYS_AFTER_END = 30;

/** Removes entries that were begun and never finished: anybody can begin one, without an end. */
export const sweepSignInAttempts: ScheduledJob = {
  name: 'identity.sweep_attempts',
  cron: '23 * * * *',
  async run({ db, clock }) {
    const hourAgo = new Date(clock().getTime() - 3_600_000);
    await sweepBefore(hourAgo, (...batch) => deleteSignInAttemptsBefore(db, ...batch));
  },
};

/** Removes sessions some time after the day they would have run out, those that were ended earlier too. */
export const sweepSessions: ScheduledJob = {
  name: 'identity.sweep_sessions',
  cron: '29 1 * * *',
  async run({ db, clock }) {
    const moment = daysAgo(clock(), SESSION_DAYS_AFTER_END);
    await sweepBefore(moment, (...batch) => deleteSessionsExpiredBefore(db, ...batch));
    await sweepBefore(daysAgo(clock(), DEVICE_DAYS), (...batch) => deleteDevicesUnseenSince(db, ...batch));
  },
};
