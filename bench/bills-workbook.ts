import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { HEADS, LINES } from '../src/modules/uploads/layouts/bills.ts';
import { columnLetters } from '../src/platform/workbook/xlsx-sheet.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const KINDS = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

const SERVICES = [
  'Отопление',
  'Горячее водоснабжение',
  'Холодное водоснабжение',
  'Отведение сточных вод',
  'Электроснабжение',
  'Газоснабжение',
  'Обращение с твердыми коммунальными отходами',
  'Горячая вода',
  'Холодная вода',
  'Электрическая энергия',
  'Взнос на капитальный ремонт',
  'Плата за пользование жилым помещением (плата за наем)',
];
export const LINES_A_DOCUMENT = SERVICES.length;
/** Of a line, in roubles: the period's 110, an old debt of 5 and a penalty of 1. */
const TOTAL = 116;

/** Collects texts under their index, as programs save them: each once, in the order of their first use. */
class SharedStrings {
  readonly #known = new Map<string, number>();
  index(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.#known.size);
    return this.#known.size - 1;
  }
  get size(): number {
    return this.#known.size;
  }
  *xml(): Generator<string> {
    yield `${XML}<sst xmlns="${MAIN}" uniqueCount="${this.#known.size}">`;
    for (const text of this.#known.keys())
      yield `<si><t>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></si>`;
    yield '</sst>';
  }
}

type Cell = string | number | null;

function* sheetXml(headings: readonly string[], rows: Iterable<readonly Cell[]>, strings: SharedStrings) {
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
  let row = 0;
  yield rowXml(++row, headings, strings);
  for (const cells of rows) yield rowXml(++row, cells, strings);
  yield '</sheetData></worksheet>';
}

function rowXml(row: number, cells: readonly Cell[], strings: SharedStrings): string {
  let xml = `<row r="${row}">`;
  for (const [column, cell] of cells.entries()) {
    if (cell === null) continue;
    const reference = `${columnLetters(column)}${row}`;
    xml +=
      typeof cell === 'number'
        ? `<c r="${reference}"><v>${cell}</v></c>`
        : `<c r="${reference}" t="s"><v>${strings.index(cell)}</v></c>`;
  }
  return `${xml}</row>`;
}

/** A flat heading that the layout knows: the last of its wordings has no group where one exists. */
const headingOf = (path: readonly string[], synonyms: readonly (readonly string[])[] = []): string =>
  [path, ...synonyms].find((one) => one.length === 1)?.[0] ?? path.join(' / ');

const HEAD_KEYS = [
  'account',
  'kind',
  'document',
  'period',
  'totalArea',
  'residents',
  'stated',
  'bik',
  'bankAccount',
  'uid',
] as const;

const headRow = (document: number): Cell[] => [
  `Л-${document}`,
  'Текущий',
  String(document),
  '10.2026',
  45.6,
  2,
  LINES_A_DOCUMENT * TOTAL,
  '044525225',
  '40702810438000060473',
  null,
];

/** All columns of the sheet are filled, three of them with a text of their own in every row; the sums agree, as the check asks. */
function lineRow(document: number, line: number, keys: readonly string[]): Cell[] {
  const serial = document * LINES_A_DOCUMENT + line;
  const values: Record<string, Cell> = {
    document: String(document),
    service: SERVICES[line]!,
    unit: 'м³',
    individualMethod: 'Прибор учета',
    commonMethod: 'Норматив',
    accrued: 100,
    benefit: 0,
    recalculation: 10,
    recalculationSum: 10,
    payable: 110,
    opening: 5,
    advance: 0,
    penalty: 1,
    fine: 0,
    duty: 0,
    courtCosts: 0,
    total: TOTAL,
    explanation: `Объём по показаниям прибора № ${serial} × тариф`,
    recalculationReason: `Акт недопоставки № ${serial}/26`,
    supplierOgrn: '1027700132195',
    supplierKpp: String(100_000_000 + serial),
    requisite: null,
  };
  return keys.map((key, column) => (key in values ? values[key]! : ((serial + column * 7) % 1000) / 100));
}

/**
 * Writes a workbook of payment documents with the shared strings of a saved file.
 * @returns how many lines, columns and unique strings it has
 */
export async function writeBillsWorkbook(path: string, documents: number) {
  const strings = new SharedStrings();
  const keys = Object.keys(LINES.columns);
  const lineHeadings = LINES.layout.columns.map((column) => headingOf(column.path, column.synonyms));
  const headHeadings = HEAD_KEYS.map((key) => {
    const column = HEADS.columns[key];
    return headingOf(column.path, column.synonyms);
  });
  const sheets = [
    { name: 'Разделы 1-2', headings: headHeadings, rows: heads(documents) },
    { name: 'Разделы 3-6', headings: lineHeadings, rows: lines(documents, keys) },
  ];
  const override = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}" ContentType="${KINDS}.${kind}+xml"/>`;
  const small: Record<string, string> = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${override('worksheets/sheet2.xml', 'worksheet')}${override('sharedStrings.xml', 'sharedStrings')}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name }, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  };
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(small)) zip.addBuffer(Buffer.from(text), name);
  const lazily = (name: string, parts: () => Iterable<string>) =>
    zip.addReadStreamLazy(name, { compressionLevel: 1 }, (done) => done(null, Readable.from(batched(parts()))));
  for (const [index, { headings, rows }] of sheets.entries())
    lazily(`xl/worksheets/sheet${index + 1}.xml`, () => sheetXml(headings, rows, strings));
  // Last: by then every text has its index.
  lazily('xl/sharedStrings.xml', () => strings.xml());
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return { lines: documents * LINES_A_DOCUMENT, columns: lineHeadings.length, strings: strings.size };
}

function* heads(documents: number): Generator<Cell[]> {
  for (let document = 1; document <= documents; document += 1) yield headRow(document);
}

function* lines(documents: number, keys: readonly string[]): Generator<Cell[]> {
  for (let document = 1; document <= documents; document += 1)
    for (let line = 0; line < LINES_A_DOCUMENT; line += 1) yield lineRow(document, line, keys);
}

function* batched(parts: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}
