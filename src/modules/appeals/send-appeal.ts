import { type Actor, authorise, personOf, type SignedIn } from '../../platform/access.ts';
import { readVerdicts } from '../../platform/attachments/index.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { type FieldError, Invalid, NotFound, TooMany, untilDayOld } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import { type AppealId, type DraftId, type HouseId, newId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { findHouseByFias, readHouse } from '../houses/index.ts';
import { readPerson } from '../identity/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { access } from './access.ts';
import type { AppealKey } from './appeal.ts';
import { MOST_FILES, totalLimit } from './change-files.ts';
import { type Draft, type DraftFile, missingOf, StaleDraft } from './draft.ts';
import { findRegion } from './find-place.ts';
import { insertNumbered } from './insert-numbered.ts';
import { writeLetterOfAcceptance } from './letter-of-acceptance.ts';
import { findTopic } from './list-topics.ts';
import { openPart } from './open-part.ts';
import { projectAppeal } from './project-appeal.ts';
import {
  countSentSince,
  deleteDraftRow,
  lockAuthor,
  lockDraft,
  selectDraftFiles,
  selectOwnLine,
} from './queries/drafts.ts';
import { selectAppeal } from './queries/read-appeals.ts';
import { ensureTerritory, insertFiles } from './queries/write-appeals.ts';
import { recordEvent } from './record-event.ts';
import { topicOf } from './topics.ts';

const ZONE = 'Europe/Moscow';
const DAY = 86_400_000;

export interface Sent extends AppealKey {
  number: string;
}

/**
 * Sends a draft: it becomes an appeal that cannot be changed. Exactly once: the same key gives the same answer, and a draft that was
 * sent by another window gives the appeal that it became, for an appeal keeps the id of its draft.
 * @throws Invalid with all that is missing or refused; StaleDraft when the draft is not as the author saw it; TooMany
 */
export async function sendAppeal(
  context: Context,
  actor: Actor,
  input: { draftId: DraftId; version: number; key: string },
): Promise<Sent> {
  authorise(actor, access.writeAppeal);
  const person = personOf(actor);
  const { draftId, version } = input;
  const at = context.clock();
  return transaction(context.db, (trx) =>
    once(trx, { key: `appeal:${person.personId}:${input.key}`, request: { draftId, version }, at }, async () => {
      const draft = await lockDraft(trx, { personId: person.personId, draftId });
      if (!draft) return alreadySent(trx, person, draftId);
      if (draft.version !== version) throw new StaleDraft(draft);
      const files = await selectDraftFiles(trx, { personId: person.personId, draftId });
      await checkDraft(trx, draft, files, at);
      await checkLimit(trx, person, at);
      return moveOn(context, trx, person, draft, files, at);
    }),
  );
}

async function alreadySent(trx: Transaction, { personId }: SignedIn, draftId: DraftId): Promise<Sent> {
  const line = await selectOwnLine(trx, personId, draftId);
  if (line?.role !== 'author') throw new NotFound('Этого черновика нет: его удалили.');
  return { houseId: line.houseId, appealId: line.appealId, number: line.number };
}

/** Everything that keeps the draft from being sent, at once. */
async function checkDraft(trx: Transaction, draft: Draft, files: readonly DraftFile[], at: Date): Promise<void> {
  const errors = [...missingOf(draft), ...(await refusedFiles(trx, draft, files, at))];
  if (draft.topicCode && !(await findTopic(trx, draft.topicCode)))
    errors.push({ field: 'topic', message: 'Этой темы больше нет. Выберите другую.' });
  if (draft.regionCode && !(await findRegion(trx, draft.regionCode)))
    errors.push({ field: 'address', message: 'Такого региона нет. Выберите адрес заново.' });
  if (errors.length > 0) throw new Invalid(errors);
}

const REFUSED: Readonly<Record<string, string>> = {
  infected: 'в файле найден вирус',
  unreadable: 'картинка не открывается',
};

export async function refusedFiles(
  trx: Transaction | Context['db'],
  draft: Draft,
  files: readonly DraftFile[],
  at: Date,
): Promise<FieldError[]> {
  if (files.length === 0) return [];
  const verdicts = await readVerdicts(
    trx,
    files.map(({ fileId }) => fileId),
  );
  const errors = files.flatMap(({ fileId, name }): FieldError[] => {
    const file = verdicts.get(fileId);
    const why = file ? REFUSED[file.verdict] : 'файл не сохранился';
    return why ? [{ field: 'files', message: `«${name}»: ${why}. Уберите его или приложите другой.` }] : [];
  });
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length > MOST_FILES || total > (await totalLimit(trx, draft, at)))
    errors.push({ field: 'files', message: 'Файлы вместе слишком велики. Оставьте главные.' });
  return errors;
}

