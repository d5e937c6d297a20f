import type { Db } from '../../platform/database/database.ts';
import type { AccountId, HouseId, OrganisationId } from '../../platform/ids.ts';
import { canonicalNumber, kindOfNumber } from './numbers.ts';
import { selectAccountsOfEls, selectProviderAccount, selectUnifiedNumber } from './queries.ts';

export interface FoundAccount {
  houseId: HouseId;
  accountId: AccountId;
}

/**
 * Finds accounts by what a payer has at hand, in order of precision: bill id, ЖКУ id, ЕЛС (an ЕЛС may name accounts
 * of several providers), or a provider with its own number. Empty when nothing is found.
 */
export async function findAccounts(
  db: Db,
  input: { number: string; providerId: OrganisationId | null },
): Promise<FoundAccount[]> {
  const canonical = canonicalNumber(input.number);
  if (kindOfNumber(canonical)) {
    const named = await selectUnifiedNumber(db, canonical);
    if (named?.accountId) return [{ houseId: named.houseId, accountId: named.accountId }];
    if (named?.kind === 'els') {
      const ids = await selectAccountsOfEls(db, named.houseId, canonical);
      return ids.map((accountId) => ({ houseId: named.houseId, accountId }));
    }
  }
  if (!input.providerId) return [];
  const own = await selectProviderAccount(db, input.providerId, canonical);
  return own ? [own] : [];
}
