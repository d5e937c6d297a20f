import type { Role } from '../../platform/access.ts';

export const access = {
  viewStorage: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
