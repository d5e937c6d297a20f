import fc from 'fast-check';
import { writeOds, writeXlsx } from 'hucre';
import { expect, it } from 'vitest';
import { WorkbookError } from './errors.ts';
import { bytes, fixture, readAll, testFolder, texts } from './test-files.ts';

const folder = testFolder();

it.each([
  ['xlsx', writeXlsx],
  ['ods', writeOds],
])('reads %s of another library', async (_, write) => {
  const rows = [
    ['Счёт', 'Сумма', 'Дата', 'Да'],
    ['00012345678901234567', 0.1 + 0.2, new Date(Date.UTC(2024, 4, 31)), true],
    [],
    [' a & b ', -1e-7, null, false],
  ];
  const file = await folder.file(await write({ sheets: [{ name: 'Лист', rows }] }));
  expect(texts((await readAll(file)).rows)).toEqual({
    1: ['Счёт', 'Сумма', 'Дата', 'Да'],
    2: ['00012345678901234567', '0.3', '2024-05-31', 'true'],
    4: ['a & b', '-0.0000001', null, 'false'],
  });
});

it.each(['meters-exceljs.xlsx', 'meters-libreoffice.ods', 'password.xlsx'])(
  'a damaged %s is read or refused by name, nothing else',
  async (name) => {
    const whole = await bytes(fixture(name));
    const damage = fc.record({
      end: fc.integer({ min: 1, max: whole.length }),
      changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ end, changes }) => {
        const damaged = Buffer.from(whole.subarray(0, end % 3 === 0 ? end : whole.length));
        for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
        const file = await folder.file(damaged);
        await readAll(file).catch((error) => expect(error).toBeInstanceOf(WorkbookError));
      }),
      { numRuns: 150 },
    );
  },
);
