import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealKey, Assessment } from './appeal.ts';

/** The author says whether the answer was of use; a comment of at most 1000 belongs to «partial» and «none». */
export async function assessAnswer(
  _context: Context,
  _actor: Actor,
  _input: AppealKey & { assessment: Assessment; comment: string },
): Promise<void> {
  throw new Error('not written yet');
}
