import { AT_WORK, type Role } from '../../platform/access.ts';

export const access = {
  viewLooks: ['resident', ...AT_WORK],
  /** Also who has not accepted the texts, or has taken the consent back: whose data it is may have it and have it deleted (152-ФЗ, ст. 14). */
  exportData: ['newcomer'],
  eraseData: ['newcomer'],
  sayGoodbye: ['anyone'],
} as const satisfies Record<string, readonly Role[]>;
