import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { hastenCheck, type PaymentKey } from './queries/payments.ts';

const SOON = 3_000;

/** The payer looks at the order: the acquirer is asked within seconds, however long the pause has grown. */
export async function hastenInquiry(context: Context, key: PaymentKey): Promise<void> {
  const at = new Date(context.clock().getTime() + SOON);
  await transaction(context.db, async (trx) => {
    if (await hastenCheck(trx, key, at, at)) await addJob(trx, advancePayment, key, { key: jobKey(key), runAt: at });
  });
}
