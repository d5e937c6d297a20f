import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { nextCheck } from './payment.ts';
import type { PaymentRow } from './queries/orders.ts';
import { postponeCheck } from './queries/payments.ts';

/** Nothing new after `checks` looks: the next one is put off, longer each time. */
export async function lookLater(
  context: Context,
  payment: PaymentRow,
  checks: number,
  waitSeconds: number | null = null,
): Promise<void> {
  const at = nextCheck(context.clock(), checks, waitSeconds);
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  await transaction(context.db, async (trx) => {
    if (await postponeCheck(trx, payment, { checks, at }))
      await addJob(trx, advancePayment, key, { key: jobKey(key), runAt: at });
  });
}
