import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Day } from '../../platform/month.ts';
import type { PartKey } from './change-part.ts';

export interface Registration extends PartKey {
  /** Made when empty. */
  registrationNumber?: string;
  /** Today in the house's zone when absent. */
  registeredOn?: Day;
}

/** An organisation enters an appeal into its register: the part is in work from then on. A body's term is counted again. */
export async function registerAppeal(
  _context: Context,
  _actor: Actor,
  _input: Registration,
): Promise<{ registrationNumber: string; registeredOn: Day; dueOn: Day | null }> {
  throw new Error('not written yet');
}
