import { type InvitationId, isUuid, type OrganisationId } from '../../../platform/ids.ts';

/** What the link of a letter carries: which invitation, and the secret that proves the letter. */
export interface InvitationToken {
  organisationId: OrganisationId;
  invitationId: InvitationId;
  secret: string;
}

export const formatInvitationToken = ({ organisationId, invitationId, secret }: InvitationToken): string =>
  `${organisationId}.${invitationId}.${secret}`;

/** Null for what is no link of ours. */
export function parseInvitationToken(text: string): InvitationToken | null {
  const [organisationId = '', invitationId = '', secret = '', ...rest] = text.split('.');
  if (rest.length > 0 || !isUuid(organisationId) || !isUuid(invitationId) || !/^[\w-]{43}$/.test(secret)) return null;
  return { organisationId: organisationId as OrganisationId, invitationId: invitationId as InvitationId, secret };
}
