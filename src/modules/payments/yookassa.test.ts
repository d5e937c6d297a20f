import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBank } from '../../../sandbox/bank/start.tsx';
import type { Running } from '../../../sandbox/http.ts';
import { type ManualSchedule, manualSchedule } from '../../../sandbox/schedule.ts';
import { kopecks } from '../../platform/money.ts';
import { type AcquirerOutcome, createYooKassa, type NewPayment, notificationSchema } from './yookassa.ts';

const SECRET = 'test_sekret-magazina';
const HOUR = 60 * 60_000;

interface Received {
  event: string;
  status: string;
  id: string;
  body: unknown;
}

let dataDir: string;
let schedule: ManualSchedule;
let bank: Running;
let shopDoor: Server;
let received: Received[];
let answerOfShop: number;

const open = () =>
  startBank(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir,
      shops: [
        { shopId: '100', secretKey: SECRET, name: 'ООО «Дом»', webhookUrl: doorUrl() },
        { shopId: '200', secretKey: 'other', name: 'АО «Вода»' },
      ],
    },
    schedule,
  );
const doorUrl = () => `http://127.0.0.1:${(shopDoor.address() as AddressInfo).port}/hook`;
const shop = (settings: { shopId?: string; secretKey?: string; timeoutMs?: number; fetch?: typeof fetch } = {}) =>
  createYooKassa({ apiUrl: `${bank.url}/v3`, shopId: '100', secretKey: SECRET, timeoutMs: 5_000, ...settings });

const order = (changes: Partial<NewPayment> = {}): NewPayment => ({
  amount: kopecks(123_45),
  returnUrl: 'http://cabinet.test/orders/1',
  description: 'ЛС 123, октябрь',
  metadata: { order: '1' },
  ...changes,
});

function value<T>(outcome: AcquirerOutcome<T>): T {
  if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

const choose = (id: string, outcome: string) =>
  fetch(`${bank.url}/pay/${id}`, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });

const control = (wish: object) =>
  fetch(`${bank.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shopId: '100', ...wish }),
  });

const events = () => received.map(({ event }) => event);

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'bank-'));
  schedule = manualSchedule(new Date('2026-11-15T09:00:00Z'));
  received = [];
  answerOfShop = 200;
  shopDoor = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    received.push({ event: body.event, status: body.object.status, id: body.object.id, body });
    response.writeHead(answerOfShop).end();
  });
  await new Promise<void>((resolve) => shopDoor.listen(0, '127.0.0.1', resolve));
  bank = await open();
});

afterEach(async () => {
  await bank.close();
  shopDoor.closeAllConnections();
  await new Promise((resolve) => shopDoor.close(resolve));
  rmSync(dataDir, { recursive: true });
});

describe('refusals', () => {
  it('refuses a wrong secret key and does not tell it to anybody', async () => {
    const outcome = await shop({ secretKey: 'wrong-secret' }).createPayment(order(), 'key-1');
    expect(outcome).toMatchObject({ kind: 'refused', code: 'invalid_credentials' });
    expect(JSON.stringify(outcome)).not.toContain('wrong-secret');
  });

  it('refuses nothing, too much and a payment without recipients that add up', async () => {
    expect(await shop().createPayment(order({ amount: kopecks(0) }), 'key-1')).toMatchObject({
      kind: 'refused',
      parameter: 'amount',
    });
    expect(await shop().createPayment(order({ description: 'ы'.repeat(129) }), 'key-2')).toMatchObject({
      kind: 'refused',
      parameter: 'description',
    });
    const transfers = [{ accountId: '200', amount: kopecks(1_00) }];
    expect(await shop().createPayment(order({ transfers }), 'key-3')).toMatchObject({ parameter: 'transfers' });
    const strangers = [{ accountId: '300', amount: kopecks(123_45) }];
    expect(await shop().createPayment(order({ transfers: strangers }), 'key-4')).toMatchObject({
      kind: 'refused',
      parameter: 'transfers[0].account_id',
    });
  });

  it('does not show a payment to another shop', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    const other = shop({ shopId: '200', secretKey: 'other' });
    expect(await other.getPayment(id)).toMatchObject({ kind: 'refused', code: 'not_found' });
    expect(await shop().getPayment('22e12f66-000f-5000-8000-18db351245c7')).toMatchObject({ code: 'not_found' });
  });

  it('cancels only what is held, refunds only what was taken, and no more than that', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    expect(await shop().cancelPayment(id, 'cancel-1')).toMatchObject({ kind: 'refused', code: 'invalid_request' });
    expect(await shop().createRefund({ paymentId: id, amount: kopecks(1) }, 'refund-1')).toMatchObject({
      kind: 'refused',
    });
    await choose(id, 'success');
    expect(await shop().createRefund({ paymentId: id, amount: kopecks(123_46) }, 'refund-2')).toMatchObject({
      kind: 'refused',
      parameter: 'amount.value',
    });
  });

  it('requires a key, JSON and a known method', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`100:${SECRET}`).toString('base64')}` };
    const send = (init: RequestInit) => fetch(`${bank.url}/v3/payments`, { method: 'POST', ...init });
    const json = { ...headers, 'content-type': 'application/json' };
    const keyless = await send({ headers: json, body: '{}' });
    expect(keyless.status).toBe(400);
    expect(await keyless.json()).toMatchObject({ type: 'error', parameter: 'Idempotence-Key' });
    expect((await send({ headers: { ...headers, 'idempotence-key': 'k' }, body: 'a=1' })).status).toBe(415);
    expect((await send({ headers: { ...json, 'idempotence-key': 'k' }, body: '{' })).status).toBe(400);
    expect((await send({ method: 'DELETE', headers })).status).toBe(405);
    expect((await fetch(`${bank.url}/v3/payments`)).status).toBe(401);
  });
});

