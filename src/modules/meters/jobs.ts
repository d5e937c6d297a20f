import type { JobKind } from '../../platform/jobs/jobs.ts';
import { summariseJob } from './summarise-house.ts';

/** Every kind of job of meters. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const meterJobs: readonly JobKind<any>[] = [summariseJob];
