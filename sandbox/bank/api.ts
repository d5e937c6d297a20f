import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from '../http.ts';
import type { Bank, Shop } from './bank.ts';
import { type Answer, type Operation, once } from './idempotence.ts';
import type { Fault } from './ledger.ts';
import { listPayments } from './list.ts';
import { ApiError, createPaymentSchema, createRefundSchema, parseInput } from './objects.ts';
import { announce, canceled, findPayment, newPayment, succeeded } from './payments.ts';
import { findRefund, newRefund } from './refunds.ts';
import { notify } from './webhooks.ts';

interface Call {
  bank: Bank;
  shopId: string;
  body: unknown;
  query: URLSearchParams;
  /** Ids from the path. */
  ids: string[];
}

type Read = (call: Call) => unknown;
type Write = (call: Call) => ReturnType<Operation['perform']>;

const READS: [RegExp, Read][] = [
  [/^\/v3\/payments$/, ({ bank, shopId, query }) => listPayments(bank, shopId, query)],
  [/^\/v3\/payments\/([^/]+)$/, ({ bank, shopId, ids }) => findPayment(bank, shopId, ids[0]!).object],
  [/^\/v3\/refunds\/([^/]+)$/, ({ bank, shopId, ids }) => findRefund(bank, shopId, ids[0]!)],
];
const WRITES: [RegExp, Write][] = [
  [/^\/v3\/payments$/, createPayment],
  [/^\/v3\/payments\/([^/]+)\/capture$/, capturePayment],
  [/^\/v3\/payments\/([^/]+)\/cancel$/, cancelPayment],
  [/^\/v3\/refunds$/, createRefund],
];

/** One request of a shop, from credentials to answer. */
export async function callApi(bank: Bank, request: IncomingMessage, url: URL): Promise<Answer> {
  try {
    const { shopId } = authenticate(bank, request.headers.authorization);
    if (request.method === 'GET') return read(bank, shopId, url);
    if (request.method === 'POST') return await write(bank, shopId, url, request);
    throw new ApiError(405, 'invalid_request', 'Method is not allowed');
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: error.body };
    throw error;
  }
}

function read(bank: Bank, shopId: string, url: URL): Answer {
  for (const [pattern, answer] of READS) {
    const match = pattern.exec(url.pathname);
    if (!match) continue;
    const call = { bank, shopId, body: undefined, query: url.searchParams, ids: match.slice(1) };
    return { status: 200, body: answer(call) };
  }
  throw absent(url, WRITES);
}

async function write(bank: Bank, shopId: string, url: URL, request: IncomingMessage): Promise<Answer> {
  for (const [pattern, perform] of WRITES) {
    const match = pattern.exec(url.pathname);
    if (!match) continue;
    const body = await readJson(request);
    const call = { bank, shopId, body, query: url.searchParams, ids: match.slice(1) };
    const key = request.headers['idempotence-key'];
    return once(bank, shopId, {
      method: 'POST',
      path: url.pathname,
      key: Array.isArray(key) ? key[0] : key,
      body,
      fault: requestedFault(body),
      perform: () => perform(call),
    });
  }
  throw absent(url, READS);
}

/** A known path asked with the wrong method is 405, an unknown one 404. */
const absent = (url: URL, others: [RegExp, unknown][]) =>
  others.some(([pattern]) => pattern.test(url.pathname))
    ? new ApiError(405, 'invalid_request', 'Method is not allowed')
    : new ApiError(404, 'not_found', 'Resource is not found');

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiError(415, 'invalid_request', 'Unsupported content type', 'Content-Type');
  }
  const text = await readBody(request);
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ApiError(400, 'invalid_request', 'The body is not JSON');
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();

function authenticate(bank: Bank, header: string | undefined): Shop {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header ?? '')?.[1];
  const [, shopId = '', secretKey = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  const shop = bank.shops.get(shopId);
  if (!shop || !timingSafeEqual(digest(shop.secretKey), digest(secretKey))) {
    throw new ApiError(401, 'invalid_credentials', 'Login or password is incorrect');
  }
  return shop;
}

/** A payment may ask for its own bad luck: metadata.sandbox = "create-late", "create-500", "create-202", "create-lost". */
function requestedFault(body: unknown): Fault | undefined {
  const wish = (body as { metadata?: { sandbox?: unknown } } | null)?.metadata?.sandbox;
  const fault = typeof wish === 'string' ? /^create-(late|500|202|lost)$/.exec(wish)?.[1] : undefined;
  return fault as Fault | undefined;
}

function createPayment({ bank, shopId, body }: Call) {
  const payment = newPayment(bank, shopId, parseInput(createPaymentSchema, body));
  return { answer: payment.object, change: { payments: [payment] } };
}

function capturePayment({ bank, shopId, ids }: Call) {
  const payment = waitingForCapture(bank, shopId, ids[0]!);
  const after = succeeded(payment, bank.schedule.now());
  return { answer: after.object, change: { payments: [after], deliveries: announce(bank, after) } };
}

/** As at the real acquirer only an authorised payment can be canceled; one not yet paid expires by itself. */
function cancelPayment({ bank, shopId, ids }: Call) {
  const payment = waitingForCapture(bank, shopId, ids[0]!);
  const after = canceled(payment, { party: 'merchant', reason: 'canceled_by_merchant' });
  return { answer: after.object, change: { payments: [after], deliveries: announce(bank, after) } };
}

function waitingForCapture(bank: Bank, shopId: string, id: string) {
  const payment = findPayment(bank, shopId, id);
  if (payment.object.status === 'waiting_for_capture') return payment;
  throw new ApiError(400, 'invalid_request', 'The payment is not in the waiting_for_capture status', 'payment_id');
}

function createRefund({ bank, shopId, body }: Call) {
  const { refund, payment } = newRefund(bank, shopId, parseInput(createRefundSchema, body));
  return {
    answer: refund,
    change: {
      payments: [payment],
      refunds: [{ shopId, object: refund }],
      // Subscriptions know refund.succeeded only: a refund that failed is found by asking.
      deliveries: refund.status === 'succeeded' ? notify(bank, shopId, 'refund.succeeded', refund) : [],
    },
  };
}
