import type { Context } from '../../platform/context.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { inquire } from './jobs.ts';
import { selectExternalPayment } from './queries/payments.ts';
import { notificationSchema } from './yookassa.ts';

/**
 * A notification says only that it is time to ask. Anybody can send one, so nothing of it is believed but the id, and a
 * payment that we do not know is passed over: when it is ours, the repeat of the create request will find it.
 */
export async function receiveNotification(
  context: Context,
  { shopId, body }: { shopId: string; body: unknown },
): Promise<'asked' | 'ignored'> {
  const read = notificationSchema.safeParse(body);
  if (!read.success || !/^[\w-]{1,64}$/.test(shopId)) {
    context.log.warn({ shopId }, 'a notification that is not of the protocol');
    return 'ignored';
  }
  const key = await selectExternalPayment(context.db, shopId, read.data.paymentId);
  if (!key) {
    context.log.info({ shopId, externalId: read.data.paymentId }, 'a notification about an unknown payment');
    return 'ignored';
  }
  await addJob(context.db, inquire, key, { key: `payments.inquire:${key.paymentId}` });
  return 'asked';
}
