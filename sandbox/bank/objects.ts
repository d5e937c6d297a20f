import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';

/** The objects of YooKassa API v3 as far as a housing cabinet meets them. Sums travel as text: {"value": "123.45"}. */
export const amountSchema = z.strictObject({
  value: z.string().regex(/^\d{1,10}\.\d{2}$/),
  currency: z.literal('RUB'),
});
export type Amount = z.output<typeof amountSchema>;

export const toKopecks = ({ value }: Amount): bigint => BigInt(value.replace('.', ''));
export const toAmount = (kopecks: bigint): Amount => ({
  value: `${kopecks / 100n}.${(kopecks % 100n).toString().padStart(2, '0')}`,
  currency: 'RUB',
});
const positiveAmount = amountSchema.refine((amount) => toKopecks(amount) > 0n, 'must be positive');

const metadataSchema = z
  .record(z.string().max(32), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= 16, 'at most 16 keys');

export const createPaymentSchema = z.object({
  amount: positiveAmount,
  confirmation: z.object({ type: z.literal('redirect'), return_url: z.url({ protocol: /^https?$/ }).max(2048) }),
  capture: z.boolean().default(false),
  description: z.string().max(128).optional(),
  metadata: metadataSchema.optional(),
  transfers: z
    .array(
      z.object({
        account_id: z.string().min(1),
        amount: positiveAmount,
        description: z.string().max(128).optional(),
        metadata: metadataSchema.optional(),
      }),
    )
    .min(1)
    .optional(),
});
export type CreatePayment = z.output<typeof createPaymentSchema>;

export const createRefundSchema = z.object({
  payment_id: z.string().min(1),
  amount: positiveAmount,
  description: z.string().max(250).optional(),
  metadata: metadataSchema.optional(),
});

export type PaymentStatus = 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';

export interface Cancellation {
  party: 'merchant' | 'yoo_money' | 'payment_network';
  reason: string;
}

export interface PaymentObject {
  id: string;
  status: PaymentStatus;
  paid: boolean;
  amount: Amount;
  refunded_amount?: Amount;
  income_amount?: Amount;
  confirmation?: { type: 'redirect'; confirmation_url: string; return_url: string };
  created_at: string;
  captured_at?: string;
  expires_at?: string;
  description?: string;
  metadata: Record<string, string>;
  recipient: { account_id: string; gateway_id: string };
  payment_method?: { type: 'bank_card'; id: string; saved: false; status: 'inactive'; title: string };
  cancellation_details?: Cancellation;
  transfers?: {
    account_id: string;
    amount: Amount;
    status: PaymentStatus;
    description?: string;
    metadata?: Record<string, string>;
  }[];
  refundable: boolean;
  test: true;
}

export interface RefundObject {
  id: string;
  payment_id: string;
  status: 'succeeded' | 'canceled';
  amount: Amount;
  created_at: string;
  description?: string;
  metadata?: Record<string, string>;
  cancellation_details?: Cancellation;
}

/** Looks like theirs: 36 characters with dashes. */
export const newObjectId = (): string => {
  const tail = randomBytes(10).toString('hex');
  return `${tail.slice(0, 8)}-000f-5000-8000-${tail.slice(8)}`;
};

export interface ErrorObject {
  type: 'error';
  id: string;
  code: 'invalid_request' | 'invalid_credentials' | 'forbidden' | 'not_found' | 'internal_server_error';
  description: string;
  parameter?: string;
}

/** An answer that is not an object of the API: thrown inside, sent as the error object. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorObject;

  constructor(status: number, code: ErrorObject['code'], description: string, parameter?: string) {
    super(description);
    this.status = status;
    this.body = { type: 'error', id: randomUUID(), code, description, ...(parameter ? { parameter } : {}) };
  }
}

/** The first thing wrong with the input, named the way the API names it: `transfers[0].amount.value`. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const parameter = issue.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key)),
    '',
  );
  throw new ApiError(
    400,
    'invalid_request',
    `Parameter is missing or has an unsupported value: ${issue.message}`,
    parameter,
  );
}
