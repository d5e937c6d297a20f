import { once } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type Entry, open as openYauzl, type ZipFile, type ZipFileOptions } from 'yauzl';
import { brokenWorkbook, WorkbookError } from './errors.ts';
import type { LimitGuard } from './limits.ts';

/** Parts that are read whole (workbook, styles, relations) are small; a larger one is no workbook. */
const LARGEST_SMALL_PART = 32 * 1024 * 1024;

/** The method number of a packed part. */
const DEFLATED = 8;
/** Each piece is a round through the thread that unpacks. */
const PIECE = 64 * 1024;

export const FIRST_ZIP_DATE = Date.UTC(1980, 0, 2);

/** The parts of a zipped workbook by name. Names are compared without regard to case, as office programs do. */
export class Package {
  readonly #zip: ZipFile;
  readonly #parts: Map<string, Entry>;

  private constructor(zip: ZipFile, parts: Map<string, Entry>) {
    this.#zip = zip;
    this.#parts = parts;
  }

  static async open(path: string, guard: LimitGuard): Promise<Package> {
    const zip = await openZip(path);
    try {
      return new Package(zip, await readDirectory(zip, guard));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  /** Names as the file writes them, in its order. */
  get names(): string[] {
    return [...this.#parts.values()].map((entry) => entry.fileName);
  }

  has(name: string): boolean {
    return this.#parts.has(partKey(name));
  }

  size(name: string): number {
    return this.#parts.get(partKey(name))?.uncompressedSize ?? 0;
  }

  /** When the part was changed, as its archive says; never before 1980, where the dates of archives begin. */
  modified(name: string): Date {
    const date = this.#parts.get(partKey(name))?.getLastModDate();
    return date && date.getTime() >= FIRST_ZIP_DATE ? date : new Date(FIRST_ZIP_DATE);
  }

  /** The unpacked bytes of a part. A part that unpacks to more than the directory promised is an error of the stream. */
  stream(name: string): Promise<Readable> {
    const entry = this.#parts.get(partKey(name));
    if (!entry) return Promise.reject(brokenWorkbook(`в нём нет части «${name}»`));
    return this.#open(entry);
  }

  async text(name: string): Promise<string> {
    if (this.size(name) > LARGEST_SMALL_PART) throw brokenWorkbook(`часть «${name}» слишком велика`);
    let text = '';
    for await (const piece of this.pieces(name)) text += piece;
    return text;
  }

  /** The unpacked bytes of a part in large pieces, unpacked ahead of whoever reads them: neither more nor fewer than the directory promised. */
  async *bytes(name: string): AsyncGenerator<Buffer> {
    const stream = await this.#unpack(name);
    const promised = this.size(name);
    let length = 0;
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        length += piece.length;
        if (length > promised) break;
        yield piece;
      }
      if (length !== promised) throw brokenWorkbook('архив внутри файла не читается');
    } catch (error) {
      throw asWorkbookError(error);
    } finally {
      stream.destroy();
    }
  }

  async #unpack(name: string): Promise<Readable> {
    const entry = this.#parts.get(partKey(name));
    if (entry?.compressionMethod !== DEFLATED) return this.stream(name);
    const packed = await this.#open(entry, { decodeFileData: false });
    const unpacked = createInflateRaw({ chunkSize: PIECE });
    // Either end is told of the other's failure; whoever reads hears of it as an error of the stream.
    return pipeline(packed, unpacked, () => undefined);
  }

  #open(entry: Entry, options: ZipFileOptions = {}): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.#zip.openReadStream(entry, options, (error, stream) =>
        error ? reject(asWorkbookError(error)) : resolve(stream),
      );
    });
  }

  /** The text of a part piece by piece. UTF-8, or UTF-16 where a byte order mark says so; the mark is dropped. */
  async *pieces(name: string): AsyncGenerator<string> {
    let decoder: TextDecoder | null = null;
    for await (const bytes of this.bytes(name)) {
      decoder ??= new TextDecoder(encodingOf(bytes));
      yield decoder.decode(bytes, { stream: true });
    }
    const last = decoder?.decode();
    if (last) yield last;
  }

  close(): void {
    this.#zip.close();
  }
}

export const partKey = (name: string): string => name.replace(/\\/g, '/').replace(/^\/+/, '').toLowerCase();

const encodingOf = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';

/** Errors of the archive become a sentence; ours and those of the system (a full disk) pass. */
export function asWorkbookError(error: unknown): unknown {
  if (error instanceof WorkbookError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && !code.startsWith('Z_')) return error;
  return brokenWorkbook('архив внутри файла не читается', error);
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openYauzl(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) =>
      error ? reject(asWorkbookError(error)) : resolve(zip),
    );
  });
}

async function readDirectory(zip: ZipFile, guard: LimitGuard): Promise<Map<string, Entry>> {
  const parts = new Map<string, Entry>();
  let unpacked = 0;
  zip.on('entry', (entry: Entry) => {
    unpacked += entry.uncompressedSize;
    if (!entry.fileName.endsWith('/')) parts.set(partKey(entry.fileName), entry);
    if (entry.isEncrypted()) zip.emit('error', encrypted());
    else zip.readEntry();
  });
  zip.readEntry();
  try {
    await once(zip, 'end');
  } catch (error) {
    throw asWorkbookError(error);
  }
  guard.unpacked(unpacked);
  return parts;
}

export const encrypted = (): WorkbookError =>
  new WorkbookError(
    'encrypted',
    'Файл защищён паролем. Снимите пароль (в Excel: «Файл» → «Сведения» → «Защита книги» → «Зашифровать с использованием пароля», очистите поле), сохраните и загрузите ещё раз.',
  );
