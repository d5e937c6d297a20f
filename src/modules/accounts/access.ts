import type { Role } from '../../platform/access.ts';

export const access = {
  viewRegister: ['clerk', 'head', 'accountant', 'dispatcher'],
} as const satisfies Record<string, readonly Role[]>;
