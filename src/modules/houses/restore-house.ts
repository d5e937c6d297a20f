import type { Transaction } from '../../platform/database/database.ts';
import type { Image } from '../../platform/database/image.ts';
import type { HouseId, PersonId } from '../../platform/ids.ts';
import type { HouseChanges } from './house.ts';
import { changesOfRow } from './queries/houses.ts';
import { changeHouse } from './upsert-house.ts';

/** All that only whoever manages a house says of it. */
const NOTHING_SAID: HouseChanges = {
  managerId: null,
  managedFrom: null,
  sourceId: null,
  stateCode: null,
  stageCode: null,
  totalArea: null,
  yearBuilt: null,
  yearInUse: null,
  storeysMax: null,
  storeysMin: null,
  undergroundStoreys: null,
  heritage: null,
  uniqueNumber: null,
};

/**
 * Gives the card of a house back what stood in some of its columns; what it said until now is kept as a version. A house that should not
 * have been described stays as an address alone: it is in the register, and belongs to nobody.
 * @param fields columns by name; null: the house was made by what is taken back
 */
export const restoreHouse = async (
  trx: Transaction,
  houseId: HouseId,
  fields: Image | null,
  by: PersonId,
  at: Date,
): Promise<void> => {
  await changeHouse(trx, houseId, fields === null ? NOTHING_SAID : changesOfRow(fields), by, at);
};
