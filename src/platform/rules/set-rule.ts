import type { Db, Transaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { Day } from '../month.ts';
import { type DatedRule, endRules, insertRule, selectRuleHistory } from './queries.ts';

type Own = Pick<DatedRule, 'key' | 'scope' | 'scopeId'>;

export interface RuleChange extends Own {
  /** The first day of the new value. Days before keep what was in force on them. */
  from: Day;
  /** Null: from that day on the wider scope decides again. */
  value: string | null;
  unit: string;
  /** Who decided and when, as people read it. */
  source: string;
}

/**
 * Gives a rule of one scope another value from a day on. The row in force ends the day before; rows that would begin on the day or
 * later go, for nobody has relied on them yet. Two changes at once meet at the constraint that lets no two rows overlap.
 */
export async function setRule(trx: Transaction, change: RuleChange): Promise<void> {
  const { from, value, ...rule } = change;
  await endRules(trx, rule, from);
  if (value === null) return;
  await insertRule(trx, {
    ...rule,
    value,
    ruleId: newId<never>() as string,
    validFrom: from,
    validTo: null,
    mandatory: false,
  });
}

/** What a rule of one scope was, is and will be, the latest first. */
export const readRuleHistory = (db: Db, rule: Own): Promise<DatedRule[]> => selectRuleHistory(db, rule);
