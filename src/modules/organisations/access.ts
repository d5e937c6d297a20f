import { type Role, STAFF } from '../../platform/access.ts';

export const access = {
  viewOrganisation: ['anyone'],
  viewOwnCard: STAFF,
  editOwnCard: ['head'],
  manageKeys: ['head'],
  listOrganisations: ['administrator'],
  addOrganisation: ['administrator'],
  editOrganisation: ['administrator'],
  givePower: ['administrator'],
  takePower: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
