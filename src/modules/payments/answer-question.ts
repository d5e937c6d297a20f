import { type Actor, actingFor, authorise, requireAllHouses } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { OrganisationId, PaymentId } from '../../platform/ids.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { access } from './access.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { nextCheck, type PaymentState } from './payment.ts';
import type { PaymentRow } from './queries/orders.ts';
import { movePayment, selectPayment } from './queries/payments.ts';
import { answerQuestionRow, type QuestionRow, selectQuestion } from './queries/questions.ts';

export const ANSWERS = ['received', 'no_money', 'ask_again', 'settled'] as const;
export type Answer = (typeof ANSWERS)[number];

export const ANSWER_WORDS: Readonly<Record<Answer, string>> = {
  received: 'Деньги поступили полностью: зачесть плательщику',
  no_money: 'Денег нет или они возвращены: закрыть платёж',
  ask_again: 'Спросить банк ещё раз',
  settled: 'Разобрались, ничего менять не нужно',
};

/** What may be answered, by the state of the payment and by whether the bank has given it a number. Pure. */
export function possibleAnswers(payment: { state: PaymentState; external_id: string | null }): readonly Answer[] {
  if (payment.state !== 'needs_person') return ['settled'];
  return payment.external_id ? ['received', 'no_money', 'ask_again'] : ['received', 'no_money'];
}

/**
 * An employee of the shop's owner decides what no program may guess. Audited with the note.
 * @throws NotFound for another organisation's question
 * @throws Conflict when it is answered already
 * @throws Invalid when the answer does not fit the payment
 */
export async function answerQuestion(
  context: Context,
  actor: Actor,
  input: { questionId: string; answer: Answer; note: string },
): Promise<void> {
  authorise(actor, access.answerQuestions);
  const { acting, personId } = actingFor(actor);
  requireAllHouses(acting);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const { question, payment } = await readQuestion(trx, acting.organisationId, input.questionId);
    if (!possibleAnswers(payment).includes(input.answer))
      throw new Invalid([{ field: 'answer', message: 'Для этого платежа такое решение невозможно: выберите другое' }]);
    const answer = { by: personId, answer: input.answer, note: input.note, at };
    const key = { organisationId: acting.organisationId, questionId: input.questionId };
    if (!(await answerQuestionRow(trx, key, answer))) throw new Conflict('Этот вопрос уже решён.');
    await apply(trx, payment, input.answer, at);
    await audit(trx, {
      actor: personId,
      action: 'payment.question.answered',
      at,
      organisationId: acting.organisationId,
      subject: question.person_id,
      details: { paymentId: payment.payment_id, reason: question.reason, answer: input.answer, note: input.note },
    });
  });
}

/** @throws NotFound */
export async function readQuestion(
  trx: Transaction,
  organisationId: OrganisationId,
  questionId: string,
): Promise<{ question: QuestionRow; payment: PaymentRow }> {
  const question = await selectQuestion(trx, organisationId, questionId);
  const payment =
    question &&
    (await selectPayment(trx, { personId: question.person_id, paymentId: question.payment_id as PaymentId }));
  if (!payment) throw new NotFound();
  return { question, payment };
}

async function apply(trx: Transaction, payment: PaymentRow, answer: Answer, at: Date): Promise<void> {
  if (answer === 'settled') return;
  const cause = 'employee' as const;
  const soon = { next_check_at: nextCheck(at, 2) };
  const moved =
    answer === 'received'
      ? await movePayment(trx, payment, {
          to: 'succeeded',
          cause,
          at,
          patch: { ...soon, paid_at: payment.paid_at ?? at, succeeded_at: at },
        })
      : answer === 'ask_again'
        ? await movePayment(trx, payment, { to: 'awaiting_payer', cause, at, patch: soon })
        : await movePayment(trx, payment, { to: 'abandoned', cause, at, patch: { refusal: CLOSED } });
  if (!moved) throw new Conflict('Платёж уже изменился. Откройте вопрос заново.');
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  if (answer !== 'no_money') await addJob(trx, advancePayment, key, { key: jobKey(key) });
}

const CLOSED = 'Получатель проверил: деньги не поступили или возвращены. Если деньги списаны, обратитесь в банк.';
