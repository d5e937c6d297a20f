import type { Role } from '../../platform/access.ts';

/** Residents see documents of the accounts that they have connected, which needs a confirmed identity, or help with, which needs none; organisations act on their own. */
export const access = {
  readOwnBills: ['resident'],
  readOwnAccounts: ['clerk', 'head', 'accountant'],
  withdrawDocument: ['clerk', 'head', 'accountant'],
} as const satisfies Record<string, readonly Role[]>;
