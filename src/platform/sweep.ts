import type { Logger } from 'pino';
import { deleteArrivingBefore } from './attachments/queries.ts';
import { deleteHomeLooksBefore, deletePersonLooksBefore } from './audit/queries/looks.ts';
import type { Context } from './context.ts';
import { transaction } from './database/database.ts';
import { deleteDisclosuresBefore } from './disclosure/queries.ts';
import { selectKnownFiles, tryStoreLock } from './files/queries.ts';
import { deleteIdempotencyKeysBefore } from './idempotency/queries.ts';
import type { ScheduledJob } from './jobs/jobs.ts';
import { deleteMailBefore } from './mail/queries.ts';

/** Letters hold what was written to people: they are kept only to be repeated or asked about. */
const LETTER_DAYS = 90;
/** How long a form may be repeated with its key. */
const KEY_DAYS = 30;
/** How long a picture may wait in the store for the form that it came with. */
const FORSAKEN_DAYS = 2;

/** Who looked at one's data may be asked for as long as one may go to court about it: three years (ГК РФ, ст. 196). The journal stays. */
const LOOK_DAYS = 3 * 366;

/** Rows of one statement: it is short, so nobody waits for its locks, and the rest is taken by the next. */
const BATCH = 2_000;

/** Removes at most `limit` rows from before the moment, the oldest first. @returns how many it removed */
export type RemoveBefore = (moment: Date, limit: number) => Promise<number>;

/** Removes everything from before the moment, in batches. @returns how many rows were removed */
export async function sweepBefore(moment: Date, remove: RemoveBefore, batch = BATCH): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = await remove(moment, batch);
    total += removed;
    if (removed < batch) return total;
  }
}

export const daysAgo = (now: Date, days: number): Date => new Date(now.getTime() - days * 24 * 3_600_000);

/** Removes keys of forms that nobody can repeat any more, old letters, and files that never came to belong to anything. */
export const sweepPlatform: ScheduledJob = {
  name: 'platform.sweep',
  cron: '17 1 * * *',
  async run({ db, clock, files }, log) {
    const now = clock();
    await sweepBefore(daysAgo(now, KEY_DAYS), (...batch) => deleteIdempotencyKeysBefore(db, ...batch));
    await sweepBefore(daysAgo(now, LETTER_DAYS), (...batch) => deleteMailBefore(db, ...batch));
    await sweepBefore(daysAgo(now, FORSAKEN_DAYS), (...batch) => deleteArrivingBefore(db, ...batch));
    await sweepBefore(daysAgo(now, LOOK_DAYS), (...batch) => deletePersonLooksBefore(db, ...batch));
    await sweepBefore(daysAgo(now, LOOK_DAYS), (...batch) => deleteHomeLooksBefore(db, ...batch));
    await sweepBefore(now, (...batch) => deleteDisclosuresBefore(db, ...batch));
    await sweepStore({ db, files }, daysAgo(now, FORSAKEN_DAYS), log);
  },
};

/** Not while a backup is being made: it has yet to copy what its rows name, though the rows of today may not name it any more. */
async function sweepStore({ db, files }: Pick<Context, 'db' | 'files'>, before: Date, log: Logger): Promise<void> {
  // The transaction does nothing but hold the lock: it keeps no row and no moment.
  await transaction(db, async (trx) => {
    if (!(await tryStoreLock(trx))) return log.warn('a backup is being made: forsaken files are left until tomorrow');
    await files.removeForsaken(before, (ids) => selectKnownFiles(db, ids));
  });
}
