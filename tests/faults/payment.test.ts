import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImbalances } from '../../src/modules/billing/index.ts';
import { buildRecipient, buildResident, buildShop, type Recipient } from '../../src/modules/payments/test-rows.ts';
import { createYooKassa } from '../../src/modules/payments/yookassa.ts';
import type { Context } from '../../src/platform/context.ts';
import { sleep } from './installation.ts';
import { Payer } from './payer.ts';
import { SHOP_SECRET, TIME_LIMIT_MS, World } from './world.ts';

const PAYERS = 6;
const SHOPS = ['100', '200', '900'];
const OUTCOMES = ['success', 'success', 'silent', 'duplicated', 'decline', 'lying'];

let world: World;
let context: Context;
let recipients: Recipient[];

beforeAll(async () => {
  world = await World.open('payment', { shops: SHOPS }, async (opened) => {
    context = opened.context;
    recipients = [
      await buildRecipient({ context }, { shopId: '100' }),
      await buildRecipient({ context }, { shopId: '200' }),
      await buildRecipient({ context }, { splitAccount: '200' }),
    ];
    await buildShop({ context }, (await buildRecipient({ context })).organisationId, '900', 'split');
  });
});
afterAll(() => world?.close());

async function openPayer(): Promise<Payer> {
  const { personId } = await buildResident({ context }, ...recipients);
  return new Payer(world, personId, await world.cookieOf(personId));
}

/** Each payment of ours at the bank, with how the bank says it stands. */
async function listTaken(): Promise<{ paymentId: string; bankId: string; status: string }[]> {
  const lists = SHOPS.map(async (shopId) => {
    const shop = { apiUrl: `${world.bankUrl}/v3`, shopId, secretKey: SHOP_SECRET, timeoutMs: 10_000 };
    const range = { createdFrom: new Date(Date.now() - 7_200_000), createdTo: new Date(Date.now() + 60_000) };
    const outcome = await createYooKassa(shop).findPayments(range);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    return outcome.value.map(({ id, metadata, status }) => ({ paymentId: metadata.payment_id!, bankId: id, status }));
  });
  return (await Promise.all(lists)).flat();
}

/**
 * Somebody who knows the addresses of notifications, and sends there what was never so, what is long past, and the same again in any
 * order: a word about a payment is no more than a reason to ask the bank.
 */
async function forge(): Promise<void> {
  const taken = await listTaken();
  const ids = [...taken.map(({ bankId }) => bankId), '2d000000-000f-5000-8000-000000000000'];
  for (let count = 0; count < 5; count += 1) {
    const status = world.choose(['succeeded', 'canceled', 'waiting_for_capture']);
    const object = { id: world.choose(ids), status, amount: { value: '999999.00', currency: 'RUB' }, paid: true };
    await fetch(`${world.site}/payments/notifications/${world.choose(SHOPS)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'notification', event: `payment.${status}`, object }),
    })
      .then((answer) => answer.body?.cancel())
      .catch(() => undefined);
  }
}

/** Nothing is asked of the bank any more. */
const isSettled = async () => {
  const waiting = context.db.selectFrom('payment').select('payment_id').where('next_check_at', 'is not', null);
  return (await waiting.execute()).length === 0;
};

test(
  'whatever is killed when, no money is lost, doubled or stuck',
  async () => {
    const payers = await Promise.all(Array.from({ length: PAYERS }, openPayer));
    const strikes = {
      victims: ['web', 'worker', 'postgres', 'web', 'worker'],
      troubles: ['bad bank', 'database away', 'bad mail', 'bad bank', 'disk full'],
    } as const;
    const orders = await world.during(strikes, async (isOver) => {
      const forging = (async () => {
        while (!isOver()) {
          await forge().catch(() => undefined);
          await sleep(500);
        }
      })();
      const counts = await Promise.all(payers.map((payer) => payUntil(payer, isOver)));
      await forging;
      return counts.reduce((a, b) => a + b, 0);
    });
    await world.settle(isSettled);
    // What comes when all is over changes nothing either.
    await forge();
    await world.settle(isSettled);
    console.log(`faults: ${orders} orders`);
    await checkTruth();
  },
  TIME_LIMIT_MS,
);

async function payUntil(payer: Payer, isOver: () => boolean): Promise<number> {
  const { random } = world;
  let count = 0;
  while (!isOver() || count < 2) {
    const split = random() < 0.3;
    const chosen = split ? [recipients[2]!] : recipients.slice(0, 1 + Math.floor(random() * 2));
    const amount = `${1 + Math.floor(random() * 900)},${String(Math.floor(random() * 100)).padStart(2, '0')}`;
    await payer.pay(
      chosen.map((to) => ({ to, amount })),
      world.choose(OUTCOMES),
    );
    count += 1;
  }
  return count;
}

/** The bank's own list is the measure: what it took is on the accounts exactly once, and nothing else is. */
async function checkTruth(): Promise<void> {
  const { db } = context;
  const taken = new Map<string, string>();
  for (const { paymentId, status } of await listTaken()) {
    expect(taken.has(paymentId), 'one payment of ours is one at the bank').toBe(false);
    taken.set(paymentId, status);
  }
  const payments = await db.selectFrom('payment').selectAll().execute();
  const parts = await db.selectFrom('payment_part').selectAll().execute();
  const { rows: receipts } = await sql<{ part_id: string; amount: bigint }>`
    select part_id, amount from receipt where reversed_at is null`.execute(db);
  expect(payments.filter(({ next_check_at }) => next_check_at !== null)).toEqual([]);
  expect(payments.filter(({ state }) => state === 'needs_person')).toEqual([]);
  for (const payment of payments)
    expect([payment.payment_id, payment.state === 'succeeded']).toEqual([
      payment.payment_id,
      taken.get(payment.payment_id) === 'succeeded',
    ]);
  const succeeded = new Set(payments.filter(({ state }) => state === 'succeeded').map(({ payment_id }) => payment_id));
  const due = parts.filter(({ payment_id }) => succeeded.has(payment_id));
  const asText = (list: readonly { part_id: string; amount: bigint }[]) =>
    list.map(({ part_id, amount }) => `${part_id} ${amount}`).sort();
  expect(asText(receipts)).toEqual(asText(due));
  expect(due.length).toBeGreaterThan(0);
  const { rows: letters } = await sql<{ subject: string }>`
    select subject from mail_message where subject like 'Оплачено%'`.execute(db);
  expect(letters.length, 'a letter for each paid payment').toBe(succeeded.size);
  for (const { houseId } of recipients) expect(await findImbalances(db, houseId)).toEqual([]);
}
