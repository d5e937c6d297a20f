import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { type NoteId, newId } from '../../platform/ids.ts';
import { access } from './access.ts';
import type { AppealKey } from './appeal.ts';
import { cleanText } from './clean-text.ts';
import { selectDeskLines } from './queries/desk.ts';
import { insertNote } from './queries/notes.ts';

const LONGEST = 4000;

/** A note of an organisation's staff among themselves on an appeal of their desk: nobody else ever sees it. */
export async function writeNote(
  context: Context,
  actor: Actor,
  { houseId, appealId, text }: AppealKey & { text: string },
): Promise<NoteId> {
  authorise(actor, access.workDesk);
  const { personId, name, acting } = actingFor(actor);
  const { organisationId } = acting;
  const own = await selectDeskLines(context.db, acting, appealId);
  if (!own.some((line) => line.houseId === houseId)) throw new NotFound('Такого обращения нет.');
  const written = cleanText(text).trim();
  if (!written) throw new Invalid([{ field: 'note', message: 'Напишите заметку' }]);
  if (written.length > LONGEST) throw new Invalid([{ field: 'note', message: `Не больше ${LONGEST} знаков` }]);
  const at = context.clock();
  const noteId = newId<NoteId>();
  await transaction(context.db, async (trx) => {
    await insertNote(trx, {
      organisation_id: organisationId,
      note_id: noteId,
      house_id: houseId,
      appeal_id: appealId,
      person_id: personId,
      person_name: name,
      text: written,
      at,
    });
    await audit(trx, {
      actor: personId,
      action: 'appeals.note_written',
      at,
      organisationId,
      houseId,
      details: { appealId },
    });
  });
  return noteId;
}
