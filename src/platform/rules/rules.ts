import type { Db } from '../database/database.ts';
import type { HouseId, OrganisationId } from '../ids.ts';
import { addDays, type Day, weekday } from '../month.ts';
import { type DatedRule, type RuleScope, selectCalendarDays, selectRulesInForce, selectRulesOf } from './queries.ts';

export type { DatedRule } from './queries.ts';

/** Whose rules apply: the narrowest scope that has a row wins. */
export interface RulePlace {
  regionCode?: string | null;
  oktmo?: string | null;
  organisationId?: OrganisationId | null;
  houseId?: HouseId | null;
}

/** A law's number that nobody has entered: there is no silent default. */
export class MissingRule extends Error {
  constructor(key: string, on: Day) {
    super(`no row of the dated rule ${key} is in force on ${on}`);
  }
}

const ORDER: readonly RuleScope[] = ['federal', 'region', 'municipality', 'organisation', 'house', 'contract'];

/** The narrowest row, unless a wider one is mandatory: then that. */
export function chooseRule(rows: readonly DatedRule[]): DatedRule | null {
  const sorted = [...rows].sort((a, b) => ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope));
  return sorted.find((row) => row.mandatory) ?? sorted.at(-1) ?? null;
}

/** What an organisation's contract for one house (of management or supply) is called as the scope of a rule. */
export const contractOf = (organisationId: OrganisationId, houseId: HouseId): string => `${organisationId}/${houseId}`;

function scopesOf(place: RulePlace): string[] {
  return [
    'federal:',
    place.regionCode && `region:${place.regionCode}`,
    place.oktmo && `municipality:${place.oktmo}`,
    place.organisationId && `organisation:${place.organisationId}`,
    place.houseId && `house:${place.houseId}`,
    place.organisationId && place.houseId && `contract:${contractOf(place.organisationId, place.houseId)}`,
  ].filter((scope): scope is string => Boolean(scope));
}

export async function findRule(db: Db, key: string, on: Day, place: RulePlace = {}): Promise<DatedRule | null> {
  return chooseRule(await selectRulesInForce(db, key, on, scopesOf(place)));
}

/** @throws MissingRule which names the key and the day */
export async function getRule(db: Db, key: string, on: Day, place: RulePlace = {}): Promise<DatedRule> {
  const rule = await findRule(db, key, on, place);
  if (!rule) throw new MissingRule(key, on);
  return rule;
}

/** Rules of some keys and places, read at once; asked for any day without the database. */
export interface RulesInForce {
  /** @throws MissingRule which names the key and the day */
  get(key: string, on: Day, place?: RulePlace): DatedRule;
  find(key: string, on: Day, place?: RulePlace): DatedRule | null;
}

/** Rules of many keys for many days and places in one statement. A place that was not named here sees federal rows only. */
export async function loadRulesOf(
  db: Db,
  keys: readonly string[],
  places: readonly RulePlace[],
): Promise<RulesInForce> {
  return rulesOf(await selectRulesOf(db, keys, [...new Set(['federal:', ...places.flatMap(scopesOf)])]));
}

/** Rules of rows that were read beside other things. */
export function rulesOf(rows: readonly DatedRule[]): RulesInForce {
  const find = (key: string, on: Day, place: RulePlace = {}) => {
    const scopes = scopesOf(place);
    return chooseRule(
      rows.filter(
        (row) =>
          row.key === key &&
          (row.validFrom === null || row.validFrom <= on) &&
          (row.validTo === null || on <= row.validTo) &&
          scopes.includes(`${row.scope}:${row.scopeId}`),
      ),
    );
  };
  return {
    find,
    get: (key, on, place) => {
      const rule = find(key, on, place);
      if (!rule) throw new MissingRule(key, on);
      return rule;
    },
  };
}

/** @throws MissingRule; RangeError when the row is no whole number */
export async function getWholeNumber(db: Db, key: string, on: Day, place: RulePlace = {}): Promise<number> {
  const rule = await getRule(db, key, on, place);
  if (!/^-?\d+$/.test(rule.value)) throw new RangeError(`the dated rule ${key} is not a whole number: ${rule.value}`);
  return Number(rule.value);
}

/** The production calendar: which days are worked. */
export interface Calendar {
  isWorking(day: Day): boolean;
}

/** @param to inclusive. Days beyond are judged by the weekday and the holidays of every year. */
export async function loadCalendar(db: Db, from: Day, to: Day): Promise<Calendar> {
  return calendarOf(await selectCalendarDays(db, from, to));
}

/** Days off of every year (ТК РФ, ст. 112): they hold also where the calendar of a year is not decided or not loaded yet. */
const HOLIDAYS: ReadonlySet<string> = new Set([
  ...['01-01', '01-02', '01-03', '01-04', '01-05', '01-06', '01-07', '01-08'],
  ...['02-23', '03-08', '05-01', '05-09', '06-12', '11-04'],
]);

/** @param moved days that differ from the usual year: true is worked */
export const calendarOf = (moved: ReadonlyMap<Day, boolean>): Calendar => ({
  isWorking: (day) => moved.get(day) ?? (weekday(day) !== 0 && weekday(day) !== 6 && !HOLIDAYS.has(day.slice(5))),
});

/** The day itself, or the nearest working day after it (ГК РФ, ст. 193). */
export function nextWorkingDay(calendar: Calendar, wanted: Day): Day {
  let day = wanted;
  while (!calendar.isWorking(day)) day = addDays(day, 1);
  return day;
}

/** The day itself, or the nearest working day before it. */
export function previousWorkingDay(calendar: Calendar, wanted: Day): Day {
  let day = wanted;
  while (!calendar.isWorking(day)) day = addDays(day, -1);
  return day;
}

/** The day `count` working days after `from` (not counting `from`). */
export function plusWorkingDays(calendar: Calendar, from: Day, count: number): Day {
  let day = from;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (calendar.isWorking(day)) left -= 1;
  }
  return day;
}

/** The day `count` working days after `from` (not counting `from`). */
export const addWorkingDays = async (db: Db, from: Day, count: number): Promise<Day> =>
  plusWorkingDays(await loadCalendar(db, from, addDays(from, count * 3 + 20)), from, count);
