import type { Kopecks } from '../../platform/money.ts';
import type { AcquirerPayment } from './yookassa.ts';

export type PaymentState =
  /** Waits for the payer to press the button of this step. Nothing is known to the acquirer. */
  | 'new'
  /** We ask the acquirer to create it and may not know yet whether it did. */
  | 'creating'
  /** The acquirer has it; the payer pays on the acquirer's page, or has paid and we are not told yet. */
  | 'awaiting_payer'
  | 'succeeded'
  /** Refused by the bank or the acquirer. No money was taken. */
  | 'declined'
  /** Nobody paid in time. No money was taken. */
  | 'abandoned'
  /** No program may decide: an employee of the shop's owner does. */
  | 'needs_person'
  /** All of the money was given back. */
  | 'refunded';

export type PaymentCause = 'payer' | 'acquirer' | 'clock' | 'employee';

/** Every change of state there is, with who may cause it. What is not here cannot happen. */
export const TRANSITIONS: Readonly<
  Record<PaymentState, Readonly<Partial<Record<PaymentState, readonly PaymentCause[]>>>>
> = {
  new: { creating: ['payer'], abandoned: ['clock'] },
  creating: { awaiting_payer: ['acquirer'], declined: ['acquirer'], needs_person: ['acquirer', 'clock'] },
  awaiting_payer: {
    succeeded: ['acquirer'],
    declined: ['acquirer'],
    abandoned: ['acquirer'],
    needs_person: ['acquirer', 'clock'],
  },
  succeeded: { refunded: ['acquirer'] },
  // The acquirer has changed its mind after the end: money may have moved, so a person looks.
  declined: { needs_person: ['acquirer'] },
  abandoned: { needs_person: ['acquirer'] },
  needs_person: { awaiting_payer: ['employee'], succeeded: ['employee'], abandoned: ['employee'] },
  refunded: {},
};

export function mayMove(from: PaymentState, to: PaymentState, cause: PaymentCause): boolean {
  return TRANSITIONS[from][to]?.includes(cause) ?? false;
}

/** @throws Error for a move that the table does not hold: a mistake of ours, never of a user */
export function assertMove(from: PaymentState, to: PaymentState, cause: PaymentCause): void {
  if (!mayMove(from, to, cause)) throw new Error(`a payment cannot go from ${from} to ${to} by ${cause}`);
}

export type QuestionReason =
  /** The key of the create request has expired and the acquirer's list does not hold exactly one such payment. */
  | 'unknown_at_acquirer'
  /** The acquirer's payment has another sum or is not ours. */
  | 'mismatch'
  /** The acquirer does not know the id it gave us. */
  | 'lost_at_acquirer'
  /** No clear answer for longer than any payment lives. */
  | 'no_answer'
  | 'succeeded_after_end'
  | 'canceled_after_success'
  | 'partly_refunded'
  /** The shop that took the payment is not registered any more. */
  | 'shop_gone';

export const QUESTION_WORDS: Readonly<Record<QuestionReason, string>> = {
  unknown_at_acquirer: 'Банк не подтвердил, что принял запрос на оплату, и не нашёл платежа в своём списке',
  mismatch: 'Сумма или номер платежа у банка не совпадают с нашими',
  lost_at_acquirer: 'Банк не знает платежа, номер которого сам выдал',
  no_answer: 'Банк больше недели не даёт ясного ответа о платеже',
  succeeded_after_end: 'Банк сообщил об оплате после того, как платёж был закрыт без денег',
  canceled_after_success: 'Банк отменил платёж после того, как подтвердил его',
  partly_refunded: 'Плательщику возвращена часть денег',
  shop_gone: 'Магазин, принимавший платёж, больше не подключён',
};

export type Verdict =
  | { kind: 'wait' }
  | { kind: 'move'; to: 'succeeded' | 'declined' | 'abandoned' | 'refunded'; refusal: string | null }
  | { kind: 'ask'; reason: QuestionReason; details: string; move: boolean };

/** What follows from the acquirer's own answer about a payment. The only place that reads its status. Pure. */
export function judge(
  payment: { paymentId: string; state: PaymentState; amount: Kopecks },
  seen: AcquirerPayment,
): Verdict {
  const { state } = payment;
  if (seen.amount !== payment.amount || seen.metadata.payment_id !== payment.paymentId)
    return {
      kind: 'ask',
      reason: 'mismatch',
      details: `у банка ${seen.amount} коп., у нас ${payment.amount} коп.`,
      move: mayMove(state, 'needs_person', 'acquirer'),
    };
  if (state === 'awaiting_payer') return judgeAwaiting(seen);
  if (state === 'succeeded') return judgeSucceeded(payment.amount, seen);
  if ((state === 'declined' || state === 'abandoned') && seen.status === 'succeeded' && seen.refunded < seen.amount)
    return { kind: 'ask', reason: 'succeeded_after_end', details: '', move: true };
  return { kind: 'wait' };
}

function judgeAwaiting(seen: AcquirerPayment): Verdict {
  if (seen.status === 'succeeded') return { kind: 'move', to: 'succeeded', refusal: null };
  if (seen.status !== 'canceled') return { kind: 'wait' };
  const reason = seen.cancellation?.reason ?? 'unknown';
  return { kind: 'move', to: reason === 'expired_on_confirmation' ? 'abandoned' : 'declined', refusal: reason };
}

function judgeSucceeded(amount: Kopecks, seen: AcquirerPayment): Verdict {
  if (seen.status === 'canceled')
    return { kind: 'ask', reason: 'canceled_after_success', details: seen.cancellation?.reason ?? '', move: false };
  if (seen.refunded === amount) return { kind: 'move', to: 'refunded', refusal: null };
  if (seen.refunded > 0n)
    return { kind: 'ask', reason: 'partly_refunded', details: `возвращено ${seen.refunded} коп.`, move: false };
  return { kind: 'wait' };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An hour less than the acquirer's 24: its clock and ours differ. */
export const KEY_LIFE = 23 * HOUR;
/** A step that nobody began. */
export const NEW_LIFE = DAY;
/** The longest life of a payment at the acquirer is seven days (held money). */
export const ANSWER_LIFE = 8 * DAY;

const PAUSES = [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR];

/** When to look again after `checks` looks that brought nothing. */
export function nextCheck(now: Date, checks: number, askedToWaitSeconds: number | null = null): Date {
  const pause = PAUSES[Math.min(checks, PAUSES.length - 1)]!;
  return new Date(now.getTime() + Math.max(pause, Math.min((askedToWaitSeconds ?? 0) * SECOND, HOUR)));
}

/** Unfinished: the payer may still be told something new. */
export const isOpen = (state: PaymentState): boolean =>
  state === 'new' || state === 'creating' || state === 'awaiting_payer' || state === 'needs_person';
