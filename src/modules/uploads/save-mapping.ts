import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import type { UploadId } from '../../platform/ids.ts';
import { pathKey } from '../../platform/workbook/index.ts';
import { access } from './access.ts';
import { authoriseKind } from './authorise-kind.ts';
import { addRead } from './jobs.ts';
import { selectUpload, updateUpload, upsertMapping } from './queries/uploads.ts';
import type { OpenHeading } from './upload.ts';

/** The name of the form field for a heading: its place in the list of open ones. */
export const fieldOf = (index: number): string => `heading-${index}`;

/** The value of a field that says: leave the column out. */
export const PASS_OVER = '-';

/**
 * Remembers for the organisation what unknown headings mean, and reads the file again.
 * @param answers by `fieldOf`: a key of the layout, or PASS_OVER
 * @throws Invalid when two headings are given one meaning, or one has none
 */
export async function saveMapping(
  context: Context,
  actor: Actor,
  uploadId: UploadId,
  answers: Readonly<Record<string, string>>,
): Promise<void> {
  authorise(actor, access.mapHeadings);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const upload = await selectUpload(trx, organisationId, uploadId);
    if (!upload) throw new NotFound();
    authoriseKind(actor, access.mapHeadings, upload.kind);
    const open = upload.details.open ?? [];
    const wrong = wrongAnswers(open, answers);
    if (wrong.length > 0) throw new Invalid(wrong);
    if (!(await updateUpload(trx, upload, { state: 'stored', attempts: 0 }, at)))
      throw new Conflict('Этот файл уже читается заново. Обновите страницу.', 'upload_decided');
    for (const [index, { section, path }] of open.entries()) {
      const answer = answers[fieldOf(index)]!;
      const key = answer === PASS_OVER ? null : answer;
      await upsertMapping(trx, { organisationId, kind: upload.kind, section, heading: pathKey(path), key }, at);
    }
    await addRead(trx, upload);
    const details = { uploadId, headings: open.length };
    await audit(trx, { actor: personId, action: 'uploads.mapped', at, organisationId, details });
  });
}

function wrongAnswers(open: readonly OpenHeading[], answers: Readonly<Record<string, string>>): FieldError[] {
  const taken = new Set<string>();
  return open.flatMap(({ section, choices }, index) => {
    const field = fieldOf(index);
    const answer = answers[field] ?? '';
    if (answer === PASS_OVER) return [];
    if (!choices.includes(answer)) return [{ field, message: 'Выберите, что в этом столбце, или «Не читать»' }];
    const key = `${section} ${answer}`;
    if (taken.size === taken.add(key).size) return [{ field, message: 'Это значение уже выбрано для другого столбца' }];
    return [];
  });
}
