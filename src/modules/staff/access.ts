import type { Role } from '../../platform/access.ts';

/** Who says who works for an organisation. */
export const access = {
  manageEmployees: ['head', 'chief inspector'],
  /** Of an organisation whose head the identity provider does not name. */
  inviteHead: ['administrator'],
  /** Whoever signs in may look at an invitation; accepting takes a confirmed account. */
  acceptInvitation: ['newcomer'],
  viewApplications: ['resident'],
  /** A head whom the identity provider names; the organisation has no card here yet. */
  sendApplication: ['confirmed resident'],
  decideApplications: ['administrator'],
  /** A new bank account: one asks, another confirms. */
  askRequisite: ['head', 'accountant'],
  decideRequisite: ['head', 'accountant'],
  decideLonelyRequisites: ['administrator'],
  /** Letting a settlement centre work for the organisation. */
  manageDelegations: ['head'],
} as const satisfies Record<string, readonly Role[]>;
