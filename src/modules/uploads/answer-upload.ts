import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { recordFile } from '../../platform/files/files.ts';
import { annotateWorkbook, type RowNote } from '../../platform/workbook/index.ts';
import { kinds } from './kinds/index.ts';
import { deleteStagedRows, selectRowOrder } from './queries/staging.ts';
import { lockProgress, selectUpload, updateUpload } from './queries/uploads.ts';
import { type NoteRow, selectNotesBetween, selectVerdicts, type VerdictRow } from './queries/verdicts.ts';
import { headingOf } from './sections.ts';
import type { ReadSheet, Upload, UploadKey } from './upload.ts';
import { placeOfCell } from './work.ts';

const PAGE = 20_000;
/** A status beside each row and a few numbers make the file larger than what came. */
const RESULT_LIMIT = 256 * 1024 * 1024;
const MEDIA_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** Makes the clerk's own file with what became of each row. After the end of an upload its staged rows go. */
export async function answerUpload(context: Context, key: UploadKey): Promise<void> {
  const upload = await selectUpload(context.db, key.organisationId, key.uploadId);
  if (!upload || (upload.state !== 'checked' && upload.state !== 'applied') || upload.resultFileId) return;
  const sheets = upload.details.sheets ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-answer-'));
  try {
    const output = join(folder, 'answer');
    const headings = new Map(
      sheets.map(({ name, headingRows, statusColumn }) => [name, { headingRows, statusColumn }]),
    );
    const { format } = await context.files.withLocalCopy(upload.fileId, (input) =>
      annotateWorkbook(input, output, rowNotes(context, upload, sheets), { headings }),
    );
    const stored = await context.files.put(createReadStream(output), { limitBytes: RESULT_LIMIT, field: 'file' });
    const name = `${upload.fileName.replace(/\.[a-z]{2,5}$/i, '')} — ответ.${format}`;
    await transaction(context.db, async (trx) => {
      // Decided or loaded while the file was being made: it tells of what was, and another one will be made.
      const now = await lockProgress(trx, upload);
      if (now?.state !== upload.state || now.resultFileId) return;
      await recordFile(trx, stored, { name, mediaType: MEDIA_TYPES[format] }, context.clock());
      await updateUpload(trx, upload, { result_file_id: stored.fileId, result_name: name }, context.clock());
      if (upload.state === 'applied') await deleteStagedRows(trx, upload);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* rowNotes(context: Context, upload: Upload, sheets: readonly ReadSheet[]): AsyncGenerator<RowNote> {
  const bySheet = new Map(sheets.map((sheet) => [sheet.index, sheet]));
  let after = { sheet: -1, row: 0 };
  for (;;) {
    const rows = await selectRowOrder(context.db, upload, after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    const verdicts = await selectVerdicts(context.db, upload, [...new Set(rows.map(({ document }) => document))]);
    const byDocument = new Map(verdicts.map((verdict) => [verdict.document, verdict]));
    const notes = Map.groupBy(
      await selectNotesBetween(context.db, upload, after, last),
      ({ sheet, row }) => `${sheet} ${row}`,
    );
    for (const { sheet: index, row, document } of rows) {
      const sheet = bySheet.get(index)!;
      const verdict = byDocument.get(document);
      if (verdict) yield rowNote(upload, sheet, row, verdict, notes.get(`${index} ${row}`) ?? []);
    }
    after = last;
  }
}

function rowNote(
  upload: Upload,
  sheet: ReadSheet,
  row: number,
  verdict: VerdictRow,
  notes: readonly NoteRow[],
): RowNote {
  const of = kinds[upload.kind].sections.find(({ key }) => key === sheet.section)!;
  const cells: Record<string, string> = {};
  const words = [statusOf(upload, verdict, notes, sheet)];
  for (const fill of verdict.fills.filter((one) => one.sheet === sheet.index && one.row === row)) {
    const at = sheet.keys.indexOf(fill.key);
    if (at >= 0) cells[String(sheet.columns[at])] = fill.text;
    else words.push(`${headingOf(of, fill.key)}: ${fill.text}`);
  }
  return { sheet: sheet.name, row, cells: { ...cells, status: words.join('. ') } };
}

const DONE = { new: 'Загружено', changed: 'Загружено: данные изменены', same: 'Без изменений', bad: '' } as const;
const PLANNED = { new: 'Будет загружено', changed: 'Будет изменено', same: 'Без изменений', bad: '' } as const;

function statusOf(
  upload: Upload,
  { verdict, applied }: VerdictRow,
  notes: readonly NoteRow[],
  sheet: ReadSheet,
): string {
  const wrong = notes.filter((note) => note.wrong);
  if (verdict === 'bad')
    return wrong.length > 0
      ? `Ошибка: ${wrong.map((note) => wordsOf(note, upload, sheet)).join('; ')}`
      : 'Не загружено: ошибка в другой строке этой же записи';
  const warnings = notes.filter((note) => !note.wrong).map((note) => wordsOf(note, upload, sheet));
  const done = applied
    ? DONE[verdict]
    : upload.state === 'applied' && verdict !== 'same'
      ? 'Не загружено'
      : PLANNED[verdict];
  return [done, ...(warnings.length > 0 ? [`Проверьте: ${warnings.join('; ')}`] : [])].join('. ');
}

function wordsOf(note: NoteRow, upload: Upload, sheet: ReadSheet): string {
  if (note.column === null) return note.message;
  const of = kinds[upload.kind].sections.find(({ key }) => key === sheet.section);
  return `${placeOfCell(sheet, of, sheet.keys[sheet.columns.indexOf(note.column)] ?? '')}: ${note.message}`;
}
