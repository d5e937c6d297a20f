import type { Generated } from 'kysely';
import type { EmployeeRole } from '../../platform/access.ts';
import type { HouseId, InvitationId, OrganisationId, PersonId } from '../../platform/ids.ts';

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

declare module '../../platform/database/database.ts' {
  interface Tables {
    invitation: InvitationTable;
    invitation_house: InvitationHouseTable;
  }
}
