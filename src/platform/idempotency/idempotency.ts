import { sha256 } from '../config.ts';
import type { Transaction } from '../database/database.ts';
import { Conflict } from '../errors.ts';
import { insertIdempotencyKey, selectIdempotencyKey } from './queries.ts';

/** A form's key is an id; with the name of its step and the person's id it is far shorter. */
const LONGEST_KEY = 300;

/**
 * Does `work` once for a key: a repeat of the same request gets the first answer, another request under the same key is refused.
 * Two requests at once: the second waits for the first at the unique key, then sees its answer.
 * @param request whatever makes the request what it is; compared by its hash
 * @throws Conflict when the key was used for another request, or is none of ours
 */
export async function once<Result extends object>(
  trx: Transaction,
  call: { key: string; request: unknown; at: Date },
  work: () => Promise<Result>,
): Promise<Result> {
  if (call.key.length > LONGEST_KEY)
    throw new Conflict('У этой формы чужой ключ. Откройте её заново и отправьте ещё раз.', 'foreign_key');
  const hash = sha256(
    JSON.stringify(call.request, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
  const inserted = await insertIdempotencyKey(trx, call.key, hash, call.at);
  if (inserted) {
    const result = await work();
    await inserted.complete(JSON.stringify(result));
    return result;
  }
  const known = await selectIdempotencyKey(trx, call.key);
  if (!known?.requestHash.equals(hash))
    throw new Conflict(
      'Эта форма уже была отправлена с другими данными. Откройте её заново.',
      'idempotency_key_reused',
    );
  return known.result as Result;
}
