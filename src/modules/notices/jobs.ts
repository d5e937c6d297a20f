import type { JobKind } from '../../platform/jobs/jobs.ts';
import { deliverPush } from './push/deliver-push.ts';

/** Every kind of job of the notices. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const noticeJobs: readonly JobKind<any>[] = [deliverPush];