describe('idempotence', () => {
  it('answers the same key and data with the same payment, even after it was paid', async () => {
    const first = value(await shop().createPayment(order(), 'key-1'));
    await choose(first.id, 'success');
    expect(value(await shop().createPayment(order(), 'key-1'))).toEqual(first);
  });

  it('does not take the same key with other data for a refusal: something exists under it', async () => {
    await shop().createPayment(order(), 'key-1');
    const outcome = await shop().createPayment(order({ amount: kopecks(1_00) }), 'key-1');
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'key-reused' });
  });

  it('keeps keys of shops apart and forgets them after 24 hours', async () => {
    const first = value(await shop().createPayment(order(), 'key-1'));
    const other = value(await shop({ shopId: '200', secretKey: 'other' }).createPayment(order(), 'key-1'));
    expect(other.id).not.toBe(first.id);
    await schedule.advance(24 * HOUR - 1);
    expect(value(await shop().createPayment(order(), 'key-1')).id).toBe(first.id);
    await schedule.advance(1);
    expect(value(await shop().createPayment(order(), 'key-1')).id).not.toBe(first.id);
  });

  it('makes one refund of two requests with one key', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    const refund = { paymentId: id, amount: kopecks(100_00) };
    const [one, two] = await Promise.all([shop().createRefund(refund, 'r'), shop().createRefund(refund, 'r')]);
    expect(value(one).id).toBe(value(two).id);
    expect(value(await shop().getPayment(id)).refunded).toBe(100_00n);
  });
});

