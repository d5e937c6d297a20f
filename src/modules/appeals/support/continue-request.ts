import type { Actor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { once } from '../../../platform/idempotency/idempotency.ts';
import { newId, type SupportRequestId } from '../../../platform/ids.ts';
import { answerBy } from './ask-support.ts';
import { writeOfMessage } from './letters.ts';
import { readLink } from './link.ts';
import { insertMessage, lockRequest, selectRequest, updateRequest } from './queries.ts';
import { isWaiting, type SupportRequest } from './request.ts';

/** How somebody shows that a request is theirs: by who they are, or by the link of a letter. */
export type Claim = { actor: Actor; requestId: SupportRequestId } | { token: string };

const NONE = 'Такого вопроса нет, или ссылка на него устарела. Возьмите её из последнего письма поддержки.';

async function own<Read extends (id: SupportRequestId) => Promise<SupportRequest | null>>(
  context: Context,
  claim: Claim,
  read: Read,
): Promise<SupportRequest> {
  if ('token' in claim) {
    const requestId = readLink(context.config, claim.token, context.clock());
    const request = requestId && (await read(requestId));
    // Whoever has signed in is known by their session alone: a letter that went astray opens nothing of theirs.
    if (!request?.byGuest) throw new NotFound(NONE);
    return request;
  }
  const { actor, requestId } = claim;
  const request = await read(requestId);
  const isOwn = (actor.kind === 'person' || actor.kind === 'guest') && request?.personId === actor.personId;
  if (!request || !isOwn) throw new NotFound('Такого вопроса нет.');
  return request;
}

/** @throws NotFound when it is not theirs */
export const readOwnRequest = (context: Context, db: Db, claim: Claim): Promise<SupportRequest> =>
  own(context, claim, (requestId) => selectRequest(db, requestId));

const lockOwn = (context: Context, trx: Transaction, claim: Claim) =>
  own(context, claim, (requestId) => lockRequest(trx, requestId));

/** The author adds something. A question that was answered or closed opens again with a new term. */
export async function addToRequest(
  context: Context,
  claim: Claim,
  { text, key }: { text: string; key: string },
): Promise<{ requestId: SupportRequestId }> {
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const request = await lockOwn(context, trx, claim);
    const { requestId } = request;
    return once(trx, { key: `support.add:${requestId}:${key}`, request: text, at }, async () => {
      await insertMessage(trx, {
        request_id: requestId,
        message_id: newId<never>(),
        from_support: false,
        person_id: request.personId,
        person_name: request.name,
        text,
        at,
      });
      const dueOn = isWaiting(request.state) ? request.dueOn : await answerBy(trx, at);
      const state = isWaiting(request.state) ? request.state : request.performerId ? 'in_work' : 'new';
      await updateRequest(trx, requestId, { state, due_on: dueOn, changed_at: at });
      await writeOfMessage(context, trx, { ...request, dueOn }, at);
      return { requestId };
    });
  });
}

/** The author needs no answer any more. @throws Conflict when it is closed already */
export async function closeOwnRequest(context: Context, claim: Claim): Promise<void> {
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const { requestId, state } = await lockOwn(context, trx, claim);
    if (state === 'closed') throw new Conflict('Вопрос уже закрыт.');
    await updateRequest(trx, requestId, { state: 'closed', due_on: null, changed_at: at });
  });
}
