import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { OrganisationId, UploadId } from '../../platform/ids.ts';
import {
  addJob,
  defineJob,
  deleteJobs,
  type JobKind,
  type ScheduledJob,
  selectSpentJobs,
} from '../../platform/jobs/jobs.ts';
import { forgetTraces } from './queries/changes.ts';
import { deleteStagedRows } from './queries/staging.ts';
import { selectSilentUndos, selectUndo, updateUndo } from './queries/undo.ts';
import { selectSilentUploads, selectUpload, updateUpload } from './queries/uploads.ts';
import { runApart, type StepName } from './run-apart.ts';
import { tellResidents } from './undo/tell-residents.ts';
import { RUNNING_UNDO } from './undo/undo.ts';
import { MOST_ATTEMPTS, type UploadKey } from './upload.ts';

const id = <T>() => z.uuid().transform((value) => value as T);
const payload = z.object({ organisationId: id<OrganisationId>(), uploadId: id<UploadId>() });

/** The upload counts the deaths of its steps itself: the queue's own count, which deaths of workers use up too, must not stop it before. */
const QUEUE_ATTEMPTS = 12;
/** Nobody asks for the answer again: what kills its process now and then must not be the end of it. */
const ANSWER_ATTEMPTS = 10;
const SILENT_MINUTES = 5;

const GIVEN_UP: Record<'read' | 'apply', string> = {
  read: 'Файл не удалось прочитать: обработка несколько раз прервалась. Ничего не загружено. Разделите файл на части или сохраните его заново и загрузите ещё раз.',
  apply:
    'Загрузка несколько раз прервалась и отменена целиком: в кабинете ничего не изменилось. Загрузите файл ещё раз; если повторится, напишите в поддержку.',
};

/**
 * Runs a step in a process of its own and counts its deaths: it is repeated, and after MOST_ATTEMPTS the upload has failed
 * with a sentence instead of hanging for ever.
 */
async function attempt(context: Context, key: UploadKey, step: 'read' | 'apply'): Promise<void> {
  const { db, clock, log } = context;
  const upload = await selectUpload(db, key.organisationId, key.uploadId);
  const fits = step === 'read' ? ['stored', 'reading'] : ['applying'];
  if (!upload || !fits.includes(upload.state)) return;
  if (upload.attempts >= MOST_ATTEMPTS) {
    await giveUp(context, key, step);
    return;
  }
  const attempts = upload.attempts + 1;
  await updateUpload(db, key, step === 'read' ? { state: 'reading', attempts } : { attempts }, clock());
  try {
    await runApart(context, step, key);
  } catch (error) {
    log.error({ err: error, uploadId: key.uploadId, step, attempts }, 'upload step failed');
    // As a new job, at once: the queue would wait longer after each death, and somebody looks at the page.
    if (attempts < MOST_ATTEMPTS) await (step === 'apply' ? addApply : addRead)(db, key);
    else await giveUp(context, key, step);
  }
}

/** An upload that is over keeps no rows. */
const giveUp = ({ db, clock }: Context, key: UploadKey, step: 'read' | 'apply'): Promise<void> =>
  transaction(db, async (trx) => {
    if (await updateUpload(trx, key, { state: 'failed', problem: GIVEN_UP[step] }, clock()))
      await deleteStagedRows(trx, key);
  });

export const readJob = defineJob({
  name: 'uploads.read',
  payload,
  run: (context, key) => attempt(context, key, 'read'),
});

export const applyJob = defineJob({
  name: 'uploads.apply',
  payload,
  run: (context, key) => attempt(context, key, 'apply'),
});

export const answerJob = defineJob({
  name: 'uploads.answer',
  payload,
  run: (context, key) => runApart(context, 'answer' satisfies StepName, key),
});

const UNDO_GIVEN_UP = {
  looking:
    'Проверить, можно ли отменить загрузку, не удалось: проверка несколько раз прервалась. Попробуйте ещё раз; если повторится, напишите в поддержку.',
  undoing:
    'Отмена несколько раз прервалась и не состоялась: ничего не изменилось. Попробуйте ещё раз; если повторится, напишите в поддержку.',
} as const;

