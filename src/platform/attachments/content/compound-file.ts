import type { FileHandle } from 'node:fs/promises';
import { Refused, WORDS } from './refused.ts';

/** Sectors that are no sectors begin here: end of chain, free, and the like. */
const LAST_SECTOR = 0xfffffffa;
const NO_ENTRY = 0xffffffff;
const ENTRY_BYTES = 128;
/** Each sector holds at least four entries; a document has a few dozen of them. */
const MOST_DIRECTORY_SECTORS = 4096;

/**
 * The old office formats are small file systems ([MS-CFB]); what such a file is stands in the names at its root. Installers, letters of
 * Outlook and encrypted documents of the new formats are compound files too.
 * @throws Refused for anything but a document of Word 97 or Excel 97
 */
export async function readCompoundFile(file: FileHandle, sizeBytes: number): Promise<'doc' | 'xls'> {
  const names = await new CompoundFile(file, sizeBytes).rootNames();
  if (names.has('EncryptedPackage')) throw new Refused(WORDS.password);
  if (names.has('WordDocument')) return 'doc';
  if (names.has('Workbook') || names.has('Book')) return 'xls';
  throw new Refused(names.has('PowerPoint Document') ? WORDS.office : WORDS.unknown);
}

class CompoundFile {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;
  #sectorBytes = 512;
  /** Sectors that hold the table of chains, in its order. */
  #tableSectors: number[] = [];

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  async rootNames(): Promise<Set<string>> {
    const header = await this.#read(0, 512);
    const shift = header.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw new Refused(WORDS.broken);
    this.#sectorBytes = 1 << shift;
    await this.#findTable(header);
    return namesAtRoot(await this.#directory(header.readUInt32LE(48)));
  }

  /** 109 sectors of the table stand in the header, the rest in a chain of its own. */
  async #findTable(header: Buffer): Promise<void> {
    const keep = (words: Buffer) => {
      for (let at = 0; at < words.length; at += 4) {
        const sector = words.readUInt32LE(at);
        if (sector < LAST_SECTOR) this.#tableSectors.push(sector);
      }
    };
    keep(header.subarray(76));
    const most = this.#sizeBytes / this.#sectorBytes;
    let next = header.readUInt32LE(68);
    for (let seen = 0; next < LAST_SECTOR; seen += 1) {
      if (seen > most) throw new Refused(WORDS.broken);
      const sector = await this.#sector(next);
      keep(sector.subarray(0, -4));
      next = sector.readUInt32LE(this.#sectorBytes - 4);
    }
  }

  async #directory(first: number): Promise<Buffer> {
    const sectors: Buffer[] = [];
    for (let next = first; next < LAST_SECTOR; next = await this.#after(next)) {
      if (sectors.length === MOST_DIRECTORY_SECTORS) throw new Refused(WORDS.broken);
      sectors.push(await this.#sector(next));
    }
    return Buffer.concat(sectors);
  }

  /** The sector that follows one in its chain. */
  async #after(sector: number): Promise<number> {
    const words = this.#sectorBytes / 4;
    const table = this.#tableSectors[Math.floor(sector / words)];
    if (table === undefined) throw new Refused(WORDS.broken);
    return (await this.#sector(table)).readUInt32LE((sector % words) * 4);
  }

  #sector(number: number): Promise<Buffer> {
    return this.#read((number + 1) * this.#sectorBytes, this.#sectorBytes);
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, position);
    if (bytesRead < length) throw new Refused(WORDS.broken);
    return buffer;
  }
}

/** The names beside each other at the root: a tree of entries, each with a left and a right one. */
function namesAtRoot(directory: Buffer): Set<string> {
  const names = new Set<string>();
  const seen = new Set<number>();
  const ahead = directory.length >= ENTRY_BYTES ? [directory.readUInt32LE(76)] : [];
  while (ahead.length > 0) {
    const index = ahead.pop()!;
    if (index === NO_ENTRY || seen.has(index)) continue;
    seen.add(index);
    const entry = directory.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    if (entry.length < ENTRY_BYTES) throw new Refused(WORDS.broken);
    names.add(entry.toString('utf16le', 0, Math.max(0, Math.min(entry.readUInt16LE(64), 64) - 2)));
    ahead.push(entry.readUInt32LE(68), entry.readUInt32LE(72));
  }
  return names;
}
