const NUMBER = /^-?\d+([.,]\d+)?$/;

const cell = (text: string): string => {
  // A spreadsheet takes what begins so for a formula; a number below zero is one.
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const BYTE_ORDER_MARK = '\ufeff';

/** A line as Russian spreadsheets read it: semicolons, and what looks like a formula made harmless. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(';')}\r\n`;

/** A whole file of lines: UTF-8 with its mark. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `${BYTE_ORDER_MARK}${rows.map(csvLine).join('')}`;

/** A number as Russian spreadsheets read it; nothing for null. */
export const csvNumber = (value: string | null): string => value?.replace('.', ',') ?? '';
