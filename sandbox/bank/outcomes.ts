import type { Bank } from './bank.ts';
import type { Delivery, StoredPayment } from './ledger.ts';
import { announce, authorised, canceled, follow, record, succeeded } from './payments.ts';
import { notify } from './webhooks.ts';

/** What the person may choose on the pay page: the ways a real payment goes, made visible on purpose. */
export const OUTCOMES = ['success', 'decline', 'slow', 'silent', 'lying', 'duplicated'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const SLOW_DELAY = 20_000;
const APART = 700;

/** Plays the outcome for a payment still waiting; one already decided stays as it is. */
export function play(bank: Bank, payment: StoredPayment, outcome: Outcome): void {
  if (payment.object.status !== 'pending' || payment.due?.course !== 'expire') return;
  const { after, news } = PLAYS[outcome](bank, payment);
  record(bank, after, news);
}

interface Play {
  after: StoredPayment;
  news: Delivery[];
}

const PLAYS: Record<Outcome, (bank: Bank, payment: StoredPayment) => Play> = {
  success: (bank, payment) => told(bank, follow(bank, payment, 'success')),
  decline: (bank, payment) => told(bank, follow(bank, payment, 'decline')),
  slow(bank, payment) {
    const at = new Date(bank.schedule.now().getTime() + SLOW_DELAY).toISOString();
    return { after: { ...payment, due: { at, course: 'success' } }, news: [] };
  },
  silent: (bank, payment) => ({ after: follow(bank, payment, 'success'), news: [] }),
  /** The notification says paid, the inquiry says canceled: the inquiry is the truth. */
  lying(bank, payment) {
    const lie = succeeded(payment, bank.schedule.now()).object;
    const after = canceled(payment, { party: 'yoo_money', reason: 'fraud_suspected' });
    return { after, news: notify(bank, payment.shopId, 'payment.succeeded', lie) };
  },
  /** The same news twice, then old news after the new. */
  duplicated(bank, payment) {
    const now = bank.schedule.now();
    const after = succeeded(payment, now);
    const stale = authorised(payment, now).object;
    const again = notify(bank, payment.shopId, 'payment.succeeded', after.object, APART);
    const late = notify(bank, payment.shopId, 'payment.waiting_for_capture', stale, 2 * APART);
    return { after, news: [...announce(bank, after), ...again, ...late] };
  },
};

const told = (bank: Bank, after: StoredPayment): Play => ({ after, news: announce(bank, after) });
