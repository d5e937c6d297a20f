import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { annotateWorkbook } from './annotate-workbook.ts';
import type { RowNote } from './notes.ts';
import { bytes, fixture, readAll, sheetOf, testFolder, texts, unzip, xlsxParts } from './test-files.ts';

const folder = testFolder();
async function* notesOf(notes: readonly RowNote[]) {
  yield* notes;
}
async function annotated(input: string, notes: readonly RowNote[]) {
  const output = await folder.path('out');
  const result = await annotateWorkbook(input, output, notesOf(notes));
  return { output, ...result };
}
const METERS = 'Сведения о ПУ';

describe('refusals', () => {
  it('a file that is no workbook', async () => {
    await expect(annotated(fixture('old.xls'), [])).rejects.toMatchObject({ code: 'old_excel' });
  });

  it('a sheet that is broken in the middle', async () => {
    const input = await folder.zip(
      xlsxParts(`<worksheet><sheetData>${'<row><c><v>1</v></c></row>'.repeat(40)}<row></sheetData></worksheet>`),
    );
    await expect(annotated(input, [{ sheet: 'Лист1', row: 1, cells: { status: 'да' } }])).rejects.toMatchObject({
      code: 'broken',
    });
  });

  it('notes that fail while they are read', async () => {
    async function* notes(): AsyncGenerator<RowNote> {
      yield { sheet: METERS, row: 5, cells: { status: 'да' } };
      throw new Error('the database went away');
    }
    const output = await folder.path();
    await expect(annotateWorkbook(fixture('meters-exceljs.xlsx'), output, notes())).rejects.toThrow('went away');
    await expect(annotateWorkbook(fixture('meters-libreoffice.ods'), output, notes())).rejects.toThrow('went away');
  });

  it('notes that come back to an earlier row, or name another sheet', async () => {
    const back = [5, 4].map((row) => ({ sheet: METERS, row, cells: { status: 'да' } }));
    await expect(annotated(fixture('meters-exceljs.xlsx'), back)).rejects.toThrow('order');
    const other = [{ sheet: 'Нет', row: 1, cells: { status: 'да' } }];
    await expect(annotated(fixture('meters-exceljs.xlsx'), other)).rejects.toThrow('order');
  });
});

describe.each(['meters-exceljs.xlsx', 'meters-libreoffice.xlsx', 'meters-libreoffice.ods'])('%s', (name) => {
  it('gets the statuses and the other cells, and keeps the rest', async () => {
    const before = await readAll(fixture(name));
    const { output, format, converted } = await annotated(fixture(name), [
      { sheet: METERS, row: 5, cells: { status: 'Загружено <1> & ok' } },
      { sheet: METERS, row: 6, cells: { status: 'Пустая строка' } },
      { sheet: METERS, row: 7, cells: { 0: 'ПУ-1', status: '=Ошибка' } },
      { sheet: METERS, row: 7, cells: { status: 'вторая' } },
    ]);
    expect({ format, converted }).toEqual({ format: 'xlsx', converted: name.endsWith('.ods') });
    const after = await readAll(output);
    expect(after.sheets).toEqual(before.sheets);
    const expected = texts(before.rows.filter((row) => row.sheet === METERS));
    expected[5]![7] = 'Загружено <1> & ok';
    expected[6] = [null, null, null, null, null, null, null, 'Пустая строка'];
    expected[7]![0] = 'ПУ-1';
    expected[7]![7] = '=Ошибка; вторая';
    expect(texts(after.rows.filter((row) => row.sheet === METERS))).toEqual(expected);
  });
});

