import type { Db } from '../../platform/database/database.ts';
import { addDays, type Day, dayIn } from '../../platform/month.ts';
import { loadCalendar, loadRulesOf, type RulePlace } from '../../platform/rules/rules.ts';
import { extensionLimit, type RunningTerm, TERM_KEYS, type Term, type TermQuestion, termOf } from './term.ts';

/** The term engine with its rules and calendar read: three statements for any number of questions about one moment. */
export async function loadTerms(db: Db, places: readonly RulePlace[], at: Date) {
  const today = dayIn('Europe/Moscow', at);
  const [rules, calendar] = await Promise.all([
    loadRulesOf(db, TERM_KEYS, places),
    // Older terms are only extended; the longest runs two months with what an extension adds.
    loadCalendar(db, addDays(today, -200), addDays(today, 200)),
  ]);
  return {
    termOf: (question: TermQuestion): Term => termOf(question, rules, calendar),
    extensionLimit: (term: RunningTerm): Day | null => extensionLimit(term, rules, calendar),
  };
}
