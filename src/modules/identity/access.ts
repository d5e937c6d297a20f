import { AT_WORK, type Role } from '../../platform/access.ts';

export const access = {
  signIn: ['anyone'],
  acceptTexts: ['newcomer'],
  chooseCapacity: ['newcomer'],
  signOut: ['newcomer', 'guest'],
  viewProfile: ['resident', ...AT_WORK],
  /** Whoever has the letter. */
  endByLetter: ['anyone'],
  /** Also who has not accepted the texts, or has taken the consent back. */
  viewConsents: ['newcomer'],
  withdrawConsent: ['newcomer'],
  endSessions: ['resident', ...AT_WORK],
} as const satisfies Record<string, readonly Role[]>;
