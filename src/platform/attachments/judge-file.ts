import { z } from 'zod';
import type { Context } from '../context.ts';
import { transaction } from '../database/database.ts';
import { recordFile, type StoredBytes } from '../files/files.ts';
import { type FileId, isUuid } from '../ids.ts';
import { addJob, defineJob, type JobKind } from '../jobs/jobs.ts';
import { type Attachment, MEDIA_TYPES } from './attachment.ts';
import { drawAnew, Unreadable } from './draw-anew.ts';
import { type Judgement, selectAttachments, updateProblem, updateVerdict } from './queries.ts';
import { withEnding } from './safe-name.ts';
import { scanFile } from './scan/scanner.ts';

const Payload = z.object({
  fileId: z
    .string()
    .refine(isUuid)
    .transform((text) => text as FileId),
});

/** Judges a received file: a look by the scanner, then the copy that others see, then the verdict. Repeated, it does nothing. */
export const judgeFile: JobKind<z.output<typeof Payload>> = defineJob({
  name: 'file.judge',
  payload: Payload as unknown as z.ZodType<z.output<typeof Payload>>,
  async run(context, { fileId }, log) {
    const [file] = await selectAttachments(context.db, [fileId]);
    if (file?.verdict !== 'waiting') return;
    const scanned = await scanFile(context, fileId);
    if (scanned.state === 'unknown') {
      log.error({ fileId, problem: scanned.problem }, 'a file waits: it could not be scanned');
      return postpone(context, fileId, scanned.problem);
    }
    if (scanned.state === 'infected') {
      log.warn({ fileId, threat: scanned.threat }, 'an infected file is held back');
      await updateVerdict(context.db, fileId, { verdict: 'infected', threat: scanned.threat }, context.clock());
      return;
    }
    try {
      const shown = await drawAnew(context.files, file);
      await pass(context, file, scanned.state, shown);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      log.warn({ fileId, err: error }, 'a picture cannot be drawn anew');
      await updateVerdict(context.db, fileId, { verdict: 'unreadable' }, context.clock());
    }
  },
});

/** Who judged it meanwhile leaves our copy without a row: the sweep takes it. */
async function pass(
  { db, clock }: Context,
  file: Attachment,
  verdict: 'clean' | 'unscanned',
  shown: { bytes: StoredBytes; kind: 'jpeg' | 'tiff' } | null,
): Promise<void> {
  const judgement: Judgement = { verdict, shownId: shown?.bytes.fileId ?? null };
  await transaction(db, async (trx) => {
    if (!(await updateVerdict(trx, file.fileId, judgement, clock())) || !shown) return;
    const name = shown.kind === 'jpeg' ? withEnding(file.name, 'jpg') : file.name;
    await recordFile(trx, shown.bytes, { name, mediaType: MEDIA_TYPES[shown.kind] }, clock());
  });
}

const HOUR_MINUTES = 60;

/** It is tried again, each time later, at last once an hour: a file is never let through because nobody could look at it. */
async function postpone({ db, clock }: Context, fileId: FileId, problem: string): Promise<void> {
  await transaction(db, async (trx) => {
    const tries = await updateProblem(trx, fileId, problem);
    if (tries === null) return;
    const minutes = Math.min(2 ** (tries - 1), HOUR_MINUTES);
    await addJob(
      trx,
      judgeFile,
      { fileId },
      { key: judgeKey(fileId), runAt: new Date(clock().getTime() + minutes * 60_000) },
    );
  });
}

/** One waiting job for each file. */
export const judgeKey = (fileId: FileId): string => `file.judge ${fileId}`;
