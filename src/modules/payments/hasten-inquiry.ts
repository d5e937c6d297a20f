import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { advancePayment, jobKey } from './jobs.ts';
import type { PaymentRow } from './queries/orders.ts';
import { hastenCheck } from './queries/payments.ts';

const SOON = 3_000;
/** A page left open overnight must not keep asking the bank: past this the usual pauses are enough. */
const ATTENTION = 20 * 60_000;

/** The payer looks at the order: the acquirer is asked within seconds, however long the pause has grown. */
export async function hastenInquiry(context: Context, payment: PaymentRow): Promise<void> {
  const now = context.clock().getTime();
  if (payment.state !== 'awaiting_payer' || now - payment.changed_at.getTime() > ATTENTION) return;
  const at = new Date(now + SOON);
  if (payment.next_check_at && payment.next_check_at <= at) return;
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  await transaction(context.db, async (trx) => {
    if (await hastenCheck(trx, key, at, at)) await addJob(trx, advancePayment, key, { key: jobKey(key), runAt: at });
  });
}
