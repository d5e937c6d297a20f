import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import type { SheetLayout } from './layout.ts';
import { matchHeadings, matchSheets } from './match-headings.ts';
import { readAll, testFolder, texts, unzip } from './test-files.ts';
import { writeTemplate } from './write-template.ts';
import { type ExportRow, sheetNames, writeWorkbook } from './write-workbook.ts';

const folder = testFolder();

describe('writeWorkbook', () => {
  it('tells the reader of the stream when rows fail', async () => {
    async function* rows(): AsyncGenerator<ExportRow> {
      yield { cells: ['a'] };
      throw new Error('the database went away');
    }
    await expect(folder.stream(writeWorkbook([{ name: 'a', rows: rows() }]))).rejects.toThrow('went away');
  });

  it('releases its source when nobody reads any more', async () => {
    let [started, released] = [false, false];
    async function* rows(): AsyncGenerator<ExportRow> {
      started = true;
      try {
        for (;;) yield { cells: ['a'.repeat(1000)] };
      } finally {
        released = true;
      }
    }
    const stream = writeWorkbook([{ name: 'a', rows: rows() }]);
    for await (const _ of stream) if (started) break;
    await expect.poll(() => released).toBe(true);
  });

  it('gives back every kind of cell; a text that looks like a formula stays a text', async () => {
    const cells = [
      { text: '12.50', kind: 'number' },
      { text: '2024-05-31', kind: 'date' },
      { text: '2024-05-31T09:30:00', kind: 'date' },
      { text: 'true', kind: 'boolean' },
      null,
      '=1+1',
      '+7 900 000-00-00',
      '00012345678901234567',
      'a\nb <&> "c"',
    ] as const;
    const rows = [{ cells: ['Заголовок'] }, { row: 5, cells }];
    const file = await folder.stream(writeWorkbook([{ name: 'Данные', headingRows: 1, widths: [20], rows }]));
    const read = await readAll(file);
    expect(texts(read.rows)).toEqual({
      1: ['Заголовок'],
      5: [
        '12.5',
        '2024-05-31',
        '2024-05-31T09:30:00',
        'true',
        null,
        '=1+1',
        '+7 900 000-00-00',
        '00012345678901234567',
        'a\nb <&> "c"',
      ],
    });
    const book = new exceljs.Workbook();
    await book.xlsx.readFile(file);
    const sheet = book.getWorksheet('Данные')!;
    expect(sheet.getCell('F5').value).toBe('=1+1');
    expect(sheet.getCell('F5').type).toBe(exceljs.ValueType.String);
    expect(sheet.getCell('B5').value).toEqual(new Date('2024-05-31T00:00:00Z'));
    expect((await unzip(file)).get('xl/worksheets/sheet1.xml')).toContain('<c r="F5" s="2" t="inlineStr">');
  });

  it('makes names that a spreadsheet accepts', () => {
    const names = sheetNames(['Счета: май/июнь [2]', 'а'.repeat(40), 'А'.repeat(40), '', "'x'"]);
    expect(names).toEqual(['Счета  май июнь  2', 'а'.repeat(31), `${'А'.repeat(27)} (2)`, 'Лист', 'x']);
  });
});

describe('writeTemplate', () => {
  const layout: SheetLayout = {
    name: 'Основания',
    required: true,
    columns: [
      { key: 'account', path: ['Номер ЛС'], required: true, kind: 'identifier', hint: 'До 30 знаков.' },
      { key: 'type', path: ['Договор найма', 'Тип'], options: ['Коммерческий', 'Социальный'] },
      { key: 'number', path: ['Договор найма', 'Номер'], required: true },
      { key: 'otherNumber', path: ['Договор ресурсоснабжения', 'Номер'] },
      { key: 'date', path: ['Дата заключения'], kind: 'date' },
    ],
  };
  const template = () =>
    writeTemplate([layout], { instructions: ['Заполните лист.'], created: new Date('2026-11-01') });

  it('is found again by our own matching', async () => {
    const { sheets, rows } = await readAll(await folder.file(await template()));
    expect(sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['Основания', false],
      ['Инструкция', false],
      ['Списки', true],
    ]);
    expect([...matchSheets(sheets, [layout]).keys()]).toEqual(['Основания']);
    const found = matchHeadings({
      rows: rows.filter((row) => row.sheet === 'Основания'),
      merges: sheets[0]!.merges,
      layout,
    })!;
    expect([...found.columns.values()]).toEqual(['account', 'type', 'number', 'otherNumber', 'date']);
    expect([...found.matchedBy.values()]).toEqual(Array(5).fill('exact'));
    expect(found).toMatchObject({ missing: [], unknown: [], firstDataRow: 3, statusColumn: 5 });
  });

  it('marks required columns, keeps digits as text and offers the values of a list', async () => {
    const book = new exceljs.Workbook();
    await book.xlsx.load((await template()) as unknown as exceljs.Buffer);
    const sheet = book.getWorksheet('Основания')!;
    expect(sheet.getCell('A1').text).toBe('Номер ЛС *');
    expect(sheet.getCell('B1').master.address).toBe('B1');
    expect(sheet.getCell('C1').master.address).toBe('B1');
    expect(sheet.getCell('D1').master.address).toBe('D1');
    expect(sheet.getColumn(1).numFmt).toBe('@');
    expect(sheet.getColumn(5).numFmt).toBe('dd.mm.yyyy');
    expect(sheet.getCell('B3').dataValidation).toMatchObject({ type: 'list', formulae: ["'Списки'!$A$1:$A$2"] });
    expect(book.getWorksheet('Списки')!.getCell('A2').text).toBe('Социальный');
    expect(book.getWorksheet('Инструкция')!.getCell('A1').text).toBe('Заполните лист.');
    expect(book.getWorksheet('Инструкция')!.getRow(8).values).toContain('Дата: ДД.ММ.ГГГГ.');
  });
});
