import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipWriter } from '../zip-writer.ts';
import { annotateSheet } from './annotate-sheet.ts';
import type { LimitGuard } from './limits.ts';
import type { NoteCursor, StatusPlace } from './notes.ts';
import { batched } from './write-workbook.ts';
import { openXlsxBook, type XlsxBook } from './xlsx-package.ts';
import { Package, partKey } from './zip.ts';

const CONTENT_TYPES = '[Content_Types].xml';

/** Copies an .xlsx part by part; sheets with notes are rewritten on the way, in the order of the workbook. */
export async function annotateXlsx(
  inputPath: string,
  outputPath: string,
  guard: LimitGuard,
  placeOf: (sheet: string) => Promise<StatusPlace>,
  notes: NoteCursor,
): Promise<void> {
  const pack = await Package.open(inputPath, guard);
  const zip = new ZipWriter();
  const add = (name: string, content: () => Promise<Readable>) => zip.part(name, pack.modified(name), content);
  try {
    const book = await openXlsxBook(pack);
    const sheets = new Set(book.sheets.map((sheet) => partKey(sheet.part)));
    for (const name of pack.names) {
      if (sheets.has(partKey(name)) || (book.calcChain && partKey(name) === partKey(book.calcChain))) continue;
      add(name, () => copiedPart(pack, book, name));
    }
    for (const sheet of book.sheets) {
      const written = pack.names.find((name) => partKey(name) === partKey(sheet.part))!;
      add(written, async () => {
        if (!(await notes.peek(sheet.name))) return pack.stream(sheet.part);
        const xml = annotateSheet(pack.pieces(sheet.part), sheet.name, await placeOf(sheet.name), notes);
        return Readable.from(batched(xml), { objectMode: false });
      });
    }
    zip.end();
    await pipeline(zip.output, createWriteStream(outputPath));
  } finally {
    pack.close();
  }
}

/**
 * The calculation chain is a cache that lists the cells with formulas. Where a note replaces such a cell it would be wrong, and Excel
 * calls the file broken; without it Excel makes a new one. So it is left out together with the two mentions of it.
 */
async function copiedPart(pack: Package, book: XlsxBook, name: string): Promise<Readable> {
  const key = partKey(name);
  if (!book.calcChain || (key !== partKey(CONTENT_TYPES) && key !== partKey(book.relationsPart)))
    return pack.stream(name);
  const xml = (await pack.text(name)).replace(/<(?:[\w.-]+:)?(?:Override|Relationship)\s[^>]*calcChain[^>]*\/>/gi, '');
  return Readable.from([Buffer.from(xml)], { objectMode: false });
}
