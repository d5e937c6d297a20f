import type { z } from 'zod';
import type { Bank } from './bank.ts';
import type { StoredPayment } from './ledger.ts';
import { ApiError, type createRefundSchema, newObjectId, type RefundObject, toAmount, toKopecks } from './objects.ts';
import { findPayment } from './payments.ts';

export interface NewRefund {
  refund: RefundObject;
  /** Changed only when the refund went through. */
  payment: StoredPayment;
}

/** The refund and the payment after it, not yet written down. @throws ApiError when there is nothing left to give back */
export function newRefund(bank: Bank, shopId: string, input: z.output<typeof createRefundSchema>): NewRefund {
  const payment = findPayment(bank, shopId, input.payment_id);
  if (payment.object.status !== 'succeeded') {
    throw new ApiError(400, 'invalid_request', 'The payment is not in the succeeded status', 'payment_id');
  }
  const already = payment.object.refunded_amount ? toKopecks(payment.object.refunded_amount) : 0n;
  const after = already + toKopecks(input.amount);
  const whole = toKopecks(payment.object.amount);
  if (after > whole) {
    throw new ApiError(400, 'invalid_request', 'Refund amount exceeds the remaining payment amount', 'amount.value');
  }
  const declined = bank.ledger.moods.get(shopId)?.refunds === 'decline';
  const refund: RefundObject = {
    id: newObjectId(),
    payment_id: input.payment_id,
    status: declined ? 'canceled' : 'succeeded',
    amount: input.amount,
    created_at: bank.schedule.now().toISOString(),
    ...(input.description !== undefined ? { description: input.description } : {}),
    ...(input.metadata ? { metadata: input.metadata } : {}),
    ...(declined ? { cancellation_details: { party: 'yoo_money', reason: 'insufficient_funds' } } : {}),
  };
  if (declined) return { refund, payment };
  return {
    refund,
    payment: {
      ...payment,
      object: { ...payment.object, refunded_amount: toAmount(after), refundable: after < whole },
    },
  };
}

/** @throws ApiError 404 also for another shop's refund */
export function findRefund(bank: Bank, shopId: string, id: string): RefundObject {
  const refund = bank.ledger.refunds.get(id);
  if (refund?.shopId !== shopId) {
    throw new ApiError(404, 'not_found', "Refund doesn't exist or access denied", 'refund_id');
  }
  return refund.object;
}
