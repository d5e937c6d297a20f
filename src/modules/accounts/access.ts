import type { Role } from '../../platform/access.ts';

export const access = {
  viewRegister: ['clerk', 'head', 'accountant', 'dispatcher'],
  /** One-time codes, which let a resident connect an account. */
  giveCodes: ['clerk', 'head', 'dispatcher'],
} as const satisfies Record<string, readonly Role[]>;
