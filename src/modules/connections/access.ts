import type { Role } from '../../platform/access.ts';
import { accountsAccess } from '../accounts/index.ts';

export const access = {
  viewAccounts: ['resident'],
  connectAccount: ['confirmed resident'],
  renameAccount: ['resident'],
  disconnectAccount: ['resident'],
  /** Of an account of one's own; the use case asks for that. */
  share: ['resident'],
  acceptShare: ['resident'],
  /** The card of an account, with its payer. */
  viewAccount: ['clerk', 'head', 'accountant', 'dispatcher'],
  makeCode: accountsAccess.giveCodes,
  decideClaim: ['clerk', 'head', 'dispatcher', 'centre for claims'],
} as const satisfies Record<string, readonly Role[]>;
