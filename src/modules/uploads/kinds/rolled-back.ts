import { type Database, type Transaction, transaction } from '../../../platform/database/database.ts';

/** Runs work whose writes must not stay. */
export async function rolledBack<T>(db: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  const undo = new Error('rolled back on purpose');
  let result: { value: T } | null = null;
  await transaction(db, async (trx) => {
    result = { value: await work(trx) };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return result!.value;
}
