import type { z } from 'zod';
import type { Kopecks } from '../../platform/money.ts';
import { type AcquirerOutcome, readAnswer, unknown } from './yookassa-outcome.ts';
import {
  type AcquirerPayment,
  type AcquirerRefund,
  paymentListSchema,
  paymentSchema,
  refundSchema,
  wireAmount,
} from './yookassa-protocol.ts';

export { type AcquirerOutcome, cancellationSentence, type UnknownReason } from './yookassa-outcome.ts';
export {
  type AcquirerPayment,
  type AcquirerRefund,
  type Notification,
  notificationSchema,
} from './yookassa-protocol.ts';

export interface YooKassaSettings {
  /** With the version: `https://api.yookassa.ru/v3`. */
  apiUrl: string;
  shopId: string;
  secretKey: string;
  /** For one request. The acquirer answers within 30 seconds or with HTTP 500. */
  timeoutMs: number;
  fetch?: typeof globalThis.fetch;
}

export interface NewPayment {
  amount: Kopecks;
  /** Where the payer comes back to, whatever happened: coming back proves nothing. */
  returnUrl: string;
  /** At most 128 characters. */
  description: string;
  /** At most 16 entries, keys up to 32 characters, values up to 512. */
  metadata: Record<string, string>;
  /** Split payment («сплитование»): who gets what; the sums add up to `amount`. Not available for СБП. */
  transfers?: { accountId: string; amount: Kopecks; description?: string }[];
  /** False: the money is only held until `capturePayment`. */
  capture?: boolean;
}

export interface YooKassa {
  createPayment(input: NewPayment, idempotenceKey: string): Promise<AcquirerOutcome<AcquirerPayment>>;
  getPayment(id: string): Promise<AcquirerOutcome<AcquirerPayment>>;
  capturePayment(id: string, idempotenceKey: string): Promise<AcquirerOutcome<AcquirerPayment>>;
  /** Only a held payment can be canceled; one nobody paid expires by itself after an hour. */
  cancelPayment(id: string, idempotenceKey: string): Promise<AcquirerOutcome<AcquirerPayment>>;
  /** The refund may come back as canceled: the outcome "accepted" says only that the acquirer took it up. */
  createRefund(input: NewRefund, idempotenceKey: string): Promise<AcquirerOutcome<AcquirerRefund>>;
  getRefund(id: string): Promise<AcquirerOutcome<AcquirerRefund>>;
  /** All payments of the shop created from `createdFrom` (included) to `createdTo` (excluded), newest first. */
  findPayments(range: { createdFrom: Date; createdTo: Date }): Promise<AcquirerOutcome<AcquirerPayment[]>>;
}

export interface NewRefund {
  paymentId: string;
  /** A part or the whole of what is left. */
  amount: Kopecks;
  description?: string;
}

/** The acquirer for one shop. Never throws for what the network or the acquirer does: see AcquirerOutcome. */
export function createYooKassa(settings: YooKassaSettings): YooKassa {
  const call = caller(settings);
  return {
    createPayment: (input, key) => call('POST', 'payments', paymentSchema, { key, body: wirePayment(input) }),
    getPayment: (id) => call('GET', `payments/${encodeURIComponent(id)}`, paymentSchema),
    capturePayment: (id, key) =>
      call('POST', `payments/${encodeURIComponent(id)}/capture`, paymentSchema, { key, body: {} }),
    cancelPayment: (id, key) =>
      call('POST', `payments/${encodeURIComponent(id)}/cancel`, paymentSchema, { key, body: {} }),
    createRefund: ({ paymentId, amount, description }, key) =>
      call('POST', 'refunds', refundSchema, {
        key,
        body: { payment_id: paymentId, amount: wireAmount(amount), ...(description ? { description } : {}) },
      }),
    getRefund: (id) => call('GET', `refunds/${encodeURIComponent(id)}`, refundSchema),
    findPayments: (range) => findPayments(call, range),
  };
}

function wirePayment({ amount, returnUrl, description, metadata, transfers, capture = true }: NewPayment) {
  return {
    amount: wireAmount(amount),
    capture,
    confirmation: { type: 'redirect', return_url: returnUrl },
    description,
    metadata,
    ...(transfers
      ? {
          transfers: transfers.map((transfer) => ({
            account_id: transfer.accountId,
            amount: wireAmount(transfer.amount),
            ...(transfer.description ? { description: transfer.description } : {}),
          })),
        }
      : {}),
  };
}

const PAGE_SIZE = 100;
/** 100,000 payments in one range: past it the range is wrong, or the cursor runs in a circle. */
const MOST_PAGES = 1000;

async function findPayments(
  call: Call,
  { createdFrom, createdTo }: { createdFrom: Date; createdTo: Date },
): Promise<AcquirerOutcome<AcquirerPayment[]>> {
  const found: AcquirerPayment[] = [];
  const query = new URLSearchParams({
    'created_at.gte': createdFrom.toISOString(),
    'created_at.lt': createdTo.toISOString(),
    limit: String(PAGE_SIZE),
  });
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call('GET', `payments?${query}`, paymentListSchema);
    if (answer.kind !== 'accepted') return answer;
    found.push(...answer.value.items);
    if (!answer.value.next_cursor) return { kind: 'accepted', value: found };
    query.set('cursor', answer.value.next_cursor);
  }
  return unknown('unreadable', 'the list of payments does not end');
}

type Call = ReturnType<typeof caller>;

function caller(settings: YooKassaSettings) {
  const { apiUrl, shopId, secretKey, timeoutMs, fetch = globalThis.fetch } = settings;
  const root = apiUrl.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;
  return async <T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    write?: { key: string; body: unknown },
  ): Promise<AcquirerOutcome<T>> => {
    try {
      const response = await fetch(`${root}/${path}`, {
        method,
        headers: {
          authorization,
          accept: 'application/json',
          ...(write ? { 'content-type': 'application/json', 'idempotence-key': write.key } : {}),
        },
        ...(write ? { body: JSON.stringify(write.body) } : {}),
        // Credentials must not follow a redirect, and the protocol knows none.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return readAnswer(response.status, response.headers.get('retry-after'), await readJson(response), schema);
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      return timedOut
        ? unknown('timeout', `no answer in ${timeoutMs} ms`)
        : unknown('network', error instanceof Error ? `${error.name}: ${networkCode(error)}` : 'no connection');
    }
  };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The system's code only: messages may carry addresses with credentials. */
function networkCode(error: Error): string {
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'no connection';
}
