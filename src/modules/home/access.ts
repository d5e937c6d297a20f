import type { Role } from '../../platform/access.ts';

export const access = {
  viewHome: ['anyone'],
  findHouse: ['anyone'],
  viewDesk: ['clerk', 'head', 'inspector'],
} as const satisfies Record<string, readonly Role[]>;
