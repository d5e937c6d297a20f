import type { Generated } from 'kysely';
import type { AccountId, ClaimId, HouseId, LinkId, OrganisationId, PersonId } from '../../platform/ids.ts';
import type { ShareId } from '../accounts/index.ts';
import type { BatchId } from './letters/batch.ts';
import '../accounts/tables.ts';

export interface AccountCodeTable {
  house_id: HouseId;
  code_id: string;
  account_id: AccountId;
  code_hash: Buffer;
  made_by: PersonId;
  made_at: Date;
  expires_at: Date;
  used_at: Generated<Date | null>;
  /** Of a printed letter; null: shown on the screen. */
  batch_id: Generated<BatchId | null>;
}

export interface FailedProofTable {
  house_id: HouseId;
  proof_id: string;
  account_id: AccountId;
  person_id: PersonId;
  failed_at: Date;
}

export interface ConnectAttemptTable {
  person_id: PersonId;
  attempt_id: string;
  attempted_at: Date;
  outcome: string;
}

export interface ConnectionClaimTable {
  organisation_id: OrganisationId;
  claim_id: ClaimId;
  person_id: PersonId;
  link_id: LinkId;
  house_id: HouseId;
  account_id: AccountId;
  claimant_name: string;
  message: string;
  state: 'open' | 'approved' | 'refused' | 'withdrawn';
  due_on: string;
  created_at: Date;
  decided_at: Date | null;
  decided_by: PersonId | null;
  reason: string | null;
  reminded_at: Generated<Date | null>;
  overdue_at: Generated<Date | null>;
}

export interface LetterBatchTable {
  organisation_id: OrganisationId;
  batch_id: BatchId;
  house_id: HouseId;
  account_id: AccountId | null;
  purpose: string;
  made_by: PersonId;
  ordered_at: Date;
  changed_at: Date;
  expires_at: Date;
  state: 'making' | 'ready';
  letters: number;
  made: Generated<number>;
  last_number: Generated<string>;
}

/** Look-up: whose invitation a one-time code is. */
export interface ShareCodeTable {
  code_hash: Buffer;
  person_id: PersonId;
  share_id: ShareId;
  expires_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    account_code: AccountCodeTable;
    failed_proof: FailedProofTable;
    connect_attempt: ConnectAttemptTable;
    connection_claim: ConnectionClaimTable;
    letter_batch: LetterBatchTable;
    share_code: ShareCodeTable;
  }
}
