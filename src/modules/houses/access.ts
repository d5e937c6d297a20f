import type { Role } from '../../platform/access.ts';

export const access = {
  viewHouse: ['resident'],
  listHouses: ['clerk', 'head'],
  viewOwnHouse: ['clerk', 'head'],
  editHouse: ['clerk', 'head'],
  viewPremises: ['clerk', 'head'],
  recordOwnership: ['clerk', 'head'],
  endOwnership: ['clerk', 'head'],
} as const satisfies Record<string, readonly Role[]>;
