import { type FileHandle, open } from 'node:fs/promises';
import type { AttachmentKind } from '../attachment.ts';
import { readCompoundFile } from './compound-file.ts';
import { readOfficePackage } from './office-package.ts';
import { lookAtPicture } from './picture.ts';
import { Refused, WORDS } from './refused.ts';

const HEAD = 4096;
/** An archive's last record with the longest comment that it can have. */
const TAIL = 22 + 65_535;

/** What a stored file is by its content. Of a large file little is read, and nothing is unpacked as a whole. */
export async function recognise(
  path: string,
  sizeBytes: number,
): Promise<{ kind: AttachmentKind } | { refusal: string }> {
  const file = await open(path);
  try {
    return { kind: await look(file, path, sizeBytes) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.message };
    throw error;
  } finally {
    await file.close();
  }
}

async function look(file: FileHandle, path: string, sizeBytes: number): Promise<AttachmentKind> {
  if (sizeBytes === 0) throw new Refused(WORDS.empty);
  const head = await readAt(file, 0, HEAD);
  const tail = await readAt(file, Math.max(0, sizeBytes - TAIL), TAIL);
  const family = familyOf(head);
  if (typeof family !== 'string') throw new Refused(family.refusal);
  if (family === 'zip') return readOfficePackage(path, sizeBytes);
  // One file that two programs read differently: a picture or a document to us, an archive (or a program) to another.
  if (endsAsArchive(tail)) throw new Refused(WORDS.twofold);
  if (family === 'compound') return readCompoundFile(file, sizeBytes);
  if (family === 'pdf' && !tail.subarray(-2048).includes('%%EOF')) throw new Refused(WORDS.broken);
  if (family === 'rtf' && !tail.toString('latin1').replaceAll('\0', '').trimEnd().endsWith('}'))
    throw new Refused(WORDS.broken);
  if (family === 'jpeg' || family === 'png' || family === 'tiff') await lookAtPicture(path, family);
  return family;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

type Family = Exclude<AttachmentKind, 'doc' | 'xls' | 'docx' | 'xlsx'> | 'zip' | 'compound';

/**
 * By the very first bytes, in hexadecimal: readers that look for a signature further on are what two-faced files are made for. A dot is
 * half a byte of any value.
 */
const SIGNATURES: readonly [RegExp, Family | { refusal: string }][] = [
  // %PDF-1, %PDF-2
  [/^255044462d3[12]/, 'pdf'],
  // {\rtf
  [/^7b5c727466/, 'rtf'],
  [/^d0cf11e0a1b11ae1/, 'compound'],
  [/^504b0304/, 'zip'],
  [/^ffd8ff/, 'jpeg'],
  [/^89504e470d0a1a0a/, 'png'],
  // II*, eight bytes on CR: a raw picture of a camera looks like a TIFF and shows a thumbnail.
  [/^49492a00.{8}4352/, { refusal: WORDS.picture }],
  // II and MM, the common and the big TIFF
  [/^(49492[ab]00|4d4d002[ab])/, 'tiff'],
  // ftyp heic, heix, heim, heis, hevc, hevx, mif1, msf1
  [/^.{8}66747970(686569(63|78|6d|73)|68657663|68657678|6d696631|6d736631)/, 'heic'],
  // ftyp avif
  [/^.{8}6674797061766966/, { refusal: WORDS.picture }],
  // MZ, ELF, #!, Java, Mach-O
  [/^(4d5a|7f454c46|2321|cafebabe|c[ef]faedfe)/, { refusal: WORDS.program }],
  // PK, Rar!, 7z, gzip, BZh, xz
  [/^(504b|52617221|377abcaf|1f8b|425a68|fd377a585a)/, { refusal: WORDS.archive }],
  // GIF8, BM, WebP, <svg, Photoshop, icon
  [/^(47494638|424d|52494646.{8}57454250|3c737667|38425053|00000100)/, { refusal: WORDS.picture }],
  // ftyp of films, RIFF, ID3, Ogg, FLAC, Matroska, MPEG sound
  [/^(.{8}66747970|52494646|494433|4f676753|664c6143|1a45dfa3|fff[b32])/, { refusal: WORDS.video }],
];

function familyOf(head: Buffer): Family | { refusal: string } {
  const hex = head.toString('hex', 0, 16);
  return SIGNATURES.find(([signature]) => signature.test(hex))?.[1] ?? { refusal: WORDS.unknown };
}

/** The last record of a zip archive whose comment reaches the end of the file: programs find an archive by it alone. */
function endsAsArchive(tail: Buffer): boolean {
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0; ) {
    if (at + 22 <= tail.length && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return true;
    if (at === 0) return false;
    at = tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1');
  }
  return false;
}
