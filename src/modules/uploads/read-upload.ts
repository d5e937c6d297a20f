import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { DomovoyError } from '../../platform/errors.ts';
import { WorkbookError } from '../../platform/workbook/index.ts';
import { checkUpload, detailsOf } from './check-upload.ts';
import { addAnswer } from './jobs.ts';
import { kinds } from './kinds/index.ts';
import { Staging } from './queries/staging.ts';
import { selectMappings, selectUpload, updateUpload } from './queries/uploads.ts';
import { deleteVerdicts } from './queries/verdicts.ts';
import { refuseMacros } from './refuse-macros.ts';
import { Refused } from './refused.ts';
import { headingOf } from './sections.ts';
import { type StagedWorkbook, stageWorkbook, waits } from './stage-workbook.ts';
import type { Upload, UploadKey } from './upload.ts';

/**
 * Reads the stored file of an upload and compares it with what is there. Repeating it after a crash replaces what was read.
 * Ends in "checked", "needs_mapping" or "refused"; anything unforeseen is thrown.
 */
export async function readUpload(context: Context, key: UploadKey): Promise<void> {
  const upload = await selectUpload(context.db, key.organisationId, key.uploadId);
  if (upload?.state !== 'reading') return;
  try {
    const staged = await context.files.withLocalCopy(upload.fileId, (path) => stage(context, upload, path));
    if (staged) await check(context, upload, staged);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof WorkbookError)) throw error;
    await refuse(context, upload, error);
  }
}

const refuse = (context: Context, upload: Upload, error: DomovoyError) =>
  updateUpload(context.db, upload, { state: 'refused', problem: error.sentence }, context.clock());

/** Null when the workbook cannot be checked yet. */
async function stage(context: Context, upload: Upload, path: string): Promise<StagedWorkbook | null> {
  const { db, clock, config } = context;
  const kind = kinds[upload.kind];
  await deleteVerdicts(db, upload);
  await refuseMacros(path);
  const places = upload.details.places ?? [];
  const mappings = await selectMappings(db, upload.organisationId, upload.kind);
  const staging = await Staging.open(config.DATABASE_URL, upload);
  let staged: StagedWorkbook;
  try {
    staged = await stageWorkbook({
      path,
      kind,
      mappings,
      places,
      staging,
      onProgress: async (rows) => void (await updateUpload(db, upload, { rows_read: rows }, clock())),
    });
    if (!staged.sheets.some(waits)) {
      refuseIncomplete(kind.sections, staged);
      await staging.commit();
      return staged;
    }
  } catch (error) {
    await staging.abandon();
    throw error;
  }
  await staging.abandon();
  const open = staged.sheets.flatMap((sheet) => sheet.open);
  const missing = staged.sheets
    .filter((sheet) => sheet.missing.length > 0)
    .map(({ sheet, missing: keys }) => ({ section: sheet.section, sheet: sheet.name, keys }));
  const asked = staged.sheets.flatMap((sheet) => sheet.asked ?? []);
  const details = { sheets: staged.sheets.map(({ sheet }) => sheet), open, missing, asked, places };
  await updateUpload(db, upload, { state: 'needs_mapping', details, rows_read: 0 }, clock());
  return null;
}

/** @throws Refused that names every required column that is not there */
function refuseIncomplete(sections: (typeof kinds)[keyof typeof kinds]['sections'], staged: StagedWorkbook): void {
  const absent = staged.sheets.flatMap(({ sheet, missing }) =>
    missing.map(
      (key) => `«${headingOf(sections.find((one) => one.key === sheet.section)!, key)}» на листе «${sheet.name}»`,
    ),
  );
  if (absent.length > 0)
    throw new Refused(
      `Не нашли обязательные столбцы: ${absent.join(', ')}. Добавьте их или назовите так же, как в шаблоне, и загрузите файл ещё раз.`,
    );
  if (staged.sheets.length === 0)
    throw new Refused('В файле нечего читать: листы пустые или не выбраны. Заполните файл и загрузите ещё раз.');
  if (staged.sheets.every(({ sheet }) => sheet.keys.length === 0))
    throw new Refused(
      'Ни один столбец файла не выбран: читать нечего. Загрузите файл ещё раз и укажите, что в его столбцах.',
    );
  if (staged.rows === 0)
    throw new Refused('В файле есть заголовки, но нет ни одной строки с данными. Заполните его и загрузите ещё раз.');
}

async function check(context: Context, upload: Upload, staged: StagedWorkbook): Promise<void> {
  const { db, clock } = context;
  const sheets = staged.sheets.map(({ sheet }) => sheet);
  // A reading that is repeated after a crash must find again what the clerk said of the sheets.
  const places = upload.details.places ?? [];
  const read = { sheets, hiddenRows: staged.hidden };
  await updateUpload(
    db,
    upload,
    {
      details: { ...read, places },
      rows_total: staged.rows,
      rows_read: staged.rows,
      documents_total: staged.documents,
    },
    clock(),
  );
  const checked = await checkUpload(
    context,
    upload,
    kinds[upload.kind],
    { sheets, documents: staged.documents },
    async (so) => void (await updateUpload(db, upload, countsOf(so), clock())),
  );
  await transaction(db, async (trx) => {
    const done = await updateUpload(
      trx,
      upload,
      { state: 'checked', attempts: 0, details: { ...read, ...detailsOf(checked) }, ...countsOf(checked.counts) },
      clock(),
    );
    if (done) await addAnswer(trx, upload);
  });
}

const countsOf = (counts: Record<'new' | 'changed' | 'same' | 'bad', number>) => ({
  documents_new: counts.new,
  documents_changed: counts.changed,
  documents_same: counts.same,
  documents_bad: counts.bad,
});
