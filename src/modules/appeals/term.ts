import { addDays, type Day, dayIn } from '../../platform/month.ts';
import {
  type Calendar,
  nextWorkingDay,
  plusWorkingDays,
  previousWorkingDay,
  type RulePlace,
  type RulesInForce,
} from '../../platform/rules/rules.ts';
import type { Matter } from './topics.ts';

/** Under whose rules an addressee answers: 59-ФЗ binds bodies of power only, the others answer by the rules of their trade. */
export type Regime = 'state' | 'manager' | 'supplier' | 'capital_repair' | 'council';

const STATE = [
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '10',
  '12',
  '16',
  '17',
  '28',
  '29',
  '33',
  '35',
  '37',
  '38',
  '41',
  '42',
  '43',
];
const SUPPLIERS = ['2', '18'];
const COUNCILS = ['30', '31'];

/** By НСИ 20. Who is not named (a settlement centre, an agent) acts for the manager of the house. */
export function regimeOf(powerCode: string): Regime {
  if (STATE.includes(powerCode)) return 'state';
  if (SUPPLIERS.includes(powerCode)) return 'supplier';
  if (powerCode === '14') return 'capital_repair';
  return COUNCILS.includes(powerCode) ? 'council' : 'manager';
}

export interface TermQuestion {
  powerCode: string;
  matter: Matter;
  emergency: boolean;
  receivedAt: Date;
  /** The day of registration; null until then: the latest lawful one is taken. */
  registeredOn: Day | null;
  /** The house's zone: legal days are counted there. */
  zone: string;
  place: RulePlace;
}

export interface Term {
  /** The last day of the answer, inclusive; null where no law sets one. */
  dueOn: Day | null;
  /** The first duty of an emergency or a complaint on quality: localising, inspecting. */
  dueAt: Date | null;
  /** The rule that decided. */
  key: string;
  /** The act that it follows from, in words. */
  source: string;
}

/** Every key that `termOf` and `extensionOf` may ask. */
export const TERM_KEYS: readonly string[] = [
  ...['register_days', 'answer_days', 'extend_days', 'last_day_shift'].map((key) => `appeal.state.${key}`),
  ...[
    'answer_days',
    'information_days',
    'charges_days',
    'meter_days',
    'quality_days',
    'inspection_hours',
    'extend_days',
    'last_day_shift',
  ].flatMap((key) => [`appeal.manager.${key}`, `appeal.supplier.${key}`]),
  'appeal.manager.emergency_minutes',
  'appeal.manager.emergency_days',
  ...['answer_days', 'extend_days', 'last_day_shift'].map((key) => `appeal.capital_repair.${key}`),
  'appeal.council.remind_days',
  'appeal.after_hours',
];

/**
 * By when an addressee has to answer, and the act it follows from. Days are counted from the day after the receipt (registration for
 * bodies of power).
 * @throws MissingRule which names the key
 */
export function termOf(question: TermQuestion, rules: RulesInForce, calendar: Calendar): Term {
  const regime = regimeOf(question.powerCode);
  const receivedOn = dayIn(question.zone, question.receivedAt);
  const asked = { ...question, regime, receivedOn, rules, calendar };
  if (regime === 'state') return stateTerm(asked);
  if (regime === 'council')
    return { dueOn: null, dueAt: null, key: 'appeal.council.remind_days', source: 'Срок ответа законом не установлен' };
  if (regime === 'capital_repair') return countTerm(asked, 'appeal.capital_repair.answer_days');
  if (regime === 'manager' && question.emergency && question.matter === 'upkeep') return emergencyTerm(asked);
  const keys: Partial<Record<Matter, string>> = {
    quality: 'quality_days',
    charges: 'charges_days',
    information: 'information_days',
    meter: 'meter_days',
  };
  const term = countTerm(asked, `appeal.${regime}.${keys[question.matter] ?? 'answer_days'}`);
  if (question.matter !== 'quality') return term;
  const hours = wholeOf(asked, `appeal.${regime}.inspection_hours`);
  return { ...term, dueAt: new Date(question.receivedAt.getTime() + hours * 3_600_000) };
}

