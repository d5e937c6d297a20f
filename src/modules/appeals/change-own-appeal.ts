import { type Actor, authorise, personOf, type Role } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { PersonId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import type { AppealKey, AppealWhole } from './appeal.ts';
import { projectAppeal } from './project-appeal.ts';
import { lockAppeal, selectAppealWhole } from './queries/read-appeals.ts';
import { type Happened, recordEvent } from './record-event.ts';

/** An appeal that its author works on, held until the step ends. */
export interface OwnAppealInHand {
  context: Context;
  trx: Transaction;
  at: Date;
  /** In the house's zone. */
  today: Day;
  by: { personId: PersonId; name: string };
  whole: AppealWhole;
}

export interface OwnStep<Result> {
  name: string;
  allowed: readonly Role[];
  form?: { key: string; request: unknown };
  run(hand: OwnAppealInHand): Promise<Result>;
}

/** A step of the author. @throws NotFound when the appeal is another's */
export async function changeOwnAppeal<Result extends object>(
  context: Context,
  actor: Actor,
  key: AppealKey,
  step: OwnStep<Result>,
): Promise<Result> {
  authorise(actor, step.allowed);
  const { personId, name } = personOf(actor);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const work = async (): Promise<Result> => {
      const appeal = await lockAppeal(trx, key, personId);
      const whole = appeal && (await selectAppealWhole(trx, key));
      if (!whole) throw new NotFound();
      const result = await step.run({
        context,
        trx,
        at,
        today: dayIn(appeal.zone, at),
        by: { personId, name },
        whole,
      });
      await projectAppeal(trx, key, at);
      return result;
    };
    if (!step.form) return work();
    const { form } = step;
    return once(trx, { key: `appeal.${step.name}:${personId}:${form.key}`, request: form.request, at }, work);
  });
}

/** Writes a step of the author into the history. */
export const authorDid = (
  { trx, at, whole, by }: OwnAppealInHand,
  event: Pick<Happened, 'kind' | 'details' | 'partId'>,
) => recordEvent(trx, whole.appeal, { ...event, by }, at);
