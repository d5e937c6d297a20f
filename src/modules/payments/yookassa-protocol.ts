import { z } from 'zod';
import { formatDecimal, type Kopecks, parseRubles } from '../../platform/money.ts';

/** YooKassa API v3 on the wire. Unknown fields are left alone: the acquirer adds new ones without a new version. */
const amountSchema = z
  .object({ value: z.string().regex(/^\d+\.\d{2}$/), currency: z.literal('RUB') })
  .transform(({ value }, context): Kopecks => {
    const amount = parseRubles(value);
    if (amount !== null) return amount;
    context.addIssue('the sum is too long');
    return z.NEVER;
  });

export const wireAmount = (amount: Kopecks) => ({ value: formatDecimal(amount), currency: 'RUB' });

const instantSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const paymentStatusSchema = z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']);
const cancellationSchema = z.object({ party: z.string(), reason: z.string() });

export const paymentSchema = z
  .object({
    id: z.string().min(1),
    status: paymentStatusSchema,
    paid: z.boolean(),
    amount: amountSchema,
    refunded_amount: amountSchema.optional(),
    created_at: instantSchema,
    captured_at: instantSchema.optional(),
    description: z.string().optional(),
    metadata: z.record(z.string(), z.string()).nullish(),
    confirmation: z.object({ confirmation_url: z.url({ protocol: /^https?$/ }).optional() }).optional(),
    transfers: z
      .array(z.object({ account_id: z.string(), amount: amountSchema, status: z.string().optional() }))
      .nullish(),
    cancellation_details: cancellationSchema.optional(),
    test: z.boolean().default(false),
  })
  .transform((wire) => ({
    id: wire.id,
    status: wire.status,
    paid: wire.paid,
    amount: wire.amount,
    refunded: wire.refunded_amount ?? (0n as Kopecks),
    createdAt: wire.created_at,
    capturedAt: wire.captured_at ?? null,
    description: wire.description ?? null,
    metadata: wire.metadata ?? {},
    /** Where the payer goes to pay; null once there is nothing to confirm. */
    confirmationUrl: wire.confirmation?.confirmation_url ?? null,
    transfers: (wire.transfers ?? []).map(({ account_id, amount, status }) => ({
      accountId: account_id,
      amount,
      status: status ?? null,
    })),
    cancellation: wire.cancellation_details ?? null,
    test: wire.test,
  }));

/** A payment as the acquirer sees it. Sums in kopecks. Paid for good means status "succeeded", not `paid`. */
export type AcquirerPayment = z.output<typeof paymentSchema>;

export const refundSchema = z
  .object({
    id: z.string().min(1),
    payment_id: z.string().min(1),
    status: z.enum(['pending', 'succeeded', 'canceled']),
    amount: amountSchema,
    created_at: instantSchema,
    cancellation_details: cancellationSchema.optional(),
  })
  .transform((wire) => ({
    id: wire.id,
    paymentId: wire.payment_id,
    status: wire.status,
    amount: wire.amount,
    createdAt: wire.created_at,
    cancellation: wire.cancellation_details ?? null,
  }));

export type AcquirerRefund = z.output<typeof refundSchema>;

export const paymentListSchema = z.object({
  type: z.literal('list'),
  items: z.array(paymentSchema),
  next_cursor: z.string().min(1).optional(),
});

export const errorSchema = z.object({
  type: z.literal('error'),
  id: z.string().optional(),
  code: z.string().min(1),
  description: z.string().optional(),
  parameter: z.string().nullish(),
});

/** HTTP 202. `retry_after` is in milliseconds, as the acquirer's own libraries wait. */
export const processingSchema = z.object({ retry_after: z.number().nonnegative() });

/** Printable: the number goes into a path and a statement. */
const externalId = z.string().regex(/^[!-~]{1,64}$/);

/**
 * The body of a notification. It carries no signature: anyone who knows the address can send one, notifications repeat
 * for 24 hours until HTTP 200, come twice and out of order. So it says only what to look at: take the id and ask
 * `getPayment` or `getRefund`; a status in the body is not evidence.
 */
export const notificationSchema = z
  .object({
    type: z.literal('notification'),
    event: z.enum(['payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled', 'refund.succeeded']),
    object: z.object({ id: externalId, payment_id: externalId.optional() }),
  })
  .transform(({ event, object }, context) => {
    if (event !== 'refund.succeeded') return { about: 'payment' as const, paymentId: object.id };
    if (object.payment_id) return { about: 'refund' as const, refundId: object.id, paymentId: object.payment_id };
    context.addIssue('a refund without its payment');
    return z.NEVER;
  });

export type Notification = z.output<typeof notificationSchema>;
