import { appealJobs, appealSchedule } from './modules/appeals/index.ts';
import { billingJobs, checkBalances } from './modules/billing/index.ts';
import {
  endOverdueShares,
  makeLettersJob,
  reviveLetters,
  sweepTries,
  tellConnectedJob,
  watchClaims,
} from './modules/connections/index.ts';
import { sweepSessions, sweepSignInAttempts } from './modules/identity/index.ts';
import { meterJobs, meterSchedule } from './modules/meters/index.ts';
import { noticeJobs, sweepNotices } from './modules/notices/index.ts';
import { advancePayment, inquire, sweepPaymentsEveryMinute } from './modules/payments/index.ts';
import { personalDataJobs, personalDataSchedule } from './modules/personal-data/index.ts';
import { sweepInvitations } from './modules/staff/index.ts';
import { forgetOldTraces, reviveUploads, uploadJobs } from './modules/uploads/index.ts';
import { personParts } from './person-parts.ts';
import { attachmentJobs, attachmentSchedule } from './platform/attachments/index.ts';
import { checkStoredFiles } from './platform/files/check-files.ts';
import type { JobKind, ScheduledJob } from './platform/jobs/jobs.ts';
import { deliverMail } from './platform/mail/mail.ts';
import { watchCalendar } from './platform/rules/calendar-until.ts';
import { sweepPlatform } from './platform/sweep.ts';

/** Every kind of job of the installation. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const jobKinds: readonly JobKind<any>[] = [
  deliverMail,
  ...noticeJobs,
  tellConnectedJob,
  makeLettersJob,
  advancePayment,
  inquire,
  ...meterJobs,
  ...billingJobs,
  ...uploadJobs,
  ...attachmentJobs,
  ...appealJobs,
  ...personalDataJobs(personParts),
];

/** Jobs at fixed times. */
export const scheduledJobs: readonly ScheduledJob[] = [
  sweepPlatform,
  watchCalendar,
  checkStoredFiles,
  sweepSignInAttempts,
  sweepSessions,
  sweepTries,
  endOverdueShares,
  watchClaims,
  reviveLetters,
  sweepNotices,
  sweepInvitations,
  checkBalances,
  sweepPaymentsEveryMinute,
  reviveUploads,
  forgetOldTraces,
  ...meterSchedule,
  ...appealSchedule,
  ...personalDataSchedule(personParts),
  ...attachmentSchedule,
];
