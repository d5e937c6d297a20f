import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { PersonId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { PartKey } from './change-part.ts';

export interface Assignment {
  items: readonly PartKey[];
  /** Works for the acting organisation today. */
  performerId: PersonId;
  plannedOn?: Day;
}

/** In the order of the items. A refused item changes nothing; the others are done. */
export type AssignmentResult = PartKey & ({ done: true } | { done: false; sentence: string });

/** Gives appeals to a performer, each in a transaction of its own; what is not registered yet is registered. */
export async function assignAppeals(_context: Context, _actor: Actor, _input: Assignment): Promise<AssignmentResult[]> {
  throw new Error('not written yet');
}
