import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Invalid } from '../errors.ts';
import { type LocalFiles, localFiles } from '../files/local-files.ts';
import { ATTACHMENT_LIMIT } from './attachment.ts';
import { receiveAttachment } from './receive-attachment.ts';
import * as made from './test-files.ts';

let folder: string;
let files: LocalFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domovoy-files-'));
  files = localFiles(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const receive = (content: Buffer | Readable, name = 'file.pdf') =>
  receiveAttachment({ files }, content instanceof Readable ? content : Readable.from([content]), {
    name,
    field: 'files',
  });
/** What is said of a refused file; nothing of it stays. */
async function refusal(content: Buffer | Readable, name?: string): Promise<string> {
  const error = await receive(content, name).then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Invalid)) throw error;
  expect(error.fields[0]!.field).toBe('files');
  const left = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
  return error.fields[0]!.message;
}
const CENTRAL = 'PK\x01\x02';
const text = (content: string) => Buffer.from(content, 'latin1');

describe('refused by what it is, whatever it is called', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'пустой'],
    ['a Windows program', text(`MZ\x90\0${'\0'.repeat(200)}`), 'программа'],
    ['a Linux program', text('\x7fELF\x02\x01'), 'программа'],
    ['a script', text('#!/bin/sh\nrm -rf /'), 'программа'],
    ['a page', text('<html><script>alert(1)</script></html>'), 'Подойдут PDF'],
    ['a drawing with a script', text('<svg onload="alert(1)"/>'), 'JPEG или PNG'],
    ['a page before a PDF', Buffer.concat([text('<html>'), made.PDF]), 'Подойдут PDF'],
    ['text', text('Протокол'), 'Подойдут PDF'],
    ['a GIF', text('GIF89a'), 'JPEG или PNG'],
    ['a film', text('\0\0\0\x18ftypmp42\0\0\0\0'), 'Видео'],
    ['a RAR', text('Rar!\x1a\x07\0'), 'архив'],
    ['one byte', text('%'), 'Подойдут PDF'],
  ])('%s', async (_, content, said) => {
    expect(await refusal(content)).toContain(said);
  });

  test.each([
    ['an archive of files', async () => made.zip([['скан.pdf', made.PDF]]), 'архив'],
    ['a document of LibreOffice', async () => made.ODS, 'DOCX'],
    ['a workbook under a password', async () => made.LOCKED_XLSX, 'паролем'],
    ['an installer', async () => made.compound(['Установка']), 'Подойдут PDF'],
    ['a presentation', async () => made.compound(['PowerPoint Document']), 'DOCX'],
    ['a letter with a table in it', async () => made.compound(['__properties_version1.0'], ['Workbook']), 'Подойдут'],
    ['macros', async () => made.docx([['word/vbaProject.bin', 'x']]), 'макрос'],
    [
      'a template with macros',
      async () =>
        made.zip([
          made.contentTypes('docx', 'wordprocessingml.document.macroEnabled.main+xml'),
          ['word/document.xml', '<x/>'],
        ]),
      'макрос',
    ],
    ['a list of parts that names none of them', async () => made.zip([made.contentTypes('xlsx')]), 'DOCX'],
  ])('%s', async (_, make, said) => {
    expect(await refusal(await make(), 'документ.docx')).toContain(said);
  });
});

describe('two files in one', () => {
  test('a picture with an archive behind it, and a PDF with one', async () => {
    const archive = await made.zip([['run.exe', 'MZ']]);
    expect(await refusal(Buffer.concat([await made.jpeg(), archive]))).toContain('спрятан архив');
    expect(await refusal(Buffer.concat([made.PDF, archive]))).toContain('спрятан архив');
    const commented = await made.zip([['run.exe', 'MZ']], { comment: 'x'.repeat(60_000) });
    expect(await refusal(Buffer.concat([made.PDF, commented]))).toContain('спрятан архив');
  });

  test('a program before an archive', async () => {
    expect(await refusal(Buffer.concat([text('MZ\x90\0'), await made.docx()]))).toContain('программа');
  });
});