describe('the ways a payment goes', () => {
  const pay = async (outcome: string) => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    const answer = await choose(id, outcome);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('http://cabinet.test/orders/1');
    return id;
  };

  it('success: taken, told, with recipients', async () => {
    const transfers = [
      { accountId: '100', amount: kopecks(100_00), description: 'Содержание' },
      { accountId: '200', amount: kopecks(23_45) },
    ];
    const created = value(await shop().createPayment(order({ transfers }), 'key-1'));
    expect(created).toMatchObject({ status: 'pending', paid: false, amount: 123_45n, metadata: { order: '1' } });
    expect(created.confirmationUrl).toBe(`${bank.url}/pay/${created.id}`);
    await choose(created.id, 'success');
    await schedule.advance(0);
    expect(value(await shop().getPayment(created.id))).toMatchObject({
      status: 'succeeded',
      paid: true,
      capturedAt: new Date('2026-11-15T09:00:00Z'),
      transfers: [
        { accountId: '100', amount: 100_00n, status: 'succeeded' },
        { accountId: '200', amount: 23_45n, status: 'succeeded' },
      ],
    });
    expect(received).toHaveLength(1);
    expect(notificationSchema.parse(received[0]!.body)).toEqual({ about: 'payment', paymentId: created.id });
  });

  it('decline: canceled with a reason, told', async () => {
    const id = await pay('decline');
    await schedule.advance(0);
    expect(value(await shop().getPayment(id))).toMatchObject({
      status: 'canceled',
      cancellation: { party: 'payment_network', reason: 'insufficient_funds' },
    });
    expect(events()).toEqual(['payment.canceled']);
  });

  it('slow: pending first, taken later, and a second press changes nothing', async () => {
    const id = await pay('slow');
    expect(value(await shop().getPayment(id)).status).toBe('pending');
    await choose(id, 'decline');
    await schedule.advance(19_999);
    expect(value(await shop().getPayment(id)).status).toBe('pending');
    await schedule.advance(1);
    expect(value(await shop().getPayment(id)).status).toBe('succeeded');
    expect(events()).toEqual(['payment.succeeded']);
  });

  it('silent: taken, never told', async () => {
    const id = await pay('silent');
    await schedule.advance(25 * HOUR);
    expect(value(await shop().getPayment(id)).status).toBe('succeeded');
    expect(events()).toEqual([]);
  });

  it('lying: told as taken, canceled when asked', async () => {
    const id = await pay('lying');
    await schedule.advance(0);
    expect(received).toMatchObject([{ event: 'payment.succeeded', status: 'succeeded', id }]);
    expect(value(await shop().getPayment(id))).toMatchObject({ status: 'canceled', paid: false });
  });

  it('duplicated: told twice, then old news after the new', async () => {
    const id = await pay('duplicated');
    await schedule.advance(5_000);
    expect(events()).toEqual(['payment.succeeded', 'payment.succeeded', 'payment.waiting_for_capture']);
    expect(value(await shop().getPayment(id)).status).toBe('succeeded');
  });

  it('nobody pays: canceled after an hour', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await schedule.advance(HOUR);
    expect(value(await shop().getPayment(id)).cancellation).toEqual({
      party: 'yoo_money',
      reason: 'expired_on_confirmation',
    });
    await choose(id, 'success');
    expect(value(await shop().getPayment(id)).status).toBe('canceled');
  });

  it('two stages: held, then captured or given back', async () => {
    const held = async (key: string) => {
      const { id } = value(await shop().createPayment(order({ capture: false }), key));
      await choose(id, 'success');
      return id;
    };
    const [one, two] = [await held('key-1'), await held('key-2')];
    expect(value(await shop().getPayment(one)).status).toBe('waiting_for_capture');
    expect(value(await shop().capturePayment(one, 'capture')).status).toBe('succeeded');
    expect(value(await shop().cancelPayment(two, 'cancel')).cancellation?.reason).toBe('canceled_by_merchant');
  });
});

describe('a request that gets no clear answer', () => {
  it('late: stored, unknown to the client, 202 to repeats, then the same payment', async () => {
    await control({ fault: 'late', times: 1 });
    expect(await shop({ timeoutMs: 200 }).createPayment(order(), 'key-1')).toMatchObject({
      kind: 'unknown',
      reason: 'timeout',
    });
    expect(await shop().createPayment(order(), 'key-1')).toMatchObject({
      kind: 'unknown',
      reason: 'processing',
      retryAfterSeconds: 2,
    });
    await schedule.advance(35_000);
    const payment = value(await shop().createPayment(order(), 'key-1'));
    const range = { createdFrom: new Date('2026-11-15T00:00:00Z'), createdTo: new Date('2026-11-16T00:00:00Z') };
    expect(value(await shop().findPayments(range)).map(({ id }) => id)).toEqual([payment.id]);
  });

  it.each([
    ['500', 'server'],
    ['202', 'processing'],
  ])('%s: stored, and the repeat finds it', async (fault, reason) => {
    await control({ fault });
    expect(await shop().createPayment(order(), 'key-1')).toMatchObject({ kind: 'unknown', reason });
    expect(await shop().createPayment(order(), 'key-1')).toMatchObject({ kind: 'accepted' });
  });

  it('lost: not stored, and the repeat makes the first payment', async () => {
    await control({ fault: 'lost', times: 1 });
    expect(await shop().createPayment(order(), 'key-1')).toMatchObject({ kind: 'unknown', reason: 'server' });
    expect(await shop().createPayment(order(), 'key-1')).toMatchObject({ kind: 'accepted' });
  });

  it('asked for by the payment itself', async () => {
    const wish = order({ metadata: { sandbox: 'create-500' } });
    expect(await shop().createPayment(wish, 'key-1')).toMatchObject({ kind: 'unknown', reason: 'server' });
    expect(await shop().createPayment(wish, 'key-1')).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    [502, '<html>Bad gateway</html>', 'server'],
    [200, '<html>Sign in to the hotel</html>', 'unreadable'],
    [200, '{"id":"1","status":"paid"}', 'unreadable'],
    [403, '<html>Forbidden by proxy</html>', 'unreadable'],
    [302, '', 'unreadable'],
    [429, '{"type":"error","code":"too_many_requests"}', 'busy'],
  ])('HTTP %d «%s» is not a refusal', async (status, body, reason) => {
    const somebody = shop({ fetch: async () => new Response(body, { status }) });
    expect(await somebody.createPayment(order(), 'key-1')).toMatchObject({ kind: 'unknown', reason });
  });

  it('nobody listens: unknown, without the secret in the detail', async () => {
    const nobody = createYooKassa({
      apiUrl: 'http://127.0.0.1:1/v3',
      shopId: '100',
      secretKey: SECRET,
      timeoutMs: 5_000,
    });
    const outcome = await nobody.getPayment('1');
    expect(outcome).toMatchObject({ kind: 'unknown', reason: 'network' });
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
  });
});

