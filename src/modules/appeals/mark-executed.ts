import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { PartKey } from './change-part.ts';

/** Ends a part that has had an interim answer, without one more. */
export async function markExecuted(
  _context: Context,
  _actor: Actor,
  _input: PartKey & { comment: string },
): Promise<void> {
  throw new Error('not written yet');
}
