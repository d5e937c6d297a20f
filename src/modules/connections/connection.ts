import { createHmac } from 'node:crypto';
import { type Config, deriveKey } from '../../platform/config.ts';
import type { AccountId, HouseId, OrganisationId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { Day } from '../../platform/month.ts';

/** How a person shows that an account may be theirs. A surname or an area alone proves nothing. */
export type Proof =
  | { kind: 'payer' }
  | { kind: 'bill_sum'; sum: Kopecks }
  | { kind: 'code'; code: string }
  | { kind: 'claim'; message: string };

/** Signs of a claim's message, with what is added to it later. */
export const MOST_MESSAGE = 1000;

export interface Candidate {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  provider: string;
  /** «Жилищно-коммунальные услуги» and the like. */
  words: string;
  /** Street and house only: a stranger must not learn the flat. */
  address: string;
  state: 'free' | LinkState;
}

export type Outcome =
  | { kind: 'connected'; count: number }
  | { kind: 'pending'; dueOn: Day; provider: string }
  /** The claim of this form is decided already: the person's accounts say how. */
  | { kind: 'answered' }
  /** The account is there; a proof is needed. */
  | { kind: 'needs_proof'; candidates: Candidate[] }
  /** Why not, and what the person can do next. */
  | { kind: 'refused'; field: string; message: string; failure: FailedTry | null };

/** A try that counts against the limit of the day. */
export type FailedTry = 'not_found' | 'wrong_sum' | 'wrong_code';

/** Codes leave out letters and digits that are read for one another. */
const CODE_SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** A code for a printed letter, «XXXX-XXXX-XXXX», from random bytes: 31^12, about 59 bits. */
export function composeCode(random: Uint8Array): string {
  const signs = Array.from(random.subarray(0, 12), (byte) => CODE_SIGNS[byte % CODE_SIGNS.length]);
  return [signs.slice(0, 4), signs.slice(4, 8), signs.slice(8, 12)].map((group) => group.join('')).join('-');
}

/** A code that is kept nowhere and is the same each time, under one SECRET_KEY. */
export const deriveCode = (config: Pick<Config, 'SECRET_KEY'>, purpose: string, of: string): string =>
  composeCode(createHmac('sha256', deriveKey(config, purpose)).update(of).digest());

/** What a person typed, in the form that is hashed: case, dashes and spaces do not matter. */
export const canonicalCode = (text: string): string => text.toUpperCase().replace(/[^0-9A-Z]/g, '');

export type LinkState = 'connected' | 'pending' | 'refused' | 'removed' | 'shared' | 'suspended';

/** From which state a link goes to which. A suspended one is proved again by a new link; an ended one is never taken up. */
export const MOVES: Readonly<Record<LinkState, readonly LinkState[]>> = {
  pending: ['connected', 'refused', 'removed'],
  connected: ['removed', 'suspended'],
  shared: ['removed'],
  suspended: ['removed'],
  refused: ['removed'],
  removed: [],
};