type Asked = TermQuestion & { regime: Regime; receivedOn: Day; rules: RulesInForce; calendar: Calendar };

const ruleOf = ({ rules, receivedOn, place }: Asked, key: string) => rules.get(key, receivedOn, place);

function wholeOf(asked: Asked, key: string): number {
  const { value } = ruleOf(asked, key);
  if (!/^\d+$/.test(value)) throw new RangeError(`the dated rule ${key} is not a whole number: ${value}`);
  return Number(value);
}

function stateTerm(asked: Asked): Term {
  const key = 'appeal.state.answer_days';
  const lastDay = addDays(asked.receivedOn, wholeOf(asked, 'appeal.state.register_days'));
  // A body that registers too late gains no time by it, whatever day off the last lawful day was.
  const latest = nextWorkingDay(asked.calendar, lastDay);
  const { registeredOn } = asked;
  const registered = registeredOn === null ? lastDay : registeredOn < latest ? registeredOn : latest;
  return {
    dueOn: shifted(asked, addDays(registered, wholeOf(asked, key))),
    dueAt: null,
    key,
    source: ruleOf(asked, key).source,
  };
}

function emergencyTerm(asked: Asked): Term {
  const key = 'appeal.manager.emergency_days';
  const minutes = wholeOf(asked, 'appeal.manager.emergency_minutes');
  return {
    // Repair goes on through weekends: no shift.
    dueOn: addDays(asked.receivedOn, wholeOf(asked, key)),
    dueAt: new Date(asked.receivedAt.getTime() + minutes * 60_000),
    key,
    source: ruleOf(asked, key).source,
  };
}

/** In working days where the rule's unit says so, else in calendar days with the shift of the role. */
function countTerm(asked: Asked, key: string): Term {
  const { unit, source } = ruleOf(asked, key);
  const days = wholeOf(asked, key);
  // Zero days is «незамедлительно»: the day itself, whatever day it is.
  const dueOn =
    days === 0
      ? asked.receivedOn
      : unit.startsWith('рабочий')
        ? plusWorkingDays(asked.calendar, countedFrom(asked), days)
        : shifted(asked, addDays(asked.receivedOn, days));
  return { dueOn, dueAt: null, key, source };
}

/** What comes after the operator's hour counts as received on the next working day. Only for terms in working days. */
function countedFrom(asked: Asked): Day {
  const { value } = ruleOf(asked, 'appeal.after_hours');
  if (value === 'none') return asked.receivedOn;
  const time = asked.receivedAt.toLocaleTimeString('ru-RU', {
    timeZone: asked.zone,
    hour: '2-digit',
    minute: '2-digit',
  });
  return time < value ? asked.receivedOn : nextWorkingDay(asked.calendar, addDays(asked.receivedOn, 1));
}

const shifted = (asked: Asked, day: Day): Day =>
  shiftedBy(ruleOf(asked, `appeal.${asked.regime}.last_day_shift`).value, asked.calendar, day);

function shiftedBy(shift: string, calendar: Calendar, day: Day): Day {
  if (shift === 'next') return nextWorkingDay(calendar, day);
  return shift === 'previous' ? previousWorkingDay(calendar, day) : day;
}

/** A term that is running, as an extension asks about it. */
export interface RunningTerm {
  powerCode: string;
  dueOn: Day;
  /** The rule that decided. */
  termKey: string;
  place: RulePlace;
}

/**
 * The latest day to which a term may be extended: the law's days after the present one. Null: it is not extended. The law extends an
 * answer to an appeal (59-ФЗ, ст. 12 ч. 2; Правила 416, п. 37), never a repair, a check of a charge or a complaint on quality.
 */
export function extensionLimit(
  { powerCode, dueOn, termKey, place }: RunningTerm,
  rules: RulesInForce,
  calendar: Calendar,
): Day | null {
  const regime = regimeOf(powerCode);
  if (termKey !== `appeal.${regime}.answer_days`) return null;
  const days = Number(rules.get(`appeal.${regime}.extend_days`, dueOn, place).value);
  return shiftedBy(rules.get(`appeal.${regime}.last_day_shift`, dueOn, place).value, calendar, addDays(dueOn, days));
}
