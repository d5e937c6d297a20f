import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fixture, readAll, sheetOf, testFolder, text, texts, xlsxParts } from './test-files.ts';
import { DEFAULT_LIMITS, type WorkbookLimits } from './types.ts';

const folder = testFolder();
const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`;
const readSheet = async (rows: string, more: Record<string, string> = {}) =>
  (await readAll(await folder.zip(xlsxParts(sheetOf(rows), more)))).rows;
const inline = (reference: string, value: string) => `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;

describe('what is not a workbook is refused with a sentence that says what to do', () => {
  it.each([
    ['old.xls', 'old_excel', '.xlsx'],
    ['password.xlsx', 'encrypted', 'паролем'],
    ['password.ods', 'encrypted', 'паролем'],
  ])('%s', async (name, code, words) => {
    await expect(readAll(fixture(name))).rejects.toMatchObject({ code, status: 422 });
    await expect(readAll(fixture(name))).rejects.toThrow(words);
  });

  it.each([
    ['nothing', '', 'empty_file'],
    ['a page', '<html><body><table></table></body></html>', 'not_a_workbook'],
    ['a PDF', '%PDF-1.7\n', 'not_a_workbook'],
    ['bytes', Uint8Array.from([1, 2, 3, 0, 5]), 'not_a_workbook'],
    ['XML 2003', '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>', 'xml_spreadsheet'],
    ['a zip cut short', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)]), 'broken'],
  ])('%s', async (_, content, code) => {
    await expect(readAll(await folder.file(content))).rejects.toMatchObject({ code });
  });

  it('another zip', async () => {
    await expect(readAll(await folder.zip({ 'a.txt': 'a' }))).rejects.toMatchObject({ code: 'not_a_workbook' });
  });

  it.each([
    ['rows cut off', '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>'],
    ['tags crossed', '<worksheet><sheetData><row r="1"></sheetData></row></worksheet>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>'],
    ['a shared string that is not there', sheetOf('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')],
    ['a column beyond the last', sheetOf('<row r="1"><c r="ZZZZ1"><v>7</v></c></row>')],
  ])('a sheet with %s', async (_, worksheet) => {
    await expect(readAll(await folder.zip(xlsxParts(worksheet)))).rejects.toMatchObject({ code: 'broken' });
  });

  it.each([-1, 1])('a part that unpacks to other than its archive says, by %i', async (difference) => {
    const honest = await readFile(await folder.zip(xlsxParts(sheetOf(row(1, inline('A1', 'a'))))));
    // The directory's entry: 46 bytes, the unpacked size at the 24th, then the name.
    const entry = honest.lastIndexOf('xl/worksheets/sheet1.xml') - 46;
    honest.writeUInt32LE(honest.readUInt32LE(entry + 24) + difference, entry + 24);
    await expect(readAll(await folder.file(honest))).rejects.toMatchObject({ code: 'broken' });
  });

  it.each<[string, Partial<WorkbookLimits>]>([
    ['limit_unpacked', { unpackedBytes: 300 }],
    ['limit_rows', { rows: 1 }],
    ['limit_cells', { cellsPerRow: 2 }],
    ['limit_text', { cellText: 100 }],
    ['limit_sheets', { sheets: 0 }],
  ])('%s', async (code, limits) => {
    const rows = row(1, inline('A1', 'a'.repeat(101))) + row(2, inline('C2', 'b'));
    const file = await folder.zip(xlsxParts(sheetOf(limits.cellText ? rows : rows.replaceAll('aaa', 'a'))));
    await expect(readAll(file, { limits: { ...DEFAULT_LIMITS, ...limits } })).rejects.toMatchObject({ code });
  });

  it('a csv with an open quote, and one whose encoding changes', async () => {
    await expect(readAll(await folder.file('a;"b\nc;d\n'))).rejects.toMatchObject({ code: 'broken_text' });
    const mixed = Buffer.concat([Buffer.from(`${'я;\n'.repeat(100_000)}`), Buffer.from([0xff, 0xfe, 0xc0])]);
    await expect(readAll(await folder.file(mixed))).rejects.toMatchObject({ code: 'broken_text' });
  });
});

