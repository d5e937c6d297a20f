import { open } from 'node:fs/promises';
import { type CsvDialect, detectCsv, readCsv } from './csv.ts';
import { WorkbookError } from './errors.ts';
import { LimitGuard } from './limits.ts';
import { readOds } from './ods.ts';
import { DEFAULT_LIMITS, type ReadOptions, type WorkbookEvent } from './types.ts';
import { readXlsx } from './xlsx.ts';
import { encrypted, Package } from './zip.ts';

export type DetectedFormat = { format: 'xlsx' } | { format: 'ods' } | { format: 'csv'; dialect: CsvDialect };

/**
 * Reads .xlsx, .xlsm (macros stay unread), .ods and .csv row by row. A sheet is announced before its rows; sheets come in their
 * order in the workbook. What the file is, its contents tell, not its name.
 * @throws WorkbookError when the file is not a table that we read, is broken, or passes a limit
 */
export async function* readWorkbook(path: string, options: ReadOptions = {}): AsyncGenerator<WorkbookEvent> {
  const guard = new LimitGuard(options.limits ?? DEFAULT_LIMITS);
  const detected = await detectFormat(path, guard);
  if (detected.format === 'xlsx') yield* readXlsx(path, guard, options);
  else if (detected.format === 'ods') yield* readOds(path, guard, options);
  else yield* readCsv(path, detected.dialect, guard, options);
}

const HEAD = 512;
const OLE_SEARCH = 4 * 1024 * 1024;

export async function detectFormat(path: string, guard: LimitGuard): Promise<DetectedFormat> {
  const head = await headOf(path, HEAD);
  if (head.length === 0) {
    throw new WorkbookError('empty_file', 'Файл пустой. Проверьте, что таблица сохранена, и загрузите её ещё раз.');
  }
  if (head.readUInt32BE(0) === 0x504b0304) return { format: await zippedFormat(path, guard) };
  if (head.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') throw await refuseOle(path);
  // BIFF 2 to 5 without a container: a BOF record stands first.
  if (head[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(head[1]!) && head[2]! < 0x20 && head[3] === 0)
    throw oldExcel();
  const start = head.toString('latin1');
  if (/^\W*<\?xml/.test(start) && /Excel\.Sheet|urn:schemas-microsoft-com:office:spreadsheet/.test(start)) {
    throw new WorkbookError(
      'xml_spreadsheet',
      'Это таблица XML 2003. Откройте её в Excel или LibreOffice, сохраните в формате .xlsx и загрузите ещё раз.',
    );
  }
  const dialect = await detectCsv(path);
  if (dialect === null) throw notAWorkbook();
  return { format: 'csv', dialect };
}

async function zippedFormat(path: string, guard: LimitGuard): Promise<'xlsx' | 'ods'> {
  const pack = await Package.open(path, guard);
  try {
    if (pack.has('[Content_Types].xml') && pack.has('_rels/.rels')) return 'xlsx';
    if (pack.has('content.xml') && pack.has('mimetype')) {
      if ((await pack.text('mimetype')).includes('opendocument.spreadsheet')) return 'ods';
    }
    throw notAWorkbook();
  } finally {
    pack.close();
  }
}

/** An OLE container holds the old Excel, or the new one under a password. Names of its streams are UTF-16. */
async function refuseOle(path: string): Promise<WorkbookError> {
  const bytes = await headOf(path, OLE_SEARCH);
  if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))) return encrypted();
  const isExcel = ['Workbook', 'Book'].some((name) => bytes.includes(Buffer.from(name, 'utf16le')));
  return isExcel || bytes.length === OLE_SEARCH ? oldExcel() : notAWorkbook();
}

async function headOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    // Padded, so that a look at the first bytes of a shorter file is safe.
    return bytesRead === 0 ? Buffer.alloc(0) : bytes.subarray(0, Math.max(bytesRead, 8));
  } finally {
    await file.close();
  }
}

const oldExcel = (): WorkbookError =>
  new WorkbookError(
    'old_excel',
    'Это старый формат Excel (.xls). Откройте файл в Excel или LibreOffice, выберите «Сохранить как» → «Книга Excel (.xlsx)» и загрузите новый файл.',
  );

const notAWorkbook = (): WorkbookError =>
  new WorkbookError('not_a_workbook', 'Это не таблица. Загрузите файл .xlsx, .ods или .csv.');
