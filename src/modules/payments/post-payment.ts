import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { Month } from '../../platform/month.ts';
import { postReceipt, reverseReceipt } from '../billing/index.ts';
import { type PartRow, type PaymentRow, selectParts } from './queries/orders.ts';
import { markPartPosted, markPosted, markReversed, type PaymentKey, selectPayment } from './queries/payments.ts';
import { tellPaid, tellRefunded } from './tell-payer.ts';

/**
 * Puts the parts of a succeeded payment on their accounts: each in a transaction of its house, then marks it. Killed between
 * the two, it is repeated: the house knows the part. The letter goes with the last mark, once.
 * @throws when some part could not be posted; the others are
 */
export async function postPayment(context: Context, key: PaymentKey): Promise<void> {
  const payment = await selectPayment(context.db, key);
  if (payment?.state !== 'succeeded' || payment.posted_at) return;
  const parts = await selectParts(context.db, key.personId, [key.paymentId]);
  const failures: unknown[] = [];
  for (const part of parts) {
    if (part.posted_at) continue;
    try {
      await postPart(context, payment, part);
    } catch (error) {
      context.log.error({ err: error, partId: part.part_id }, 'a paid part could not be put on its account');
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'parts of a payment are not posted yet');
  await transaction(context.db, async (trx) => {
    if (await markPosted(trx, key, context.clock())) await tellPaid(context, trx, payment, parts);
  });
}

/** Exported for the crash tests: what a killed process may leave behind lies between the two statements. */
export async function postPart(context: Context, payment: PaymentRow, part: PartRow): Promise<void> {
  const { receiptId } = await transaction(context.db, (trx) =>
    postReceipt(trx, context, {
      houseId: part.house_id,
      accountId: part.account_id,
      requisiteId: part.requisite_id,
      partId: part.part_id,
      personId: part.person_id,
      amount: part.amount,
      period: part.period ? (part.period.slice(0, 7) as Month) : null,
      receivedAt: payment.paid_at!,
    }),
  );
  await markPartPosted(context.db, { personId: part.person_id, partId: part.part_id, receiptId }, context.clock());
}

/** Takes a refunded payment off the accounts, part by part; repeated after a kill. */
export async function reversePayment(context: Context, key: PaymentKey): Promise<void> {
  const payment = await selectPayment(context.db, key);
  if (payment?.state !== 'refunded' || payment.reversed_at) return;
  for (const { house_id: houseId, receipt_id: receiptId } of await selectParts(context.db, key.personId, [
    key.paymentId,
  ]))
    if (receiptId) await transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId, receiptId }));
  await transaction(context.db, async (trx) => {
    if (await markReversed(trx, key, context.clock())) await tellRefunded(context, trx, payment);
  });
}
