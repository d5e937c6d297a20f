import type { Db, Transaction } from '../../platform/database/database.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../../platform/ids.ts';
import { placeHouse, removeHouse, setHouseCounts } from '../organisations/index.ts';
import type { HouseCard, HouseChanges, HouseInput } from './house.ts';
import { publishedCodes } from './house-codes.ts';
import { replaceCodes } from './queries/house-codes.ts';
import { claimAddress, countParts, insertHouse, insertHouseVersion, lockHouse, updateHouse } from './queries/houses.ts';

/** Does a change say anything new? Decimals are compared as numbers: the database pads them with zeros. */
function isChanged(card: HouseCard, changes: HouseChanges): boolean {
  const same = (before: unknown, after: unknown, decimal: boolean) =>
    before === after || (decimal && before !== null && after !== null && Number(before) === Number(after));
  return Object.entries(changes).some(
    ([field, value]) =>
      value !== undefined &&
      !same(card[field as keyof HouseCard], value, field === 'totalArea' || field === 'wearPercent'),
  );
}

/** Changes a card whose row is locked: keeps what it said before, and the managers' lists of houses true. */
async function replaceCard(
  trx: Transaction,
  card: HouseCard,
  changes: HouseChanges,
  by: PersonId,
  at: Date,
): Promise<boolean> {
  const { sourceId: _source, ...figures } = changes;
  if (!isChanged(card, figures)) return false;
  await insertHouseVersion(trx, card, by, at);
  await updateHouse(trx, card.houseId, changes, at);
  const [before, after] = [publishedCodes(card), publishedCodes({ ...card, ...changes })];
  await replaceCodes(trx, card.fiasGuid, {
    added: after.filter((code) => !before.includes(code)),
    removed: before.filter((code) => !after.includes(code)),
  });
  const manager = changes.managerId === undefined ? card.managerId : changes.managerId;
  if (card.managerId && card.managerId !== manager) await removeHouse(trx, card.managerId, card.houseId);
  if (manager) await listForManager(trx, manager, card.houseId, changes.shortAddress ?? card.shortAddress);
  return true;
}

const listForManager = (trx: Transaction, organisationId: OrganisationId, houseId: HouseId, address: string) =>
  placeHouse(trx, { organisationId, houseId, address, manages: true });

/**
 * Makes the house of a ФИАС address or changes its card; an unchanged card is not written again. The look-ups and the
 * manager's list of houses are written in the same transaction.
 */
export async function upsertHouse(trx: Transaction, input: HouseInput, by: PersonId, at: Date): Promise<HouseId> {
  const houseId = await claimAddress(trx, input.fiasGuid, newId<HouseId>());
  const card = await lockHouse(trx, houseId);
  const { fiasGuid: _fias, ...changes } = input;
  if (card) {
    await replaceCard(trx, card, changes, by, at);
    return houseId;
  }
  await insertHouse(trx, houseId, input, at);
  await replaceCodes(trx, input.fiasGuid, { added: publishedCodes({ houseId, ...input }), removed: [] });
  if (input.managerId) await listForManager(trx, input.managerId, houseId, input.shortAddress);
  return houseId;
}

/** Changes the card of a house that is there. Null when it is not; else whether anything was new. */
export async function changeHouse(
  trx: Transaction,
  houseId: HouseId,
  changes: HouseChanges,
  by: PersonId,
  at: Date,
): Promise<boolean | null> {
  const card = await lockHouse(trx, houseId);
  return card ? replaceCard(trx, card, changes, by, at) : null;
}

/** Counts a house's premises again into its manager's list: once after a load, not for each row. */
export async function refreshHouseCounts(db: Db, houseId: HouseId, managerId: OrganisationId): Promise<void> {
  const { premises } = await countParts(db, houseId);
  await setHouseCounts(db, managerId, houseId, { premises });
}
