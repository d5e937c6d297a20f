import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import { removeFiles } from '../../platform/files/remove-files.ts';
import type { PersonId } from '../../platform/ids.ts';
import { addJob, type ScheduledJob } from '../../platform/jobs/jobs.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { dueWithdrawals } from '../identity/index.ts';
import { addErasing, BLOCKED, beginErasure, eraseJob } from './erase-person.ts';
import { makeExportJob } from './order-export.ts';
import { selectUnfinishedErasures } from './queries/erasures.ts';
import { deleteStoredFiles, dropReadyExports, selectExpired, selectStalled } from './queries/exports.ts';
import { releaseKept } from './release-kept.ts';

/** A job that has said nothing for so long was killed with its process. */
const STALLED_MILLISECONDS = 15 * 60_000;
const BATCH = 100;

/** Jobs of people's data, given what every module has of a person. */
export const personalDataJobs = (parts: readonly PersonPart[]) => [makeExportJob(parts), eraseJob(parts)] as const;

export const personalDataSchedule = (parts: readonly PersonPart[]): readonly ScheduledJob[] => [
  {
    name: 'personal_data.revive',
    cron: '*/10 * * * *',
    run: (context) => revive(context, parts),
  },
  {
    name: 'personal_data.expire',
    cron: '11 * * * *',
    run: expireArchives,
  },
  {
    name: 'personal_data.withdrawn',
    cron: '47 2 * * *',
    run: (context) => eraseWithdrawn(context, parts),
  },
  {
    name: 'personal_data.release',
    cron: '53 2 * * *',
    run: (context) => releaseKept(context, parts),
  },
];

/** Adds the jobs again that a killed process took with it. Jobs of one key are one. */
async function revive({ db, clock }: Context, parts: readonly PersonPart[]): Promise<void> {
  const before = new Date(clock().getTime() - STALLED_MILLISECONDS);
  for (const personId of await selectUnfinishedErasures(db, before)) await addErasing(db, parts, personId);
  for (const key of await selectStalled(db, before))
    await addJob(db, makeExportJob(parts), key, { key: `export:${key.exportId}` });
}

/** Takes away archives whose days are over, bytes and all. */
async function expireArchives({ db, clock, files }: Context): Promise<void> {
  for (;;) {
    const people = await selectExpired(db, clock(), BATCH);
    for (const personId of people) {
      const gone = await transaction(db, async (trx) => {
        const fileIds = await dropReadyExports(trx, personId, clock());
        await deleteStoredFiles(trx, fileIds);
        return fileIds;
      });
      await removeFiles({ db, files }, gone);
    }
    if (people.length < BATCH) return;
  }
}

/** Erases those who took their consent back and have not changed their mind. Who still has something open waits for the next night. */
async function eraseWithdrawn(context: Context, parts: readonly PersonPart[]): Promise<void> {
  const { db, clock } = context;
  for (let last: PersonId | null = null; ; ) {
    const people: PersonId[] = await dueWithdrawals(db, clock(), last, BATCH);
    for (const personId of people)
      await transaction(db, (trx) => beginErasure(context, trx, parts, personId, 'consent_withdrawn')).catch(
        (error) => {
          if (!(error instanceof Conflict && error.code === BLOCKED)) throw error;
        },
      );
    last = people.at(-1) ?? null;
    if (people.length < BATCH) return;
  }
}
