import { describe, expect, it } from 'vitest';
import { kopecks } from '../../platform/money.ts';
import { describePayment, type OrderItem, planOrder, type TakingShop } from './order.ts';
import { maskAddress } from './payables.ts';
import { assertMove, isOpen, judge, mayMove, nextCheck, type PaymentState, TRANSITIONS } from './payment.ts';
import { checkSums } from './start-payment.ts';
import type { AcquirerPayment } from './yookassa.ts';

const STATES = Object.keys(TRANSITIONS) as PaymentState[];

describe('the table of transitions', () => {
  it('refuses what it does not hold', () => {
    expect(() => assertMove('new', 'succeeded', 'payer')).toThrow();
    expect(() => assertMove('awaiting_payer', 'succeeded', 'payer')).toThrow();
    expect(() => assertMove('succeeded', 'abandoned', 'clock')).toThrow();
    expect(() => assertMove('refunded', 'succeeded', 'acquirer')).toThrow();
  });

  it('lets only the acquirer and a person say that money came', () => {
    for (const from of STATES)
      for (const cause of ['payer', 'clock'] as const) expect(mayMove(from, 'succeeded', cause)).toBe(false);
  });

  it('leads every unfinished state to an end', () => {
    const reaches = (from: PaymentState, seen: PaymentState[] = []): boolean =>
      !isOpen(from) ||
      (Object.keys(TRANSITIONS[from]) as PaymentState[]).some(
        (to) => !seen.includes(to) && reaches(to, [...seen, from]),
      );
    for (const state of STATES) expect(reaches(state)).toBe(true);
  });
});

const seen = (changes: Partial<AcquirerPayment> = {}): AcquirerPayment => ({
  id: 'e1',
  status: 'succeeded',
  paid: true,
  amount: kopecks(100_00),
  refunded: kopecks(0),
  createdAt: new Date(0),
  capturedAt: new Date(0),
  description: null,
  metadata: { payment_id: 'p1' },
  confirmationUrl: null,
  transfers: [],
  cancellation: null,
  test: true,
  ...changes,
});
const ours = (state: PaymentState) => ({ paymentId: 'p1', state, amount: kopecks(100_00) });
const canceled = (reason: string) => seen({ status: 'canceled', cancellation: { party: 'yoo_money', reason } });

describe('what follows from the answer of the acquirer', () => {
  it('another sum or another payment goes to a person', () => {
    expect(judge(ours('awaiting_payer'), seen({ amount: kopecks(99_99) }))).toMatchObject({
      reason: 'mismatch',
      move: true,
    });
    expect(judge(ours('awaiting_payer'), seen({ metadata: {} }))).toMatchObject({ reason: 'mismatch' });
    expect(judge(ours('succeeded'), seen({ amount: kopecks(1) }))).toMatchObject({ reason: 'mismatch', move: false });
  });

  it('paid, refused, not paid in time, still open', () => {
    expect(judge(ours('awaiting_payer'), seen())).toMatchObject({ to: 'succeeded' });
    expect(judge(ours('awaiting_payer'), canceled('insufficient_funds'))).toMatchObject({ to: 'declined' });
    expect(judge(ours('awaiting_payer'), canceled('expired_on_confirmation'))).toMatchObject({ to: 'abandoned' });
    expect(judge(ours('awaiting_payer'), seen({ status: 'pending', paid: false }))).toEqual({ kind: 'wait' });
    expect(judge(ours('awaiting_payer'), seen({ status: 'waiting_for_capture' }))).toEqual({ kind: 'wait' });
  });

  it('after the end: a refund undoes, a part of it and a change of mind are asked about', () => {
    expect(judge(ours('succeeded'), seen())).toEqual({ kind: 'wait' });
    expect(judge(ours('succeeded'), seen({ refunded: kopecks(100_00) }))).toMatchObject({ to: 'refunded' });
    expect(judge(ours('succeeded'), seen({ refunded: kopecks(1) }))).toMatchObject({ reason: 'partly_refunded' });
    expect(judge(ours('succeeded'), canceled('x'))).toMatchObject({ reason: 'canceled_after_success', move: false });
    expect(judge(ours('declined'), seen())).toMatchObject({ reason: 'succeeded_after_end', move: true });
    expect(judge(ours('abandoned'), canceled('x'))).toEqual({ kind: 'wait' });
  });
});

it('looks less and less often, and as late as it is asked to', () => {
  const now = new Date(0);
  expect(nextCheck(now, 0).getTime()).toBe(5_000);
  expect(nextCheck(now, 100).getTime()).toBe(3_600_000);
  expect(nextCheck(now, 0, 120).getTime()).toBe(120_000);
  expect(nextCheck(now, 0, 1_000_000).getTime()).toBe(3_600_000);
});

const item = (changes: Record<string, unknown> = {}) =>
  ({ recipientId: 'a', splitAccount: null, amount: kopecks(1_00), accountNumber: '1', ...changes }) as OrderItem;
const shopOf = (organisationId: string) => ({ organisationId, shopId: `shop-${organisationId}` }) as TakingShop;
const own = (...ids: string[]) => new Map(ids.map((id) => [id as never, shopOf(id)]));

describe('how an order is paid', () => {
  it('names recipients that take no payments', () => {
    const plan = planOrder([item(), item({ recipientId: 'b' })], { split: null, own: own('a') });
    expect(plan).toEqual({ kind: 'unpayable', recipients: new Set(['b']) });
  });

  it('in one payment when the operator can pay everybody', () => {
    const items = [item({ splitAccount: '1' }), item({ recipientId: 'b', splitAccount: '2' })];
    const plan = planOrder(items, { split: shopOf('op'), own: own('a', 'b') });
    expect(plan).toMatchObject({ mode: 'split', payments: [{ shop: shopOf('op'), items }] });
  });

  it('in steps otherwise, a payment a shop, and own shops need no transfers', () => {
    const items = [item({ splitAccount: '1' }), item({ recipientId: 'b' }), item({ splitAccount: '1' })];
    const plan = planOrder(items, { split: shopOf('op'), own: own('a', 'b') });
    expect(plan).toMatchObject({
      mode: 'steps',
      payments: [
        { shop: shopOf('a'), items: [{ splitAccount: null }, { splitAccount: null }] },
        { shop: shopOf('b'), items: [{}] },
      ],
    });
  });

  it('is described without names, within the acquirer’s length', () => {
    expect(describePayment([item(), item()])).toBe('Оплата ЖКУ, лицевой счёт 1');
    const many = Array.from({ length: 30 }, (_, index) => item({ accountNumber: `10000000${index}` }));
    expect(describePayment(many).length).toBe(128);
  });
});

it('checks sums all at once', () => {
  const sum = (accountId: string, amount: bigint) => ({ accountId, requisiteId: 'r', amount }) as never;
  expect(checkSums([])).toHaveLength(1);
  expect(checkSums([sum('a', 0n), sum('b', 99n), sum('c', 100_000_001n), sum('d', 100n), sum('d', 200n)])).toEqual([
    { field: 'sum.a.r', message: 'Укажите сумму не меньше 1 рубля' },
    { field: 'sum.b.r', message: 'Укажите сумму не меньше 1 рубля' },
    { field: 'sum.c.r', message: 'Одним платежом можно оплатить не больше 1 000 000 рублей' },
    { field: 'sum.d.r', message: 'Этот счёт выбран дважды' },
  ]);
});

it('masks every number of an address', () => {
  expect(maskAddress('ул. 8 Марта, д. 12А, кв.\u00a07')).toBe('ул. •• Марта, д. ••, кв.\u00a0••');
});
