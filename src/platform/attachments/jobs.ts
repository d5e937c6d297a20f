import type { Context } from '../context.ts';
import { addJob, type ScheduledJob } from '../jobs/jobs.ts';
import { judgeFile, judgeKey } from './judge-file.ts';
import { selectWaiting } from './queries.ts';
import { examineScanner } from './scan/scanner.ts';

/** More than wait in an hour; the rest comes with the next. */
const AT_ONCE = 1000;

/** Tries the scanner; when its word counts, whatever waits is judged now. */
export async function tryScannerAndGoOn(context: Context): Promise<void> {
  if (await examineScanner(context)) return;
  for (const fileId of await selectWaiting(context.db, AT_ONCE))
    await addJob(context.db, judgeFile, { fileId }, { key: judgeKey(fileId) });
}

const examineEveryHour: ScheduledJob = {
  name: 'file.examine_scanner',
  cron: '7 * * * *',
  run: tryScannerAndGoOn,
};

export const attachmentJobs = [judgeFile];
export const attachmentSchedule = [examineEveryHour];
