import { AT_WORK, type Role } from '../../platform/access.ts';

export const access = {
  chooseNotices: ['resident', ...AT_WORK],
  changeAddress: ['resident', ...AT_WORK],
  turnOnDevice: ['resident', ...AT_WORK],
  /** From a letter, with its signed token: whoever reads the letter may. */
  endLetters: ['anyone'],
  confirmAddress: ['anyone'],
  watchMail: ['administrator'],
  retryMail: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
