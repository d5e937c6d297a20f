import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, RequisiteId } from '../../../platform/ids.ts';

export interface Imbalance {
  accountId: AccountId;
  requisiteId: RequisiteId;
  receivable: bigint;
  advance: bigint;
  /** The same two sums by the ledger, by the dues, and by receipts less allocations. */
  ledgerReceivable: bigint;
  ledgerAdvance: bigint;
  duesOpen: bigint;
  receiptsLeft: bigint;
}

/** Accounts of a house whose balance, ledger, dues and receipts do not agree. One house at a time; empty is right. */
export async function findImbalances(db: Db, houseId: HouseId): Promise<Imbalance[]> {
  const { rows } = await sql<Imbalance>`
    with entry as (
      select account_id, requisite_id,
        sum(case when debit = 'receivable' then amount when credit = 'receivable' then -amount else 0 end)::bigint as receivable,
        sum(case when credit = 'advance' then amount when debit = 'advance' then -amount else 0 end)::bigint as advance
      from ledger_entry where house_id = ${houseId} group by 1, 2
    ), open as (
      select account_id, requisite_id, sum(due - settled)::bigint as amount from document_due where house_id = ${houseId} group by 1, 2
    ), got as (
      select account_id, requisite_id, sum(amount)::bigint as amount from receipt
      where house_id = ${houseId} and reversed_at is null group by 1, 2
    ), gone as (
      select account_id, requisite_id, sum(amount)::bigint as amount from allocation where house_id = ${houseId} group by 1, 2
    ), balance as (
      select account_id, requisite_id, receivable, advance from account_balance where house_id = ${houseId}
    ), joined as (
      select account_id, requisite_id, coalesce(balance.receivable, 0) as receivable, coalesce(balance.advance, 0) as advance,
        coalesce(entry.receivable, 0) as ledger_receivable, coalesce(entry.advance, 0) as ledger_advance,
        coalesce(open.amount, 0) as dues_open, coalesce(got.amount, 0) - coalesce(gone.amount, 0) as receipts_left
      from balance full join entry using (account_id, requisite_id) full join open using (account_id, requisite_id)
        full join got using (account_id, requisite_id) full join gone using (account_id, requisite_id)
    )
    select account_id as "accountId", requisite_id as "requisiteId", receivable, advance, ledger_receivable as "ledgerReceivable",
      ledger_advance as "ledgerAdvance", dues_open as "duesOpen", receipts_left as "receiptsLeft"
    from joined
    where receivable <> ledger_receivable or receivable <> dues_open or advance <> ledger_advance or advance <> receipts_left`.execute(
    db,
  );
  return rows;
}

/** Dues whose lines do not add up, or whose settled sums are not what was allotted to their lines. Empty is right. */
export async function findUnevenDues(db: Db, houseId: HouseId) {
  const { rows } = await sql<{ documentId: string; requisiteId: string }>`
    with line as (
      select document_id, requisite_id, due, settled, l.line, l.line_due, l.line_settled
      from document_due d, unnest(d.lines, d.line_due, d.line_settled) as l(line, line_due, line_settled)
      where d.house_id = ${houseId}
    ), allotted as (
      select document_id, requisite_id, line, sum(amount)::bigint as amount from allocation where house_id = ${houseId} group by 1, 2, 3
    ), uneven_line as (
      select document_id, requisite_id from line full join allotted using (document_id, requisite_id, line)
      where coalesce(line_settled, 0) <> coalesce(amount, 0) or line_settled > line_due or line_settled < 0
    ), uneven_sum as (
      select document_id, requisite_id from line group by document_id, requisite_id, due, settled
      having sum(line_due) <> due or sum(line_settled) <> settled
    )
    select document_id as "documentId", requisite_id as "requisiteId" from uneven_line
    union select document_id, requisite_id from uneven_sum`.execute(db);
  return rows;
}
