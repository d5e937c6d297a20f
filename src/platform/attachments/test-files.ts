import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { ZipFile } from 'yazl';

/** Small files of every kind, made for tests; contents are invented. */
const fixture = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));

export const HEIC = fixture('files/fixtures/dial.heic');
export const XLS = fixture('workbook/fixtures/old.xls');
export const XLSX = fixture('workbook/fixtures/meters-libreoffice.xlsx');
export const ODS = fixture('workbook/fixtures/meters-libreoffice.ods');
export const LOCKED_XLSX = fixture('workbook/fixtures/password.xlsx');
export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n',
);
export const RTF = Buffer.from('{\\rtf1\\ansi Protocol}\n\0');

const PLACE = {
  IFD0: { Make: 'Camera' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '55/1 45/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '37/1 37/1 0/1' },
};
export const drawn = (width = 60, height = 30, background = '#0a5ac8') =>
  sharp({ create: { width, height, channels: 3, background } });
/** A photo that tells where it was taken, lying on its side. */
export const jpeg = (width?: number, height?: number): Promise<Buffer> =>
  drawn(width, height).jpeg().withExif(PLACE).withMetadata({ orientation: 6 }).toBuffer();
export const png = (width?: number, height?: number): Promise<Buffer> =>
  drawn(width, height).png().withExif(PLACE).toBuffer();

export type Part = [name: string, content: string | Buffer];

export function zip(parts: readonly Part[], options: { comment?: string } = {}): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of parts) file.addBuffer(Buffer.from(content), name);
  file.end({ comment: options.comment ?? '', forceZip64Format: false });
  return gather(file.outputStream);
}

export async function gather(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const MAIN = {
  docx: ['/word/document.xml', 'wordprocessingml.document.main+xml'],
  xlsx: ['/xl/workbook.xml', 'spreadsheetml.sheet.main+xml'],
} as const;

export const contentTypes = (kind: keyof typeof MAIN, type: string = MAIN[kind][1]): Part => [
  '[Content_Types].xml',
  `<?xml version="1.0"?><Types><Override ContentType="application/vnd.openxmlformats-officedocument.${type}" PartName="${MAIN[kind][0]}"/></Types>`,
];

/** A document of Word with some parts beside what it must have. */
export const docx = (parts: readonly Part[] = [], main = '<document/>'): Promise<Buffer> =>
  zip([contentTypes('docx'), ['word/document.xml', main], ...parts]);

/** A compound file ([MS-CFB]) of version 3 with empty streams of these names at its root; `inside` lie in a storage. */
export function compound(names: readonly string[], inside: readonly string[] = []): Buffer {
  const header = Buffer.alloc(512, 0xff);
  header.fill(0, 0, 76);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(0xfffffffe, 60);
  header.writeUInt32LE(0xfffffffe, 68);
  header.writeUInt32LE(0, 76);
  const all = [...names, ...(inside.length > 0 ? ['Storage'] : [])];
  const entries = ['Root Entry', ...all, ...inside].map((name, index, list) => {
    const entry = Buffer.alloc(128);
    entry.write(name, 'utf16le');
    entry.writeUInt16LE((name.length + 1) * 2, 64);
    entry[66] = index === 0 ? 5 : name === 'Storage' ? 1 : 2;
    entry.writeUInt32LE(0xffffffff, 68);
    // Brothers form a chain to the right; the storage is the last at the root.
    const isLast = index === 0 || index === all.length || index === list.length - 1;
    entry.writeUInt32LE(isLast ? 0xffffffff : index + 1, 72);
    const child = index === 0 ? 1 : name === 'Storage' ? all.length + 1 : 0xffffffff;
    entry.writeUInt32LE(child, 76);
    return entry;
  });
  const directory = Buffer.concat(entries);
  const sectors = Math.ceil(directory.length / 512);
  const table = Buffer.alloc(512, 0xff);
  table.writeUInt32LE(0xfffffffd, 0);
  for (let sector = 1; sector <= sectors; sector += 1)
    table.writeUInt32LE(sector === sectors ? 0xfffffffe : sector + 1, sector * 4);
  return Buffer.concat([header, table, directory, Buffer.alloc(sectors * 512 - directory.length)]);
}

/** A TIFF without compression, each page of its own size: grey squares. */
export function tiff(pages: readonly [width: number, height: number][]): Buffer {
  const pieces: Buffer[] = [Buffer.from('II*\0', 'latin1'), Buffer.alloc(4)];
  let at = 8;
  let pointer = { buffer: pieces[1]!, offset: 0 };
  for (const [width, height] of pages) {
    const pixels = Buffer.alloc(width * height + ((width * height) % 2), 0x80);
    const tags = [
      [256, width],
      [257, height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, at],
      [277, 1],
      [278, height],
      [279, width * height],
    ] as const;
    const directory = Buffer.alloc(2 + tags.length * 12 + 4);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, value], index) => {
      const place = 2 + index * 12;
      directory.writeUInt16LE(tag, place);
      directory.writeUInt16LE(4, place + 2);
      directory.writeUInt32LE(1, place + 4);
      directory.writeUInt32LE(value, place + 8);
    });
    pointer.buffer.writeUInt32LE(at + pixels.length, pointer.offset);
    pointer = { buffer: directory, offset: directory.length - 4 };
    pieces.push(pixels, directory);
    at += pixels.length + directory.length;
  }
  return Buffer.concat(pieces);
}
