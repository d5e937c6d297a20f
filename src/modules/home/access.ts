import { type Role, STAFF } from '../../platform/access.ts';

export const access = {
  viewHome: ['anyone'],
  findHouse: ['anyone'],
  askWhy: ['resident'],
  viewDesk: [...STAFF, 'centre', 'inspector', 'inspectorate viewer'],
} as const satisfies Record<string, readonly Role[]>;
