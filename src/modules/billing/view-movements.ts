import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { type AccountId, type HouseId, isUuid } from '../../platform/ids.ts';
import { readAccounts } from '../accounts/index.ts';
import type { MovementsView } from './movements-page.tsx';
import { selectLedger } from './queries/reading.ts';
import { readAccountsOwed } from './read-accounts-owed.ts';

const PAGE = 50;

/** The balance of an account and a page of its ledger, newest first. The caller has made sure that it may be seen. */
export async function viewMovements(
  context: Context,
  input: { houseId: HouseId; accountId: AccountId; after: string | undefined },
): Promise<MovementsView> {
  const { houseId, accountId } = input;
  const after = input.after && isUuid(input.after) ? input.after : null;
  const [[owed], [account], entries] = await Promise.all([
    readAccountsOwed(context.db, [{ houseId, accountId }], context.clock()),
    readAccounts(context.db, houseId, [accountId]),
    selectLedger(context.db, houseId, accountId, { after, limit: PAGE + 1 }),
  ]);
  if (!owed || !account) throw new NotFound();
  const shown = entries.slice(0, PAGE);
  return { owed, number: account.number, entries: shown, older: entries.length > PAGE ? shown.at(-1)!.entryId : null };
}
