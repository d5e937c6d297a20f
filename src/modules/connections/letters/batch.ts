import type { Config } from '../../../platform/config.ts';
import type { AccountId, HouseId, Id, OrganisationId, PersonId } from '../../../platform/ids.ts';
import { deriveCode } from '../connection.ts';

export type BatchId = Id<'letter batch'>;

/** Letters that were made together: of one account, or of every open account of the organisation in a house. */
export interface LetterBatch {
  organisationId: OrganisationId;
  batchId: BatchId;
  houseId: HouseId;
  accountId: AccountId | null;
  /** In words. */
  purpose: string;
  madeBy: PersonId;
  orderedAt: Date;
  /** Of every code of the batch. */
  expiresAt: Date;
  state: 'making' | 'ready';
  letters: number;
  made: number;
  /** The number of the last account that has its code. */
  lastNumber: string;
}

/**
 * The code of an account in a batch: letters can be printed again while it works. Under another SECRET_KEY it is another code, so
 * whoever prints compares it with the hash.
 */
export function codeOf(config: Pick<Config, 'SECRET_KEY'>, batchId: BatchId, accountId: AccountId): string {
  return deriveCode(config, 'codes of printed letters', `${batchId} ${accountId}`);
}
