import { randomInt } from 'node:crypto';
import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Invalid, TooMany, untilDayOld } from '../../../platform/errors.ts';
import { once } from '../../../platform/idempotency/idempotency.ts';
import { newId, type PersonId, type SupportRequestId } from '../../../platform/ids.ts';
import { type Day, dayIn } from '../../../platform/month.ts';
import { addWorkingDays, getWholeNumber } from '../../../platform/rules/rules.ts';
import { findItem } from '../../classifiers/index.ts';
import { addGuest } from '../../identity/index.ts';
import { access } from '../access.ts';
import { writeReceived } from './letters.ts';
import { countSince, insertRequest, lockSender, selectRequest } from './queries.ts';
import { KINDS_LIST, MOST_PER_DAY, ZONE } from './request.ts';

export interface Question {
  /** НСИ 230, one that is in force. */
  kindCode: string;
  subject: string;
  text: string;
  /** Whoever has signed in is called by the profile's name whatever is said here. */
  name: string;
  email: string;
  page: string;
  key: string;
}

/** Last day of the answer to what comes now, inclusive. */
export async function answerBy(db: Transaction, at: Date): Promise<Day> {
  const today = dayIn(ZONE, at);
  return addWorkingDays(db, today, await getWholeNumber(db, 'support.answer_days', today));
}

/**
 * Puts a question to the support, once for a key, with its number, its term and its letters.
 * @throws Invalid for a kind that is not in force; TooMany when the sender's day is full
 */
export async function askSupport(
  context: Context,
  actor: Actor,
  { key, ...question }: Question,
): Promise<{ requestId: SupportRequestId }> {
  authorise(actor, access.askSupport);
  const at = context.clock();
  const owner = actor.kind === 'person' || actor.kind === 'guest' ? actor.personId : 'nobody';
  const call = { key: `support.ask:${owner}:${key}`, request: question, at };
  return transaction(context.db, (trx) => once(trx, call, () => write(context, trx, actor, question, at)));
}

async function write(
  context: Context,
  trx: Transaction,
  actor: Actor,
  { kindCode, subject, text, name, email, page }: Omit<Question, 'key'>,
  at: Date,
) {
  const kind = await findItem(trx, KINDS_LIST, kindCode);
  if (!kind?.actual) throw new Invalid([{ field: 'kind', message: 'Выберите, о чём вопрос' }]);
  const person = actor.kind === 'person' ? personOf(actor) : null;
  await lockSender(trx, email);
  const dayAgo = new Date(at.getTime() - 86_400_000);
  const { count, first } = await countSince(trx, { email, personId: person?.personId ?? null }, dayAgo);
  if (count >= MOST_PER_DAY)
    throw new TooMany(
      'За сутки от вас пришло много вопросов. Дополните те, что уже отправлены, или напишите завтра.',
      untilDayOld(first ?? at, at),
    );
  const dueOn = await answerBy(trx, at);
  const requestId = await insertNumbered(trx, {
    person_id: person?.personId ?? (await aGuest(trx, actor, email, at)),
    by_guest: person === null,
    organisation_id: person?.acting?.organisationId ?? null,
    name: person?.name ?? name,
    email,
    kind_code: kindCode,
    subject,
    text,
    page,
    state: 'new',
    due_on: dueOn,
    promised_on: dueOn,
    created_at: at,
    changed_at: at,
  });
  await writeReceived(context, trx, (await selectRequest(trx, requestId))!, at);
  return { requestId };
}

/** Whoever pays without signing in is a guest already. */
async function aGuest(trx: Transaction, actor: Actor, email: string, at: Date): Promise<PersonId> {
  if (actor.kind === 'guest') return actor.personId;
  const personId = newId<PersonId>();
  await addGuest(trx, personId, email, at);
  return personId;
}

/** «П-261123-4821»: the day and four random digits, short enough for the phone. */
async function insertNumbered(
  trx: Transaction,
  row: Omit<Parameters<typeof insertRequest>[1], 'number' | 'request_id'> & { created_at: Date },
): Promise<SupportRequestId> {
  const requestId = newId<SupportRequestId>();
  const day = dayIn(ZONE, row.created_at).slice(2).replaceAll('-', '');
  for (let digits = 4; ; digits += 1)
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const number = `П-${day}-${randomInt(10 ** digits)
        .toString()
        .padStart(digits, '0')}`;
      if (await insertRequest(trx, { ...row, request_id: requestId, number })) return requestId;
    }
}
