import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import type { ScheduledJob } from '../jobs/jobs.ts';
import { type Damage, type FileToCheck, selectDamagedToCheck, selectToCheck, updateCheck } from './queries.ts';
import { FileMissing, type FileStore, isOfFile } from './store.ts';

/** Of each ten minutes: reading everything again must not hinder who waits for a page. */
const BUDGET_MS = 60_000;
const BATCH = 50;
const DAY_MS = 24 * 3_600_000;
/** A file that was there is looked at again after so long, where the budget allows. */
const AGAIN_MS = 7 * DAY_MS;
/** What is damaged is looked at often: somebody may be putting it back. */
const DAMAGED_AGAIN_MS = 3_600_000;

type World = Pick<Context, 'db' | 'files' | 'clock'>;

/**
 * Reads stored files again and compares them with what was put: first those known to be damaged, then those that were looked at longest
 * ago. Notes the time and what is wrong in the row. Ends when nothing is due or the budget is used up; the next run goes on.
 * @returns how many files were read
 * @throws whatever the store says when it is away: that says nothing of a file
 */
export async function checkFiles(world: World, log: Logger, budgetMs = BUDGET_MS): Promise<number> {
  const end = performance.now() + budgetMs;
  const due = (age: number) => new Date(world.clock().getTime() - age);
  let checked = 0;
  for (const select of [
    () => selectDamagedToCheck(world.db, due(DAMAGED_AGAIN_MS), BATCH),
    () => selectToCheck(world.db, due(AGAIN_MS), BATCH),
  ])
    for (let batch = await select(); batch.length > 0; batch = await select())
      for (const file of batch) {
        // At least one a run, or a large file that takes longer would never have its turn.
        if (checked > 0 && performance.now() >= end) return checked;
        await checkFile(world, log, file);
        checked += 1;
      }
  return checked;
}

async function checkFile({ db, files, clock }: World, log: Logger, file: FileToCheck): Promise<void> {
  const { fileId, damage: known } = file;
  const damage = await damageOf(files, log, file);
  // A file whose row went meanwhile has the right to be gone.
  if (!(await updateCheck(db, fileId, damage, clock())) || damage === known) return;
  if (damage) log.error({ fileId, damage }, 'a stored file is damaged');
  else log.warn({ fileId, damage: known }, 'a damaged file is as it was put again');
}

async function damageOf(
  files: FileStore,
  log: Logger,
  { fileId, sizeBytes, sha256 }: FileToCheck,
): Promise<Damage | null> {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const piece of files.open(fileId)) {
      length += piece.length;
      hash.update(piece);
    }
  } catch (error) {
    if (error instanceof FileMissing) return 'missing';
    if (!(await isOfFile(files, error))) throw error;
    log.warn({ fileId, err: error }, 'a stored file cannot be read');
    return 'unreadable';
  }
  return length === sizeBytes && hash.digest().equals(sha256) ? null : 'changed';
}

export const checkStoredFiles: ScheduledJob = {
  name: 'files.check',
  cron: '*/10 * * * *',
  async run(context, log) {
    // The next run is near: trying this one again and again would only fill the queue while the store is away.
    await checkFiles(context, log).catch((err: unknown) => log.error({ err }, 'stored files cannot be read'));
  },
};
