import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Day } from '../../platform/month.ts';
import type { GivenFile, PartKey } from './change-part.ts';

export interface Extension extends PartKey {
  until: Day;
  reason: string;
  files: readonly GivenFile[];
}

/** The latest day that the term may be extended to; null with the reason when it may not be. */
export async function readExtensionLimit(
  _context: Context,
  _actor: Actor,
  _input: PartKey,
): Promise<{ limit: Day; refusal: null } | { limit: null; refusal: string }> {
  throw new Error('not written yet');
}

/** Extends the term once, with a reason that the author reads. */
export async function extendTerm(_context: Context, _actor: Actor, _input: Extension): Promise<{ dueOn: Day }> {
  throw new Error('not written yet');
}
