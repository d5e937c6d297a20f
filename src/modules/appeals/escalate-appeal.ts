import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict } from '../../platform/errors.ts';
import { type AppealId, newId } from '../../platform/ids.ts';
import { formatDate } from '../../ui/index.ts';
import { access } from './access.ts';
import type { AppealKey } from './appeal.ts';
import { authorDid, changeOwnAppeal, type OwnAppealInHand } from './change-own-appeal.ts';
import { complaintText } from './complaint-text.ts';
import { type Escalation, findEscalation } from './find-escalation.ts';
import { insertNumbered } from './insert-numbered.ts';
import { writeToAuthor, writeToOrganisation } from './letters.ts';
import { openPart } from './open-part.ts';
import { deskAppealPath } from './paths.ts';
import { projectUncounted } from './project-appeal.ts';
import { insertFiles } from './queries/write-appeals.ts';
import { recordEvent } from './record-event.ts';
import { recountLater } from './recount-desk.ts';
import { seenByAuthor } from './see-appeal.ts';

type Made = AppealKey & { number: string };

/**
 * Sends the whole file to the body above as an appeal of its own, linked both ways. Once: a repeat, by whatever form, gives the same key.
 * @throws Conflict when there is no reason for it yet, or no such body works here
 */
export async function escalateAppeal(
  context: Context,
  actor: Actor,
  { key, houseId, appealId }: AppealKey & { key: string },
): Promise<Made> {
  const request = { houseId, appealId };
  return changeOwnAppeal(context, actor, request, {
    name: 'escalate',
    allowed: access.writeAppeal,
    form: { key, request },
    async run(hand) {
      const escalation = await findEscalation(hand.trx, hand.whole, hand.at);
      if (!escalation)
        throw new Conflict(
          'Пожаловаться можно, когда срок ответа прошёл, вам долго не отвечают, ответ вас не устроил или отвечать больше некому, и если вышестоящий орган вашего региона работает в системе.',
        );
      return escalation.made ?? makeComplaint(hand, escalation);
    },
  });
}

async function makeComplaint(hand: OwnAppealInHand, escalation: Escalation): Promise<Made> {
  const { trx, at, whole } = hand;
  const made = await insertComplaint(hand, escalation);
  const child = { ...whole.appeal, ...made };
  const { organisationId, powerCode, shortName } = escalation.body;
  const partId = await openPart(trx, child, { kind: 'appeal', organisationId, powerCode }, at);
  const { number, appealId } = whole.appeal;
  await recordEvent(
    trx,
    made,
    { kind: 'sent', by: hand.by, details: { parentId: appealId, parentNumber: number } },
    at,
  );
  await copyFiles(hand, made);
  await authorDid(hand, {
    kind: 'escalated',
    partId: escalation.part.partId,
    details: { appealId: made.appealId, number: made.number, to: shortName, reason: escalation.reason },
  });
  const [complaint, parent] = [await projectUncounted(trx, made, at), await projectUncounted(trx, whole.appeal, at)];
  // Once for both: counts of desks are touched in one order.
  await recountLater(trx, [...complaint.rows, ...parent.rows], at);
  const dueOn = complaint.whole.parts.find((part) => part.partId === partId)!.dueOn;
  await tell(hand, { ...made, dueOn, escalation });
  return made;
}

async function insertComplaint({ trx, at, whole }: OwnAppealInHand, escalation: Escalation): Promise<Made> {
  const { appeal } = whole;
  const appealId = newId<AppealId>();
  const number = await insertNumbered(trx, {
    house_id: appeal.houseId,
    appeal_id: appealId,
    state: 'sent',
    author_id: appeal.authorId,
    family_name: appeal.familyName,
    given_name: appeal.givenName,
    middle_name: appeal.middleName,
    phone: appeal.phone,
    email: appeal.email,
    answer_email: appeal.answerEmail,
    fias_guid: appeal.fiasGuid,
    address: appeal.address,
    flat: appeal.flat,
    region_code: appeal.regionCode,
    oktmo: appeal.oktmo,
    municipality: appeal.municipality,
    zone: appeal.zone,
    topic_code: appeal.topicCode,
    topic_name: appeal.topicName,
    own_topic: appeal.ownTopic,
    text: await complaintText(trx, seenByAuthor(whole), escalation),
    emergency: appeal.emergency,
    parent_id: appeal.appealId,
    relation: 'escalation',
    assessment: null,
    fixed_asked_at: null,
    fixed: null,
    created_at: at,
    sent_at: at,
    executed_at: null,
    changed_at: at,
  });
  return { houseId: appeal.houseId, appealId, number };
}

/** The same stored files, the author's and those of answers, as the complaint's own. */
async function copyFiles({ trx, whole }: OwnAppealInHand, { houseId, appealId }: AppealKey): Promise<void> {
  await insertFiles(
    trx,
    seenByAuthor(whole).files.map((file, position) => ({
      house_id: houseId,
      appeal_id: appealId,
      file_id: file.fileId,
      answer_id: null,
      event_id: null,
      name: file.name,
      description: file.description,
      media_type: file.mediaType,
      size_bytes: BigInt(file.sizeBytes),
      signs_file_id: file.signsFileId,
      position,
    })),
  );
}

async function tell(
  { context, trx, at, whole }: OwnAppealInHand,
  made: Made & { dueOn: string | null; escalation: Escalation },
): Promise<void> {
  const { body } = made.escalation;
  const child = { ...whole.appeal, houseId: made.houseId, appealId: made.appealId, number: made.number };
  const term = made.dueOn ? `Ответ ожидается до ${formatDate(made.dueOn)}` : 'Срок ответа законом не установлен.';
  const letter = {
    subject: `Жалоба № ${made.number} отправлена`,
    lines: [`${body.shortName}: жалоба по обращению № ${whole.appeal.number} со всеми ответами и файлами. ${term}`],
  };
  await writeToAuthor(context, trx, child, letter);
  await writeToOrganisation(
    context,
    trx,
    body.organisationId,
    {
      subject: `Жалоба № ${made.number}`,
      lines: [`Поступила жалоба по обращению № ${whole.appeal.number}. ${term}`],
      path: deskAppealPath(child),
    },
    at,
  );
}
