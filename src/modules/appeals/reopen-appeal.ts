import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealPartId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { AppealKey } from './appeal.ts';

/** The author does not agree with an answer: the addressee has to answer again, with a new term. */
export async function reopenAppeal(
  _context: Context,
  _actor: Actor,
  _input: AppealKey & { comment: string; key: string /** Absent: who answered last. */; partId?: AppealPartId },
): Promise<{ dueOn: Day | null }> {
  throw new Error('not written yet');
}
