/** Check digits of Russian registration numbers. Each answers whether the number is well formed and its digits agree. */

const digits = (text: string): number[] => [...text].map(Number);
const weighted = (numbers: readonly number[], weights: readonly number[]): number =>
  weights.reduce((total, weight, index) => total + weight * numbers[index]!, 0);
/** Remainder of a decimal text digit by digit: account keys and ОГРНИП are longer than exact numbers. */
const remainder = (text: string, modulus: number): number =>
  digits(text).reduce((rest, digit) => (rest * 10 + digit) % modulus, 0);

const TEN = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const ELEVEN = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const TWELVE = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

export function isInn(text: string): boolean {
  if (/^0+$/.test(text)) return false;
  const number = digits(text);
  if (/^\d{10}$/.test(text)) return (weighted(number, TEN) % 11) % 10 === number[9];
  if (!/^\d{12}$/.test(text)) return false;
  return (weighted(number, ELEVEN) % 11) % 10 === number[10] && (weighted(number, TWELVE) % 11) % 10 === number[11];
}

/** ОГРН (13 digits) or ОГРНИП (15 digits). */
export function isOgrn(text: string): boolean {
  if (/^\d{13}$/.test(text)) return remainder(text.slice(0, 12), 11) % 10 === Number(text[12]);
  return /^\d{15}$/.test(text) && remainder(text.slice(0, 14), 13) % 10 === Number(text[14]);
}

export const isKpp = (text: string): boolean => /^\d{4}[\dA-Z]{2}\d{3}$/.test(text);

/** СНИЛС as 11 digits. Numbers up to 001-001-998 have no check digits. */
export function isSnils(text: string): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  if (Number(text.slice(0, 9)) <= 1_001_998) return true;
  const total = digits(text.slice(0, 9)).reduce((all, digit, index) => all + digit * (9 - index), 0);
  return (total % 101) % 100 === Number(text.slice(9));
}

const keyed = (text: string): boolean =>
  digits(text).reduce((total, digit, index) => total + ((digit * [7, 1, 3][index % 3]!) % 10), 0) % 10 === 0;

/** A settlement account against the БИК of its bank. */
export const isBankAccount = (account: string, bik: string): boolean =>
  /^\d{20}$/.test(account) && /^\d{9}$/.test(bik) && keyed(bik.slice(6) + account);

export const isCorrespondentAccount = (account: string, bik: string): boolean =>
  /^\d{20}$/.test(account) && /^\d{9}$/.test(bik) && keyed(`0${bik.slice(4, 6)}${account}`);
