import { sql } from 'kysely';
import '../tables.ts';
import type { Db, Tables } from '../../../platform/database/database.ts';

type MoneyTable =
  | 'payment_document'
  | 'document_due'
  | 'receipt'
  | 'allocation'
  | 'ledger_entry'
  | 'account_balance'
  | 'unified_number';

const asJson = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);

/** Rows as one JSON parameter: the text of the statement is the same for any number of rows, so it is prepared once. */
export const records = (rows: object): string => JSON.stringify(rows, asJson);

/** Every column must be given: what is missing is null. A `bytea` is text "\x…" here. */
export async function insertRecords(db: Db, table: MoneyTable & keyof Tables, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const name = sql.table(table);
  await sql`insert into ${name} select * from json_populate_recordset(null::${name}, ${records(rows)}::json)`.execute(
    db,
  );
}
