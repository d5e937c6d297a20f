import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';

/** Accounts that have documents or money, whatever became of them. */
export async function selectUsedAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<AccountId[]> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select id as "accountId" from unnest(${accountIds}::uuid[]) as given (id)
    where exists (select from payment_document where house_id = ${houseId} and account_id = id)
      or exists (select from receipt where house_id = ${houseId} and account_id = id)
    order by 1`.execute(db);
  return rows.map(({ accountId }) => accountId);
}