async function checkLimit(trx: Transaction, { personId }: SignedIn, at: Date): Promise<void> {
  await lockAuthor(trx, personId);
  const most = await getWholeNumber(trx, 'appeal.sent_per_day', dayIn(ZONE, at));
  const { count, first } = await countSentSince(trx, personId, new Date(at.getTime() - DAY));
  if (count >= most)
    throw new TooMany(
      `За сутки вы отправили ${most} обращений, больше нельзя. Черновик сохранён: отправьте его завтра.`,
      untilDayOld(first ?? at, at),
    );
}

/** Draft → appeal with its files, its part, its history and its letter; the draft is gone. */
async function moveOn(
  context: Context,
  trx: Transaction,
  person: SignedIn,
  draft: Draft,
  files: readonly DraftFile[],
  at: Date,
): Promise<Sent> {
  const { houseId, zone } = await houseRow(trx, draft, at);
  const appealId = draft.draftId as string as AppealId;
  const addressee = await readOrganisation(trx, draft.addresseeId!);
  if (!addressee)
    throw new Invalid([{ field: 'addressee', message: 'Такой организации больше нет. Выберите другую.' }]);
  const emergency = topicOf(draft.topicCode).emergency;
  const row = await appealRow(trx, person, draft, { houseId, zone, at });
  const number = await insertNumbered(trx, { ...row, appeal_id: appealId, emergency });
  const subject = { houseId, appealId, zone, emergency, ...draft };
  const partId = await openPart(
    trx,
    subject,
    { kind: 'appeal', organisationId: addressee.organisation_id, powerCode: draft.addresseePower },
    at,
  );
  await insertFiles(
    trx,
    files.map((file, position) => fileRow({ houseId, appealId }, file, position)),
  );
  await deleteDraftRow(trx, { personId: person.personId, draftId: draft.draftId });
  await recordEvent(
    trx,
    { houseId, appealId },
    {
      kind: 'sent',
      partId,
      organisationId: addressee.organisation_id,
      by: { personId: person.personId, name: person.name },
      details: { to: [addressee.short_name] },
    },
    at,
  );
  await audit(trx, {
    actor: person.personId,
    action: 'appeals.sent',
    at,
    organisationId: addressee.organisation_id,
    houseId,
    details: { appealId, number },
  });
  const whole = await projectAppeal(trx, { houseId, appealId }, at);
  await writeLetterOfAcceptance(context, trx, whole.appeal, addressee.short_name, whole.parts[0]!);
  return { houseId, appealId, number };
}

const fileRow = ({ houseId, appealId }: AppealKey, file: DraftFile, position: number) => ({
  house_id: houseId,
  appeal_id: appealId,
  file_id: file.fileId,
  answer_id: null,
  event_id: null,
  name: file.name,
  description: file.description,
  media_type: file.mediaType,
  size_bytes: BigInt(file.sizeBytes),
  signs_file_id: null,
  position,
});

/** The house's row, or that of the territory where we do not keep the house. */
async function houseRow(trx: Transaction, draft: Draft, at: Date): Promise<{ houseId: HouseId; zone: string }> {
  const known = draft.fiasGuid ? await findHouseByFias(trx, draft.fiasGuid) : null;
  if (known) return { houseId: known, zone: (await readHouse(trx, known))!.zone };
  const { zone } = (await findRegion(trx, draft.regionCode))!;
  const { oktmo, regionCode, municipality: name } = draft;
  const houseId = await ensureTerritory(trx, { oktmo, houseId: newId<HouseId>(), regionCode, zone, name }, at);
  return { houseId, zone };
}

async function appealRow(
  trx: Transaction,
  person: SignedIn,
  draft: Draft,
  { houseId, zone, at }: { houseId: HouseId; zone: string; at: Date },
) {
  const profile = (await readPerson(trx, person.personId))!;
  const topic = (await findTopic(trx, draft.topicCode))!;
  const parent = await ownParent(trx, person, draft, houseId);
  return {
    house_id: houseId,
    state: 'sent' as const,
    author_id: person.personId,
    family_name: profile.familyName.slice(0, 100),
    given_name: profile.givenName.slice(0, 100),
    middle_name: profile.middleName.slice(0, 100),
    phone: draft.phone,
    email: draft.email,
    answer_email: draft.answerEmail,
    fias_guid: draft.fiasGuid,
    address: draft.address,
    flat: draft.flat,
    region_code: draft.regionCode,
    oktmo: draft.oktmo,
    municipality: draft.municipality,
    zone,
    topic_code: draft.topicCode,
    topic_name: topic.name,
    own_topic: draft.ownTopic,
    text: draft.text,
    parent_id: parent?.appealId ?? null,
    relation: parent ? ('continuation' as const) : null,
    created_at: draft.createdAt,
    sent_at: at,
    changed_at: at,
  };
}

/** The appeal that this one continues, when it is the author's own and of the same house. */
async function ownParent(trx: Transaction, person: SignedIn, draft: Draft, houseId: HouseId) {
  if (!draft.parentId || draft.parentHouseId !== houseId) return null;
  const parent = await selectAppeal(trx, { houseId, appealId: draft.parentId });
  return parent?.authorId === person.personId ? parent : null;
}
