import { z } from 'zod';
import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import type { PersonId } from '../../platform/ids.ts';
import { addJob, defineJob, type JobKind } from '../../platform/jobs/jobs.ts';
import type { Obstacle, PersonPart } from '../../platform/person-part.ts';
import { blankPerson, endAllSessions, endWaiting, forgetIdentities, lockPerson } from '../identity/index.ts';
import { sendNotice } from '../notices/index.ts';
import { access } from './access.ts';
import { type Erasure, finishErasure, insertErasure, lockErasure, markPartDone } from './queries/erasures.ts';

/** Typed by whoever means it. */
export const CONFIRMATION = 'УДАЛИТЬ';

/** The code of the refusal. */
export const BLOCKED = 'erasure_blocked';

const payload = z.object({ personId: z.string() });

export const eraseJob = (parts: readonly PersonPart[]): JobKind<z.output<typeof payload>> =>
  defineJob({
    name: 'personal_data.erase',
    payload,
    run: (context, { personId }) => erasePerson(context, parts, personId as PersonId),
  });

/** What must be settled first: open payments, unanswered appeals, work in an organisation. */
export async function findObstacles(
  context: Pick<Context, 'clock'> & { db: Db },
  parts: readonly PersonPart[],
  personId: PersonId,
): Promise<Obstacle[]> {
  const found: Obstacle[] = [];
  for (const part of parts) found.push(...((await part.obstacles?.(context, personId)) ?? []));
  return found;
}

/**
 * The person asks to be forgotten. At once every session ends and the sign-in service's word for the person is taken off: whoever signs in
 * so from now on is somebody new. The rest is a job's.
 * @throws Invalid when the word was not typed; Conflict as `beginErasure`
 */
export async function askErasure(
  context: Context,
  actor: Actor,
  parts: readonly PersonPart[],
  typed: string,
): Promise<void> {
  authorise(actor, access.eraseData);
  const { personId } = personOf(actor);
  if (typed.trim().toUpperCase() !== CONFIRMATION)
    throw new Invalid([{ field: 'word', message: `Напишите слово ${CONFIRMATION}` }]);
  await transaction(context.db, (trx) => beginErasure(context, trx, parts, personId, 'asked'));
}

/**
 * @returns false when the person is erased already, is being so, or has given the consent again
 * @throws Conflict while something must be settled first
 */
export async function beginErasure(
  context: Context,
  trx: Transaction,
  parts: readonly PersonPart[],
  personId: PersonId,
  cause: Erasure['cause'],
): Promise<boolean> {
  const at = context.clock();
  // Held first: an order or an appeal that is being made at this moment is there before us or after us.
  if (!(await lockPerson(trx, personId))) return false;
  const waited = await endWaiting(trx, personId);
  // Who has given the consent again by now stays.
  if (cause === 'consent_withdrawn' && !waited) return false;
  if (!(await insertErasure(trx, personId, cause, at))) return false;
  if ((await findObstacles({ clock: context.clock, db: trx }, parts, personId)).length > 0)
    throw new Conflict('Сначала закончите то, что мешает удалению: список на странице удаления.', BLOCKED);
  await forgetIdentities(trx, personId, context.config.OIDC_ISSUER);
  await endAllSessions(trx, personId, at);
  await sendNotice(context, trx, {
    kind: 'personal_data',
    personId,
    object: 'erasure',
    subject: 'Ваши данные удаляются',
    content: {
      title: 'Ваши данные удаляются',
      paragraphs: [
        cause === 'asked'
          ? 'Вы попросили удалить ваши данные. Входы завершены, данные удаляются.'
          : 'Вы отозвали согласие на обработку данных, и срок, в который можно было передумать, вышел. Данные удаляются.',
        'То, что закон обязывает хранить, остаётся без вашего имени и контактов на срок, который был назван на странице удаления. Отправленные обращения хранятся с именем: этого требует закон.',
        'Если вы войдёте снова, кабинет откроется пустым, как в первый раз.',
      ],
    },
  });
  await audit(trx, {
    actor: personId,
    action: 'personal_data.erasure_begun',
    at,
    subject: personId,
    details: { cause },
  });
  await addErasing(trx, parts, personId);
  return true;
}

export const addErasing = (trx: Transaction | Context['db'], parts: readonly PersonPart[], personId: PersonId) =>
  addJob(trx, eraseJob(parts), { personId }, { key: `erase:${personId}` });

/**
 * Deletes part by part, each in a transaction of its own that also notes it as done: killed in the middle, the next run goes on where
 * this one stopped. The name goes last.
 */
async function erasePerson(context: Context, parts: readonly PersonPart[], personId: PersonId): Promise<void> {
  for (const part of parts)
    await transaction(context.db, async (trx) => {
      const erasure = await lockErasure(trx, personId);
      if (!erasure || erasure.finishedAt || erasure.done.includes(part.name)) return;
      await part.erase(context, trx, personId);
      await markPartDone(trx, personId, [...erasure.done, part.name]);
    });
  await transaction(context.db, async (trx) => {
    const erasure = await lockErasure(trx, personId);
    if (!erasure || erasure.finishedAt) return;
    await blankPerson(trx, personId);
    await finishErasure(trx, personId, context.clock());
    await audit(trx, {
      actor: personId,
      action: 'personal_data.erased',
      at: context.clock(),
      subject: personId,
      details: { parts: parts.map(({ name }) => name) },
    });
  });
}
