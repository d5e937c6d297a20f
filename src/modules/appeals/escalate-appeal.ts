import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { AppealKey, AppealWhole } from './appeal.ts';

/** Why the author may turn to the body above: the term has passed, the answer is not enough, or nobody answers any more. */
export type EscalationReason = 'overdue' | 'unsatisfied' | 'nowhere';

export interface Escalation {
  reason: EscalationReason;
  /** The body that НСИ 222 names for the addressee's role, in the region of the appeal. */
  body: { organisationId: OrganisationId; powerCode: string; shortName: string };
  /** It was made already: its key. */
  made: AppealKey | null;
}

/** What the button «Пожаловаться в …» needs; null when there is no reason or no body. */
export async function findEscalation(_db: Db, _whole: AppealWhole): Promise<Escalation | null> {
  throw new Error('not written yet');
}

/** Sends the whole file to the body above as an appeal of its own, linked both ways. Once: a repeat gives the same key. */
export async function escalateAppeal(
  _context: Context,
  _actor: Actor,
  _input: AppealKey & { key: string },
): Promise<AppealKey & { number: string }> {
  throw new Error('not written yet');
}
