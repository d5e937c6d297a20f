import { type Role, STAFF } from '../../platform/access.ts';

export const access = {
  viewHouse: ['resident'],
  listHouses: STAFF,
  /** Premises and entrances, without who owns them. */
  viewOwnHouse: STAFF,
  editHouse: ['clerk', 'head'],
  /** Files with houses: what they may hold is said by uploads. */
  loadHouses: ['clerk', 'head'],
  viewOwners: ['clerk', 'head', 'accountant', 'dispatcher'],
  viewPremises: ['clerk', 'head', 'accountant', 'dispatcher'],
  recordOwnership: ['clerk', 'head'],
  endOwnership: ['clerk', 'head'],
} as const satisfies Record<string, readonly Role[]>;
