import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, isDateFormat, isoDateCell, numberCell, serialToIso } from './cell-values.ts';
import { isoToSerial } from './write-workbook.ts';

describe('numberCell', () => {
  it.each([
    ['1.1000000000000001', '1.1'],
    ['0.30000000000000004', '0.3'],
    ['1E-07', '0.0000001'],
    ['1.5e3', '1500'],
    ['-0', '0'],
    ['1.50', '1.5'],
    ['999999999999999', '999999999999999'],
  ])('%s is %s', (raw, shown) => {
    expect(numberCell(raw)).toEqual({ text: shown, kind: 'number' });
  });

  it('flags what a spreadsheet has rounded already', () => {
    expect(numberCell('1.2345678901234567E+19')).toEqual({
      text: '12345678901234567000',
      kind: 'number',
      problem: 'imprecise',
    });
    expect(numberCell('1e300')!.text).toHaveLength(301);
  });

  it.each(['', 'abc', '1,5', '1e999', '0x10', '--1'])('%s is no number', (raw) => {
    expect(numberCell(raw)).toBeNull();
  });

  it('gives back any number of up to 15 digits as it was typed, however the file writes it', () => {
    const typed = fc.tuple(fc.bigInt(-999_999_999_999_999n, 999_999_999_999_999n), fc.integer({ min: 0, max: 15 }));
    fc.assert(
      fc.property(typed, ([digits, decimals]) => {
        const sign = digits < 0n ? '-' : '';
        const padded = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
        const whole = padded.slice(0, padded.length - decimals);
        const fraction = padded.slice(padded.length - decimals).replace(/0+$/, '');
        const plain = (digits === 0n ? '' : sign) + whole + (fraction ? `.${fraction}` : '');
        const seventeen = Number(plain).toPrecision(17);
        expect(numberCell(plain)!.text).toBe(plain);
        expect(numberCell(seventeen)!.text).toBe(plain);
      }),
    );
  });
});

describe('dates', () => {
  it.each([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, null],
    [61, '1900-03-01'],
    [0.5, '12:00:00'],
    [45443.99999999, '2024-06-01'],
    [45443.25, '2024-05-31T06:00:00'],
    [2958466, null],
    [-1, null],
  ])('day %s is %s', (serial, iso) => {
    expect(serialToIso(serial, false)).toBe(iso);
  });

  it('counts back and forth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61 * 86_400, max: 2_958_465 * 86_400 }), (seconds) => {
        const iso = serialToIso(seconds / 86_400, false)!;
        expect(Math.round(isoToSerial(iso)! * 86_400)).toBe(seconds);
      }),
    );
  });

  it('reads dates that are written out', () => {
    expect(isoDateCell('2024-05-31T00:00:00')).toEqual({ text: '2024-05-31', kind: 'date' });
    expect(isoDateCell('2024-05-31T09:05')).toEqual({ text: '2024-05-31T09:05:00', kind: 'date' });
  });

  it.each([
    'dd.mm.yyyy',
    '[$-FC19]dd mmmm yyyy г/.;@',
    'mmm-yy',
    'h:mm AM/PM',
    'mm:ss.0',
    'ДД.ММ.ГГГГ',
    'yyyy\\-mm\\-dd',
  ])('%s is a date', (code) => expect(isDateFormat(170, code)).toBe(true));
  it.each([
    'General',
    'Основной',
    '0.00',
    '#,##0.00\\ "₽"',
    '0.00E+00',
    '[Red]0',
    '@',
    '[h]:mm:ss',
    '0 "дн."',
    '# ?/?',
  ])('%s is none', (code) => expect(isDateFormat(170, code)).toBe(false));
});

describe('cleanText', () => {
  it('drops what nobody sees and keeps line breaks', () => {
    expect(cleanText('\u00a0 12\u00a0345\r\nа\u00adб\u200b ')).toBe('12 345\nаб');
    expect(cleanText(' \u200b\n')).toBeNull();
  });
});
