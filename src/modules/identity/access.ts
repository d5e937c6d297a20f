import { AT_WORK, type Role } from '../../platform/access.ts';

export const access = {
  signIn: ['anyone'],
  acceptTexts: ['newcomer'],
  chooseCapacity: ['newcomer'],
  signOut: ['newcomer', 'guest'],
  viewProfile: ['resident', ...AT_WORK],
  endSessions: ['resident', ...AT_WORK],
} as const satisfies Record<string, readonly Role[]>;
