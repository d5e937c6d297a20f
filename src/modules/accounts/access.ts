import type { Role } from '../../platform/access.ts';

export const access = {
  viewRegister: ['clerk', 'head'],
} as const satisfies Record<string, readonly Role[]>;
