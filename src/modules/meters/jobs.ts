import type { JobKind, ScheduledJob } from '../../platform/jobs/jobs.ts';
import { estimateEveryNight, estimateJob } from './estimate-months.ts';
import { remindEveryDay, remindJob, remindMissingJob } from './reminders/remind-house.ts';
import { tellDeclinedJob } from './reminders/tell-declined.ts';
import { summariseAtMidnight, summariseJob } from './summarise-house.ts';

/** Every kind of job of meters. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const meterJobs: readonly JobKind<any>[] = [
  summariseJob,
  estimateJob,
  remindJob,
  remindMissingJob,
  tellDeclinedJob,
];

export const meterSchedule: readonly ScheduledJob[] = [estimateEveryNight, remindEveryDay, summariseAtMidnight];
