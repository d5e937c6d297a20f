import type { DocumentBodyInput } from '../../billing/index.ts';
import type { RequisiteSet } from './bill-requisites.ts';

export const REPAIR_SERVICE = 'Взнос на капитальный ремонт';

/** A document's body except its sets of requisites, whose lines say which set they go to. */
export interface DraftBody extends Omit<DocumentBodyInput, 'requisites' | 'lines' | 'penalties' | 'debts'> {
  lines: WithSet<DocumentBodyInput['lines'][number]>[];
  penalties: WithSet<NonNullable<DocumentBodyInput['penalties']>[number]>[];
  debts: WithSet<NonNullable<DocumentBodyInput['debts']>[number]>[];
}
export type WithSet<Line> = Omit<Line, 'requisiteId'> & { set: RequisiteSet };

/** What is null is left out: a document is stored whole, and most cells of a bill are empty. */
export function compact<Of extends object>(given: Of): { [Key in keyof Of]: Exclude<Of[Key], null> } {
  for (const key of Object.keys(given) as (keyof Of)[])
    if (given[key] === null || given[key] === undefined) delete given[key];
  return given as never;
}

export const has = (...values: unknown[]): boolean => values.some((value) => value !== null);