/** Looking at what taking an upload back would do, or doing it, counted as the other steps are. */
async function attemptUndo(context: Context, key: UploadKey): Promise<void> {
  const { db, clock, log } = context;
  const undo = await selectUndo(db, key);
  if (!undo || !RUNNING_UNDO.includes(undo.state)) return;
  const state = undo.state as 'looking' | 'undoing';
  const giveUp = () =>
    updateUndo(db, key, state, { state: 'looked', looked_at: null, problem: UNDO_GIVEN_UP[state] }, clock());
  if (undo.attempts >= MOST_ATTEMPTS) {
    await giveUp();
    return;
  }
  const attempts = undo.attempts + 1;
  await updateUndo(db, key, state, { attempts }, clock());
  try {
    await runApart(context, state === 'looking' ? 'look' : 'undo', key);
  } catch (error) {
    log.error({ err: error, uploadId: key.uploadId, step: state, attempts }, 'upload step failed');
    if (attempts < MOST_ATTEMPTS) await addUndo(db, key);
    else await giveUp();
  }
}

export const undoJob = defineJob({ name: 'uploads.undo', payload, run: attemptUndo });

export const tellResidentsJob = defineJob({ name: 'uploads.tell_undone', payload, run: tellResidents });

/** Every kind of job of the uploads. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const uploadJobs: readonly JobKind<any>[] = [readJob, applyJob, answerJob, undoJob, tellResidentsJob];

export const addRead = (db: Parameters<typeof addJob>[0], key: UploadKey): Promise<void> =>
  addJob(db, readJob, key, { key: `uploads.step:${key.uploadId}`, maxAttempts: QUEUE_ATTEMPTS });
export const addApply = (db: Parameters<typeof addJob>[0], key: UploadKey): Promise<void> =>
  addJob(db, applyJob, key, { key: `uploads.step:${key.uploadId}`, maxAttempts: QUEUE_ATTEMPTS });

export const addAnswer = (db: Parameters<typeof addJob>[0], key: UploadKey): Promise<void> =>
  addJob(db, answerJob, key, { key: `uploads.answer:${key.uploadId}`, maxAttempts: ANSWER_ATTEMPTS });

export const addUndo = (db: Parameters<typeof addJob>[0], key: UploadKey): Promise<void> =>
  addJob(db, undoJob, key, { key: `uploads.undo:${key.uploadId}`, maxAttempts: QUEUE_ATTEMPTS });

export const addTelling = (db: Parameters<typeof addJob>[0], key: UploadKey): Promise<void> =>
  addJob(db, tellResidentsJob, key, { key: `uploads.tell_undone:${key.uploadId}`, maxAttempts: ANSWER_ATTEMPTS });

/**
 * Whoever waits for an upload should not wait for the queue. A job that was replaced by the next try of its upload, and whose worker was
 * killed in that moment, is left in the queue as given up: no news, the upload itself says how it ended.
 */
export const reviveUploads: ScheduledJob = {
  name: 'uploads.revive',
  cron: '*/5 * * * *',
  async run(context) {
    await removeSpent(context);
    const since = new Date(context.clock().getTime() - SILENT_MINUTES * 60_000);
    for (const upload of await selectSilentUploads(context.db, since))
      await (upload.state === 'applying' ? addApply : addRead)(context.db, upload);
    for (const undo of await selectSilentUndos(context.db, since)) await addUndo(context.db, undo);
  },
};

/** A step says on its upload how it ended; an answer that was given up is news while there is none. */
async function removeSpent({ db }: Context): Promise<void> {
  const kinds = [readJob, applyJob, undoJob, answerJob].map(({ name }) => name);
  const over: string[] = [];
  for (const { id: jobId, kind, payload: given } of await selectSpentJobs(db, kinds)) {
    const { organisationId, uploadId } = payload.parse(given);
    const upload = kind === answerJob.name ? await selectUpload(db, organisationId, uploadId) : null;
    if (!upload || upload.resultFileId !== null) over.push(jobId);
  }
  if (over.length > 0) await deleteJobs(db, over);
}

/** Personal data of former payers is not kept for ever: after this an upload cannot be taken back. */
const TRACE_DAYS = 183;
const TRACES_A_NIGHT = 1000;

export const forgetOldTraces: ScheduledJob = {
  name: 'uploads.forget_traces',
  cron: '20 0 * * *',
  async run({ db, clock }) {
    await forgetTraces(db, new Date(clock().getTime() - TRACE_DAYS * 86_400_000), TRACES_A_NIGHT);
  },
};