describe('damaged', () => {
  test.each([
    ['a PDF cut short', async () => made.PDF.subarray(0, 60)],
    ['an RTF cut short', async () => text('{\\rtf1\\ansi Proto')],
    ['a JPEG of zeros', async () => Buffer.concat([text('\xff\xd8\xff'), Buffer.alloc(500)])],
    ['a PNG cut short', async () => (await made.png()).subarray(0, 20)],
    ['a TIFF that leads nowhere', async () => text('II*\0\xff\xff\xff\x7f')],
    ['a document cut short', async () => (await made.docx()).subarray(0, -30)],
    ['a compound file cut short', async () => made.compound(['WordDocument']).subarray(0, 1100)],
    ['a compound file of nothing', async () => text('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
  ])('%s', async (_, make) => {
    expect(await refusal(await make())).toContain('повреждён');
  });

  test('a compound file whose directory runs in a circle', async () => {
    const file = made.compound(['WordDocument']);
    file.writeUInt32LE(1, 512 + 4);
    expect(await refusal(file)).toContain('повреждён');
  });
});

describe('bombs', () => {
  const zeros = (megabytes: number) => Buffer.alloc(megabytes * 1_048_576);

  test('a document that says it unpacks to 310 MB', async () => {
    const parts = Array.from({ length: 31 }, (_, index): made.Part => [`word/${index}.bin`, zeros(10)]);
    expect(await refusal(await made.docx(parts))).toContain('слишком много данных');
  });

  test('a document that says it is small and unpacks to 64 MB', async () => {
    const file = await made.docx([['word/media/a.bin', 'a'.repeat(100)]]);
    const packed = deflateRawSync(zeros(64));
    const lie = replacePart(file, 'word/media/a.bin', packed, 100);
    expect(await refusal(lie)).toContain('повреждён');
  });

  test('parts that lie upon each other', async () => {
    const file = await made.docx([
      ['word/a.bin', 'a'.repeat(5000)],
      ['word/b.bin', 'b'.repeat(5000)],
    ]);
    const [first, second] = [...file.toString('latin1').matchAll(new RegExp(CENTRAL, 'g'))]
      .slice(-2)
      .map((match) => match.index);
    file.writeUInt32LE(file.readUInt32LE(first! + 42), second! + 42);
    expect(await refusal(file)).toContain('слишком много данных');
  });

  test('entities that grow, in one-byte and in two-byte letters', async () => {
    const bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>';
    expect(await refusal(await made.docx([], bomb))).toContain('повреждён');
    const wide = Buffer.from(`\ufeff${bomb}`, 'utf16le');
    expect(await refusal(await made.docx([['word/styles.xml', wide]]))).toContain('повреждён');
  });

  test('an entity that reads a file, far behind a comment', async () => {
    const part = `<!--${' '.repeat(70_000)}--><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
    expect(await refusal(await made.docx([['word/header1.xml', part]]))).toContain('повреждён');
  });

  test('a picture of a few kilobytes that unpacks to 144 megapixels', async () => {
    expect(await refusal(await made.png(12_000, 12_000))).toContain('мегапикселей');
  });
});

describe('the limit of 50 MB', () => {
  /** A PDF of so many bytes, made as it is read. */
  const pdfOf = (bytes: number) =>
    Readable.from(
      (function* () {
        yield made.PDF.subarray(0, 9);
        for (let left = bytes - 9 - 6; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536), 0x20);
        yield Buffer.from('%%EOF\n');
      })(),
    );

  test('is taken with its last byte, not with one more', async () => {
    expect(await receive(pdfOf(ATTACHMENT_LIMIT))).toMatchObject({ sizeBytes: 52_428_800 });
    for (const shelf of readdirSync(folder)) await rm(join(folder, shelf), { recursive: true });
    expect(await refusal(pdfOf(ATTACHMENT_LIMIT + 1))).toContain('больше 50 МБ');
    expect(await refusal(pdfOf(ATTACHMENT_LIMIT + 1_000_000))).toContain('больше');
  });

  test('a sender who says a byte now and then is cut off, and one who goes away leaves nothing', async () => {
    const slow = new PassThrough();
    const timer = setInterval(() => slow.write('%'), 20);
    const pace = { windowMs: 100, leastBytes: 1024 };
    const error = await receiveAttachment({ files }, slow, { name: 'a.pdf', field: 'files', pace }).catch((e) => e);
    clearInterval(timer);
    expect(error.fields[0].message).toContain('слишком медленно');
    const gone = new PassThrough();
    gone.write('%PDF-1.4');
    const received = receive(gone);
    gone.destroy();
    await expect(received).rejects.toThrow('went away');
    expect(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
  });
});

describe('taken, under a true ending', () => {
  test.each([
    ['акт.PDF', async () => made.PDF, 'application/pdf', 'акт.pdf'],
    ['акт', async () => made.RTF, 'application/rtf', 'акт.rtf'],
    [
      'старый.doc',
      async () => made.compound(['1Table', 'WordDocument'], ['Workbook']),
      'application/msword',
      'старый.doc',
    ],
    ['старый.doc', async () => made.XLS, 'application/vnd.ms-excel', 'старый.xls'],
    ['письмо.docx', () => made.docx(), /wordprocessingml/, 'письмо.docx'],
    ['таблица.xls', async () => made.XLSX, /spreadsheetml/, 'таблица.xlsx'],
    ['IMG_1.JPEG', () => made.jpeg(), 'image/jpeg', 'IMG_1.jpeg'],
    ['снимок.exe', () => made.png(), 'image/png', 'снимок.exe.png'],
    ['IMG_2.HEIC', async () => made.HEIC, 'image/heic', 'IMG_2.heic'],
    [
      'скан.tif',
      async () =>
        made.tiff([
          [40, 30],
          [30, 40],
        ]),
      'image/tiff',
      'скан.tif',
    ],
  ])('%s', async (name, make, mediaType, safe) => {
    const content = await make();
    const received = await receive(content, name);
    expect(received).toMatchObject({ name: safe, sizeBytes: content.length });
    expect(received.mediaType).toMatch(mediaType);
    expect(existsSync(files.path(received.fileId))).toBe(true);
  });
});

/** Puts other packed bytes into an archive under the sizes that they ought to have had. */
function replacePart(file: Buffer, name: string, packed: Buffer, said: number): Buffer {
  const at = file.indexOf(`PK\x03\x04`, file.indexOf(name) - 40, 'latin1');
  const headerEnd = at + 30 + name.length;
  const central = file.indexOf('PK\x01\x02', headerEnd, 'latin1');
  const rest = Buffer.from(file.subarray(central));
  const before = Buffer.from(file.subarray(0, headerEnd));
  let entry = 0;
  while (rest.toString('utf8', entry + 46, entry + 46 + name.length) !== name)
    entry = rest.indexOf('PK\x01\x02', entry + 4, 'latin1');
  rest.writeUInt32LE(packed.length, entry + 20);
  rest.writeUInt32LE(said, entry + 24);
  const end = rest.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  rest.writeUInt32LE(headerEnd + packed.length, end + 16);
  return Buffer.concat([before, packed, rest]);
}
