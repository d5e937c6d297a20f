import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll } from 'vitest';
import { ZipFile } from 'yazl';
import { LimitGuard } from './limits.ts';
import { readWorkbook } from './read-workbook.ts';
import { type CellText, DEFAULT_LIMITS, type ReadOptions, type SheetInfo, type SheetRow } from './types.ts';
import { Package } from './zip.ts';

export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

/** A folder for the files of one test file, removed after it. */
export function testFolder() {
  const folder = mkdtemp(join(tmpdir(), 'workbook-test-'));
  let count = 0;
  afterAll(async () => rm(await folder, { recursive: true, force: true }));
  const path = async (name = 'file') => join(await folder, `${++count}-${name}`);
  return {
    path,
    async file(content: string | Uint8Array): Promise<string> {
      const file = await path();
      await writeFile(file, content);
      return file;
    },
    async stream(content: Readable): Promise<string> {
      const file = await path();
      await pipeline(content, createWriteStream(file));
      return file;
    },
    async zip(parts: Record<string, string | Buffer>): Promise<string> {
      const file = await path();
      const zip = new ZipFile();
      for (const [name, part] of Object.entries(parts)) zip.addBuffer(Buffer.from(part), name);
      zip.end();
      await pipeline(zip.outputStream, createWriteStream(file));
      return file;
    },
  };
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of an .xlsx with one sheet around the given worksheet part; `more` adds or replaces parts. */
export function xlsxParts(worksheet: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    '[Content_Types].xml': '<Types><Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>',
    '_rels/.rels': `<Relationships><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="Лист1" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="r4" Type="${OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': worksheet,
    ...more,
  };
}

export const sheetOf = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

export interface ReadResult {
  readonly sheets: SheetInfo[];
  readonly rows: SheetRow[];
}

export async function readAll(path: string, options?: ReadOptions): Promise<ReadResult> {
  const sheets: SheetInfo[] = [];
  const rows: SheetRow[] = [];
  for await (const event of readWorkbook(path, options)) {
    if (event.type === 'sheet') sheets.push(event.sheet);
    else {
      const { type: _, ...row } = event;
      rows.push(row);
    }
  }
  return { sheets, rows };
}

/** Rows as texts only, by row number. */
export const texts = (rows: readonly SheetRow[]): Record<number, (string | null)[]> =>
  Object.fromEntries(rows.map(({ row, cells }) => [row, cells.map((cell) => cell?.text ?? null)]));

export const text = (value: string): CellText => ({ text: value, kind: 'text' });

/** The parts of a zip by name, unpacked. */
export async function unzip(path: string): Promise<Map<string, string>> {
  const pack = await Package.open(path, new LimitGuard(DEFAULT_LIMITS));
  const parts = new Map<string, string>();
  for (const name of pack.names) parts.set(name, await pack.text(name));
  pack.close();
  return parts;
}

export const bytes = (path: string): Promise<Buffer> => readFile(path);
