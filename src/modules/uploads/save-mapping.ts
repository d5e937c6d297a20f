import { type Actor, actingFor, authorise, throughOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import type { UploadId } from '../../platform/ids.ts';
import { pathKey } from '../../platform/workbook/index.ts';
import { access } from './access.ts';
import { authoriseKind, uploadViewer } from './authorise-kind.ts';
import { addRead } from './jobs.ts';
import { fieldOf, PASS_OVER } from './mapping-fields.ts';
import { selectSeenUpload, updateUpload, upsertMapping } from './queries/uploads.ts';
import { readPlaces } from './read-places.ts';
import type { OpenHeading, SheetPlace } from './upload.ts';

/**
 * Remembers for the organisation what unknown headings mean, for this file where its headings stand, and has it read again.
 * @param answers by the names of mapping-fields.ts: keys of the layout, row numbers, PASS_OVER
 * @throws Invalid when two headings are given one meaning, one has none, or the rows make no table
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
    const upload = await selectSeenUpload(trx, uploadViewer(actor), uploadId);
    if (!upload) throw new NotFound();
    authoriseKind(actor, access.mapHeadings, upload.kind);
    const said = readPlaces(upload.details.asked ?? [], answers);
    // Of a sheet whose headings stand elsewhere, the columns that were shown mean nothing.
    const open = (upload.details.open ?? [])
      .map((heading, index) => ({ ...heading, field: fieldOf(index) }))
      .filter(({ sheet }) => !said.moved.has(sheet));
    const wrong = [...said.wrong, ...wrongAnswers(open, answers)];
    if (wrong.length > 0) throw new Invalid(wrong);
    const details = { ...upload.details, places: mergePlaces(upload.details.places ?? [], said.places) };
    if (!(await updateUpload(trx, upload, { state: 'stored', attempts: 0, details }, at)))
      throw new Conflict('Этот файл уже читается заново. Обновите страницу.', 'upload_decided');
    for (const { field, section, path } of open) {
      const answer = answers[field]!;
      const key = answer === PASS_OVER ? null : answer;
      await upsertMapping(trx, { organisationId, kind: upload.kind, section, heading: pathKey(path), key }, at);
    }
    await addRead(trx, upload);
    const mapped = { uploadId, headings: open.length, sheets: said.places.length, ...throughOf(acting) };
    await audit(trx, { actor: personId, action: 'uploads.mapped', at, organisationId, details: mapped });
  });
}

/** What is said now stands instead of what was said of the same sheet before. */
const mergePlaces = (before: readonly SheetPlace[], now: readonly SheetPlace[]): SheetPlace[] => [
  ...before.filter(({ sheet }) => !now.some((one) => one.sheet === sheet)),
  ...now,
];

interface AskedHeading extends OpenHeading {
  field: string;
}

function wrongAnswers(open: readonly AskedHeading[], answers: Readonly<Record<string, string>>): FieldError[] {
  const taken = new Set<string>();
  const said = new Map<string, string>();
  return open.flatMap(({ section, sheet, path, choices, field }) => {
    const answer = answers[field] ?? '';
    const heading = `${sheet} ${pathKey(path)}`;
    // A mapping is remembered by the words of the heading: two columns under the same words cannot mean two things.
    if ((said.get(heading) ?? answer) !== answer)
      return [{ field, message: 'Есть столбец с таким же заголовком: переименуйте один из них в файле' }];
    said.set(heading, answer);
    if (answer === PASS_OVER) return [];
    if (!choices.includes(answer)) return [{ field, message: 'Выберите, что в этом столбце, или «Не читать»' }];
    const key = `${section} ${answer}`;
    if (taken.size === taken.add(key).size) return [{ field, message: 'Это значение уже выбрано для другого столбца' }];
    return [];
  });
}
