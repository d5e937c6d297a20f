/** Words and numbers as people read them: Russian, «вы», no-break spaces where a line must not break. Pure. */
import { type Day, dayIn, type Month } from '../platform/month.ts';

export const NBSP = '\u00a0';
/** Thin space that does not break: between thousands. */
export const THIN = '\u202f';
export const MINUS = '\u2212';

const GENITIVE = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' ');
const NOMINATIVE = 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' ');
const PREPOSITIONAL = 'январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре'.split(' ');

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, THIN);

/** Kopecks as «5 123,45 ₽». `signed` puts «+» before what is above zero. Negative sums get «−», never a hyphen. */
export function formatRubles(amount: bigint, { signed = false } = {}): string {
  const absolute = amount < 0n ? -amount : amount;
  const sign = amount < 0n ? MINUS : signed && amount > 0n ? '+' : '';
  const cents = (absolute % 100n).toString().padStart(2, '0');
  return `${sign}${grouped((absolute / 100n).toString())},${cents}${NBSP}₽`;
}

/**
 * A plain number with a decimal comma and grouped thousands. Text (a `numeric` from the database) keeps every digit it has,
 * less the zeros at its end; a float is cut to `digits` decimals first.
 * @throws RangeError when the text is no decimal number
 */
export function formatNumber(value: string | number | bigint, digits = 3): string {
  const text = typeof value === 'number' ? value.toFixed(digits) : String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text}`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const isZero = /^0*$/.test(`${match[2]}${fraction}`);
  return `${match[1] && !isZero ? MINUS : ''}${grouped(match[2]!)}${fraction && `,${fraction}`}`;
}

/** «49,5 м²»: a number and its unit that stay on one line. */
export const formatQuantity = (value: string | number | bigint, unit: string): string =>
  `${formatNumber(value)}${NBSP}${unit}`;

const toDay = (when: string | Date, zone: string | undefined): Day => {
  if (typeof when === 'string') return when.slice(0, 10) as Day;
  if (zone === undefined) throw new RangeError('an instant needs a time zone to become a day');
  return dayIn(zone, when);
};
const parts = (when: string | Date, zone?: string) => {
  const [year = '', month = '', day = ''] = toDay(when, zone).split('-');
  const number = Number(month);
  if (!(number >= 1 && number <= 12 && day.length === 2)) throw new RangeError(`not a day: ${String(when)}`);
  return { year, month, day, index: number - 1 };
};

/** «15 ноября 2026 г.». Takes a day "2026-11-15", or an instant with the zone of the house. */
export function formatDate(when: string | Date, zone?: string): string {
  const { year, day, index } = parts(when, zone);
  return `${Number(day)}${NBSP}${GENITIVE[index]} ${year}${NBSP}г.`;
}

/** «15 ноября»: where the year is plain from the page. */
export function formatDayMonth(when: string | Date, zone?: string): string {
  const { day, index } = parts(when, zone);
  return `${Number(day)}${NBSP}${GENITIVE[index]}`;
}

/** «15.11.2026»: for tables and for fields. */
export function formatNumericDate(when: string | Date, zone?: string): string {
  const { year, month, day } = parts(when, zone);
  return `${day}.${month}.${year}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** «14:05» on the clock of a zone. */
export function formatTime(instant: Date, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('ru-RU', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(zone, clock);
  }
  return clock.format(instant);
}

/** «15 ноября 2026 г., 14:05». */
export const formatDateTime = (instant: Date, zone: string): string =>
  `${formatDate(instant, zone)}, ${formatTime(instant, zone)}`;

export type MonthCase = 'nominative' | 'genitive' | 'prepositional';
const CASES: Record<MonthCase, readonly string[]> = {
  nominative: NOMINATIVE,
  genitive: GENITIVE,
  prepositional: PREPOSITIONAL,
};

/** «октябрь» of "2026-10"; other cases for «за октябрь», «с октября», «в октябре». */
export const monthWord = (month: Month | string, form: MonthCase = 'nominative'): string => {
  const word = CASES[form][Number(month.slice(5, 7)) - 1];
  if (!word) throw new RangeError(`not a month: ${month}`);
  return word;
};

/** «октябрь 2026» of "2026-10". */
export const formatMonth = (month: Month | string, form: MonthCase = 'nominative'): string =>
  `${monthWord(month, form)}${NBSP}${month.slice(0, 4)}`;

const russianPlurals = new Intl.PluralRules('ru');

/** The form that goes with a count: plural(5, ['день', 'дня', 'дней']) is «дней». */
export function plural(count: number, [one, few, many]: readonly [string, string, string]): string {
  const rule = russianPlurals.select(Math.abs(count));
  if (rule === 'one') return one;
  return rule === 'many' ? many : few;
}

/** «5 дней»: the count and its word on one line. */
export const counted = (count: number, forms: readonly [string, string, string]): string =>
  `${formatNumber(count, 0)}${NBSP}${plural(count, forms)}`;

export interface PersonName {
  last: string;
  first: string;
  middle?: string | null | undefined;
}

/** «Петрова А. И.» for lists. */
export function initials({ last, first, middle }: PersonName): string {
  const letter = (name: string | null | undefined) =>
    name?.trim() ? `${NBSP}${[...name.trim()][0]!.toUpperCase()}.` : '';
  return `${last}${letter(first)}${letter(middle)}`;
}

/** «Петрова Анна Ивановна». */
export const fullName = ({ last, first, middle }: PersonName): string =>
  [last, first, middle].filter(Boolean).join(' ');

/** «+7 495 123-45-67»; 8… and bare ten digits are understood, anything else comes back as it was. */
export function formatPhone(phone: string): string {
  const match = /^[78]?(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone.replace(/\D/g, ''));
  if (!match) return phone;
  const [, code, three, two, last] = match;
  return `+7${NBSP}${code}${NBSP}${three}-${two}-${last}`;
}

/** Signs that always have room in a line of a phone, with letters twice as large. */
const ONE_LINE = 16;

/** Long numbers (лицевой счёт, ЕЛС, ЖКУ) in groups that the eye can follow; those of banks may break between groups where the line ends. Copying is the business of `Copy`. */
export const groupDigits = (text: string, size = 4): string =>
  text.replace(new RegExp(`(.{${size}})(?=.)`, 'gu'), `$1${text.length > ONE_LINE ? ' ' : NBSP}`);

/** «50 МБ». 1 МБ is 1,048,576 bytes, as limits are counted. */
export function formatFileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}${NBSP}Б`;
  const [value, unit] = bytes < 1_048_576 ? [bytes / 1024, 'КБ'] : [bytes / 1_048_576, 'МБ'];
  return `${formatNumber(value, value < 10 ? 1 : 0)}${NBSP}${unit}`;
}

/** What stands where people left a value out, and where a figure is unknown. */
export const NO_INFORMATION = 'Информация не указана';
export const NO_FIGURE = 'значение не указано';

/** A sentence of somebody's own words, before another one. */
export const withFullStop = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
