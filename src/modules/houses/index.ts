export { access as housesAccess } from './access.ts';
export {
  CATEGORY_NAMES,
  type HouseCard,
  type HouseChanges,
  type HouseInput,
  type Ownership,
  type PremisesCard,
  type PremisesCategory,
  premisesLabel,
  STANDING_WORDS,
  type Standing,
  standingOf,
} from './house.ts';
export { canonicalHouseCode, UNIQUE_NUMBER } from './house-codes.ts';
export { selectHousesByCodes as findHousesByCodes } from './queries/house-codes.ts';
export {
  countParts as countHouseParts,
  lockHouse,
  selectHouse as readHouse,
  selectHouseIdByFias as findHouseByFias,
  selectHouseIds as listHouseIds,
  selectHouseIdsByFias as findHousesByFias,
  selectHouses as readHouses,
} from './queries/houses.ts';
export {
  closePremises,
  deleteParts,
  type HousePart,
  type PartImage,
  restoreParts,
  selectHouseImages as readHouseImages,
  selectUsedPlaces as usedPlaces,
} from './queries/images.ts';
export { type OwnershipInput, selectOwnerships as ownersOf } from './queries/ownership.ts';
export {
  type EntranceInput,
  ensurePremises,
  type LiftInput,
  type PremisesInput,
  type PremisesPlace,
  placeKey,
  type RoomInput,
  selectPlaceKeys as readPlaceKeys,
  upsertEntrances,
  upsertLifts,
  upsertPremises,
  upsertRooms,
} from './queries/parts.ts';
export { type Home, selectHome as readHome, selectPremises as readPremises } from './queries/premises.ts';
export { selectWholeHouse as readWholeHouse, type WholeHouse } from './queries/whole-house.ts';
export { addOwnership, endOwnership, recordOwnership } from './record-ownership.ts';
export { registerHouseCard } from './resident.tsx';
export { restoreHouse } from './restore-house.ts';
export { formatShare, parseShare, type Share } from './share.ts';
export { refreshHouseCounts, upsertHouse } from './upsert-house.ts';
export { registerHousesOfOrganisation } from './workplace/index.ts';
