import type { Transaction } from '../../platform/database/database.ts';
import type { Image } from '../../platform/database/image.ts';
import type { AccountId, HouseId, OrganisationId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { replaceBases, replacePlaces, replaceProviderNumbers, upsertAccountRows } from './queries/bulk.ts';
import { lockAccountRows } from './queries/images.ts';

/** НСИ 22: «Ошибка ввода». */
export const INPUT_ERROR = '10';

/**
 * Gives accounts of one provider in one house back what stood in some of their columns; the others stay as they are.
 * @param fields columns by name, `places` and `bases` as rows, as `selectAccountImages` reads them
 * @throws Error when a number that an account had is another's now
 */
export async function restoreAccounts(
  trx: Transaction,
  houseId: HouseId,
  providerId: OrganisationId,
  restored: readonly { accountId: AccountId; fields: Image }[],
  at: Date,
): Promise<void> {
  if (restored.length === 0) return;
  const rows = await lockAccountRows(
    trx,
    houseId,
    restored.map(({ accountId }) => accountId),
  );
  const whole = restored.map(({ accountId, fields: { places: _places, bases: _bases, ...columns } }) => ({
    ...rows.get(accountId)!,
    ...columns,
    updated_at: at,
  }));
  await upsertAccountRows(trx, whole);
  const renumbered = restored.flatMap(({ accountId, fields }) =>
    typeof fields.number === 'string' ? [{ accountId, number: fields.number }] : [],
  );
  if (renumbered.length > 0) {
    const holders = await replaceProviderNumbers(trx, houseId, providerId, renumbered);
    if (renumbered.some(({ accountId, number }) => holders.get(number) !== accountId))
      throw new Error("a number to give back is another account's now");
  }
  const having = (name: 'places' | 'bases') => restored.filter(({ fields }) => name in fields);
  const rowsOf = (name: 'places' | 'bases') =>
    having(name).flatMap(({ accountId, fields }) =>
      (fields[name] as object[]).map((row) => ({ ...row, house_id: houseId, account_id: accountId })),
    );
  const ids = (name: 'places' | 'bases') => having(name).map(({ accountId }) => accountId);
  if (ids('places').length > 0) await replacePlaces(trx, houseId, ids('places'), rowsOf('places'));
  if (ids('bases').length > 0) await replaceBases(trx, houseId, ids('bases'), rowsOf('bases'));
}

/** Closes accounts that should never have been: an error of input. Their numbers stay theirs. */
export const closeAccounts = (
  trx: Transaction,
  houseId: HouseId,
  providerId: OrganisationId,
  ids: readonly AccountId[],
  closing: { on: Day; note: string },
  at: Date,
): Promise<void> =>
  restoreAccounts(
    trx,
    houseId,
    providerId,
    ids.map((accountId) => ({
      accountId,
      fields: { closed_on: closing.on, close_reason_code: INPUT_ERROR, close_note: closing.note.slice(0, 250) },
    })),
    at,
  );
