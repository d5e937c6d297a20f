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

const KEYS = ['payment.due_day', 'payment.shift_nonworking', 'payment.first_period_new_days'];

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

export type DueDays = (period: Month, place: DuePlace) => DueDay;

/**
 * Reads the rules and the calendar for some months and places in two statements; the answer computes due days from them.
 * The rule in force on the first day of the month after the period counts (ЖК ст. 155 ч. 1). `payment.first_period_new_days` of the
 * operator names the first period whose days follow the new edition: an earlier one keeps the rule of its own month.
 */
export async function loadDueDays(db: Db, asked: readonly { period: Month; place: DuePlace }[]): Promise<DueDays> {
  if (asked.length === 0)
    return (period) => {
      throw new MissingRule('payment.due_day', firstDay(period));
    };
  const scopes = [...new Set(asked.flatMap(({ place }) => scopesOf(place)))];
  const rules = await selectRulesOf(db, KEYS, scopes);
  const periods = asked.map(({ period }) => period).sort();
  const from = firstDay(addMonths(periods[0]!, 1));
  const calendar = await selectCalendarDays(db, from, addDays(lastDay(addMonths(periods.at(-1)!, 1)), 20));
  return (period, place) => dueDayOf(rules, calendar, period, place);
}

export function dueDayOf(
  rules: readonly DatedRule[],
  calendar: ReadonlyMap<Day, boolean>,
  period: Month,
  place: DuePlace,
): DueDay {
  const scopes = scopesOf(place);
  const inForce = (key: string, on: Day) =>
    chooseRule(
      rules.filter(
        (rule) =>
          rule.key === key &&
          scopes.includes(`${rule.scope}:${rule.scopeId}`) &&
          (rule.validFrom === null || rule.validFrom <= on) &&
          (rule.validTo === null || rule.validTo >= on),
      ),
    );
  const month = addMonths(period, 1);
  const first = inForce('payment.first_period_new_days', firstDay(month));
  const on = firstDay(first && period < first.value ? period : month);
  const rule = inForce('payment.due_day', on);
  if (!rule) throw new MissingRule('payment.due_day', on);
  const last = lastDay(month);
  const wanted = rule.value === '-1' ? last : addDays(firstDay(month), Number(rule.value) - 1);
  const day = wanted > last ? last : wanted;
  const shift = inForce('payment.shift_nonworking', day)?.value === 'next';
  return { day: shift ? nextWorkingDay(calendar, day) : day, source: rule.source };
}

function nextWorkingDay(calendar: ReadonlyMap<Day, boolean>, wanted: Day): Day {
  let day = wanted;
  while (!(calendar.get(day) ?? (weekday(day) !== 0 && weekday(day) !== 6))) day = addDays(day, 1);
  return day;
}
