import type { Role } from '../../platform/access.ts';

export const access = {
  viewHome: ['anyone'],
  findHouse: ['anyone'],
  askWhy: ['resident'],
  viewDesk: ['clerk', 'head', 'inspector'],
} as const satisfies Record<string, readonly Role[]>;
