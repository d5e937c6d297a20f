import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { addDays, addMonths, type Day, firstDay, lastDay, type Month, weekday } from '../../platform/month.ts';
import { type DatedRule, selectCalendarDays, selectRulesOf } from '../../platform/rules/queries.ts';
import { chooseRule, MissingRule } from '../../platform/rules/rules.ts';

export interface DuePlace {
  regionCode: string;
  oktmo: string | null;
  organisationId: OrganisationId;
}

const KEYS = ['payment.due_day', 'payment.shift_nonworking', 'payment.first_period_new_days', 'billing.issue_day'];

const scopesOf = ({ regionCode, oktmo, organisationId }: DuePlace): string[] => [
  'federal:',
  `region:${regionCode}`,
  ...(oktmo ? [`municipality:${oktmo}`] : []),
  `organisation:${organisationId}`,
];

/** The day by which a month is to be paid, and the rule that says so. */
export interface DueDay {
  day: Day;
  source: string;
}

export interface DueDays {
  (period: Month, place: DuePlace): DueDay;
  /** The day by which the bill of a period is to be issued; null where no rule says it. */
  issueDay(period: Month, place: DuePlace): DueDay | null;
}

/**
 * Reads the rules and the calendar for some months and places in two statements; the answer computes due days from them.
 * The rule in force on the first day of the month after the period counts (ЖК ст. 155 ч. 1). `payment.first_period_new_days` of the
 * operator names the first period whose days follow the new edition: an earlier one keeps the rule of its own month.
 */
export async function loadDueDays(db: Db, asked: readonly { period: Month; place: DuePlace }[]): Promise<DueDays> {
  if (asked.length === 0) {
    const unknown = (period: Month): never => {
      throw new MissingRule('payment.due_day', firstDay(period));
    };
    return Object.assign(unknown, { issueDay: unknown });
  }
  const scopes = [...new Set(asked.flatMap(({ place }) => scopesOf(place)))];
  const periods = asked.map(({ period }) => period).sort();
  const from = firstDay(addMonths(periods[0]!, 1));
  const [rules, calendar] = await Promise.all([
    selectRulesOf(db, KEYS, scopes),
    selectCalendarDays(db, from, addDays(lastDay(addMonths(periods.at(-1)!, 1)), 20)),
  ]);
  return Object.assign(
    remembered((period, place) => dueDayOf(rules, calendar, period, place)),
    { issueDay: remembered((period, place) => issueDayOf(rules, period, place)) },
  );
}

/** Accounts of one home ask for the same days again and again: each is computed once. */
function remembered<Answer>(compute: (period: Month, place: DuePlace) => Answer): typeof compute {
  const known = new Map<string, Answer>();
  return (period, place) => {
    const key = [period, ...scopesOf(place)].join();
    if (!known.has(key)) known.set(key, compute(period, place));
    return known.get(key)!;
  };
}

/** The rule of a key that is in force on a day in a place. */
function ruleInForce(rules: readonly DatedRule[], key: string, on: Day, place: DuePlace): DatedRule | null {
  const scopes = scopesOf(place);
  return chooseRule(
    rules.filter(
      (rule) =>
        rule.key === key &&
        scopes.includes(`${rule.scope}:${rule.scopeId}`) &&
        (rule.validFrom === null || rule.validFrom <= on) &&
        (rule.validTo === null || rule.validTo >= on),
    ),
  );
}

/** The day of the month after the period that a rule's number names; -1 is the last day. */
function dayOfNextMonth(period: Month, value: string): Day {
  const month = addMonths(period, 1);
  const last = lastDay(month);
  const wanted = value === '-1' ? last : addDays(firstDay(month), Number(value) - 1);
  return wanted > last ? last : wanted;
}

export function issueDayOf(rules: readonly DatedRule[], period: Month, place: DuePlace): DueDay | null {
  const rule = ruleInForce(rules, 'billing.issue_day', firstDay(addMonths(period, 1)), place);
  return rule ? { day: dayOfNextMonth(period, rule.value), source: rule.source } : null;
}

export function dueDayOf(
  rules: readonly DatedRule[],
  calendar: ReadonlyMap<Day, boolean>,
  period: Month,
  place: DuePlace,
): DueDay {
  const inForce = (key: string, on: Day) => ruleInForce(rules, key, on, place);
  const month = addMonths(period, 1);
  const first = inForce('payment.first_period_new_days', firstDay(month));
  const on = firstDay(first && period < first.value ? period : month);
  const rule = inForce('payment.due_day', on);
  if (!rule) throw new MissingRule('payment.due_day', on);
  const day = dayOfNextMonth(period, rule.value);
  const shift = inForce('payment.shift_nonworking', day)?.value === 'next';
  return { day: shift ? nextWorkingDay(calendar, day) : day, source: rule.source };
}

function nextWorkingDay(calendar: ReadonlyMap<Day, boolean>, wanted: Day): Day {
  let day = wanted;
  while (!(calendar.get(day) ?? (weekday(day) !== 0 && weekday(day) !== 6))) day = addDays(day, 1);
  return day;
}
