import { sql } from 'kysely';
import type { Db } from '../database/database.ts';

/** Null when the key is there already. The row is completed in the same transaction, so nobody sees it without its answer. */
export async function insertIdempotencyKey(db: Db, key: string, requestHash: Buffer, at: Date) {
  const row = await db
    .insertInto('idempotency_key')
    .values({ key, request_hash: requestHash, result: '{}', created_at: at })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst();
  if (!row) return null;
  return {
    complete: async (result: string) => {
      await db.updateTable('idempotency_key').set({ result }).where('key', '=', key).execute();
    },
  };
}

export async function selectIdempotencyKey(
  db: Db,
  key: string,
): Promise<{ requestHash: Buffer; result: unknown } | null> {
  const row = await db.selectFrom('idempotency_key').selectAll().where('key', '=', key).executeTakeFirst();
  return row ? { requestHash: row.request_hash, result: row.result } : null;
}

export async function deleteIdempotencyKeysBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from idempotency_key where key in (
      select key from idempotency_key where created_at < ${moment} order by created_at limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}

/** Keeps the answer of a call unless one stands there already. @returns the answer that stands */
export async function completeIdempotencyKey(db: Db, key: string, result: object): Promise<unknown> {
  const { numAffectedRows } = await sql`update idempotency_key set result = ${JSON.stringify(result)}::jsonb
    where key = ${key} and result = '{}'::jsonb`.execute(db);
  return numAffectedRows === 1n ? result : (await selectIdempotencyKey(db, key))?.result;
}