describe.each(['meters-exceljs.xlsx', 'meters-libreoffice.xlsx', 'meters-libreoffice.ods'])('%s', (name) => {
  it('gives sheets, merges and rows as a spreadsheet shows them', async () => {
    const { sheets, rows } = await readAll(fixture(name));
    expect(sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['Сведения о ПУ', false],
      ['conf', true],
    ]);
    expect(sheets[0]!.merges).toContainEqual({ top: 2, bottom: 3, left: 0, right: 0 });
    expect(sheets[0]!.merges).toContainEqual({ top: 2, bottom: 2, left: 4, right: 5 });
    const meters = rows.filter((each) => each.sheet !== 'conf');
    expect(meters.map((each) => each.row)).toEqual([1, 2, 3, 4, 5, 7]);
    expect(meters[4]!.cells).toEqual([
      text('00012345678901234567'),
      text('ул. Лесная, д. 1'),
      { text: '12', kind: 'number' },
      { text: '2024-05-31', kind: 'date' },
      { text: '1234.5', kind: 'number' },
      { text: '0.3', kind: 'number' },
      { text: '2469', kind: 'number' },
    ]);
    expect(meters[5]!.cells[3]).toEqual({ text: '2024-01-01T09:30:00', kind: 'date' });
    expect(meters[5]!.cells[5]).toEqual({ text: '#DIV/0!', kind: 'error' });
    expect(meters[5]!.cells[6]).toMatchObject({ kind: 'number', problem: 'imprecise' });
  });

  it('does not unpack a sheet that is not wanted', async () => {
    const { sheets, rows } = await readAll(fixture(name), { onSheet: (sheet) => !sheet.hidden });
    expect(sheets).toHaveLength(1);
    expect(rows.every((each) => each.sheet === 'Сведения о ПУ')).toBe(true);
  });
});

