import { isBankAccount, isCorrespondentAccount, isInn, isOgrn } from '../src/modules/organisations/index.ts';

/** Fills the one place marked «?» with the digit that agrees. @throws RangeError when none does */
function complete(pattern: string, agrees: (number: string) => boolean): string {
  for (let digit = 0; digit < 10; digit++) {
    const candidate = pattern.replace('?', String(digit));
    if (agrees(candidate)) return candidate;
  }
  throw new RangeError(`no digit completes ${pattern}`);
}

/** Region code 98 is given to nobody: numbers with it cannot be taken for those of a real organisation. */
export const ogrnOf = (serial: number): string => complete(`12498${String(serial).padStart(7, '0')}?`, isOgrn);
export const innOf = (serial: number): string => complete(`9801${String(serial).padStart(5, '0')}?`, isInn);

/** A bank that does not exist: codes of its region are given to nobody either. */
export const BANK = { bik: '049800001', name: 'Учебный банк «Копилка»' } as const;
export const CORRESPONDENT = complete('30101810?00000000001', (number) => isCorrespondentAccount(number, BANK.bik));
export const bankAccountOf = (serial: number): string =>
  complete(`40702810?${String(serial).padStart(11, '0')}`, (number) => isBankAccount(number, BANK.bik));

/** СНИЛС whose first nine digits are 980000000 + serial, above all that are given out. @returns 11 digits */
export function snilsOf(serial: number): string {
  const digits = String(980_000_000 + serial);
  let total = 0;
  for (let index = 0; index < 9; index++) total += Number(digits[index]) * (9 - index);
  return digits + String((total % 101) % 100).padStart(2, '0');
}
