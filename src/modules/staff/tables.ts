import type { ColumnType, Generated } from 'kysely';
import type { EmployeeRole } from '../../platform/access.ts';
import type {
  ApplicationId,
  HouseId,
  InvitationId,
  OrganisationId,
  PersonId,
  RequisiteChangeId,
} from '../../platform/ids.ts';

export interface InvitationTable {
  organisation_id: OrganisationId;
  invitation_id: InvitationId;
  secret_hash: Buffer;
  email: string;
  family_name: string;
  given_name: string;
  role: EmployeeRole;
  given_until: string | null;
  limited: Generated<boolean>;
  invited_by: PersonId;
  invited_at: Date;
  sent_at: Date;
  sent_times: Generated<number>;
  expires_at: Date;
  revoked_at: Date | null;
  accepted_at: Date | null;
  accepted_by: PersonId | null;
}

export interface InvitationHouseTable {
  organisation_id: OrganisationId;
  invitation_id: InvitationId;
  house_id: HouseId;
}

export interface OrganisationApplicationTable {
  application_id: ApplicationId;
  person_id: PersonId;
  ogrn: string;
  kpp: string;
  card: ColumnType<unknown, string, never>;
  powers: ColumnType<unknown, string, never>;
  state: 'open' | 'approved' | 'refused';
  sent_at: Date;
  decided_at: Date | null;
  decided_by: PersonId | null;
  reason: string | null;
  organisation_id: OrganisationId | null;
}

export interface RequisiteChangeTable {
  organisation_id: OrganisationId;
  change_id: RequisiteChangeId;
  bik: string;
  bank_account: string;
  bank_name: string | null;
  correspondent_account: string | null;
  state: 'pending' | 'confirmed' | 'refused' | 'withdrawn';
  asked_by: PersonId;
  asked_at: Date;
  decided_by: PersonId | null;
  decided_at: Date | null;
  reason: string | null;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    organisation_application: OrganisationApplicationTable;
    invitation: InvitationTable;
    requisite_change: RequisiteChangeTable;
    invitation_house: InvitationHouseTable;
  }
}
