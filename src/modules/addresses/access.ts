import type { Role } from '../../platform/access.ts';

export const access = {
  searchAddresses: ['anyone'],
  chooseAddress: ['anyone'],
} as const satisfies Record<string, readonly Role[]>;
