import { expect, test } from 'vitest';
import { isPayer } from './account.ts';

const person = {
  familyName: 'Королёва',
  givenName: 'Анна',
  middleName: 'Петровна',
  snils: '11223344595',
  confirmed: true,
};
const account = {
  payer: 'person' as const,
  familyName: 'КОРОЛЕВА',
  givenName: 'Анна',
  middleName: '',
  snils: '11223344595',
};

test('name and СНИЛС of a confirmed person must both agree', () => {
  expect(isPayer({ ...person, confirmed: false }, account)).toBe(false);
  expect(isPayer({ ...person, snils: null }, account)).toBe(false);
  expect(isPayer(person, { ...account, snils: '64270954807' })).toBe(false);
  expect(isPayer(person, { ...account, familyName: 'Иванова' })).toBe(false);
  expect(isPayer(person, { ...account, middleName: 'Ивановна' })).toBe(false);
  expect(isPayer(person, { ...account, payer: 'organisation' })).toBe(false);
  expect(isPayer(person, account)).toBe(true);
});
