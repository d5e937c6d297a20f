import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Unavailable } from '../../platform/errors.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { acquirerOf, JOB_PATIENCE } from './acquirer.ts';
import { askPerson } from './ask-person.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { lookLater } from './look-later.ts';
import { ANSWER_LIFE, judge, nextCheck, type QuestionReason, type Verdict } from './payment.ts';
import { postPayment } from './post-payment.ts';
import type { PaymentRow } from './queries/orders.ts';
import { movePayment, type PaymentKey, selectPayment } from './queries/payments.ts';
import { tellDeclined } from './tell-payer.ts';
import { type AcquirerOutcome, type AcquirerPayment, cancellationSentence } from './yookassa.ts';

/**
 * Asks the acquirer what became of a payment and does what follows. Nothing but this answer ends a payment: notifications and
 * the payer's coming back only say when to ask.
 * @throws Unavailable when an ended payment could not be asked about: its job repeats
 */
export async function inquirePayment(context: Context, key: PaymentKey): Promise<void> {
  const payment = await selectPayment(context.db, key);
  if (!payment?.external_id || payment.state === 'needs_person' || payment.state === 'refunded') return;
  const acquirer = await acquirerOf(context, payment, JOB_PATIENCE);
  if (!acquirer) return payment.state === 'awaiting_payer' ? ask(context, payment, 'shop_gone') : undefined;
  const outcome = await acquirer.getPayment(payment.external_id);
  if (outcome.kind !== 'accepted') return noAnswer(context, payment, outcome);
  const verdict = judge({ paymentId: payment.payment_id, state: payment.state, amount: payment.amount }, outcome.value);
  return follow(context, payment, verdict, outcome.value);
}

async function noAnswer(
  context: Context,
  payment: PaymentRow,
  outcome: Exclude<AcquirerOutcome<AcquirerPayment>, { kind: 'accepted' }>,
): Promise<void> {
  context.log.warn({ paymentId: payment.payment_id, detail: outcome.detail }, 'inquiry: no clear answer');
  if (payment.state !== 'awaiting_payer') throw new Unavailable('Банк не отвечает о платеже.');
  if (outcome.kind === 'refused' && outcome.code === 'not_found') return ask(context, payment, 'lost_at_acquirer');
  const waited = context.clock().getTime() - payment.created_at.getTime();
  if (waited > ANSWER_LIFE) return ask(context, payment, 'no_answer');
  await lookLater(context, payment, payment.checks + 1, outcome.kind === 'unknown' ? outcome.retryAfterSeconds : null);
}

const ask = (context: Context, payment: PaymentRow, reason: QuestionReason): Promise<void> =>
  transaction(context.db, (trx) =>
    askPerson(trx, payment, { reason, details: '', move: true, cause: 'acquirer', at: context.clock() }),
  );

async function follow(context: Context, payment: PaymentRow, verdict: Verdict, seen: AcquirerPayment): Promise<void> {
  if (verdict.kind === 'wait')
    return payment.state === 'awaiting_payer' ? lookLater(context, payment, payment.checks + 1) : undefined;
  if (verdict.kind === 'ask')
    return transaction(context.db, (trx) =>
      askPerson(trx, payment, { ...verdict, cause: 'acquirer', at: context.clock() }),
    );
  if (verdict.to === 'succeeded') return succeed(context, payment, seen);
  if (verdict.to === 'refunded') return refund(context, payment);
  const refusal = cancellationSentence(verdict.refusal ?? '');
  await transaction(context.db, async (trx) => {
    const moved = await movePayment(trx, payment, {
      to: verdict.to,
      cause: 'acquirer',
      at: context.clock(),
      patch: { refusal, next_check_at: null },
      details: { reason: verdict.refusal },
    });
    // Whoever has left the bank's page without paying knows it.
    if (moved && verdict.to === 'declined') await tellDeclined(context, trx, payment, refusal);
  });
}

/** The money is taken. From here on it is put on the accounts, however often that has to be tried. */
async function succeed(context: Context, payment: PaymentRow, seen: AcquirerPayment): Promise<void> {
  const at = context.clock();
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  await transaction(context.db, async (trx) => {
    const patch = { paid_at: seen.capturedAt ?? at, succeeded_at: at, next_check_at: nextCheck(at, 2), refusal: null };
    if (await movePayment(trx, payment, { to: 'succeeded', cause: 'acquirer', at, patch }))
      await addJob(trx, advancePayment, key, { key: jobKey(key) });
  });
}

/** All of the money was given back. What is not on the accounts yet is put there first, so that one way undoes it. */
async function refund(context: Context, payment: PaymentRow): Promise<void> {
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  if (!payment.posted_at) await postPayment(context, key);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const patch = { next_check_at: nextCheck(at, 2) };
    if (await movePayment(trx, payment, { to: 'refunded', cause: 'acquirer', at, patch }))
      await addJob(trx, advancePayment, key, { key: jobKey(key) });
  });
}
