import type { Generated } from 'kysely';
import type {
  AccountId,
  ClaimId,
  DocumentId,
  HouseId,
  LinkId,
  OrganisationId,
  PersonId,
  PremisesId,
  RoomId,
} from '../../platform/ids.ts';

export interface AccountTable {
  house_id: HouseId;
  account_id: AccountId;
  provider_id: OrganisationId;
  number: string;
  kind: 'uo' | 'rso' | 'capital_repair' | 'settlement_centre' | 'authority' | 'tko';
  els: string;
  service_id: string;
  is_tenant: Generated<boolean>;
  divided: Generated<boolean>;
  payer: 'person' | 'organisation' | null;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  snils: string | null;
  document_kind: string | null;
  document_number: string | null;
  document_series: string | null;
  document_on: string | null;
  payer_ogrn: string | null;
  payer_nza: string | null;
  payer_kpp: string | null;
  total_area: string | null;
  living_area: string | null;
  heated_area: string | null;
  residents: number | null;
  opened_on: string | null;
  closed_on: string | null;
  close_reason_code: string | null;
  close_note: string | null;
  updated_at: Date;
}

export interface AccountPlaceTable {
  house_id: HouseId;
  account_id: AccountId;
  place_id: string;
  premises_id: PremisesId;
  room_id: RoomId | null;
  share_percent: string | null;
}

export interface AccountBasisTable {
  house_id: HouseId;
  account_id: AccountId;
  position: number;
  kind: string;
  identifier: string | null;
  contract_kind: string | null;
  number: string | null;
  concluded_on: string | null;
  on_paper: string | null;
}

export interface UnifiedNumberTable {
  value: string;
  kind: 'els' | 'service' | 'bill';
  house_id: HouseId;
  account_id: AccountId | null;
  document_id: DocumentId | null;
}

export interface ProviderAccountTable {
  provider_id: OrganisationId;
  number: string;
  house_id: HouseId;
  account_id: AccountId;
}

export interface AccountLinkTable {
  person_id: PersonId;
  link_id: LinkId;
  house_id: HouseId;
  account_id: AccountId;
  provider_id: OrganisationId;
  state: 'connected' | 'pending' | 'refused' | 'removed';
  title: Generated<string>;
  proof: 'payer' | 'bill_sum' | 'code' | 'claim';
  claim_id: ClaimId | null;
  refusal: string | null;
  created_at: Date;
  changed_at: Date;
  /** Since when the account is the person's to see; null when it has never been. */
  connected_at: Generated<Date | null>;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    account: AccountTable;
    account_place: AccountPlaceTable;
    account_basis: AccountBasisTable;
    unified_number: UnifiedNumberTable;
    provider_account: ProviderAccountTable;
    account_link: AccountLinkTable;
  }
}
