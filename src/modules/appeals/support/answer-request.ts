import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { once } from '../../../platform/idempotency/idempotency.ts';
import { newId, type PersonId, type SupportRequestId } from '../../../platform/ids.ts';
import { fullName, listPeople, type Person } from '../../identity/index.ts';
import { access } from '../access.ts';
import { writeAnswer } from './letters.ts';
import { insertMessage, lockRequest, updateRequest } from './queries.ts';
import { isWaiting, type SupportRequest } from './request.ts';

/** Who may work at the support desk. */
export const listPerformers = ({ db, config }: Context): Promise<Person[]> =>
  listPeople(db, config.OIDC_ISSUER, config.ADMINISTRATORS);

interface Step {
  requestId: SupportRequestId;
}

/** One step of the desk: the request is taken, the step is done, the journal says who did it. */
async function step<Result>(
  context: Context,
  actor: Actor,
  { requestId }: Step,
  action: string,
  work: (
    trx: Transaction,
    request: SupportRequest,
    person: { personId: PersonId; name: string },
    at: Date,
  ) => Promise<Result>,
): Promise<Result> {
  authorise(actor, access.answerSupport);
  const person = personOf(actor);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const request = await lockRequest(trx, requestId);
    if (!request) throw new NotFound('Такого вопроса нет.');
    const result = await work(trx, request, person, at);
    await audit(trx, {
      actor: person.personId,
      action: `support.${action}`,
      at,
      subject: request.personId,
      details: { requestId },
    });
    return result;
  });
}

/** @param performerId null: nobody works on it any more. @throws Invalid when they do not work at the desk */
export const assignRequest = (
  context: Context,
  actor: Actor,
  { requestId, performerId }: Step & { performerId: PersonId | null },
): Promise<void> =>
  step(context, actor, { requestId }, 'assigned', async (trx, { state }, person, at) => {
    const name = performerId === null ? null : await nameOf(context, performerId, person);
    const next = isWaiting(state) ? (performerId === null ? 'new' : 'in_work') : state;
    await updateRequest(trx, requestId, {
      performer_id: performerId,
      performer_name: name,
      state: next,
      changed_at: at,
    });
  });

async function nameOf(context: Context, performerId: PersonId, self: { personId: PersonId; name: string }) {
  if (performerId === self.personId) return self.name;
  const performer = (await listPerformers(context)).find((person) => person.personId === performerId);
  if (!performer) throw new Invalid([{ field: 'performer', message: 'Выберите исполнителя из списка' }]);
  return fullName(performer);
}

/** Answers once for a key, with a letter. Whoever answers takes the question over unless somebody has it. */
export const answerRequest = (
  context: Context,
  actor: Actor,
  { requestId, text, key }: Step & { text: string; key: string },
): Promise<{ requestId: SupportRequestId }> =>
  step(context, actor, { requestId }, 'answered', (trx, request, person, at) =>
    once(trx, { key: `support.answer:${requestId}:${key}`, request: text, at }, async () => {
      await insertMessage(trx, messageOf(requestId, person, text, at));
      await updateRequest(trx, requestId, {
        state: 'answered',
        due_on: null,
        performer_id: request.performerId ?? person.personId,
        performer_name: request.performerName ?? person.name,
        changed_at: at,
        ...(request.answeredAt === null && { answered_at: at }),
      });
      await writeAnswer(context, trx, request, text, at);
      return { requestId };
    }),
  );

const messageOf = (
  requestId: SupportRequestId,
  person: { personId: PersonId; name: string },
  text: string,
  at: Date,
) => ({
  request_id: requestId,
  message_id: newId<never>() as string,
  from_support: true,
  person_id: person.personId,
  person_name: person.name,
  text,
  at,
});

/** A note that only the desk sees. */
export const noteOnRequest = (
  context: Context,
  actor: Actor,
  { requestId, text, key }: Step & { text: string; key: string },
): Promise<{ requestId: SupportRequestId }> =>
  step(context, actor, { requestId }, 'noted', (trx, _request, person, at) =>
    once(trx, { key: `support.note:${requestId}:${key}`, request: text, at }, async () => {
      await insertMessage(trx, { ...messageOf(requestId, person, text, at), internal: true });
      return { requestId };
    }),
  );

/** @throws Conflict while nobody has answered: the author would never learn what became of the question */
export const closeRequest = (context: Context, actor: Actor, { requestId }: Step): Promise<void> =>
  step(context, actor, { requestId }, 'closed', async (trx, { state }, _person, at) => {
    if (state === 'closed') throw new Conflict('Вопрос уже закрыт.');
    if (isWaiting(state)) throw new Conflict('Сначала ответьте: закрыть можно вопрос, на который есть ответ.');
    await updateRequest(trx, requestId, { state: 'closed', due_on: null, changed_at: at });
  });
