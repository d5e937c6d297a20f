import type { CellText } from './types.ts';

/** Text of a cell without what the eye does not see; null when nothing is left. Fast path: most cells need no change. */
export function cleanText(raw: string): string | null {
  if (raw === '') return null;
  const text = NEEDS_CLEANING.test(raw)
    ? raw
        .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replace(/\r\n?/g, '\n')
        .replace(/\p{Zs}/gu, ' ')
        .replace(INVISIBLE, '')
        .trim()
    : raw;
  return text === '' ? null : text;
}

/** `_x000D_` is how Excel writes characters that XML cannot hold. */
const NEEDS_CLEANING = /^\s|\s$|(?![\t\n ])[\p{Cc}\p{Cf}\p{Zs}]|_x[0-9A-Fa-f]{4}_/u;
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

export const textCell = (raw: string): CellText | null => {
  const text = cleanText(raw);
  return text === null ? null : { text, kind: 'text' };
};

const SHORT_DECIMAL = /^-?(?:0|[1-9]\d{0,14})$|^-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A number of a file as plain decimal text. Files write 17 digits of the binary number (1.1000000000000001, 0.30000000000000004);
 * spreadsheets show and accept 15, so 15 are given back. Null when it is not a number.
 */
export function numberCell(raw: string): CellText | null {
  if (SHORT_DECIMAL.test(raw)) return { text: raw === '-0' ? '0' : raw, kind: 'number' };
  const trimmed = raw.trim();
  if (!NUMBER.test(trimmed)) return null;
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return null;
  if (Math.abs(value) >= 1e15) return { text: plainDecimal(value), kind: 'number', problem: 'imprecise' };
  return { text: plainDecimal(Number(value.toPrecision(15))), kind: 'number' };
}

/** Shortest text that reads back as the same number, without an exponent. */
function plainDecimal(value: number): string {
  const shortest = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(shortest);
  if (!match) return shortest === '-0' ? '0' : shortest;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

const DAY = 86_400;
/** 9999-12-31, the last day of a spreadsheet. */
const LAST_SERIAL = 2_958_465;

/**
 * A day number of a spreadsheet as ISO text; null when it is no date. In the 1900 system Excel counts a 29 February 1900 that
 * never was (number 60), so earlier days stand one lower than a plain count from 1899-12-30 gives.
 */
export function serialToIso(serial: number, date1904: boolean): string | null {
  if (!(serial >= 0) || serial > LAST_SERIAL) return null;
  const seconds = Math.round(serial * DAY);
  const days = Math.floor(seconds / DAY);
  const time = new Date((seconds % DAY) * 1000).toISOString().slice(11, 19);
  if (days === 0 && !date1904) return time;
  if (days === 60 && !date1904) return null;
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const date = new Date(epoch + days * DAY * 1000).toISOString().slice(0, 10);
  return time === '00:00:00' ? date : `${date}T${time}`;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?)?$/;

/** A date that the file writes as text (ods, `t="d"` of xlsx), midnight left out. */
export function isoDateCell(raw: string): CellText | null {
  const match = ISO.exec(raw.trim());
  if (!match) return textCell(raw);
  const time = match[2] === undefined ? '' : match[2].padEnd(8, ':00');
  return { text: time === '' || time === '00:00:00' ? match[1]! : `${match[1]}T${time}`, kind: 'date' };
}

/** ISO 8601 duration of ods (`PT09H30M00S`) as a time of day. */
export function durationCell(raw: string): CellText | null {
  const match = /^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/.exec(raw);
  if (!match) return textCell(raw);
  const [hours = '', minutes = '', seconds = ''] = match.slice(1).map((part) => part.padStart(2, '0'));
  return { text: `${hours}:${minutes}:${seconds}`, kind: 'date' };
}

export const booleanCell = (raw: string): CellText => {
  const value = raw.trim().toLowerCase();
  return { text: value === '1' || value === 'true' ? 'true' : 'false', kind: 'boolean' };
};

const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 47]);

/** Whether numbers under this format are days. A duration such as [h]:mm is not: it stays a number. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.has(id) || (id >= 50 && id <= 58);
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  // Digit places make it a number; only fractions of a second have them in a date.
  if (/\[[hms]+\]|general|основной|[#?0]/i.test(bare.replace(/s\.0+/gi, 's'))) return false;
  // Some programs that write files by hand leave the Russian letters in.
  return /[dmyhsдмгчс]/i.test(bare);
}
