import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, PersonId } from '../../../platform/ids.ts';
import type { Kopecks } from '../../../platform/money.ts';

/** Money for an account that the bank was asked for and that is not on the account yet, nor known not to come. */
export interface PaymentUnderWay {
  accountId: AccountId;
  accountNumber: string;
  amount: Kopecks;
  createdAt: Date;
}

/**
 * Payments for some accounts of a house that the bank knows of, or may know of. A payment that waits for its payer to press the button is
 * none. Unfinished payments are few and have an index of their own.
 */
export async function selectUnderWay(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<PaymentUnderWay[]> {
  const { rows } = await sql<PaymentUnderWay>`
    with open as materialized (
      select person_id, payment_id, min(at) as created_at
      from (select person_id, payment_id, created_at as at from payment where next_check_at is not null and state <> 'new'
        union all select person_id, payment_id, asked_at from payment_question where answered_at is null) unfinished
      group by 1, 2)
    select part.account_id as "accountId", part.account_number as "accountNumber", part.amount, open.created_at as "createdAt"
    from open join payment_part part on part.person_id = open.person_id and part.payment_id = open.payment_id
    where part.house_id = ${houseId}::uuid and part.account_id = any(${accountIds}::uuid[]) and part.posted_at is null
    order by open.created_at, part.part_id`.execute(db);
  return rows;
}

/** Which of some people have begun to pay for accounts of a house since a moment, whatever became of it. */
export async function selectPayersSince(
  db: Db,
  people: readonly PersonId[],
  houseId: HouseId,
  since: Date,
): Promise<{ personId: PersonId; accountId: AccountId }[]> {
  if (people.length === 0) return [];
  const { rows } = await sql<{ personId: PersonId; accountId: AccountId }>`
    select distinct part.person_id as "personId", part.account_id as "accountId"
    from payment_order placed
    join payment_part part on part.person_id = placed.person_id and part.order_id = placed.order_id
    where placed.person_id = any(${people}::uuid[]) and placed.created_at >= ${since}::timestamptz
      and part.house_id = ${houseId}::uuid`.execute(db);
  return rows;
}
