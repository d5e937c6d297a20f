import type { HouseId, OrganisationId, PremisesId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { HouseTable, PremisesTable } from './tables.ts';

/** The passport of a house. Areas and wear are exact decimal text; codes are of НСИ 24, 25, 26 and 338. */
export interface HouseCard {
  houseId: HouseId;
  fiasGuid: string;
  kindCode: string;
  regionCode: string;
  oktmo: string | null;
  zone: string;
  address: string;
  shortAddress: string;
  postalIndex: string | null;
  cadastralNumber: string | null;
  /** The state system's own code of the house, «Уникальный номер дома»: 25 digits, a dash, 5 digits. */
  uniqueNumber: string | null;
  stateCode: string | null;
  stageCode: string | null;
  managementCode: string | null;
  totalArea: string | null;
  yearBuilt: number | null;
  yearInUse: number | null;
  storeysMax: number | null;
  storeysMin: number | null;
  undergroundStoreys: number | null;
  heritage: boolean | null;
  wearPercent: string | null;
  wearOn: Day | null;
  capitalRepairYear: number | null;
  managerId: OrganisationId | null;
  managedFrom: Day | null;
  latitude: number | null;
  longitude: number | null;
  /** Whose figures these are. */
  sourceId: OrganisationId | null;
  updatedAt: Date;
}

type Optional = Exclude<
  keyof HouseCard,
  'houseId' | 'fiasGuid' | 'regionCode' | 'zone' | 'address' | 'shortAddress' | 'updatedAt'
>;
/** What is said of a house. A field left out keeps what the card says; null empties it. */
export type HouseInput = Pick<HouseCard, 'fiasGuid' | 'regionCode' | 'zone' | 'address' | 'shortAddress'> &
  Partial<Pick<HouseCard, Optional>>;
export type HouseChanges = Partial<Omit<HouseInput, 'fiasGuid'>>;

export type PremisesCategory = PremisesTable['category'];
export type ColumnOfHouse = keyof Omit<HouseTable, 'house_id' | 'updated_at'>;

export const CATEGORY_NAMES: Readonly<Record<PremisesCategory, string>> = {
  residential: 'Жилое помещение',
  non_residential: 'Нежилое помещение',
  block: 'Блок',
  whole_house: 'Дом целиком',
};

/** Where premises lie in their house: «кв. 12», «помещение 3Н», nothing for a whole house. */
export function premisesLabel(premises: { category: PremisesCategory; number: string }): string {
  if (premises.category === 'whole_house') return '';
  const word = { residential: 'кв.', non_residential: 'помещение', block: 'блок' }[premises.category];
  return `${word}\u00a0${premises.number}`;
}

export interface Ownership {
  ownershipId: string;
  premisesId: PremisesId;
  holder: 'person' | 'organisation';
  familyName: string | null;
  givenName: string | null;
  middleName: string | null;
  snils: string | null;
  ogrn: string | null;
  organisationName: string | null;
  kindCode: string | null;
  numerator: bigint;
  denominator: bigint;
  registrationNumber: string | null;
  registeredOn: Day | null;
}

export interface PremisesCard {
  houseId: HouseId;
  premisesId: PremisesId;
  category: PremisesCategory;
  number: string;
  entranceNumber: string | null;
  characteristicCode: string | null;
  totalArea: string | null;
  livingArea: string | null;
  cadastralNumber: string | null;
  commonProperty: boolean;
  confirmed: boolean;
  described: boolean;
  closedOn: Day | null;
  updatedAt: Date;
  /** Current rights only. */
  owners: Ownership[];
}

/** What the signed-in person is to premises (S-PREM-2). */
export type Standing = 'owner' | 'tenant' | 'payer';

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  owner: 'Вы являетесь собственником данного помещения',
  tenant: 'Вы являетесь нанимателем данного помещения',
  payer: 'Вы являетесь плательщиком за данное помещение',
};

/**
 * «Собственник» is said only when a current right stands under the СНИЛС of a confirmed person: a similar name proves nothing,
 * and paying for a flat is not owning it.
 */
export function standingOf(
  person: { snils: string | null; confirmed: boolean },
  owners: readonly Pick<Ownership, 'holder' | 'snils'>[],
  account: { isTenant: boolean },
): Standing {
  const isOwner =
    person.confirmed &&
    person.snils !== null &&
    owners.some((owner) => owner.holder === 'person' && owner.snils === person.snils);
  return isOwner ? 'owner' : account.isTenant ? 'tenant' : 'payer';
}
