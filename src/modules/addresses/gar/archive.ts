/** The archive as the state publishes it: a ZIP (tens of gigabytes) or a folder, of the country, of some regions or of one. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { open as openZipFile, type ZipFile } from 'yauzl';

export interface ArchiveFile {
  path: string;
  /** The kind in the file's name: «ADDR_OBJ», «HOUSES_PARAMS». */
  kind: string;
  /** The eight digits of the file's name. */
  date: string;
  /** Of the folder that the file lies in; null for dictionaries at the root. */
  region: number | null;
  /** Bytes of XML. */
  size: number;
  open(): Promise<Readable>;
}

export interface Archive {
  files: readonly ArchiveFile[];
  /** «2023.07.07» of version.txt; null when there is none. */
  version: string | null;
  close(): void;
}

// The kind is followed by eight digits: AS_ADDR_OBJ_ alone would also match _DIVISION, _TYPES and _PARAMS.
const FILE_NAME = /^AS_([A-Z_]+?)_(\d{8})_[^/]*\.XML$/i;
const REGION_FOLDER = /^\d{2}$/;
const CHUNK_BYTES = 1 << 20;

interface Entry {
  path: string;
  size: number;
  open(): Promise<Readable>;
}

/** @throws Error with a Russian sentence when the source is neither a folder nor a ZIP */
export async function openArchive(source: string): Promise<Archive> {
  const found = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') throw new Error(`Нельзя прочесть ${source}: нет прав`);
    throw new Error(`Нет такого файла или папки: ${source}`);
  });
  const { entries, close } = found.isDirectory() ? await listFolder(source) : await listZip(source);
  const own = REGION_FOLDER.test(basename(source)) ? Number(basename(source)) : null;
  const files = entries.flatMap((entry) => describeFile(entry, own));
  const version = entries.find((entry) => basename(entry.path).toLowerCase() === 'version.txt');
  const text = version ? await readText(await version.open()) : await versionBeside(source);
  return { files, version: /\d{4}\.\d{2}\.\d{2}/.exec(text)?.[0] ?? null, close };
}

function describeFile(entry: Entry, own: number | null): ArchiveFile[] {
  const parts = entry.path.split('/');
  const match = FILE_NAME.exec(parts.at(-1)!);
  if (!match) return [];
  const folder = parts.at(-2) ?? '';
  const region = REGION_FOLDER.test(folder) ? Number(folder) : own;
  return [{ ...entry, kind: match[1]!.toUpperCase(), date: match[2]!, region, open: entry.open }];
}

async function listFolder(folder: string): Promise<{ entries: Entry[]; close(): void }> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(
    found
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const open = async () => createReadStream(path, { highWaterMark: CHUNK_BYTES });
        return { path: path.replaceAll('\\', '/'), size: (await stat(path)).size, open };
      }),
  );
  return { entries, close: () => undefined };
}

/** One region's folder of an archive: its version lies one level up. */
const versionBeside = (source: string): Promise<string> =>
  readFile(join(source, '..', 'version.txt'), 'utf8').catch(() => '');

function listZip(source: string): Promise<{ entries: Entry[]; close(): void }> {
  return new Promise((done, fail) => {
    openZipFile(source, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return fail(new Error(`Это не ZIP-архив: ${source} (${error.message})`));
      const entries: Entry[] = [];
      zip.on('entry', (entry) => {
        if (!entry.fileName.endsWith('/'))
          entries.push({
            path: entry.fileName.replaceAll('\\', '/'),
            size: entry.uncompressedSize,
            open: () => openEntry(zip, entry),
          });
        zip.readEntry();
      });
      zip.once('end', () => done({ entries, close: () => zip.close() }));
      zip.once('error', fail);
      zip.readEntry();
    });
  });
}

const openEntry = (zip: ZipFile, entry: Parameters<ZipFile['openReadStream']>[0]): Promise<Readable> =>
  new Promise((done, fail) => zip.openReadStream(entry, (error, stream) => (error ? fail(error) : done(stream))));

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
