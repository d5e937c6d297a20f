import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { DraftId } from '../../platform/ids.ts';
import { readPerson } from '../identity/index.ts';
import { access } from './access.ts';
import { type AppealKey, isRunning } from './appeal.ts';
import { isEmail } from './draft.ts';
import { findSimilar } from './find-similar.ts';
import { projectAppeal } from './project-appeal.ts';
import { selectDraft } from './queries/drafts.ts';
import { lockAppeal } from './queries/read-appeals.ts';
import { insertJoiner, updateAppeal } from './queries/write-appeals.ts';
import { recordEvent } from './record-event.ts';

/**
 * A neighbour joins an appeal instead of repeating it. Only what was offered beside their own draft can be joined: the same place and
 * topic. The draft stays until they delete it. Joining twice is joining once.
 * @throws NotFound when it is not offered; Conflict when it is answered already or one's own; Invalid without an e-mail
 */
export async function joinAppeal(
  context: Context,
  actor: Actor,
  input: AppealKey & { draftId: DraftId },
): Promise<AppealKey & { number: string }> {
  authorise(actor, access.writeAppeal);
  const { personId } = personOf(actor);
  const draft = await selectDraft(context.db, { personId, draftId: input.draftId });
  if (!draft) throw new NotFound();
  if (!isEmail(draft.answerEmail))
    throw new Invalid([{ field: 'answerEmail', message: 'Укажите e-mail, на который прислать ответ' }]);
  const offered = await findSimilar(context, personId, draft);
  if (!offered.some(({ houseId, appealId }) => houseId === input.houseId && appealId === input.appealId))
    throw new NotFound();
  const key: AppealKey = { houseId: input.houseId, appealId: input.appealId };
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const appeal = await lockAppeal(trx, key);
    if (!appeal) throw new NotFound();
    if (appeal.authorId === personId) throw new Conflict('Это ваше собственное обращение.');
    if (!isRunning(appeal.state))
      throw new Conflict('По этому обращению уже никто не отвечает. Отправьте своё: в нём можно сослаться на прежнее.');
    const profile = (await readPerson(trx, personId))!;
    const isNew = await insertJoiner(trx, {
      house_id: key.houseId,
      appeal_id: key.appealId,
      person_id: personId,
      family_name: profile.familyName.slice(0, 100),
      given_name: profile.givenName.slice(0, 100),
      middle_name: profile.middleName.slice(0, 100),
      flat: draft.flat.slice(0, 100),
      answer_email: draft.answerEmail,
      joined_at: at,
    });
    if (isNew) {
      await updateAppeal(trx, key, { joined: appeal.joined + 1 });
      // Who joined is the addressee's to know, not the author's: the event bears no name.
      await recordEvent(trx, key, { kind: 'joined', by: { personId, name: '' } }, at);
      await audit(trx, { actor: personId, action: 'appeals.joined', at, houseId: key.houseId, details: { ...key } });
      await projectAppeal(trx, key, at);
    }
    return { ...key, number: appeal.number };
  });
}
