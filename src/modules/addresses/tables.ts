import type { ColumnType, Generated } from 'kysely';

export interface AddressTypeTable {
  kind: 'object' | 'house' | 'addition' | 'apartment' | 'room';
  code: number;
  level: Generated<number>;
  short_name: string;
  name: string;
  valid_to: string;
}

export interface AddressObjectTable {
  object_id: bigint;
  parent_id: bigint | null;
  municipal_parent_id: bigint | null;
  change_id: bigint;
  guid: string;
  postal_index: number | null;
  region: number;
  level: number;
  type_name: string;
  name: string;
  words: string;
  place_words: Generated<string>;
  oktmo: string | null;
  kladr: string | null;
  gone_on: string | null;
}

export interface AddressHouseTable {
  house_id: bigint;
  parent_id: bigint;
  municipal_parent_id: bigint | null;
  change_id: bigint;
  guid: string;
  postal_index: number | null;
  gone_on: string | null;
  region: number;
  house_type: number | null;
  addition_type1: number | null;
  addition_type2: number | null;
  apartment_house: Generated<boolean>;
  number: string | null;
  addition1: string | null;
  addition2: string | null;
  number_key: string;
  oktmo: string | null;
  cadastral_number: string | null;
  kladr: string | null;
}

export interface AddressPremisesTable {
  premises_id: bigint;
  house_id: bigint;
  change_id: bigint;
  guid: string;
  region: number;
  kind: number;
  number: string;
  cadastral_number: string | null;
  gone_on: string | null;
}

export interface AddressLoadTable {
  load_id: string;
  region: number;
  kind: 'full' | 'delta';
  version: string;
  source: string;
  state: 'done' | 'failed';
  started_at: Date;
  finished_at: Date;
  counts: ColumnType<Record<string, number>, string, string>;
  failure: string | null;
}

export interface AddressUnlinkedTable {
  region: number;
  object_id: bigint;
  kind: 'object' | 'house' | 'premises';
  label: string;
  parent_id: bigint | null;
  reason: 'no place' | 'no parent';
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    address_type: AddressTypeTable;
    address_object: AddressObjectTable;
    address_house: AddressHouseTable;
    address_premises: AddressPremisesTable;
    address_load: AddressLoadTable;
    address_unlinked: AddressUnlinkedTable;
  }
}
