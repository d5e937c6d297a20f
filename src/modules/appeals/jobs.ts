import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { askFixedEveryDay } from './ask-fixed.ts';
import { watchTermsAlways } from './watch-terms.ts';

export const appealSchedule: readonly ScheduledJob[] = [watchTermsAlways, askFixedEveryDay];
