import { describe, expect, test } from 'vitest';
import { isBankAccount, isCorrespondentAccount, isInn, isKpp, isOgrn, isSnils } from './checksums.ts';

describe('check digits, by published vectors', () => {
  test.each(['7707083893', '7710474375', '7728168971', '500100732259', '526317984689'])('ИНН %s is good', (text) =>
    expect(isInn(text)).toBe(true),
  );
  test.each(['6200098765', '617547302703', '0000000000', '000000000000', '770708389', ''])('ИНН %s is bad', (text) =>
    expect(isInn(text)).toBe(false),
  );
  test.each(['1027700132195', '1047702026701', '1026605606620', '304500116000157'])('ОГРН %s is good', (text) =>
    expect(isOgrn(text)).toBe(true),
  );
  test.each(['1027700132196', '313242342342332', '102770013219'])('ОГРН %s is bad', (text) =>
    expect(isOgrn(text)).toBe(false),
  );
  test.each(['11223344595', '64270954807', '08765430300'])('СНИЛС %s is good', (text) =>
    expect(isSnils(text)).toBe(true),
  );
  test('СНИЛС with another check number is bad', () => expect(isSnils('11223344596')).toBe(false));
  test.each([
    ['40702810138250123017', '044525225'],
    ['40702810938000000001', '044525225'],
    ['40802810700020000317', '044525201'],
    ['40702810455000024248', '044030653'],
  ])('account %s at %s is good', (account, bik) => expect(isBankAccount(account, bik)).toBe(true));
  test.each([
    ['40702810701400002860', '044525593'],
    ['40802810900000000001', '044525974'],
  ])('account %s at %s is bad', (account, bik) => expect(isBankAccount(account, bik)).toBe(false));
  test.each([
    ['30101810400000000225', '044525225'],
    ['30101810200000000593', '044525593'],
    ['30101810500000000653', '044030653'],
  ])('correspondent account %s at %s is good', (account, bik) =>
    expect(isCorrespondentAccount(account, bik)).toBe(true),
  );
  test('КПП has letters only in the middle', () => {
    expect(isKpp('770701001')).toBe(true);
    expect(isKpp('7707AB001')).toBe(true);
    expect(isKpp('77070100A')).toBe(false);
  });
});
