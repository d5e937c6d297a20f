import { type Journal, openJournal } from './journal.ts';
import type { PaymentObject, RefundObject } from './objects.ts';

/** How a payment goes once the person pressed a button, or will go when nobody does. */
export type Course = 'success' | 'decline' | 'expire';

export interface StoredPayment {
  shopId: string;
  object: PaymentObject;
  /** One stage: paid money is taken at once. */
  capture: boolean;
  /** What happens by itself, and when: survives a restart. */
  due?: { at: string; course: Course };
}

export interface StoredAnswer {
  shopId: string;
  key: string;
  /** Of method, path and body. */
  fingerprint: string;
  at: string;
  status: number;
  body: unknown;
}

export interface Delivery {
  id: string;
  shopId: string;
  body: { type: 'notification'; event: string; object: unknown };
  attempts: number;
  /** Null: over, delivered or given up. */
  nextAt: string | null;
  result?: 'delivered' | 'abandoned';
}

/** How the next POSTs of a shop go wrong; see control.ts. */
export type Fault = 'late' | '500' | '202' | 'lost';
export interface ShopMood {
  shopId: string;
  fault: Fault | null;
  /** How many more new operations it spoils; null: until switched off. */
  times: number | null;
  refunds: 'succeed' | 'decline';
}

/** One line of the journal: everything one request or event changed, all of it or nothing. Values replace earlier ones. */
export interface Change {
  payments?: StoredPayment[];
  refunds?: { shopId: string; object: RefundObject }[];
  answers?: StoredAnswer[];
  deliveries?: Delivery[];
  moods?: ShopMood[];
}

export interface Ledger {
  payments: ReadonlyMap<string, StoredPayment>;
  refunds: ReadonlyMap<string, { shopId: string; object: RefundObject }>;
  answers: ReadonlyMap<string, StoredAnswer>;
  deliveries: ReadonlyMap<string, Delivery>;
  moods: ReadonlyMap<string, ShopMood>;
  /** Writes the change down, then makes it visible. */
  commit(change: Change): void;
  close(): void;
}

export const answerKey = (shopId: string, key: string): string => `${shopId}\n${key}`;

export function openLedger(path: string): Ledger {
  const payments = new Map<string, StoredPayment>();
  const refunds = new Map<string, { shopId: string; object: RefundObject }>();
  const answers = new Map<string, StoredAnswer>();
  const deliveries = new Map<string, Delivery>();
  const moods = new Map<string, ShopMood>();
  const apply = (change: Change) => {
    for (const payment of change.payments ?? []) payments.set(payment.object.id, payment);
    for (const refund of change.refunds ?? []) refunds.set(refund.object.id, refund);
    for (const answer of change.answers ?? []) answers.set(answerKey(answer.shopId, answer.key), answer);
    for (const delivery of change.deliveries ?? []) deliveries.set(delivery.id, delivery);
    for (const mood of change.moods ?? []) moods.set(mood.shopId, mood);
  };
  const journal: Journal<Change> = openJournal(path, apply);
  return {
    payments,
    refunds,
    answers,
    deliveries,
    moods,
    commit(change) {
      journal.append(change);
      apply(change);
    },
    close: () => journal.close(),
  };
}
