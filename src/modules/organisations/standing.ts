import type { EmployeeRole } from '../../platform/access.ts';
import type { Day } from '../../platform/month.ts';
import type { ClaimedRole } from './tables.ts';

/** All that is known of somebody's work for an organisation. */
export interface Employment {
  /** What the identity provider said at the last sign-in. */
  claimedRole: ClaimedRole | null;
  /** What the head or the administrator said. */
  givenRole: EmployeeRole | null;
  givenUntil: Day | null;
  invited: boolean;
  isDismissed: boolean;
}

/** In what role somebody works, and until what day (inclusive; null: no end is known). */
export interface Standing {
  role: EmployeeRole;
  until: Day | null;
}

/**
 * Who works and as what; null: does not. The provider is the source of heads: it knows the register of legal entities, so its word makes a
 * head of anybody, also of who was dismissed here. Of others it only says that they belong to the organisation: what they do, until when,
 * and whether they still do is the head's to say.
 */
export function standingOf({ claimedRole, givenRole, givenUntil, invited, isDismissed }: Employment): Standing | null {
  if (claimedRole === 'head') return { role: 'head', until: null };
  if (isDismissed) return null;
  if (!invited && !claimedRole) return null;
  return { role: givenRole ?? claimedRole ?? 'viewer', until: givenUntil };
}
