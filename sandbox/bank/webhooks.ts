import { randomUUID } from 'node:crypto';
import type { Bank } from './bank.ts';
import type { Delivery } from './ledger.ts';

/**
 * Notifications, as YooKassa sends them: a POST without any signature. Anybody who knows the address can send the same, so
 * the receiver must take from it nothing but the id and ask GET /v3/payments/{id}. Only HTTP 200 ends the deliveries; the
 * real acquirer repeats for 24 hours, here the steps are short and counted.
 */
const BACK_OFF_SECONDS = [1, 2, 4, 8, 15, 30, 60, 60, 60];
const TIME_OUT = 10_000;

/** Notifications to write down with the change they tell of; none when the shop has not subscribed. */
export function notify(bank: Bank, shopId: string, event: string, object: unknown, delay = 0): Delivery[] {
  if (!bank.shops.get(shopId)?.webhookUrl) return [];
  const nextAt = new Date(bank.schedule.now().getTime() + delay).toISOString();
  return [{ id: randomUUID(), shopId, body: { type: 'notification', event, object }, attempts: 0, nextAt }];
}

/** Sends the notification when its time comes, again and again until 200 or until the steps run out. */
export function deliver(bank: Bank, id: string): void {
  const waiting = bank.ledger.deliveries.get(id);
  if (!waiting?.nextAt) return;
  bank.schedule.at(new Date(waiting.nextAt), async () => {
    const taken = await post(bank, waiting);
    if (bank.closing.aborted) return;
    const after = attempted(waiting, taken, bank.schedule.now());
    bank.ledger.commit({ deliveries: [after] });
    deliver(bank, id);
  });
}

function attempted(delivery: Delivery, taken: boolean, now: Date): Delivery {
  const attempts = delivery.attempts + 1;
  if (taken) return { ...delivery, attempts, nextAt: null, result: 'delivered' };
  const wait = BACK_OFF_SECONDS[attempts - 1];
  if (wait === undefined) return { ...delivery, attempts, nextAt: null, result: 'abandoned' };
  return { ...delivery, attempts, nextAt: new Date(now.getTime() + wait * 1000).toISOString() };
}

async function post(bank: Bank, { shopId, body }: Delivery): Promise<boolean> {
  const target = bank.shops.get(shopId)?.webhookUrl;
  if (!target) return true;
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'sandbox-bank' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(TIME_OUT), bank.closing]),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
