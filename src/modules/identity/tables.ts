import type { Generated } from 'kysely';
import type { OrganisationId, PersonId, SessionId } from '../../platform/ids.ts';
import type { DeviceId } from './identity.ts';

export interface PersonTable {
  person_id: PersonId;
  kind: 'citizen' | 'guest' | 'erased';
  family_name: Generated<string>;
  given_name: Generated<string>;
  middle_name: Generated<string>;
  birth_date: string | null;
  snils: string | null;
  email: string | null;
  phone: string | null;
  confirmed: Generated<boolean>;
  /** The subject of the issuer at the last sign-in; null for guests. */
  subject: string | null;
  created_at: Date;
  signed_in_at: Date | null;
}

export interface IdentityTable {
  issuer: string;
  subject: string;
  person_id: PersonId;
  created_at: Date;
}

export interface SessionTable {
  person_id: PersonId;
  session_id: SessionId;
  secret_hash: Buffer;
  created_at: Date;
  seen_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  /** The person's own organisation. */
  acting_organisation_id: OrganisationId | null;
  /** The organisation whose work the own one does, a settlement centre. */
  acting_for_id: OrganisationId | null;
  user_agent: Generated<string>;
  id_token: string | null;
  network: Generated<string>;
  device_id: DeviceId | null;
}

export interface DeviceTable {
  person_id: PersonId;
  device_id: DeviceId;
  secret_hash: Buffer;
  user_agent: string;
  network: string;
  first_at: Date;
  last_at: Date;
  alarm_hash: Buffer | null;
  alarm_until: Date | null;
}

export interface SignInAttemptTable {
  state: string;
  nonce: string;
  code_verifier: string;
  browser_hash: Buffer;
  return_to: string;
  created_at: Date;
}

export interface AcceptanceTable {
  person_id: PersonId;
  acceptance_id: string;
  kind: string;
  version: number;
  organisation_id: OrganisationId | null;
  accepted_at: Date;
  way: string;
}

export interface ConsentWithdrawalTable {
  person_id: PersonId;
  withdrawal_id: string;
  kind: string;
  organisation_id: OrganisationId | null;
  withdrawn_at: Date;
  erase_at: Date | null;
}

export interface LegalTextTable {
  kind: 'agreement' | 'consent';
  version: number;
  title: string;
  body: string;
  published_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    person: PersonTable;
    identity: IdentityTable;
    session: SessionTable;
    device: DeviceTable;
    sign_in_attempt: SignInAttemptTable;
    acceptance: AcceptanceTable;
    consent_withdrawal: ConsentWithdrawalTable;
    legal_text: LegalTextTable;
  }
}
