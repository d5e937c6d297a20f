import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { AppealPartId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { findBodies, readOrganisation, readPowers } from '../organisations/index.ts';
import { access } from './access.ts';
import { type Appeal, type AppealKey, isOpen, type Part } from './appeal.ts';
import { writeDown } from './change-part.ts';
import { cleanText } from './clean-text.ts';
import { writeToOrganisation } from './letters.ts';
import { openPart } from './open-part.ts';
import { deskAppealPath } from './paths.ts';
import { projectAppeal } from './project-appeal.ts';
import { lockAppeal, selectEvents, selectOwnPart, selectParts } from './queries/read-appeals.ts';
import { recordEvent } from './record-event.ts';
import { INSPECTORATE } from './topics.ts';

export interface InformationRequest extends AppealKey {
  /** The inspectorate's own part, when the appeal is addressed to it. Without one: an appeal of its territory. */
  partId?: AppealPartId;
  organisationId: OrganisationId;
  text: string;
  dueOn: Day;
  key: string;
}

type Wish = Omit<InformationRequest, 'key'>;

const LONGEST = 4000;

/**
 * An inspectorate asks an organisation for what it has on an appeal. Internal: the author sees neither the request nor its answer.
 * @throws NotFound when the appeal is neither addressed to the inspectorate nor of its territory
 */
export async function requestInformation(
  context: Context,
  actor: Actor,
  input: InformationRequest,
): Promise<{ partId: AppealPartId }> {
  authorise(actor, access.oversee);
  const { personId, name, acting } = actingFor(actor);
  const at = context.clock();
  const { key, ...given } = input;
  const request = { ...given, text: cleanText(given.text).trim() };
  return transaction(context.db, (trx) =>
    once(trx, { key: `appeal.request:${personId}:${key}`, request, at }, async () => {
      const appeal = await lockAppeal(trx, input);
      if (!appeal || !(await isUnderWatch(trx, appeal, input.partId, acting.organisationId))) throw new NotFound();
      await refuseWrong(trx, appeal, acting.organisationId, request, dayIn(appeal.zone, at));
      const by = { personId, name };
      const partId = await ask(context, trx, { appeal, asker: acting.organisationId, by }, request, at);
      await writeDown(trx, {
        step: 'request',
        by: personId,
        organisationId: acting.organisationId,
        appeal,
        partId,
        at,
      });
      await projectAppeal(trx, appeal, at);
      return { partId };
    }),
  );
}

/** Addressed to it and still open, or of its territory. */
async function isUnderWatch(
  trx: Transaction,
  appeal: Appeal,
  partId: AppealPartId | undefined,
  organisationId: OrganisationId,
): Promise<boolean> {
  if (partId) {
    const part = await selectOwnPart(trx, { ...appeal, partId }, organisationId);
    return part !== null && part.kind === 'appeal';
  }
  const bodies = await findBodies(trx, { ...appeal, powerCodes: [INSPECTORATE] });
  return bodies.some((body) => body.organisationId === organisationId);
}

async function refuseWrong(
  trx: Transaction,
  appeal: Appeal,
  asker: OrganisationId,
  { organisationId, text, dueOn }: Wish,
  today: Day,
): Promise<void> {
  const fields: FieldError[] = [];
  if (organisationId === asker || !(await readOrganisation(trx, organisationId)))
    fields.push({ field: 'organisationId', message: 'Выберите организацию, у которой запрашиваете сведения' });
  if (!text) fields.push({ field: 'text', message: 'Напишите, какие сведения нужны' });
  if (text.length > LONGEST) fields.push({ field: 'text', message: `Не больше ${LONGEST} знаков` });
  if (dueOn < today) fields.push({ field: 'dueOn', message: 'Укажите день, который ещё не прошёл' });
  if (fields.length > 0) throw new Invalid(fields);
  const parts = await selectParts(trx, appeal);
  if (appeal.state === 'withdrawn') throw new Conflict('Автор отозвал обращение.');
  if (parts.some((part) => part.kind === 'request' && part.organisationId === organisationId && isOpen(part.state)))
    throw new Conflict('У этой организации уже запрошены сведения по обращению: дождитесь ответа.');
}

async function ask(
  context: Context,
  trx: Transaction,
  { appeal, asker, by }: { appeal: Appeal; asker: OrganisationId; by: { personId: PersonId; name: string } },
  { organisationId, text, dueOn, partId: fromPartId }: Wish,
  at: Date,
): Promise<AppealPartId> {
  const [powerCode = ''] = await readPowers(trx, organisationId);
  const asked = { kind: 'request' as const, organisationId, powerCode, requestText: text, dueOn };
  const partId = await openPart(trx, appeal, { ...asked, ...(fromPartId && { fromPartId }) }, at);
  const { short_name: name } = (await readOrganisation(trx, organisationId))!;
  const details = { to: [{ organisationId, name }], dueOn };
  await recordEvent(trx, appeal, { kind: 'requested', partId, organisationId: asker, by, internal: true, details }, at);
  const letter = {
    subject: `Запрос инспекции по обращению № ${appeal.number}`,
    lines: [text, `Ответьте до ${formatDate(dueOn)} включительно.`],
    path: deskAppealPath(appeal),
  };
  await writeToOrganisation(context, trx, organisationId, letter, at);
  return partId;
}

/** The body that asked: whose part the request came from, or else who wrote the request. */
export async function askerOf(
  db: Db,
  appeal: AppealKey,
  request: Part,
  parts: readonly Part[],
): Promise<OrganisationId | null> {
  const from = parts.find(({ partId }) => partId === request.fromPartId);
  if (from) return from.organisationId;
  const events = await selectEvents(db, appeal);
  return events.find(({ kind, partId }) => kind === 'requested' && partId === request.partId)?.organisationId ?? null;
}
