import { describe, expect, test } from 'vitest';
import { safeName, withEnding } from './safe-name.ts';

describe('what a name may not do', () => {
  test.each([
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\Users\\Мария\\акт.pdf', 'акт.pdf'],
    ['акт.pdf\0.exe', 'акт.pdf.exe.pdf'],
    ['акт\u202efdp.exe', 'актfdp.exe.pdf'],
    ['невидимый\u200b\ufeff.pdf', 'невидимый.pdf'],
    ['две\r\nстроки\u2028.pdf', 'двестроки.pdf'],
    ['"<b>"|?*:.pdf', '__b______.pdf'],
    ['..', 'файл.pdf'],
    ['', 'файл.pdf'],
    ['.pdf', 'pdf.pdf'],
    ['/', 'файл.pdf'],
    ['   ', 'файл.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['CON', '_CON.pdf'],
    ['com1.txt', '_com1.txt.pdf'],
    ['акт .pdf', 'акт.pdf'],
    ['акт.pdf. . .', 'акт.pdf'],
    ['\ud800.pdf', '\ufffd.pdf'],
  ])('%j', (given, safe) => {
    expect(safeName(given, 'pdf')).toBe(safe);
  });
});

test('a long name is cut between letters and keeps its ending', () => {
  const name = safeName(`${'я'.repeat(500)}.docx`, 'docx');
  expect(name).toMatch(/^я+\.docx$/);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(safeName('👨‍👩‍👧'.repeat(50), 'jpeg')).not.toContain('\ufffd');
});

test('the ending follows the content; the stem stays', () => {
  expect(safeName('Счёт за май 2026 (копия).doc', 'rtf')).toBe('Счёт за май 2026 (копия).rtf');
  expect(safeName('фото.JPEG', 'jpeg')).toBe('фото.jpeg');
  expect(withEnding('IMG_1.heic', 'jpg')).toBe('IMG_1.jpg');
});
