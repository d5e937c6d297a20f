import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealKey } from './appeal.ts';

/** The author takes the appeal back, until it is executed. */
export async function withdrawAppeal(
  _context: Context,
  _actor: Actor,
  _input: AppealKey & { comment: string },
): Promise<void> {
  throw new Error('not written yet');
}
