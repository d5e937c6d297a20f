import type { Role } from '../../platform/access.ts';

export const access = {
  viewAccounts: ['resident'],
  connectAccount: ['confirmed resident'],
  renameAccount: ['resident'],
  disconnectAccount: ['resident'],
  makeCode: ['clerk', 'head'],
  decideClaim: ['clerk', 'head'],
} as const satisfies Record<string, readonly Role[]>;
