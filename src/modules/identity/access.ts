import type { Role } from '../../platform/access.ts';

export const access = {
  signIn: ['anyone'],
  acceptTexts: ['newcomer'],
  chooseCapacity: ['newcomer'],
  signOut: ['newcomer', 'guest'],
  viewProfile: ['resident', 'clerk', 'inspector'],
  endSessions: ['resident', 'clerk', 'inspector'],
} as const satisfies Record<string, readonly Role[]>;
