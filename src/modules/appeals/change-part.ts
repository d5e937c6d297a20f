import { type Actor, actingFor, authorise, isOpenTo } from '../../platform/access.ts';
import type { ReceivedAttachment } from '../../platform/attachments/index.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { AppealPartId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { access } from './access.ts';
import { type Appeal, type AppealKey, canMove, isOpen, type Part, type PartState } from './appeal.ts';
import { projectAppeal } from './project-appeal.ts';
import { lockAppeal, selectOwnPart } from './queries/read-appeals.ts';
import { updatePart } from './queries/write-appeals.ts';
import { type Happened, recordEvent } from './record-event.ts';

/** Which addressee's handling of which appeal. */
export interface PartKey extends AppealKey {
  partId: AppealPartId;
}

/** A file that comes with a step: received before, recorded with the step. */
export interface GivenFile {
  received: ReceivedAttachment;
  description?: string;
}

/** The part that a clerk works on: the appeal is held until the step ends. */
export interface PartInHand {
  context: Context;
  trx: Transaction;
  at: Date;
  /** In the house's zone. */
  today: Day;
  by: { personId: PersonId; name: string };
  organisationId: OrganisationId;
  appeal: Appeal;
  part: Part;
}

export interface Step<Result> {
  /** Of the audit and of the form's key. */
  name: string;
  /** Whether the author sees something new. */
  isNews?: (part: Part) => boolean;
  /** A draft: nobody else sees a change. */
  isHidden?: boolean;
  /** The form's key: a repeat gets the first result. `request` is what makes the form what it is. */
  form?: { key: string; request: unknown };
  run(hand: PartInHand): Promise<Result>;
}

/**
 * A step of an organisation on a part of its own: authorised, with the appeal held, written down for investigators, and projected.
 * @throws NotFound when the part is another's
 */
export async function changePart<Result extends object>(
  context: Context,
  actor: Actor,
  key: PartKey,
  step: Step<Result>,
): Promise<Result> {
  authorise(actor, access.workDesk);
  const { personId, name, acting } = actingFor(actor);
  const at = context.clock();
  const { organisationId } = acting;
  return transaction(context.db, async (trx) => {
    const work = async (): Promise<Result> => {
      const appeal = isOpenTo(acting, key.houseId) ? await lockAppeal(trx, key) : null;
      const part = appeal && (await selectOwnPart(trx, key, organisationId));
      if (!part) throw new NotFound();
      const today = dayIn(appeal.zone, at);
      const result = await step.run({ context, trx, at, today, by: { personId, name }, organisationId, appeal, part });
      await writeDown(trx, { step: step.name, by: personId, organisationId, appeal, partId: part.partId, at });
      if (!step.isHidden) await projectAppeal(trx, key, at, step.isNews?.(part));
      return result;
    };
    if (!step.form) return work();
    const { form } = step;
    return once(trx, { key: `appeal.${step.name}:${personId}:${form.key}`, request: form.request, at }, work);
  });
}

/** Requests of inspectorates and their answers are none of the author's. */
export const isOfAuthor = ({ kind }: Part): boolean => kind === 'appeal';

/** For investigators: what a person of staff did in whose matter. */
export const writeDown = (
  trx: Transaction,
  done: { step: string; by: PersonId; organisationId: OrganisationId; appeal: Appeal; partId?: AppealPartId; at: Date },
): Promise<void> =>
  audit(trx, {
    actor: done.by,
    action: `appeals.${done.step}`,
    at: done.at,
    organisationId: done.organisationId,
    subject: done.appeal.authorId,
    houseId: done.appeal.houseId,
    details: { appealId: done.appeal.appealId, ...(done.partId && { partId: done.partId }) },
  });

const CLOSED: Readonly<Partial<Record<PartState, string>>> = {
  executed: 'Обращение уже исполнено: откройте его заново, чтобы увидеть ответ.',
  redirected: 'Обращение уже перенаправлено другой организации.',
  withdrawn: 'Автор отозвал обращение: отвечать на него не нужно.',
};

/** @throws Conflict when the part is closed, or when the step is not for another body's request */
export function requireOpen({ part }: PartInHand, takes: 'appeals' | 'requests too' = 'appeals'): void {
  if (!isOpen(part.state)) throw new Conflict(CLOSED[part.state] ?? 'Обращение закрыто.');
  if (part.kind === 'request' && takes === 'appeals')
    throw new Conflict('Это запрос инспекции: на него можно только ответить.');
}

/** Ends the part. @throws Conflict when it may not go there from where it is */
export async function closePart({ trx, at, appeal, part }: PartInHand, to: PartState): Promise<void> {
  if (!canMove(part.state, to)) throw new Conflict(CLOSED[part.state] ?? 'Обращение закрыто.');
  await updatePart(trx, { houseId: appeal.houseId, partId: part.partId }, { state: to, closed_at: at, look_at: null });
}

/** Writes a step of the part in hand into the history; nothing of a request is for the author. */
export const happened = (
  { trx, at, appeal, part, organisationId, by }: PartInHand,
  event: Pick<Happened, 'kind' | 'details' | 'internal'>,
) => {
  const internal = (event.internal ?? false) || !isOfAuthor(part);
  return recordEvent(trx, appeal, { ...event, internal, partId: part.partId, organisationId, by }, at);
};
