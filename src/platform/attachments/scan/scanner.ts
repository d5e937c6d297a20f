import type { Context } from '../../context.ts';
import type { FileId } from '../../ids.ts';
import { selectTrial, upsertTrial } from '../queries.ts';
import { parseClamdUrl, type ScanResult, scanStream } from './clamd.ts';
import { tryScanner } from './probe.ts';

/** Puts the scanner on trial and writes down how it went. @returns what is wrong with it, or null */
export async function examineScanner({ db, config, clock, log }: Context): Promise<string | null> {
  if (!config.CLAMD_URL) return null;
  const problem = await tryScanner(parseClamdUrl(config.CLAMD_URL));
  await upsertTrial(db, config.CLAMD_URL, { triedAt: clock(), problem });
  if (problem) log.error({ problem }, 'the scanner of viruses is not trusted: attached files wait');
  return problem;
}

/** How a file looks to the scanner; `unscanned` where the installation has none. */
export async function scanFile(context: Context, fileId: FileId): Promise<ScanResult | { state: 'unscanned' }> {
  const { CLAMD_URL } = context.config;
  if (!CLAMD_URL) return { state: 'unscanned' };
  const result = await scanStream(parseClamdUrl(CLAMD_URL), context.files.open(fileId));
  // What is found is found. That nothing was found is believed of a scanner that was tried within the hour.
  if (result.state !== 'clean') return result;
  const problem = await standingOf(context, CLAMD_URL);
  return problem ? { state: 'unknown', problem } : result;
}

/** A scanner that failed is tried again soon, but not for each of the files that wait for it. */
const TRIAL_LASTS_MS = { good: 3_600_000, bad: 300_000 };

async function standingOf(context: Context, address: string): Promise<string | null> {
  const trial = await selectTrial(context.db, address);
  if (!trial) return examineScanner(context);
  const age = context.clock().getTime() - trial.triedAt.getTime();
  return age < TRIAL_LASTS_MS[trial.problem ? 'bad' : 'good'] ? trial.problem : examineScanner(context);
}
