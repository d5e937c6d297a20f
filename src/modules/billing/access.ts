import type { Role } from '../../platform/access.ts';

/** Residents see documents of the accounts that they have connected; organisations act on their own. */
export const access = {
  readOwnBills: ['confirmed resident'],
  readOwnAccounts: ['clerk', 'head', 'accountant'],
  withdrawDocument: ['clerk', 'head', 'accountant'],
} as const satisfies Record<string, readonly Role[]>;
