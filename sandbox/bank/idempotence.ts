import { createHash } from 'node:crypto';
import type { Bank } from './bank.ts';
import { answerKey, type Change, type Delivery, type Fault, type StoredPayment } from './ledger.ts';
import { ApiError } from './objects.ts';
import { watch } from './payments.ts';
import { deliver } from './webhooks.ts';

/** «YooKassa provides idempotence for 24 hours after the first request, then it is processed as a new one.» */
const KEY_LIFE = 24 * 60 * 60_000;
/** Longer than any client waits: the real acquirer itself gives up after 30 seconds. */
export const LATE_ANSWER = 35_000;

export interface Answer {
  status: number;
  body: unknown;
}

export interface Operation {
  method: string;
  path: string;
  key: string | undefined;
  body: unknown;
  /** A fault asked for by this very request (`metadata.sandbox` = "create-late" and so on). */
  fault?: Fault | undefined;
  /** Works out the change without writing it; refusals are thrown and do not use up the key. */
  perform(): { answer: unknown; change: Change };
}

const PROCESSING: Answer = {
  status: 202,
  body: { type: 'processing', description: 'Request accepted, but not processed yet', retry_after: 1800 },
};
const broken = (): Answer => ({
  status: 500,
  body: new ApiError(500, 'internal_server_error', 'The result of processing is unknown').body,
});

/**
 * A POST under its key: the same key and data give the first answer again, the same key and other data are refused. The
 * operation and its answer are written as one line, so no crash can separate them.
 */
export async function once(bank: Bank, shopId: string, operation: Operation): Promise<Answer> {
  const { key } = operation;
  if (!key) throw new ApiError(400, 'invalid_request', 'Idempotence key is missing', 'Idempotence-Key');
  if (key.length > 64) throw new ApiError(400, 'invalid_request', 'Idempotence key is too long', 'Idempotence-Key');
  const mark = fingerprint(operation);
  const earlier = bank.ledger.answers.get(answerKey(shopId, key));
  const now = bank.schedule.now();
  if (earlier && now.getTime() - Date.parse(earlier.at) < KEY_LIFE) {
    if (earlier.fingerprint !== mark) {
      throw new ApiError(400, 'invalid_request', 'Idempotence key duplicated', 'Idempotence-Key');
    }
    return bank.inFlight.has(answerKey(shopId, key)) ? PROCESSING : earlier;
  }
  const fault = operation.fault ?? takeFault(bank, shopId);
  if (fault === 'lost') return broken();
  const { answer, change } = operation.perform();
  const stored = { shopId, key, fingerprint: mark, at: now.toISOString(), status: 200, body: answer };
  bank.ledger.commit({ ...change, answers: [stored] });
  follow(bank, change.payments, change.deliveries);
  return spoil(bank, answerKey(shopId, key), fault, stored);
}

function follow(bank: Bank, payments: StoredPayment[] = [], deliveries: Delivery[] = []): void {
  for (const payment of payments) watch(bank, payment);
  for (const { id } of deliveries) deliver(bank, id);
}

/** The operation is done and written down; the fault is only in what the client gets to hear. */
function spoil(bank: Bank, inFlightKey: string, fault: Fault | null, answer: Answer): Promise<Answer> | Answer {
  if (fault === '500') return broken();
  if (fault === '202') return PROCESSING;
  if (fault !== 'late') return answer;
  bank.inFlight.add(inFlightKey);
  return new Promise((resolve) => {
    bank.schedule.at(new Date(bank.schedule.now().getTime() + LATE_ANSWER), () => {
      bank.inFlight.delete(inFlightKey);
      resolve(answer);
    });
  });
}

function takeFault(bank: Bank, shopId: string): Fault | null {
  const mood = bank.ledger.moods.get(shopId);
  if (!mood?.fault) return null;
  if (mood.times !== null) {
    const times = mood.times - 1;
    bank.ledger.commit({ moods: [{ ...mood, times, fault: times > 0 ? mood.fault : null }] });
  }
  return mood.fault;
}

function fingerprint({ method, path, body }: Operation): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonical(body)}`)
    .digest('hex');
}

/** Data are the same whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
