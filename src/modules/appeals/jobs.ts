import type { JobKind, ScheduledJob } from '../../platform/jobs/jobs.ts';
import { askFixedEveryDay } from './ask-fixed.ts';
import { followInspectoratesAlways } from './follow-inspectorates.ts';
import { recountDesk } from './recount-desk.ts';
import { tellNeighbours } from './tell-neighbours.ts';
import { watchTermsAlways } from './watch-terms.ts';

export const appealSchedule: readonly ScheduledJob[] = [watchTermsAlways, askFixedEveryDay, followInspectoratesAlways];

// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const appealJobs: readonly JobKind<any>[] = [recountDesk, tellNeighbours];
