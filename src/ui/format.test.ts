import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  counted,
  formatDate,
  formatDateTime,
  formatDayMonth,
  formatFileSize,
  formatMonth,
  formatNumber,
  formatNumericDate,
  formatPhone,
  formatQuantity,
  formatRubles,
  fullName,
  groupDigits,
  initials,
  monthWord,
  plural,
} from './format.ts';

const DAYS = ['день', 'дня', 'дней'] as const;

describe('refusals', () => {
  test('what is no number, no day, no month', () => {
    expect(() => formatNumber('1e3')).toThrow(RangeError);
    expect(() => formatNumber('')).toThrow(RangeError);
    expect(() => formatDate('15.11.2026')).toThrow(RangeError);
    expect(() => formatDate('2026-13-01')).toThrow(RangeError);
    expect(() => monthWord('2026-00')).toThrow(RangeError);
  });
  test('an instant without a zone is no day', () => {
    expect(() => formatDate(new Date(0))).toThrow(RangeError);
  });
});

describe('sums', () => {
  test.each([
    [512345n, '5\u202f123,45\u00a0₽'],
    [0n, '0,00\u00a0₽'],
    [7n, '0,07\u00a0₽'],
    [-104550n, '−1\u202f045,50\u00a0₽'],
    [123456789012n, '1\u202f234\u202f567\u202f890,12\u00a0₽'],
  ])('%s', (amount, text) => expect(formatRubles(amount)).toBe(text));
  test('signed', () => {
    expect(formatRubles(20000n, { signed: true })).toBe('+200,00\u00a0₽');
    expect(formatRubles(0n, { signed: true })).toBe('0,00\u00a0₽');
  });
  test('every sum can be read back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (amount) => {
        const digits = formatRubles(amount)
          .replace(/[\u202f\u00a0₽,]/g, '')
          .replace('−', '-');
        expect(BigInt(digits)).toBe(amount);
      }),
    );
  });
});

test('numbers', () => {
  expect(formatNumber('1234.500')).toBe('1\u202f234,5');
  expect(formatNumber('-0.000')).toBe('0');
  expect(formatNumber(-1.25)).toBe('−1,25');
  expect(formatNumber('12345678901234567890.123456')).toBe(
    '12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890,123456',
  );
  expect(formatQuantity('49.50', 'м²')).toBe('49,5\u00a0м²');
});

test('dates', () => {
  expect(formatDate('2026-11-05')).toBe('5\u00a0ноября 2026\u00a0г.');
  expect(formatDayMonth('2026-11-15')).toBe('15\u00a0ноября');
  expect(formatNumericDate('2026-11-05')).toBe('05.11.2026');
  expect(formatMonth('2026-10')).toBe('октябрь\u00a02026');
  expect(formatMonth('2026-05', 'prepositional')).toBe('мае\u00a02026');
});

test('an instant is another day in another zone', () => {
  const instant = new Date('2026-12-31T20:30:00Z');
  expect(formatDateTime(instant, 'Europe/Moscow')).toBe('31\u00a0декабря 2026\u00a0г., 23:30');
  expect(formatDateTime(instant, 'Asia/Yekaterinburg')).toBe('1\u00a0января 2027\u00a0г., 01:30');
  expect(formatDateTime(new Date('2026-01-01T00:05:00Z'), 'UTC')).toBe('1\u00a0января 2026\u00a0г., 00:05');
});

test('plurals', () => {
  expect([0, 1, 2, 5, 11, 21, 22, 111, 1001, -1].map((count) => plural(count, DAYS))).toEqual(
    'дней день дня дней дней день дня дней день день'.split(' '),
  );
  expect(counted(1204, ['строка', 'строки', 'строк'])).toBe('1\u202f204\u00a0строки');
});

test('people, phones, numbers, files', () => {
  const person = { last: 'Петрова', first: 'анна', middle: 'Ивановна' };
  expect(initials(person)).toBe('Петрова\u00a0А.\u00a0И.');
  expect(initials({ last: 'Ким', first: 'Чен', middle: ' ' })).toBe('Ким\u00a0Ч.');
  expect(fullName({ last: 'Ким', first: 'Чен', middle: null })).toBe('Ким Чен');
  expect(formatPhone('8 (495) 1234567')).toBe('+7\u00a0495\u00a0123-45-67');
  expect(formatPhone('доб. 12')).toBe('доб. 12');
  expect(groupDigits('7700123456')).toBe('7700\u00a01234\u00a056');
  expect(groupDigits('40702810438000060473')).toBe('4070 2810 4380 0006 0473');
  expect(formatFileSize(50 * 1_048_576)).toBe('50\u00a0МБ');
  expect(formatFileSize(1_600_000)).toBe('1,5\u00a0МБ');
  expect(formatFileSize(900)).toBe('900\u00a0Б');
});
