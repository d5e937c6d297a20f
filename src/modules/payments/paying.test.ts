import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildShare } from '../../../tests/support/rows.ts';
import type { SignedIn } from '../../platform/access.ts';
import { newId, type OrderId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { findImbalances, readAccountsOwed } from '../billing/index.ts';
import { beginPayment } from './begin-payment.ts';
import { createAtAcquirer } from './create-at-acquirer.ts';
import { inquirePayment } from './inquire-payment.ts';
import { sweepPayments } from './jobs.ts';
import { DAY, HOUR } from './payment.ts';
import { postPart, postPayment } from './post-payment.ts';
import { selectParts } from './queries/orders.ts';
import { receiveNotification } from './receive-notification.ts';
import { repeatPayment } from './repeat-payment.ts';
import { startAnyPayment, startPayment } from './start-payment.ts';
import {
  buildDebt,
  buildRecipient,
  buildResident,
  buildShop,
  keyOf,
  openWorld,
  pay,
  type Recipient,
  readTruth,
  runJobs,
  type World,
} from './test-rows.ts';

let world: World;
let light: Recipient;
let water: Recipient;

beforeAll(async () => {
  world = await openWorld();
  light = await buildRecipient(world, { shopId: '100' });
  water = await buildRecipient(world, { shopId: '200' });
});
afterAll(() => world.close());

const wish = (...sums: ReturnType<typeof pay>[]) => ({ key: newId(), sums, period: null });

/** A resident with an order of one payment that has begun. */
async function begun(amount = 500_00) {
  const anna = await buildResident(world, light);
  const { orderId } = await startPayment(world.context, anna, wish(pay(light, amount)));
  const { payments } = await readTruth(world, anna.personId);
  const url = await beginPayment(world.context, anna, { orderId, paymentId: payments[0]!.payment_id });
  return { anna, orderId, key: keyOf(payments[0]!), url };
}
const first = async (person: SignedIn) => (await readTruth(world, person.personId)).payments[0]!;
const owed = async ({ houseId, accountId }: Recipient) =>
  (await readAccountsOwed(world.context.db, [{ houseId, accountId }], world.context.now))[0]!.owed;

describe('a shared account', () => {
  it('is paid for with that right alone, and its owner reads who began to pay', async () => {
    const { context } = world;
    const anna = await buildResident(world, light);
    const helper = await buildResident(world);
    await buildShare(context, {
      ownerId: anna.personId,
      accountId: light.accountId,
      helperId: helper.personId,
      rights: ['see'],
    });
    await expect(startPayment(context, helper, wish(pay(light, 500_00)))).rejects.toMatchObject({ status: 422 });
    await context.db
      .updateTable('account_link')
      .set({ rights: ['see', 'pay'] })
      .where('person_id', '=', helper.personId)
      .execute();
    const { orderId } = await startPayment(context, helper, wish(pay(light, 500_00)));
    const uses = await context.db.selectFrom('share_use').selectAll().where('person_id', '=', anna.personId).execute();
    expect(uses).toMatchObject([{ kind: 'payment', thing_id: orderId, what: '500,00\u00a0₽' }]);
  });
});

describe('refusals', () => {
  it('nobody, a clerk, somebody else’s account, nothing, too little, twice the same account', async () => {
    const anna = await buildResident(world, light);
    const { context } = world;
    await expect(startPayment(context, { kind: 'anonymous' }, wish(pay(light, 100)))).rejects.toMatchObject({
      status: 401,
    });
    const clerk = {
      ...anna,
      acting: {
        organisationId: light.organisationId,
        name: '',
        role: 'clerk' as const,
        powers: ['1'],
        houses: null,
        through: null,
      },
    };
    await expect(startPayment(context, clerk, wish(pay(light, 100)))).rejects.toMatchObject({ status: 403 });
    await expect(startPayment(context, anna, wish(pay(water, 100_00)))).rejects.toMatchObject({ status: 422 });
    await expect(startPayment(context, anna, wish())).rejects.toMatchObject({ fields: [{ field: 'choose' }] });
    await expect(startPayment(context, anna, wish(pay(light, 99), pay(light, 100)))).rejects.toMatchObject({
      status: 422,
    });
    const foreign = { ...pay(light, 100_00), requisiteId: water.requisiteId };
    await expect(startPayment(context, anna, wish(foreign))).rejects.toMatchObject({ status: 422 });
    expect((await readTruth(world, anna.personId)).payments).toEqual([]);
  });

  it('a recipient without a shop says what to do', async () => {
    const shopless = await buildRecipient(world);
    const anna = await buildResident(world, shopless);
    await expect(startPayment(world.context, anna, wish(pay(shopless, 100_00)))).rejects.toMatchObject({
      fields: [{ message: expect.stringContaining('по реквизитам') }],
    });
  });

  it('another person’s order is not found', async () => {
    const { orderId, key } = await begun();
    const boris = await buildResident(world, light);
    const ids = { orderId, paymentId: key.paymentId };
    await expect(beginPayment(world.context, boris, ids)).rejects.toMatchObject({ status: 404 });
    await expect(repeatPayment(world.context, boris, ids)).rejects.toMatchObject({ status: 404 });
    await expect(beginPayment(world.context, { kind: 'anonymous' }, ids)).rejects.toMatchObject({ status: 401 });
  });

  it('a payment that has not failed is not repeated', async () => {
    const { anna, orderId, key } = await begun();
    await expect(repeatPayment(world.context, anna, { orderId, paymentId: key.paymentId })).rejects.toMatchObject({
      status: 409,
    });
  });
});

describe('the ways a payment goes', () => {
  it('success: one receipt, the debt is less, one letter', async () => {
    const debtor = await buildRecipient(world);
    await buildShop(world, debtor.organisationId, '100', 'own');
    await buildDebt(world, debtor, 700_00);
    const anna = await buildResident(world, debtor);
    await startPayment(world.context, anna, wish(pay(debtor, 500_00)));
    const { payment_id: paymentId, order_id: orderId } = await first(anna);
    const url = await beginPayment(world.context, anna, { orderId, paymentId });
    expect(url).toContain('/pay/');
    await world.choose((await first(anna)).external_id!, 'success');
    await inquirePayment(world.context, { personId: anna.personId, paymentId });
    await runJobs(world);
    const truth = await readTruth(world, anna.personId);
    expect(truth.states).toEqual(['succeeded']);
    expect(truth.payments[0]).toMatchObject({ posted_at: world.context.now, next_check_at: null });
    expect(truth.receipts).toMatchObject([{ amount: 500_00n }]);
    expect(truth.letters).toEqual(['Оплачено 500,00\u00a0₽']);
    expect(await owed(debtor)).toBe(200_00n);
    expect(await findImbalances(world.context.db, debtor.houseId)).toEqual([]);
  });

  it('decline: no receipt, and the same can be tried again', async () => {
    const { anna, orderId, key } = await begun();
    await world.choose((await first(anna)).external_id!, 'decline');
    await inquirePayment(world.context, key);
    const ids = { orderId, paymentId: key.paymentId };
    const again = await repeatPayment(world.context, anna, ids);
    expect(await repeatPayment(world.context, anna, ids)).toBe(again);
    expect(await readTruth(world, anna.personId)).toMatchObject({
      states: ['declined', 'new'],
      receipts: [],
      payments: [{ refusal: expect.stringContaining('не хватает денег'), replaced_by: again }, {}],
      letters: ['Платёж не прошёл'],
    });
    expect(await beginPayment(world.context, anna, { orderId, paymentId: again })).toContain('/pay/');
  });

  it('slow: waits, looks less and less often, then succeeds', async () => {
    const { anna, key } = await begun();
    await world.choose((await first(anna)).external_id!, 'slow');
    await inquirePayment(world.context, key);
    expect(await first(anna)).toMatchObject({ state: 'awaiting_payer', checks: 1 });
    await world.advance(25_000);
    await runJobs(world);
    expect(await readTruth(world, anna.personId)).toMatchObject({ states: ['succeeded'], receipts: [{}] });
  });

  it('silent: no notification comes, the sweep alone finds it', async () => {
    const { anna } = await begun();
    await world.choose((await first(anna)).external_id!, 'silent');
    await world.advance(HOUR);
    const { db } = world.context;
    await db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    expect(await sweepPayments(world.context)).toBeGreaterThan(0);
    await runJobs(world);
    expect(await readTruth(world, anna.personId)).toMatchObject({ states: ['succeeded'], receipts: [{}] });
  });

  it('lying: the notification says paid, the inquiry says canceled', async () => {
    const { anna } = await begun();
    const id = (await first(anna)).external_id!;
    await world.choose(id, 'lying');
    const body = { type: 'notification', event: 'payment.succeeded', object: { id, status: 'succeeded' } };
    expect(await receiveNotification(world.context, { shopId: '100', body })).toBe('asked');
    await runJobs(world);
    expect(await readTruth(world, anna.personId)).toMatchObject({ states: ['declined'], receipts: [] });
  });

  it('nobody pays: abandoned after an hour, the step that nobody began after a day', async () => {
    const { anna } = await begun();
    const lazy = await buildResident(world, light);
    await startPayment(world.context, lazy, wish(pay(light, 100_00)));
    await world.advance(HOUR + 60_000);
    await runJobs(world);
    expect((await first(anna)).state).toBe('abandoned');
    expect((await first(lazy)).state).toBe('new');
    await world.advance(DAY);
    await sweepPayments(world.context);
    await runJobs(world);
    expect((await first(lazy)).state).toBe('abandoned');
  });

  it('a refund opens the debt again; a part of it is asked about', async () => {
    const { anna, key } = await begun(300_00);
    const id = (await first(anna)).external_id!;
    await world.choose(id, 'success');
    await inquirePayment(world.context, key);
    await runJobs(world);
    const refund = async (value: string, name: string) =>
      fetch(`${world.bank.url}/v3/refunds`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from('100:secret-of-the-shop').toString('base64')}`,
          'content-type': 'application/json',
          'idempotence-key': name,
        },
        body: JSON.stringify({ payment_id: id, amount: { value, currency: 'RUB' } }),
      });
    const body = { type: 'notification', event: 'refund.succeeded', object: { id: 'r', payment_id: id } };
    await refund('100.00', `${id}-1`);
    await receiveNotification(world.context, { shopId: '100', body });
    await receiveNotification(world.context, { shopId: '100', body });
    await runJobs(world);
    const questions = await world.context.db
      .selectFrom('payment_question')
      .select('reason')
      .where('payment_id', '=', key.paymentId)
      .execute();
    expect(questions).toEqual([{ reason: 'partly_refunded' }]);
    expect((await readTruth(world, anna.personId)).receipts).toMatchObject([{ reversed_at: null }]);
    await refund('200.00', `${id}-2`);
    await receiveNotification(world.context, { shopId: '100', body });
    await runJobs(world);
    const truth = await readTruth(world, anna.personId);
    expect(truth).toMatchObject({ states: ['refunded'], receipts: [{ reversed_at: world.context.now }] });
    expect(truth.letters[1]).toContain('Возвращено');
    expect(await findImbalances(world.context.db, light.houseId)).toEqual([]);
  });
});

describe('the create request without a clear answer', () => {
  it('late: the page shows the waiting, the job repeats the key, one payment exists', async () => {
    const anna = await buildResident(world, light);
    const { orderId } = await startPayment(world.context, anna, wish(pay(light, 100_00)));
    const paymentId = (await first(anna)).payment_id;
    await world.spoil('100', { fault: '500', times: 1 });
    expect(await beginPayment(world.context, anna, { orderId, paymentId })).toBeNull();
    expect(await first(anna)).toMatchObject({ state: 'creating', external_id: null });
    await world.advance(60_000);
    await runJobs(world);
    expect((await first(anna)).state).toBe('awaiting_payer');
    expect(await beginPayment(world.context, anna, { orderId, paymentId })).toContain('/pay/');
  });

  it('no answer in time: stored at the bank, repeated under the key when the answer is over', async () => {
    const anna = await buildResident(world, light);
    const { orderId } = await startPayment(world.context, anna, wish(pay(light, 100_00)));
    const key = keyOf(await first(anna));
    await world.spoil('100', { fault: 'lost', times: 1 });
    await beginPayment(world.context, anna, { orderId, paymentId: key.paymentId });
    await world.advance(60_000);
    await world.spoil('100', { fault: 'late', times: 1 });
    await createAtAcquirer(world.context, key, 200);
    expect((await first(anna)).state).toBe('creating');
    await createAtAcquirer(world.context, key, 200);
    await world.advance(60_000);
    await runJobs(world);
    expect((await first(anna)).state).toBe('awaiting_payer');
  });

  it('two at once: the acquirer is asked by one of them', async () => {
    const anna = await buildResident(world, light);
    const { orderId } = await startPayment(world.context, anna, wish(pay(light, 100_00)));
    const paymentId = (await first(anna)).payment_id;
    const ids = { orderId, paymentId };
    await Promise.all(Array.from({ length: 5 }, () => beginPayment(world.context, anna, ids)));
    expect((await first(anna)).state).toBe('awaiting_payer');
    expect(await beginPayment(world.context, anna, ids)).toContain('/pay/');
  });

  it('past the life of the key the list is asked: found there, or a person decides', async () => {
    for (const [fault, expected] of [
      ['500', 'awaiting_payer'],
      ['lost', 'needs_person'],
    ] as const) {
      const anna = await buildResident(world, light);
      const { orderId } = await startPayment(world.context, anna, wish(pay(light, 100_00)));
      const paymentId = (await first(anna)).payment_id;
      await world.spoil('100', { fault, times: 1 });
      await beginPayment(world.context, anna, { orderId, paymentId });
      await world.advance(DAY);
      await createAtAcquirer(world.context, { personId: anna.personId, paymentId }, 5_000);
      expect((await first(anna)).state).toBe(expected);
    }
    await runJobs(world);
  });

  it('refused: says so and takes nothing', async () => {
    const stranger = await buildRecipient(world, { shopId: 'unknown-to-the-bank' });
    const anna = await buildResident(world, stranger);
    const { orderId } = await startPayment(world.context, anna, wish(pay(stranger, 100_00)));
    const paymentId = (await first(anna)).payment_id;
    expect(await beginPayment(world.context, anna, { orderId, paymentId })).toBeNull();
    expect(await first(anna)).toMatchObject({ state: 'declined', refusal: expect.stringContaining('не настроен') });
  });
});

describe('once and only once', () => {
  it('the same form twice makes one order; another form under its key is refused', async () => {
    const anna = await buildResident(world, light);
    const form = wish(pay(light, 100_00));
    const [one, two] = await Promise.all([
      startPayment(world.context, anna, form),
      startPayment(world.context, anna, form),
    ]);
    expect(one).toEqual(two);
    expect((await readTruth(world, anna.personId)).payments).toHaveLength(1);
    await expect(startPayment(world.context, anna, { ...form, sums: [pay(light, 200_00)] })).rejects.toMatchObject({
      status: 409,
    });
  });

  it('ten notifications at once and everything at once: one receipt, one letter', async () => {
    const { anna, key } = await begun();
    const id = (await first(anna)).external_id!;
    await world.choose(id, 'duplicated');
    const body = { type: 'notification', event: 'payment.succeeded', object: { id } };
    await Promise.all(Array.from({ length: 10 }, () => receiveNotification(world.context, { shopId: '100', body })));
    await Promise.all(Array.from({ length: 10 }, () => inquirePayment(world.context, key)));
    await Promise.all(Array.from({ length: 10 }, () => postPayment(world.context, key)));
    await receiveNotification(world.context, {
      shopId: '100',
      body: { ...body, event: 'payment.waiting_for_capture' },
    });
    await runJobs(world);
    const truth = await readTruth(world, anna.personId);
    expect(truth).toMatchObject({ states: ['succeeded'], receipts: [{ amount: 500_00n }] });
    expect(truth.receipts).toHaveLength(1);
    expect(truth.letters).toHaveLength(1);
  });

  it('notifications about nothing of ours are passed over', async () => {
    const { context } = world;
    const about = (object: unknown) => ({ type: 'notification', event: 'payment.succeeded', object });
    for (const body of [null, 'text', {}, about({}), about({ id: 'unknown' })])
      expect(await receiveNotification(context, { shopId: '100', body })).toBe('ignored');
    const { anna } = await begun();
    const body = about({ id: (await first(anna)).external_id });
    expect(await receiveNotification(context, { shopId: '200', body })).toBe('ignored');
  });
});

describe('killed between two statements, then swept', () => {
  it('after the asking is written down, before the acquirer is asked', async () => {
    const { anna } = await begun();
    const key = keyOf(await first(anna));
    await world.context.db
      .updateTable('payment')
      .set({
        state: 'creating',
        external_id: null,
        confirmation_url: null,
        lease_until: new Date(world.context.now.getTime() + 11_000),
      })
      .where('payment_id', '=', key.paymentId)
      .where('person_id', '=', key.personId)
      .execute();
    await world.context.db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    await world.advance(5 * 60_000);
    await sweepPayments(world.context);
    await runJobs(world);
    expect((await first(anna)).state).toBe('awaiting_payer');
  });

  it('after the house has the money, before the part is marked', async () => {
    const { anna, key } = await begun();
    await world.choose((await first(anna)).external_id!, 'success');
    await inquirePayment(world.context, key);
    const payment = await first(anna);
    const [part] = await selectParts(world.context.db, key.personId, [key.paymentId]);
    await postPart(world.context, payment, part!);
    const { db } = world.context;
    await db
      .updateTable('payment_part')
      .set({ posted_at: null, receipt_id: null })
      .where('part_id', '=', part!.part_id)
      .execute();
    await db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    await world.advance(5 * 60_000);
    await sweepPayments(world.context);
    await runJobs(world);
    const truth = await readTruth(world, anna.personId);
    expect(truth.receipts).toHaveLength(1);
    expect(truth.letters).toHaveLength(1);
    expect(truth.payments[0]!.posted_at).not.toBeNull();
  });

  it('the database refuses an unfinished payment that nobody would look at', async () => {
    const { key } = await begun();
    const forget = world.context.db
      .updateTable('payment')
      .set({ next_check_at: null })
      .where('payment_id', '=', key.paymentId)
      .execute();
    await expect(forget).rejects.toMatchObject({ constraint: 'payment_watched' });
  });
});

describe('several recipients', () => {
  it('in steps: each payment to its own shop, one may fail without the other', async () => {
    const anna = await buildResident(world, light, water);
    await startPayment(world.context, anna, wish(pay(light, 100_00), pay(water, 200_00)));
    const { payments } = await readTruth(world, anna.personId);
    expect(payments.map(({ shop_id, amount }) => [shop_id, amount])).toEqual([
      ['100', 100_00n],
      ['200', 200_00n],
    ]);
    for (const { order_id: orderId, payment_id: paymentId } of payments)
      await beginPayment(world.context, anna, { orderId, paymentId });
    const [one, two] = (await readTruth(world, anna.personId)).payments;
    await world.choose(one!.external_id!, 'success');
    await world.choose(two!.external_id!, 'decline');
    await Promise.all([one!, two!].map((payment) => inquirePayment(world.context, keyOf(payment))));
    await runJobs(world);
    const truth = await readTruth(world, anna.personId);
    expect(truth).toMatchObject({ states: ['succeeded', 'declined'], receipts: [{ amount: 100_00n }] });
  });

  it('in split: one payment with transfers, a receipt in each house', async () => {
    const operator = await buildRecipient(world);
    await buildShop(world, operator.organisationId, '900', 'split');
    const [gas, heat] = [
      await buildRecipient(world, { splitAccount: '100' }),
      await buildRecipient(world, { splitAccount: '200' }),
    ];
    const anna = await buildResident(world, gas, heat);
    await startPayment(world.context, anna, wish(pay(gas, 100_00), pay(heat, 250_50)));
    const { payments } = await readTruth(world, anna.personId);
    expect(payments).toMatchObject([{ shop_id: '900', amount: 350_50n }]);
    await beginPayment(world.context, anna, { orderId: payments[0]!.order_id, paymentId: payments[0]!.payment_id });
    await world.choose((await first(anna)).external_id!, 'success');
    await inquirePayment(world.context, keyOf(payments[0]!));
    await runJobs(world);
    expect((await readTruth(world, anna.personId)).receipts.map(({ amount }) => amount)).toEqual([100_00n, 250_50n]);
    await world.context.db.deleteFrom('shop').where('mode', '=', 'split').execute();
  });
});

describe('any account without signing in', () => {
  const anybody = (recipient: Recipient, amount: number) => ({
    ...wish(pay(recipient, amount)),
    account: { number: recipient.number, providerId: recipient.organisationId },
    email: 'guest@example.test',
    userAgent: '',
  });

  it('a number that names another account, or none, is refused', async () => {
    const form = { ...anybody(light, 100_00), account: { number: water.number, providerId: water.organisationId } };
    await expect(startAnyPayment(world.context, { kind: 'anonymous' }, form)).rejects.toMatchObject({ status: 422 });
    const nothing = { ...anybody(light, 100_00), account: { number: '000', providerId: null } };
    await expect(startAnyPayment(world.context, { kind: 'anonymous' }, nothing)).rejects.toMatchObject({ status: 422 });
  });

  it('makes a guest with a session; the form sent twice gives the same guest; the address is masked', async () => {
    const form = anybody(light, 100_00);
    const [one, two] = await Promise.all([
      startAnyPayment(world.context, { kind: 'anonymous' }, form),
      startAnyPayment(world.context, { kind: 'anonymous' }, form),
    ]);
    expect(one.session).toMatchObject({ secret: expect.any(String) });
    expect(two).toEqual(one);
    const { payments } = await readTruth(world, one.session!.personId);
    expect(payments).toHaveLength(1);
    const [part] = await selectParts(world.context.db, one.session!.personId, [payments[0]!.payment_id]);
    expect(part).toMatchObject({ address: 'ул. Тихая, д. ••', amount: kopecks(100_00) });
  });

  it('a signed-in person keeps being that person', async () => {
    const anna = await buildResident(world);
    const order = await startAnyPayment(world.context, anna, anybody(water, 50_00));
    expect(order.session).toBeNull();
    expect((await first(anna)).order_id).toBe(order.orderId satisfies OrderId);
  });
});
