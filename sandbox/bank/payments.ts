import type { Bank } from './bank.ts';
import type { Course, Delivery, StoredPayment } from './ledger.ts';
import {
  ApiError,
  type Cancellation,
  type CreatePayment,
  newObjectId,
  type PaymentObject,
  type PaymentStatus,
  toAmount,
  toKopecks,
} from './objects.ts';
import { deliver, notify } from './webhooks.ts';

/** An unpaid payment dies after an hour, as at the real acquirer. */
const CONFIRMATION_TERM = 60 * 60_000;
/** An authorised payment that nobody captures is given back after seven days. */
const CAPTURE_TERM = 7 * 24 * 60 * 60_000;

/** The new payment, not yet written down. @throws ApiError when the recipients do not add up or are unknown */
export function newPayment(bank: Bank, shopId: string, input: CreatePayment): StoredPayment {
  checkTransfers(bank, input);
  const now = bank.schedule.now();
  const id = newObjectId();
  const object: PaymentObject = {
    id,
    status: 'pending',
    paid: false,
    amount: input.amount,
    confirmation: {
      type: 'redirect',
      confirmation_url: `${bank.url()}/pay/${id}`,
      return_url: input.confirmation.return_url,
    },
    created_at: now.toISOString(),
    ...(input.description !== undefined ? { description: input.description } : {}),
    metadata: input.metadata ?? {},
    recipient: { account_id: shopId, gateway_id: shopId },
    ...(input.transfers
      ? { transfers: input.transfers.map((transfer) => withoutUndefined({ ...transfer, status: 'pending' as const })) }
      : {}),
    refundable: false,
    test: true,
  };
  const expiry = new Date(now.getTime() + CONFIRMATION_TERM).toISOString();
  return { shopId, object, capture: input.capture, due: { at: expiry, course: 'expire' } };
}

function checkTransfers(bank: Bank, { amount, transfers }: CreatePayment): void {
  if (!transfers) return;
  const unknown = transfers.findIndex(({ account_id }) => !bank.shops.has(account_id));
  if (unknown >= 0) {
    throw new ApiError(400, 'invalid_request', 'The store is not found', `transfers[${unknown}].account_id`);
  }
  if (transfers.reduce((total, transfer) => total + toKopecks(transfer.amount), 0n) !== toKopecks(amount)) {
    throw new ApiError(400, 'invalid_request', 'The sum of transfers must equal the payment amount', 'transfers');
  }
}

/** exactOptionalPropertyTypes: a key that is absent and a key that is undefined are not the same. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}

/** @throws ApiError 404 also for another shop's payment: what is not yours is not found */
export function findPayment(bank: Bank, shopId: string, id: string): StoredPayment {
  const payment = bank.ledger.payments.get(id);
  if (payment?.shopId !== shopId) {
    throw new ApiError(404, 'not_found', "Payment doesn't exist or access denied", 'payment_id');
  }
  return payment;
}

/** The payment after the course; a payment already over stays as it is, whatever comes late. */
export function follow(bank: Bank, payment: StoredPayment, course: Course): StoredPayment {
  const { status } = payment.object;
  const at = bank.schedule.now();
  if (status !== 'pending' && !(status === 'waiting_for_capture' && course === 'expire')) return payment;
  switch (course) {
    case 'success':
      return payment.capture ? succeeded(payment, at) : authorised(payment, at);
    case 'decline':
      return canceled(payment, { party: 'payment_network', reason: 'insufficient_funds' });
    case 'expire':
      return canceled(payment, {
        party: 'yoo_money',
        reason: status === 'pending' ? 'expired_on_confirmation' : 'expired_on_capture',
      });
  }
}

export function succeeded({ shopId, object, capture }: StoredPayment, at: Date): StoredPayment {
  const { expires_at: _, ...rest } = object;
  const changed = withStatus(rest, 'succeeded');
  return {
    shopId,
    capture,
    object: {
      ...changed,
      paid: true,
      captured_at: at.toISOString(),
      income_amount: object.amount,
      refunded_amount: toAmount(0n),
      payment_method: CARD(object.id),
      refundable: true,
    },
  };
}

export function authorised({ shopId, object, capture }: StoredPayment, at: Date): StoredPayment {
  const expiry = new Date(at.getTime() + CAPTURE_TERM).toISOString();
  return {
    shopId,
    capture,
    object: {
      ...withStatus(object, 'waiting_for_capture'),
      paid: true,
      expires_at: expiry,
      payment_method: CARD(object.id),
    },
    due: { at: expiry, course: 'expire' },
  };
}

export function canceled({ shopId, object, capture }: StoredPayment, details: Cancellation): StoredPayment {
  const { expires_at: _, ...rest } = object;
  return {
    shopId,
    capture,
    object: { ...withStatus(rest, 'canceled'), paid: false, refundable: false, cancellation_details: details },
  };
}

const CARD = (id: string) => ({
  type: 'bank_card' as const,
  id,
  saved: false as const,
  status: 'inactive' as const,
  title: 'Учебная карта *0000',
});

function withStatus(object: PaymentObject, status: PaymentStatus): PaymentObject {
  return {
    ...object,
    status,
    ...(object.transfers ? { transfers: object.transfers.map((transfer) => ({ ...transfer, status })) } : {}),
  };
}

/** Takes the payment along the course and tells the shop. */
function settle(bank: Bank, payment: StoredPayment, course: Course): void {
  const after = follow(bank, payment, course);
  if (after !== payment) record(bank, after, announce(bank, after));
}

/** The notification of the status the payment now has. */
export const announce = (bank: Bank, { shopId, object }: StoredPayment): Delivery[] =>
  notify(bank, shopId, `payment.${object.status}`, object);

/** Writes the payment down together with what will be told of it, and only then begins to tell. */
export function record(bank: Bank, payment: StoredPayment, deliveries: Delivery[]): void {
  bank.ledger.commit({ payments: [payment], deliveries });
  watch(bank, payment);
  for (const { id } of deliveries) deliver(bank, id);
}

/** Lets what is due happen at its time. What was changed meanwhile has another due, or none. */
export function watch(bank: Bank, payment: StoredPayment): void {
  const { due, object } = payment;
  if (!due) return;
  bank.schedule.at(new Date(due.at), () => {
    const current = bank.ledger.payments.get(object.id);
    if (current?.due && current.due.at === due.at && current.due.course === due.course) {
      settle(bank, current, due.course);
    }
  });
}
