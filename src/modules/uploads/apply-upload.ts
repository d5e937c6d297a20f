import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { addNewBills } from '../billing/index.ts';
import { noteRows, settingOf } from './check-upload.ts';
import { ahead, eachBatch, readEntries } from './entries.ts';
import { addAnswer } from './jobs.ts';
import { judgeOpen } from './judge-open.ts';
import { kinds } from './kinds/index.ts';
import { lockUpload, selectUpload, updateUpload } from './queries/uploads.ts';
import { insertNotes, selectDocumentsToApply, upsertVerdicts } from './queries/verdicts.ts';
import type { ReadSheet, Upload, UploadKey } from './upload.ts';
import { badJudgement, type Entry, firstRow, type Judgement, type Setting, type Work } from './work.ts';

/** Documents that could be loaded at the dry run and cannot now: the whole upload waits for the clerk again. */
class ChangedSince extends Error {
  readonly judged: Judgement<unknown>[];
  constructor(judged: Judgement<unknown>[]) {
    super('documents have become bad since they were checked');
    this.judged = judged;
  }
}

/**
 * Loads the good documents of an upload in one transaction: all of it is there, or nothing. What could have changed since the dry run
 * is judged again. Killed in the middle, it leaves nothing behind and is repeated; repeated after its end, it does nothing.
 */
export async function applyUpload(context: Context, key: UploadKey): Promise<void> {
  const upload = await selectUpload(context.db, key.organisationId, key.uploadId);
  if (upload?.state !== 'applying') return;
  const sheets = upload.details.sheets ?? [];
  try {
    await transaction(context.db, (trx) => apply(context, trx, upload, sheets));
  } catch (error) {
    if (!(error instanceof ChangedSince)) throw error;
    await returnToClerk(context, upload, sheets, error.judged);
  }
}

async function apply(context: Context, trx: Transaction, upload: Upload, sheets: readonly ReadSheet[]): Promise<void> {
  await lockUpload(trx, upload.uploadId);
  const now = await selectUpload(trx, upload.organisationId, upload.uploadId);
  if (now?.state !== 'applying') return;
  const kind = kinds[upload.kind];
  const setting = await settingOf({ ...context, db: context.db }, upload, kind, sheets, false);
  const [reference] = await readEntries(trx, upload, kind, setting, [0]);
  const work = await kind.open(trx, setting, reference!);
  const documents = await selectDocumentsToApply(trx, upload);
  let applied = 0;
  let bad = 0;
  // Staged rows do not change any more: they are read beside the transaction, while it is busy with the batch before.
  const reading = ahead(housewise(documents, work.batch), ({ batch }) =>
    readEntries(
      context.db,
      upload,
      kind,
      setting,
      batch.map(({ document }) => document),
    ),
  );
  await eachBatch(reading, work.independent ?? false, async ({ houseId }, entries) => {
    const done = await applyBatch(trx, upload, setting, work, houseId, entries);
    applied += done.applied;
    bad += done.bad;
    // Outside of the transaction, so that the page sees it move; whoever watches for silence sees that somebody is at work.
    await updateUpload(context.db, upload, { documents_applied: applied }, context.clock());
  });
  await work.finish(trx);
  const done = await updateUpload(
    trx,
    upload,
    {
      state: 'applied',
      attempts: 0,
      documents_applied: applied,
      documents_bad: upload.documents.bad + bad,
      result_file_id: null,
      traced: true,
    },
    context.clock(),
  );
  // Given up meanwhile: the page says that nothing was loaded, and so it must be.
  if (!done) throw new Error('the upload was given up while it was being applied');
  await audit(trx, {
    actor: upload.uploadedBy,
    action: 'uploads.applied',
    at: context.clock(),
    organisationId: upload.organisationId,
    details: {
      uploadId: upload.uploadId,
      kind: upload.kind,
      policy: upload.policy,
      applied,
      bad: upload.documents.bad + bad,
      ...(upload.throughId && { through: upload.throughId }),
    },
  });
  if (upload.kind === 'bills') await addNewBills(trx, upload, context.clock());
  await addAnswer(trx, upload);
}

async function applyBatch(
  trx: Transaction,
  upload: Upload,
  setting: Setting,
  work: Work<unknown>,
  houseId: HouseId | null,
  entries: readonly Entry[],
): Promise<{ applied: number; bad: number }> {
  const judged = await judgeOpen(trx, upload, work, houseId, entries);
  const good = judged.filter(({ verdict }) => verdict !== 'bad');
  const written = new Map((await work.write(trx, houseId, good)).map((one) => [one.document, one]));
  const refused = good.flatMap((one) => {
    const reason = written.get(one.entry.document)?.refused;
    return reason === undefined
      ? []
      : [badJudgement(one.entry, one.title, [{ ...firstRow(one.entry), wrong: true, message: reason }])];
  });
  const bad = [...judged.filter(({ verdict }) => verdict === 'bad'), ...refused];
  if (bad.length > 0 && upload.policy === 'all_or_nothing') throw new ChangedSince(bad);
  const isRefused = new Set(refused.map(({ entry }) => entry.document));
  const applied = good.filter(({ entry }) => !isRefused.has(entry.document));
  await upsertVerdicts(trx, upload, [
    ...applied.map(({ entry, title, verdict, fills }) => ({
      document: entry.document,
      title,
      houseId,
      verdict,
      applied: true,
      fills: written.get(entry.document)?.fills ?? fills,
    })),
    ...bad.map((one) => badRow(one, houseId)),
  ]);
  await insertNotes(
    trx,
    upload,
    bad.flatMap((one) => noteRows(one, setting.sheets)),
  );
  return { applied: applied.length, bad: bad.length };
}

const badRow = ({ entry, title }: Judgement<unknown>, houseId: HouseId | null) => ({
  document: entry.document,
  title,
  houseId,
  verdict: 'bad' as const,
  applied: false,
  fills: [],
});

interface Listed {
  document: number;
  title: string;
  houseId: HouseId | null;
}

function* housewise(
  documents: readonly Listed[],
  size: number,
): Generator<{ houseId: HouseId | null; batch: Listed[] }> {
  let batch: Listed[] = [];
  for (const [index, one] of documents.entries()) {
    batch.push(one);
    const next = documents[index + 1];
    if (next && next.houseId === one.houseId && batch.length < size) continue;
    yield { houseId: one.houseId, batch };
    batch = [];
  }
}

/** Nothing was loaded: the clerk sees what has become bad and decides again. */
async function returnToClerk(
  context: Context,
  upload: Upload,
  sheets: readonly ReadSheet[],
  judged: readonly Judgement<unknown>[],
): Promise<void> {
  await transaction(context.db, async (trx) => {
    const changed = await updateUpload(
      trx,
      upload,
      {
        state: 'checked',
        documents_applied: 0,
        documents_bad: upload.documents.bad + judged.length,
        problem:
          'Пока файл ждал, данные изменились, и часть документов теперь загрузить нельзя. Ничего не загружено: посмотрите ошибки и решите снова.',
        result_file_id: null,
      },
      context.clock(),
    );
    if (!changed) return;
    await upsertVerdicts(
      trx,
      upload,
      judged.map((one) => badRow(one, null)),
    );
    await insertNotes(
      trx,
      upload,
      judged.flatMap((one) => noteRows(one, sheets)),
    );
    await addAnswer(trx, upload);
  });
}
