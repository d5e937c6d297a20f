import type { ColumnType, Generated } from 'kysely';
import type {
  AccountId,
  FileId,
  HouseId,
  MeterId,
  OrganisationId,
  PersonId,
  PremisesId,
  ReadingId,
  RoomId,
  UploadId,
  VersionId,
} from '../../platform/ids.ts';
import '../accounts/tables.ts';

export interface MeterTable {
  house_id: HouseId;
  meter_id: MeterId;
  version_id: VersionId;
  number: string;
  kind: 'individual' | 'house' | 'common_flat' | 'room';
  serial: string;
  brand: Generated<string>;
  model: Generated<string>;
  premises_id: PremisesId | null;
  room_id: RoomId | null;
  place: Generated<string>;
  tariffs: Generated<number>;
  ratio: Generated<string>;
  digits: number | null;
  gives_volume: Generated<boolean>;
  remote: Generated<boolean>;
  remote_note: string | null;
  temperature_sensor: Generated<boolean>;
  temperature_note: string | null;
  pressure_sensor: Generated<boolean>;
  pressure_note: string | null;
  installed_on: string | null;
  used_from: string | null;
  factory_sealed_on: string | null;
  sealed_on: string | null;
  verified_on: string | null;
  verification_interval: number | null;
  verify_by: string | null;
  state: 'working' | 'broken' | 'archived';
  broken_on: string | null;
  broken_reason: string | null;
  archived_on: string | null;
  archive_reason: string | null;
  replaced_by: MeterId | null;
  source_id: OrganisationId;
  updated_at: Date;
}

export type MeterChange =
  | 'installed'
  | 'corrected'
  | 'verified'
  | 'sealed'
  | 'broken'
  | 'repaired'
  | 'replaced'
  | 'archived'
  | 'restored';

export interface MeterVersionTable {
  house_id: HouseId;
  version_id: VersionId;
  meter_id: MeterId;
  change: MeterChange;
  on_day: string;
  organisation_id: OrganisationId | null;
  person_id: PersonId;
  at: Date;
  card: ColumnType<unknown, string, string>;
}

export interface MeterResourceTable {
  house_id: HouseId;
  meter_id: MeterId;
  resource: '1' | '2' | '3' | '4' | '5' | '8';
  unit: string;
}

export interface MeterAccountTable {
  house_id: HouseId;
  meter_id: MeterId;
  account_id: AccountId;
  provider_id: OrganisationId;
}

export interface MeterLinkTable {
  house_id: HouseId;
  meter_id: MeterId;
  other_id: MeterId;
  side: 'in' | 'out';
}

export interface MeterNumberTable {
  number: string;
  house_id: HouseId;
  meter_id: MeterId;
}

export interface ReadingTable {
  house_id: HouseId;
  reading_id: ReadingId;
  meter_id: MeterId;
  resource: MeterResourceTable['resource'];
  kind: 'base' | 'current' | 'control' | 'verification_start' | 'verification_end' | 'final';
  period: string;
  taken_on: string;
  t1: string;
  t2: string | null;
  t3: string | null;
  rolled_over: Generated<boolean>;
  source: 'resident' | 'organisation' | 'automatic';
  organisation_id: OrganisationId | null;
  person_id: PersonId | null;
  entered_at: Date;
  confirmed: Generated<string[]>;
  photo_id: FileId | null;
  upload_id: UploadId | null;
  state: 'active' | 'corrected' | 'declined';
  replaced_by: ReadingId | null;
}

export interface ReadingDeliveryTable {
  house_id: HouseId;
  reading_id: ReadingId;
  provider_id: OrganisationId;
  account_id: AccountId;
  meter_id: MeterId;
  period: string;
  state: 'received' | 'fetched' | 'accepted' | 'declined' | 'replaced';
  reason: string | null;
  changed_at: Date;
  changed_by: PersonId | null;
}

export interface ConsumptionTable {
  house_id: HouseId;
  meter_id: MeterId;
  resource: MeterResourceTable['resource'];
  period: string;
  premises_id: PremisesId | null;
  volume: string;
  t1: string | null;
  t2: string | null;
  t3: string | null;
  method: 'reading' | 'shared' | 'average' | 'norm';
  estimate: string | null;
  basis: ColumnType<unknown, string, string>;
  reading_id: ReadingId | null;
  updated_at: Date;
}

export interface HouseConsumptionTable {
  house_id: HouseId;
  resource: MeterResourceTable['resource'];
  period: string;
  homes: number;
  median: string | null;
  homes_volume: string;
  house_volume: string | null;
  updated_at: Date;
}

export interface OrganisationMetersTable {
  organisation_id: OrganisationId;
  house_id: HouseId;
  period: string;
  meters: number;
  sent: number;
  waiting: number;
  verify_soon: number;
  updated_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    meter: MeterTable;
    meter_version: MeterVersionTable;
    meter_resource: MeterResourceTable;
    meter_account: MeterAccountTable;
    meter_link: MeterLinkTable;
    meter_number: MeterNumberTable;
    reading: ReadingTable;
    reading_delivery: ReadingDeliveryTable;
    consumption: ConsumptionTable;
    house_consumption: HouseConsumptionTable;
    organisation_meters: OrganisationMetersTable;
  }
}
