/**
 * Memory and speed of reading a workbook of 100,000 rows x 36 columns with 300,000 unique shared strings.
 *
 *   node bench/workbook-memory.ts make  [file] [rows]   makes the file
 *   node bench/workbook-memory.ts read  [file]          reads it, prints rows/s and the peak memory of this process
 *   node bench/workbook-memory.ts floor [file]          unpacks and parses the same parts with a bare SAX parser, nothing else
 *   node bench/workbook-memory.ts annotate [file]       hands the file back with a status in every row
 *
 * Each mode is a process of its own, for the peak belongs to the process. Compare `read` with `floor` of the same run.
 */
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SaxesParser } from 'saxes';
import { ZipFile } from 'yazl';
import { annotateWorkbook, readWorkbook } from '../src/platform/workbook/index.ts';
import { LimitGuard } from '../src/platform/workbook/limits.ts';
import { DEFAULT_LIMITS } from '../src/platform/workbook/types.ts';
import { columnLetters } from '../src/platform/workbook/xlsx-sheet.ts';
import { Package } from '../src/platform/workbook/zip.ts';

const COLUMNS = 36;
const UNIQUE_STRINGS = 300_000;
/** Of 36 cells 12 are text, as in a bill: accounts, services, units, organisations. */
const TEXT_COLUMNS = 12;
const SHEET = 'Разделы 1-2';

const [mode = 'read', file = join(tmpdir(), 'workbook-100000x36.xlsx'), rowsArgument = '100000'] =
  process.argv.slice(2);
const ROWS = Number(rowsArgument);

const sharedText = (index: number): string =>
  index % 3 === 0 ? `ул. Профсоюзная, д. ${index % 977}, кв. ${index}` : `40702810${String(index).padStart(12, '0')}`;

function* sharedStrings(): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="${UNIQUE_STRINGS + COLUMNS}">`;
  for (let column = 0; column < COLUMNS; column++) yield `<si><t>Заголовок ${column + 1}</t></si>`;
  for (let index = 0; index < UNIQUE_STRINGS; index++) yield `<si><t>${sharedText(index)}</t></si>`;
  yield '</sst>';
}

function* sheetXml(): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:AJ${ROWS + 1}"/><sheetData>`;
  const letters = Array.from({ length: COLUMNS }, (_, column) => columnLetters(column));
  yield `<row r="1">${letters.map((letter, column) => `<c r="${letter}1" t="s"><v>${column}</v></c>`).join('')}</row>`;
  for (let row = 2; row <= ROWS + 1; row++) {
    let cells = '';
    for (let column = 0; column < COLUMNS; column++) {
      const reference = `${letters[column]}${row}`;
      // Three columns hold the unique strings, the other texts repeat strings of before.
      const text = column < 3 ? (row - 2) * 3 + column : (row * 31 + column * 97) % 5000;
      cells +=
        column < TEXT_COLUMNS
          ? `<c r="${reference}" s="1" t="s"><v>${COLUMNS + (text % UNIQUE_STRINGS)}</v></c>`
          : `<c r="${reference}" s="1"><v>${((row * 7919 + column * 104_729) % 10_000_000) / 100}</v></c>`;
    }
    yield `<row r="${row}" spans="1:36">${cells}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function* batched(parts: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length > 65_536) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

async function make(): Promise<void> {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const kinds = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const small: Record<string, string> = {
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${kinds}.sharedStrings+xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  };
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(small)) zip.addBuffer(Buffer.from(text), name);
  const lazily = (name: string, parts: () => Iterable<string>) =>
    zip.addReadStreamLazy(name, { compressionLevel: 1 }, (done) => done(null, Readable.from(batched(parts()))));
  lazily('xl/sharedStrings.xml', sharedStrings);
  lazily('xl/worksheets/sheet1.xml', sheetXml);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

async function read(): Promise<number> {
  let rows = 0;
  let characters = 0;
  for await (const event of readWorkbook(file)) {
    if (event.type !== 'row') continue;
    rows += 1;
    for (const cell of event.cells) if (cell) characters += cell.text.length;
  }
  console.log(`${characters} characters`);
  return rows;
}

/** What nobody who parses XML can go below: the two large parts unpacked and through a SAX parser, attributes read. */
async function floor(): Promise<number> {
  const pack = await Package.open(file, new LimitGuard(DEFAULT_LIMITS));
  let rows = 0;
  for (const part of ['xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml']) {
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => {
      if (tag.name === 'row') rows += 1;
    });
    for await (const piece of pack.pieces(part)) parser.write(piece);
    parser.close();
  }
  pack.close();
  return rows;
}

async function annotate(): Promise<number> {
  async function* notes() {
    for (let row = 2; row <= ROWS + 1; row++)
      yield { sheet: SHEET, row, cells: { status: `Строка ${row}: загружена` } };
  }
  await annotateWorkbook(file, `${file}.annotated.xlsx`, notes());
  return ROWS;
}

const modes: Record<string, () => Promise<number | undefined>> = {
  make: async () => void (await make()),
  read,
  floor,
  annotate,
};
const started = process.hrtime.bigint();
const rows = await modes[mode]!();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
const speed = rows === undefined ? '' : `, ${rows} rows, ${Math.round(rows / seconds)} rows/s`;
console.log(`${mode}: ${seconds.toFixed(2)} s${speed}, peak memory ${megabytes} MiB`);
