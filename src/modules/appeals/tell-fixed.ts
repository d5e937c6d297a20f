import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealKey } from './appeal.ts';

/** The author says whether what was promised is fixed. Asked once, by letter, some weeks after the answer. */
export async function tellFixed(
  _context: Context,
  _actor: Actor,
  _input: AppealKey & { fixed: boolean },
): Promise<void> {
  throw new Error('not written yet');
}
