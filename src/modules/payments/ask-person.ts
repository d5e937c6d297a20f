import type { Transaction } from '../../platform/database/database.ts';
import type { PaymentCause, QuestionReason } from './payment.ts';
import type { PaymentRow } from './queries/orders.ts';
import { movePayment } from './queries/payments.ts';
import { insertQuestion } from './queries/questions.ts';

/** Gives the payment to an employee of the shop's owner; with `move` no program touches it any more. */
export async function askPerson(
  trx: Transaction,
  payment: PaymentRow,
  question: { reason: QuestionReason; details: string; move: boolean; cause: PaymentCause; at: Date },
): Promise<void> {
  const { reason, details, at, cause } = question;
  if (question.move) {
    const patch = { next_check_at: null, lease_until: null };
    const moved = await movePayment(trx, payment, { to: 'needs_person', cause, at, patch, details: { reason } });
    if (!moved) return;
  }
  await insertQuestion(trx, payment, { reason, details, at });
}