describe('refunds', () => {
  it('gives back in parts to the last kopeck and tells of each', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    const part = value(await shop().createRefund({ paymentId: id, amount: kopecks(100_00) }, 'r1'));
    expect(part).toMatchObject({ status: 'succeeded', paymentId: id, amount: 100_00n });
    await shop().createRefund({ paymentId: id, amount: kopecks(23_45) }, 'r2');
    expect(value(await shop().getPayment(id)).refunded).toBe(123_45n);
    expect(await shop().createRefund({ paymentId: id, amount: kopecks(1) }, 'r3')).toMatchObject({ kind: 'refused' });
    expect(value(await shop().getRefund(part.id))).toEqual(part);
    await schedule.advance(0);
    expect(notificationSchema.parse(received.at(-1)!.body)).toMatchObject({ about: 'refund', paymentId: id });
  });

  it('may end as canceled: taken up is not given back', async () => {
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    await control({ refunds: 'decline' });
    const refund = value(await shop().createRefund({ paymentId: id, amount: kopecks(1_00) }, 'r1'));
    expect(refund).toMatchObject({ status: 'canceled', cancellation: { reason: 'insufficient_funds' } });
    expect(value(await shop().getPayment(id)).refunded).toBe(0n);
  });
});

describe('notifications', () => {
  it('come again with growing pauses until 200', async () => {
    answerOfShop = 500;
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    await schedule.advance(3_000);
    expect(received).toHaveLength(3);
    answerOfShop = 200;
    await schedule.advance(HOUR);
    expect(received).toHaveLength(4);
  });

  it('are given up after ten attempts, and 204 is not 200', async () => {
    answerOfShop = 204;
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    await schedule.advance(24 * HOUR);
    expect(received).toHaveLength(10);
  });

  it('outlive a restart of the bank', async () => {
    answerOfShop = 500;
    const { id } = value(await shop().createPayment(order(), 'key-1'));
    await choose(id, 'success');
    await schedule.advance(0);
    await bank.close();
    answerOfShop = 200;
    bank = await open();
    await schedule.advance(1_000);
    expect(received.map((entry) => entry.id)).toEqual([id, id]);
    expect(value(await shop().getPayment(id)).status).toBe('succeeded');
  });

  it('are read for ids alone, and other events are refused', () => {
    const forged = { type: 'notification', event: 'payment.succeeded', object: { id: 'x', status: 'succeeded' } };
    expect(notificationSchema.parse(forged)).toEqual({ about: 'payment', paymentId: 'x' });
    expect(notificationSchema.safeParse({ ...forged, event: 'payout.succeeded' }).success).toBe(false);
    expect(notificationSchema.safeParse({ ...forged, event: 'refund.succeeded' }).success).toBe(false);
  });
});

describe('the list of payments', () => {
  it('walks through pages, from included, to excluded', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 103; index += 1) {
      ids.unshift(value(await shop().createPayment(order(), `key-${index}`)).id);
      await schedule.advance(1_000);
    }
    const start = Date.parse('2026-11-15T09:00:00Z');
    const find = async (from: number, to: number) =>
      value(await shop().findPayments({ createdFrom: new Date(start + from), createdTo: new Date(start + to) })).map(
        ({ id }) => id,
      );
    expect(await find(0, HOUR)).toEqual(ids);
    expect(await find(0, 102_000)).toEqual(ids.slice(1));
    expect(await find(102_000, HOUR)).toEqual(ids.slice(0, 1));
  });
});
