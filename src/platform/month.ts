/** A billing month, "2026-10". Sorts as text. */
export type Month = string & { readonly __unit: 'month' };
/** A calendar day without a zone, "2026-10-15". Sorts as text. */
export type Day = string & { readonly __unit: 'day' };

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** @throws RangeError unless the text is YYYY-MM */
export function month(text: string): Month {
  if (!MONTH.test(text)) throw new RangeError(`not a month: ${text}`);
  return text as Month;
}

/** Reads a month as people and files write it: ММ.ГГГГ, ММГГГГ, ГГГГ-ММ, ГГГГММ, or a date of any day in it. Null when it is none of them. */
export function parseMonth(text: string): Month | null {
  const compact = text.trim();
  const iso = /^(\d{4})-?(\d{2})(?:-\d{2})?$/.exec(compact);
  const russian = /^(?:\d{1,2}\.)?(\d{1,2})\.(\d{4})$/.exec(compact) ?? /^(\d{2})(\d{4})$/.exec(compact);
  for (const candidate of [
    iso ? `${iso[1]}-${iso[2]}` : null,
    russian ? `${russian[2]}-${russian[1]!.padStart(2, '0')}` : null,
  ]) {
    if (candidate && MONTH.test(candidate) && candidate >= '1990' && candidate < '2100') return candidate as Month;
  }
  return null;
}

export function addMonths(value: Month, count: number): Month {
  const total = Number(value.slice(0, 4)) * 12 + Number(value.slice(5)) - 1 + count;
  return month(`${String(Math.floor(total / 12)).padStart(4, '0')}-${String((total % 12) + 1).padStart(2, '0')}`);
}

export const firstDay = (value: Month): Day => `${value}-01` as Day;
export const lastDay = (value: Month): Day => addDays(firstDay(addMonths(value, 1)), -1);
export const monthOf = (day: Day): Month => day.slice(0, 7) as Month;

/** @throws RangeError unless the text is a real calendar day YYYY-MM-DD */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null || parsed !== text) throw new RangeError(`not a day: ${text}`);
  return parsed;
}

/** Reads ДД.ММ.ГГГГ or ГГГГ-ММ-ДД. Null when it is no real day of the years 1000 to 2999: the year 0 is none, and sums of days stay days. */
export function parseDay(text: string): Day | null {
  const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text.trim());
  const iso = russian
    ? `${russian[3]}-${russian[2]!.padStart(2, '0')}-${russian[1]!.padStart(2, '0')}`
    : text.trim().slice(0, 10);
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(iso)) return null;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? null : (iso as Day);
}

export function addDays(value: Day, count: number): Day {
  return new Date(Date.parse(`${value}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10) as Day;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** 0 is Sunday, 6 is Saturday. */
export const weekday = (value: Day): number => new Date(`${value}T00:00:00Z`).getUTCDay();

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that an instant falls on in an IANA time zone, such as "Europe/Moscow". */
export function dayIn(zone: string, instant: Date): Day {
  let format = dayFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    dayFormats.set(zone, format);
  }
  return format.format(instant) as Day;
}

/** The instant at which a calendar day begins in a zone. Right for zones without summer time, as all Russian ones are. */
export function startOfDay(zone: string, value: Day): Date {
  const midnight = new Date(`${value}T00:00:00Z`);
  const local = midnight.toLocaleString('sv-SE', { timeZone: zone });
  const ahead = Date.parse(`${local.replace(' ', 'T')}Z`) - midnight.getTime();
  return new Date(midnight.getTime() - ahead);
}
