import { crc32, deflateRawSync } from 'node:zlib';
import { ATTACHMENT_LIMIT } from '../attachment.ts';
import { type ClamdAddress, type ClamdTimes, scanStream } from './clamd.ts';

/** The lines of clamd.conf without which its word does not count. */
export const CLAMD_LINES =
  'StreamMaxLength 60M, MaxFileSize 400M, MaxScanSize 1000M, MaxScanTime 300000, AlertExceedsMax yes';

/** The harmless text that every scanner reports. In two halves: whole it would be found in this very file. */
const TEST_THREAT = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/**
 * Whether clamd finds what lies at the very end of the largest file that we take, and says so where it does not look at everything. By its
 * own defaults it does neither: a file above its limits is «OK».
 * @returns what is wrong, or null when its word counts
 */
export async function tryScanner(address: ClamdAddress, times?: ClamdTimes): Promise<string | null> {
  const plain = await scanStream(address, [Buffer.from(TEST_THREAT)], times);
  if (plain.state === 'unknown') return plain.problem;
  if (plain.state === 'clean') return 'clamd does not know the test file EICAR: are its signatures there? (freshclam)';
  const large = await scanStream(address, largeArchive(), times);
  if (large.state !== 'infected')
    return `clamd misses a threat at the end of 50 MB (${wordOf(large)}); set in clamd.conf: ${CLAMD_LINES}`;
  const deep = await scanStream(address, [nestedArchive()], times);
  // Found, or «limits exceeded»: either is honest.
  if (deep.state === 'clean') return `clamd says OK to what it did not unpack; set in clamd.conf: ${CLAMD_LINES}`;
  return deep.state === 'unknown' && !/Limits\.Exceeded/.test(deep.problem) ? deep.problem : null;
}

const wordOf = (result: { state: string; problem?: string }): string => result.problem ?? 'it says OK';

/** An entry of an archive; packed where the sizes differ. */
interface Part {
  name: string;
  size: number;
  packedSize: number;
  crc: number;
}
const methodOf = ({ size, packedSize }: Part): number => (size === packedSize ? 0 : 8);

const local = (part: Part): Buffer => {
  const { name, size, packedSize, crc } = part;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(methodOf(part), 8);
  header.writeUInt16LE(0x21, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packedSize, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name)]);
};

const central = (part: Part, at: number): Buffer => {
  const { name, size, packedSize, crc } = part;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(methodOf(part), 10);
  header.writeUInt16LE(0x21, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(packedSize, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(at, 42);
  return Buffer.concat([header, Buffer.from(name)]);
};

function ending(directory: Buffer, count: number, at: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([directory, end]);
}

const PIECE = Buffer.alloc(65_536);

/** Exactly as large as the largest attachment: an archive, nothing packed, of a long part of zeros and the test file behind it. */
export async function* largeArchive(totalBytes = ATTACHMENT_LIMIT): AsyncGenerator<Buffer> {
  const threat = stored('b', TEST_THREAT.length, crc32(TEST_THREAT));
  // Two local headers, two central ones, the ending; each name is one letter.
  const size = totalBytes - 2 * 31 - 2 * 47 - 22 - threat.size;
  let crc = 0;
  for (let left = size; left > 0; left -= PIECE.length)
    crc = crc32(PIECE.subarray(0, Math.min(left, PIECE.length)), crc);
  const padding = stored('a', size, crc);
  yield local(padding);
  for (let left = size; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
  yield Buffer.concat([local(threat), Buffer.from(TEST_THREAT)]);
  const at = 31 + size;
  yield ending(Buffer.concat([central(padding, 0), central(threat, at)]), 2, at + 31 + threat.size);
}

/** Deeper than any scanner unpacks by default. */
const DEPTH = 120;

/** The test file in an archive in an archive and so on. The innermost is packed, so that its text does not show through. */
export function nestedArchive(): Buffer {
  const packed = deflateRawSync(TEST_THREAT);
  const size = TEST_THREAT.length;
  let inside = wrap({ name: 'a', size, packedSize: packed.length, crc: crc32(TEST_THREAT) }, packed);
  for (let depth = 1; depth < DEPTH; depth += 1) inside = wrap(stored('a', inside.length, crc32(inside)), inside);
  return inside;
}

const stored = (name: string, size: number, crc: number): Part => ({ name, size, packedSize: size, crc });

function wrap(part: Part, content: Buffer): Buffer {
  const body = Buffer.concat([local(part), content]);
  return Buffer.concat([body, ending(central(part, 0), 1, body.length)]);
}
