import type { Role } from '../../platform/access.ts';

/** Residents see devices that charge the accounts they have connected; organisations those of their own accounts. */
export const access = {
  viewMeters: ['resident'],
  submitReadings: ['resident'],
} as const satisfies Record<string, readonly Role[]>;
