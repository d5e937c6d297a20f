import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Open claims on some accounts of an organisation. */
export async function selectClaimsOf(
  db: Db,
  organisationId: OrganisationId,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<{ accountId: AccountId; claims: number }[]> {
  const { rows } = await sql<{ accountId: AccountId; claims: number }>`
    select account_id as "accountId", count(*)::int as claims from connection_claim
    where organisation_id = ${organisationId} and state = 'open' and house_id = ${houseId}
      and account_id = any(${accountIds}::uuid[])
    group by 1 order by 1`.execute(db);
  return rows;
}
