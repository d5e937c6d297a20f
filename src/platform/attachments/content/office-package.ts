import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Entry, open as openYauzl, type ZipFile } from 'yauzl';
import { Refused, WORDS } from './refused.ts';

const MOST_PARTS = 5000;
/** Of all parts unpacked. Fifty megabytes of archive may hold fifty gigabytes. */
export const MOST_UNPACKED = 300 * 1_048_576;
const MOST_OF_CONTENTS = 1_048_576;
const LOCAL_HEADER = 30;
const CONTENTS = '[Content_Types].xml';
const OFFICE = 'application/vnd.openxmlformats-officedocument.';
const MAIN: Readonly<Record<string, 'docx' | 'xlsx'>> = {
  [`${OFFICE}wordprocessingml.document.main+xml`]: 'docx',
  [`${OFFICE}spreadsheetml.sheet.main+xml`]: 'xlsx',
};

/**
 * A zipped document of Word or Excel, by its list of parts. Each part is unpacked once, piece by piece, to see that it is no larger than
 * it says and that no XML brings a document type of its own (entities that grow, entities that read files): office documents never have one.
 * @throws Refused for other archives, and for bombs, damage, passwords and macros
 */
export async function readOfficePackage(path: string, sizeBytes: number): Promise<'docx' | 'xlsx'> {
  const zip = await openZip(path);
  try {
    const parts = await readParts(zip);
    const contents = parts.get(CONTENTS);
    if (!contents) throw new Refused(isOpenDocument(parts) ? WORDS.office : WORDS.archive);
    checkParts([...parts.values()], sizeBytes);
    const kind = kindOf(await readContents(zip, contents), parts);
    for (const part of parts.values()) await walk(zip, part);
    return kind;
  } catch (error) {
    throw asRefused(error);
  } finally {
    zip.close();
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openYauzl(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) =>
      error ? reject(asRefused(error)) : resolve(zip),
    );
  });
}

/** What the archive's reader complains of is a damaged file; errors of the system pass. */
function asRefused(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const isOfSystem = code !== undefined && !code.startsWith('Z_');
  return error instanceof Refused || isOfSystem ? error : new Refused(WORDS.broken);
}

async function readParts(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_PARTS) throw new Refused(WORDS.swollen);
  const parts = new Map<string, Entry>();
  const seen = new Set<string>();
  zip.on('entry', (entry: Entry) => {
    const key = entry.fileName.toLowerCase();
    // Two parts of one name: which of them is read depends on the program.
    if (seen.has(key) || seen.size > MOST_PARTS) zip.emit('error', new Refused(WORDS.broken));
    else {
      seen.add(key);
      parts.set(entry.fileName, entry);
      zip.readEntry();
    }
  });
  zip.readEntry();
  await once(zip, 'end');
  return parts;
}

const isOpenDocument = (parts: Map<string, Entry>) => parts.has('mimetype') && parts.has('META-INF/manifest.xml');

function checkParts(parts: readonly Entry[], sizeBytes: number): void {
  if (parts.some((part) => part.isEncrypted())) throw new Refused(WORDS.password);
  if (parts.reduce((sum, part) => sum + part.uncompressedSize, 0) > MOST_UNPACKED) throw new Refused(WORDS.swollen);
  const places = parts
    .map((part) => ({ from: part.relativeOffsetOfLocalHeader, bytes: LOCAL_HEADER + part.compressedSize }))
    .sort((one, other) => one.from - other.from);
  // Parts that lie upon each other: the same bytes are unpacked again and again.
  let end = 0;
  for (const { from, bytes } of places) {
    if (from < end) throw new Refused(WORDS.swollen);
    end = from + bytes;
  }
  if (end > sizeBytes) throw new Refused(WORDS.broken);
}

function openPart(zip: ZipFile, part: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(part, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

async function readContents(zip: ZipFile, part: Entry): Promise<string> {
  if (part.uncompressedSize > MOST_OF_CONTENTS) throw new Refused(WORDS.broken);
  const pieces: Buffer[] = [];
  for await (const piece of await openPart(zip, part)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** The main part decides; the name of the file says nothing. */
function kindOf(contents: string, parts: Map<string, Entry>): 'docx' | 'xlsx' {
  const hasMacros = [...parts.keys()].some((name) => /(^|\/)vbaProject\.bin$/i.test(name));
  if (hasMacros || /macroEnabled/i.test(contents)) throw new Refused(WORDS.macros);
  for (const [tag] of contents.matchAll(/<(?:\w+:)?Override\b[^>]*>/g)) {
    const kind = MAIN[attribute(tag, 'ContentType')];
    if (kind && parts.has(attribute(tag, 'PartName').replace(/^\//, ''))) return kind;
  }
  throw new Refused(WORDS.office);
}

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)?.slice(1).find(Boolean) ?? '';

/** Parts that are no XML: pictures and objects that were put into the document. */
const BINARY = /\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|bin|docx?|xlsx?|pdf|odttf|ttf|wdp)$/i;
/** XML may be written in two-byte signs, where a look at single bytes finds nothing. */
const DOCUMENT_TYPES = ['<!DOCTYPE', '<!ENTITY'].flatMap((word) => {
  const wide = Buffer.from(word, 'utf16le');
  return [Buffer.from(word), wide, Buffer.from(wide).swap16()];
});
const LONGEST = Math.max(...DOCUMENT_TYPES.map((word) => word.length));

/** Unpacks a part and looks for what may not be in it. @throws an error of the archive when it is larger than it says */
async function walk(zip: ZipFile, part: Entry): Promise<void> {
  if (part.fileName.endsWith('/')) return;
  const isBinary = BINARY.test(part.fileName);
  let before: Buffer = Buffer.alloc(0);
  for await (const piece of await openPart(zip, part)) {
    if (isBinary) continue;
    const text = Buffer.concat([before, piece as Buffer]);
    if (DOCUMENT_TYPES.some((word) => text.includes(word))) throw new Refused(WORDS.broken);
    before = text.subarray(-LONGEST);
  }
}
