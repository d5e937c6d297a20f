import type { ColumnType, Generated } from 'kysely';
import type { HouseId, OrganisationId, PersonId, PremisesId, RoomId } from '../../platform/ids.ts';

export interface HouseTable {
  house_id: HouseId;
  fias_guid: string;
  kind_code: Generated<string>;
  region_code: string;
  oktmo: string | null;
  zone: string;
  address: string;
  short_address: string;
  postal_index: string | null;
  cadastral_number: string | null;
  unique_number: string | null;
  state_code: string | null;
  stage_code: string | null;
  management_code: string | null;
  total_area: string | null;
  year_built: number | null;
  year_in_use: number | null;
  storeys_max: number | null;
  storeys_min: number | null;
  underground_storeys: number | null;
  heritage: boolean | null;
  wear_percent: string | null;
  wear_on: string | null;
  capital_repair_year: number | null;
  manager_id: OrganisationId | null;
  managed_from: string | null;
  latitude: number | null;
  longitude: number | null;
  source_id: OrganisationId | null;
  updated_at: Date;
}

export interface HouseAddressTable {
  fias_guid: string;
  house_id: HouseId;
}

export interface HouseCodeTable {
  code: string;
  fias_guid: string;
}

export interface HouseVersionTable {
  house_id: HouseId;
  version_id: string;
  replaced_at: Date;
  replaced_by: PersonId;
  card: ColumnType<unknown, string, string>;
}

export interface EntranceTable {
  house_id: HouseId;
  entrance_id: string;
  number: string;
  storeys: number | null;
  year_built: number | null;
  closed_on: string | null;
}

export interface LiftTable {
  house_id: HouseId;
  lift_id: string;
  entrance_number: string;
  factory_number: string;
  kind_code: string | null;
  service_limit: string | null;
  details: ColumnType<unknown, string | undefined, string>;
}

export interface PremisesTable {
  house_id: HouseId;
  premises_id: PremisesId;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house';
  number: string;
  entrance_number: string | null;
  characteristic_code: string | null;
  total_area: string | null;
  living_area: string | null;
  cadastral_number: string | null;
  common_property: Generated<boolean>;
  confirmed: Generated<boolean>;
  described: Generated<boolean>;
  closed_on: string | null;
  updated_at: Date;
}

export interface RoomTable {
  house_id: HouseId;
  room_id: RoomId;
  premises_id: PremisesId;
  number: string;
  area: string | null;
  cadastral_number: string | null;
  confirmed: Generated<boolean>;
  updated_at: Date;
}

export interface OwnershipTable {
  house_id: HouseId;
  ownership_id: string;
  premises_id: PremisesId;
  holder: 'person' | 'organisation';
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  snils: string | null;
  ogrn: string | null;
  organisation_name: string | null;
  kind_code: string | null;
  numerator: bigint;
  denominator: bigint;
  registration_number: string | null;
  registered_on: string | null;
  ended_on: string | null;
  recorded_by: PersonId;
  updated_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    house: HouseTable;
    house_address: HouseAddressTable;
    house_code: HouseCodeTable;
    house_version: HouseVersionTable;
    entrance: EntranceTable;
    lift: LiftTable;
    premises: PremisesTable;
    room: RoomTable;
    ownership: OwnershipTable;
  }
}
