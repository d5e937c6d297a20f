import type { ScheduledJob } from '../../platform/jobs/jobs.ts';

export const appealSchedule: readonly ScheduledJob[] = [];
