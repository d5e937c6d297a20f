import type { Db } from '../../platform/database/database.ts';
import type { AccountId } from '../../platform/ids.ts';
import { lastDay, type Month } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import { readAccounts } from '../accounts/index.ts';
import { listDocuments, readDocument } from '../billing/index.ts';
import type { Norm } from './estimate.ts';
import type { Meter, Resource } from './meter.ts';
import { normFor } from './norm.ts';
import type { HousePlace } from './windows.ts';

/** Norms by device and resource: of its first account, with the norm of that account's last bill where no rule has one. */
export async function loadNorms(
  db: Db,
  house: HousePlace,
  meters: readonly Meter[],
  rules: RulesInForce,
  period: Month,
): Promise<(meter: Meter, resource: Resource) => Norm | null> {
  const ids = [...new Set(meters.flatMap(({ accounts }) => accounts.map(({ accountId }) => accountId)))];
  const accounts = new Map((await readAccounts(db, house.houseId, ids)).map((card) => [card.accountId, card]));
  const on = lastDay(period);
  const needsBill = meters.some(({ resources }) =>
    resources.some(({ resource }) => !rules.find(`norm.${resource}`, on, { ...house })),
  );
  const bills = new Map<AccountId, Awaited<ReturnType<typeof readDocument>>>();
  if (needsBill)
    for (const accountId of ids) {
      const [head] = await listDocuments(db, house.houseId, accountId, { after: null, limit: 1 });
      if (head) bills.set(accountId, await readDocument(db, house.houseId, [accountId], head.documentId));
    }
  return (meter, resource) => {
    // A device of the house or of a communal flat has no norm of its own.
    if (meter.kind === 'house' || meter.kind === 'common_flat') return null;
    for (const { accountId } of meter.accounts) {
      const account = accounts.get(accountId);
      const norm =
        account && normFor({ resource, on, house, rules, account, bill: bills.get(accountId)?.body ?? null });
      if (norm) return norm;
    }
    return null;
  };
}
