import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealPartId, OrganisationId } from '../../platform/ids.ts';
import type { GivenFile, PartKey } from './change-part.ts';

export interface Redirection extends PartKey {
  to: readonly { organisationId: OrganisationId; powerCode: string }[];
  /** Who is not in the system, in words. */
  outside?: string;
  comment: string;
  files: readonly GivenFile[];
  key: string;
}

/** Passes an appeal on to those who are competent, each with a term of its own. */
export async function redirectAppeal(
  _context: Context,
  _actor: Actor,
  _input: Redirection,
): Promise<{ partIds: AppealPartId[] }> {
  throw new Error('not written yet');
}
