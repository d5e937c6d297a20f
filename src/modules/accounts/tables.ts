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
import type { Day } from '../../platform/month.ts';
import type { InvitationId, ShareId, ShareRight, ShareUse } from './sharing.ts';

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
  state: 'connected' | 'pending' | 'refused' | 'removed' | 'shared' | 'suspended';
  title: Generated<string>;
  proof: 'payer' | 'bill_sum' | 'code' | 'claim' | 'share';
  claim_id: ClaimId | null;
  refusal: string | null;
  created_at: Date;
  changed_at: Date;
  /** Since when the account is the person's to see; null when it has never been. */
  connected_at: Generated<Date | null>;
  /** Of a helper's link: by which share of whom, and what for. */
  share_id: ShareId | null;
  owner_id: PersonId | null;
  owner_name: string | null;
  rights: ShareRight[] | null;
  until: Day | null;
  ends_at: Date | null;
  /** Of a suspended link: the first day of the last month whose bills were addressed to its person. */
  seen_through: Day | null;
}

/** The owner's side of a share. */
export interface AccountShareTable {
  person_id: PersonId;
  share_id: ShareId;
  invitation_id: Generated<InvitationId>;
  link_id: LinkId;
  house_id: HouseId;
  account_id: AccountId;
  invited_as: string;
  email: string | null;
  rights: ShareRight[];
  until: Day | null;
  ends_at: Date | null;
  state: 'invited' | 'accepted' | 'revoked' | 'declined' | 'ended';
  created_at: Date;
  expires_at: Date;
  helper_id: PersonId | null;
  helper_name: string | null;
  helper_link_id: LinkId | null;
  accepted_at: Date | null;
  ended_at: Date | null;
}

export interface ShareUseTable {
  person_id: PersonId;
  share_id: ShareId;
  day: Day;
  kind: ShareUse;
  thing_id: string;
  what: string;
  times: Generated<number>;
  first_at: Date;
  last_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    account: AccountTable;
    account_place: AccountPlaceTable;
    account_basis: AccountBasisTable;
    unified_number: UnifiedNumberTable;
    provider_account: ProviderAccountTable;
    account_link: AccountLinkTable;
    account_share: AccountShareTable;
    share_use: ShareUseTable;
  }
}
