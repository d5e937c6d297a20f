import type { Role } from '../../platform/access.ts';

export const access = {
  viewInstallation: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
