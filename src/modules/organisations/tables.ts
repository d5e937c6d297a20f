import type { Generated } from 'kysely';
import type { DelegatedWork, EmployeeRole } from '../../platform/access.ts';
import type {
  ApiKeyId,
  DelegationId,
  EmployeeId,
  HouseId,
  OrganisationId,
  PersonId,
  RequisiteId,
} from '../../platform/ids.ts';

/** What an identity provider says of somebody's part in an organisation. */
export type ClaimedRole = 'head' | 'clerk';

export interface OrganisationTable {
  organisation_id: OrganisationId;
  ogrn: string;
  inn: string;
  kpp: Generated<string>;
  kind: 'legal' | 'entrepreneur' | 'branch' | 'foreign_branch';
  full_name: string;
  short_name: string;
  registered_on: string | null;
  legal_address: string | null;
  actual_address: string | null;
  postal_address: string | null;
  phone: string | null;
  fax: string | null;
  email: string | null;
  site: string | null;
  dispatcher_phone: string | null;
  dispatcher_hours: string | null;
  reception_hours: string | null;
  region_code: string | null;
  split_account: string | null;
  /** Of the bank accounts beside the first; null: never. */
  requisites_changed_at: Date | null;
  updated_at: Date;
}

export interface OrganisationPowerTable {
  organisation_id: OrganisationId;
  power_code: string;
  region_code: string;
  /** Empty: the whole region. */
  oktmo: Generated<string>;
}

export interface RequisiteTable {
  requisite_id: RequisiteId;
  organisation_id: OrganisationId;
  bik: string;
  bank_account: string;
  bank_name: string | null;
  correspondent_account: string | null;
}

export interface EmployeeTable {
  organisation_id: OrganisationId;
  employee_id: EmployeeId;
  person_id: PersonId;
  role: EmployeeRole;
  valid_from: string;
  valid_to: string | null;
  /** As they sign answers. */
  post: Generated<string>;
  claimed_role: ClaimedRole | null;
  given_role: EmployeeRole | null;
  given_until: string | null;
  invited: Generated<boolean>;
  dismissed_at: Date | null;
  dismissed_by: PersonId | null;
  dismissal: string | null;
  limited: Generated<boolean>;
}

export interface EmployeeHouseTable {
  organisation_id: OrganisationId;
  employee_id: EmployeeId;
  house_id: HouseId;
}

export interface OrganisationClaimTable {
  person_id: PersonId;
  ogrn: string;
  role: ClaimedRole;
  claimed_at: Date;
}

export interface DelegationTable {
  organisation_id: OrganisationId;
  delegation_id: DelegationId;
  centre_id: OrganisationId;
  works: DelegatedWork[];
  valid_from: string;
  valid_to: string;
  given_by: PersonId;
  given_at: Date;
  revoked_at: Date | null;
  revoked_by: PersonId | null;
  revocation: string | null;
}

export interface OrganisationHouseTable {
  organisation_id: OrganisationId;
  house_id: HouseId;
  address: string;
  manages: boolean;
  premises: Generated<number>;
  accounts: Generated<number>;
}

export interface ApiKeyTable {
  organisation_id: OrganisationId;
  key_id: ApiKeyId;
  name: string;
  secret_hash: Buffer;
  made_by: PersonId;
  made_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    organisation: OrganisationTable;
    organisation_power: OrganisationPowerTable;
    requisite: RequisiteTable;
    employee: EmployeeTable;
    employee_house: EmployeeHouseTable;
    organisation_claim: OrganisationClaimTable;
    delegation: DelegationTable;
    organisation_house: OrganisationHouseTable;
    api_key: ApiKeyTable;
  }
}
