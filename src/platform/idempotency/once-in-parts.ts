import { sha256 } from '../config.ts';
import { type Database, type Transaction, transaction } from '../database/database.ts';
import { Conflict } from '../errors.ts';
import { once } from './idempotency.ts';
import { completeIdempotencyKey, insertIdempotencyKey, selectIdempotencyKey } from './queries.ts';

export interface Part<Result extends object> {
  /** Names the part within its call: it must be the same when the call is repeated. */
  name: string;
  work: (trx: Transaction) => Promise<Result>;
}

/**
 * A call that is done in parts, each a transaction of its own. A call that was cut off is finished by its repetition: parts that were
 * done are not done again. The whole answer is kept with the last part, so every repetition gets the very same one, whatever has
 * changed meanwhile.
 * @throws Conflict when the key was used for another request
 */
export async function onceInParts<Result extends object, Answer extends object>(
  db: Database,
  call: { key: string; request: unknown; at: Date },
  parts: readonly Part<Result>[],
  gather: (results: readonly Result[]) => Answer,
): Promise<Answer> {
  const { key, at } = call;
  const hash = sha256(JSON.stringify(call.request));
  const results: Result[] = [];
  const steps = parts.length > 0 ? parts : [null];
  for (const [place, part] of steps.entries()) {
    const isLast = place === steps.length - 1;
    const answer = await transaction(db, async (trx): Promise<Answer | null> => {
      let fresh = false;
      if (place === 0) {
        const claim = await claimCall<Answer>(trx, key, hash, at);
        if (claim.answer) return claim.answer;
        fresh = claim.fresh;
      }
      // The only part of a call that begins here ends with it, or not at all: it needs no key of its own.
      if (part && fresh && isLast) results.push(await part.work(trx));
      else if (part) {
        const own = { key: `${key}:${part.name}`, request: hash.toString('hex'), at };
        results.push(await once(trx, own, () => part.work(trx)));
      }
      return isLast ? ((await completeIdempotencyKey(trx, key, gather(results))) as Answer) : null;
    });
    if (answer) return answer;
  }
  throw new Error('a call without its last part');
}

/** Takes the call up: `fresh` when nobody has, with its answer when it is done. A call of the same key that runs now is waited for. */
async function claimCall<Answer extends object>(
  trx: Transaction,
  key: string,
  hash: Buffer,
  at: Date,
): Promise<{ fresh: boolean; answer: Answer | null }> {
  if (await insertIdempotencyKey(trx, key, hash, at)) return { fresh: true, answer: null };
  const known = await selectIdempotencyKey(trx, key);
  if (!known?.requestHash.equals(hash))
    throw new Conflict('С этим Idempotency-Key уже был другой запрос. Возьмите новый ключ.', 'idempotency_key_reused');
  const isDone = Object.keys(known.result as object).length > 0;
  return { fresh: false, answer: isDone ? (known.result as Answer) : null };
}