describe('xlsx', () => {
  it('leaves every other part and every other row as it was, byte for byte', async () => {
    const input = fixture('meters-exceljs.xlsx');
    const { output } = await annotated(input, [{ sheet: METERS, row: 5, cells: { status: 'да' } }]);
    const [before, after] = [await unzip(input), await unzip(output)];
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(changed).toEqual(['xl/worksheets/sheet1.xml']);
    const sheet = after.get('xl/worksheets/sheet1.xml')!;
    const cell = /<c r="H5"[^>]*>.*?<\/c>/.exec(sheet)![0];
    // `spans` tells which columns of the row hold cells.
    const expected = before
      .get('xl/worksheets/sheet1.xml')!
      .replace('<row r="5" spans="1:7"', '<row r="5" spans="1:8"');
    expect(sheet.replace(cell, '')).toBe(expected);
  });

  it('appends the column behind the last value, in the style of the heading beside it', async () => {
    const worksheet =
      '<x:worksheet><x:dimension ref="A1:B3"/><x:cols><x:col min="1" max="2" width="9"/></x:cols><x:sheetData>' +
      '<x:row r="1" spans="1:2"><x:c r="A1" s="4" t="str"><x:v>Номер ЛС</x:v></x:c><x:c r="B1" s="5" t="str"><x:v>Сумма</x:v></x:c></x:row>' +
      '<x:row r="2" ht="15"/><x:row r="3"><x:c><x:v>1</x:v></x:c><x:c/><x:c><x:v>без заголовка</x:v></x:c></x:row></x:sheetData><x:tail a="1"/></x:worksheet>';
    const input = await folder.zip(xlsxParts(worksheet));
    const { output } = await annotated(input, [
      { sheet: 'Лист1', row: 2, cells: { status: 'пусто' } },
      { sheet: 'Лист1', row: 3, cells: { 1: '5', status: 'да' } },
      { sheet: 'Лист1', row: 9, cells: { status: 'далеко' } },
    ]);
    const cell = (reference: string, value: string, style = '') =>
      `<x:c r="${reference}"${style} t="inlineStr"><x:is><x:t xml:space="preserve">${value}</x:t></x:is></x:c>`;
    expect((await unzip(output)).get('xl/worksheets/sheet1.xml')).toBe(
      worksheet
        .replace('A1:B3', 'A1:D3')
        .replace('</x:cols>', '<x:col min="4" max="4" width="60" customWidth="1"/></x:cols>')
        .replace('spans="1:2"', 'spans="1:4"')
        .replace(
          '</x:c></x:row><x:row r="2" ht="15"/>',
          `</x:c>${cell('D1', 'Статус обработки', ' s="5"')}</x:row><x:row r="2" ht="15">${cell('D2', 'пусто')}</x:row>`,
        )
        .replace('<x:c/>', cell('B3', '5'))
        .replace(
          '</x:c></x:row></x:sheetData>',
          `</x:c>${cell('D3', 'да')}</x:row><x:row r="9">${cell('D9', 'далеко')}</x:row></x:sheetData>`,
        ),
    );
  });

  it('drops the calculation chain, which would name a cell that has no formula any more', async () => {
    const parts = xlsxParts(sheetOf('<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>'), {
      'xl/calcChain.xml': '<calcChain><c r="A1"/></calcChain>',
    });
    const { output } = await annotated(await folder.zip(parts), [{ sheet: 'Лист1', row: 1, cells: { 0: 'текст' } }]);
    const after = await unzip(output);
    expect(after.has('xl/calcChain.xml')).toBe(false);
    expect([...after.values()].join('')).not.toMatch(/calcChain/);
  });

  it('is a workbook for another reader', async () => {
    const { output } = await annotated(fixture('meters-libreoffice.xlsx'), [
      { sheet: METERS, row: 5, cells: { status: 'да' } },
    ]);
    const book = new exceljs.Workbook();
    await book.xlsx.readFile(output);
    expect(book.getWorksheet(METERS)!.getCell('H5').text).toBe('да');
    expect(book.getWorksheet(METERS)!.getCell('A2').isMerged).toBe(true);
  });
});

describe('csv', () => {
  it('keeps its encoding, delimiter, line ends and the quotes of rows', async () => {
    const encode = (value: string) =>
      Buffer.from(
        Uint8Array.from(value, (sign) =>
          sign >= 'А' && sign <= 'я' ? sign.charCodeAt(0) - 0x350 : sign.charCodeAt(0),
        ),
      );
    const input = await folder.file(encode('Счет;"Сумма"\r\n"1";2\r\n\r\n3;"4;5"'));
    const { output, format } = await annotated(input, [
      { sheet: 'CSV', row: 2, cells: { status: 'да; "нет"' } },
      { sheet: 'CSV', row: 4, cells: { 0: '-7', status: '=1' } },
    ]);
    expect(format).toBe('csv');
    expect(await bytes(output)).toEqual(
      encode('Счет;"Сумма";Статус обработки\r\n"1";2;"да; ""нет"""\r\n\r\n\'-7;"4;5";\'=1'),
    );
  });

  it('fills the column that is there', async () => {
    const input = await folder.file('\ufeffa,Статус обработки,b\n1,,2\n');
    const { output } = await annotated(input, [{ sheet: 'CSV', row: 2, cells: { status: 'да' } }]);
    expect((await bytes(output)).toString()).toBe('\ufeffa,Статус обработки,b\n1,да,2\n');
  });
});
