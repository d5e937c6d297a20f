import { jobKinds, scheduledJobs } from './jobs.ts';
import { tryScannerAndGoOn } from './platform/attachments/index.ts';
import { startWorker } from './platform/jobs/worker.ts';
import { warnOfCalendar } from './platform/rules/calendar-until.ts';
import { configOrExit, createContext, stopGracefully } from './process.ts';

const context = createContext(configOrExit(), 'domovoy-worker');
const worker = await startWorker(context, jobKinds, scheduledJobs);
const end = stopGracefully(context.log, async () => {
  await worker.stop();
  await context.db.destroy();
});
worker.ended.then((err) => {
  context.log.fatal({ err }, 'the worker takes no more jobs');
  end('no more jobs', 1);
});
process.send?.({ ready: true });
warnOfCalendar(context, context.log).catch((err: unknown) =>
  context.log.error({ err }, 'the calendar was not looked at'),
);
// How far the scanner of viruses can be believed is in the log from the start.
tryScannerAndGoOn(context).catch((err: unknown) => context.log.error({ err }, 'the scanner was not tried'));