describe('dialects of xlsx', () => {
  it('cells and rows without references, prefixes, CDATA, comments, entities, a byte order mark', async () => {
    const worksheet =
      '\ufeff<?xml version="1.0"?><x:worksheet><!-- > --><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a &lt; b &#1071;</x:t></x:is></x:c>' +
      '<x:c t="str"><x:v><![CDATA[<в>]]></x:v></x:c></x:row><x:row/><x:row><x:c r="C3" note=\'>"\'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    const { rows } = await readAll(await folder.zip(xlsxParts(worksheet)));
    expect(texts(rows)).toEqual({ 1: ['a < b Я', '<в>'], 3: [null, null, '1'] });
  });

  it('rows that are hidden by hand or by a filter, and told so', async () => {
    const rows = await readSheet(
      `${row(1, inline('A1', 'a'))}<row r="2" hidden="1">${inline('A2', 'b')}</row><row r="3" hidden="0">${inline('A3', 'c')}</row>`,
    );
    expect(rows.map(({ row: number, hidden }) => [number, hidden])).toEqual([
      [1, undefined],
      [2, true],
      [3, undefined],
    ]);
    const line = (text: string, visibility = '') =>
      `<table:table-row${visibility && ` table:visibility="${visibility}"`}><table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell></table:table-row>`;
    const table = line('a') + line('b', 'filter') + line('c', 'collapse') + line('d', 'visible');
    const content = `<office:document-content><office:body><office:spreadsheet><table:table table:name="Лист1">${table}</table:table></office:spreadsheet></office:body></office:document-content>`;
    const mimetype = 'application/vnd.oasis.opendocument.spreadsheet';
    const found = (await readAll(await folder.zip({ mimetype, 'content.xml': content }))).rows;
    expect(found.map(({ hidden }) => hidden)).toEqual([undefined, true, true, undefined]);
  });

  it('rich text without its phonetics, escaped characters, spaces that nobody sees', async () => {
    const strings =
      '<sst><si><r><t xml:space="preserve"> ул.\u00a0</t></r><r><t>Лесная_x000D_\n2 </t></r><rPh><t>ulitsa</t></rPh></si><si/><si><t> </t></si></sst>';
    const cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>';
    expect(texts(await readSheet(row(1, cells), { 'xl/sharedStrings.xml': strings }))).toEqual({
      1: ['ул. Лесная\n2'],
    });
  });

  it('absolute part names, backslashes and other cases of names', async () => {
    const parts = xlsxParts(sheetOf(row(1, inline('A1', 'да'))));
    parts['xl/_rels/workbook.xml.rels'] = parts['xl/_rels/workbook.xml.rels']!.replace(
      'worksheets/sheet1.xml',
      '/xl/Worksheets/Sheet1.xml',
    );
    expect(texts((await readAll(await folder.zip(parts))).rows)).toEqual({ 1: ['да'] });
  });

  it('dates by style, also custom, also counted from 1904; a duration stays a number', async () => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-419]d mmmm yyyy;@"/><numFmt numFmtId="171" formatCode="[h]:mm"/>' +
      '<numFmt numFmtId="172" formatCode="#,##0.00&quot; дн.&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>';
    const cells = [0, 1, 2, 3, 4].map((style) => `<c s="${style}"><v>45443</v></c>`).join('');
    const more = { 'xl/styles.xml': styles };
    expect(texts(await readSheet(row(1, cells), more))).toEqual({
      1: ['45443', '2024-05-31', '2024-05-31', '45443', '45443'],
    });
    const workbook = xlsxParts('')['xl/workbook.xml']!.replace('<sheets>', '<workbookPr date1904="1"/><sheets>');
    expect(
      texts(await readSheet(row(1, '<c s="1"><v>43981</v></c>'), { ...more, 'xl/workbook.xml': workbook })),
    ).toEqual({
      1: ['2024-05-31'],
    });
  });

  it('a formula that was never calculated is told, not taken for an empty cell', async () => {
    const [only] = await readSheet(
      row(1, '<c r="A1"><f>1+1</f></c><c r="B1"><f>A1</f><v>2</v></c><c r="C1"><v></v></c>'),
    );
    expect(only!.cells).toEqual([
      { text: '', kind: 'text', problem: 'not_calculated' },
      { text: '2', kind: 'number' },
    ]);
  });

  it('shared strings that wait in a temporary file come back', async () => {
    const count = 3000;
    const long = (index: number) => `${index} ${'я'.repeat(400)}`;
    const strings = `<sst>${Array.from({ length: count }, (_, index) => `<si><t>${long(index)}</t></si>`).join('')}</sst>`;
    const rows = Array.from({ length: count }, (_, at) =>
      row(at + 1, `<c t="s"><v>${(at * 997) % count}</v></c>`),
    ).join('');
    const file = await folder.zip(xlsxParts(sheetOf(rows), { 'xl/sharedStrings.xml': strings }));
    const { rows: read } = await readAll(file, { limits: { ...DEFAULT_LIMITS, sharedTextInMemory: 512 * 1024 } });
    expect(read.every(({ cells }, at) => cells[0]!.text === long((at * 997) % count))).toBe(true);
  });
});

describe('csv', () => {
  const cp1251 = (value: string) =>
    Uint8Array.from(value, (sign) =>
      sign >= 'А' && sign <= 'я' ? sign.charCodeAt(0) - 0x410 + 0xc0 : sign.charCodeAt(0),
    );

  it.each([
    ['; in Windows-1251', cp1251('Счет;Сумма\r\n001;"12,5"\r\n')],
    ['; in UTF-8 with a mark', Buffer.from('\ufeffСчет;Сумма\r\n001;"12,5"')],
    ['tabs in UTF-16, as Excel writes «Текст Юникод»', Buffer.from('\ufeffСчет\tСумма\r\n001\t12,5\r\n', 'utf16le')],
    [', with quotes', Buffer.from('Счет,Сумма\n001,"12,5"\n')],
    ['sep=', Buffer.from('sep=,\nСчет,Сумма\n001,"12,5"\n')],
  ])('%s', async (_, content) => {
    expect(texts((await readAll(await folder.file(content))).rows)).toEqual({
      1: ['Счет', 'Сумма'],
      2: ['001', '12,5'],
    });
  });

  it('keeps row numbers over empty lines and line ends inside quotes; a quote inside a field is a letter', async () => {
    const { rows } = await readAll(await folder.file('a;b\n\n"1\n2";ООО "Ромашка"\n"x" y;"z""z"\n'));
    expect(texts(rows)).toEqual({ 1: ['a', 'b'], 3: ['1\n2', 'ООО "Ромашка"'], 4: ['x y', 'z"z'] });
  });
});
