import { Readable } from 'node:stream';
import { readVerdicts } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';
import { FileMissing } from '../../platform/files/files.ts';
import type { FileId, PersonId } from '../../platform/ids.ts';
import type { ExportFile, PersonPart } from '../../platform/person-part.ts';
import { ZipWriter } from '../../platform/zip-writer.ts';
import { formatDateTime } from '../../ui/index.ts';
import { writeJson, writePage } from './write-page.ts';

const ZONE = 'Europe/Moscow';

/** How many parts an archive is counted in: its tables, the page, and the files together. */
export const countParts = (parts: readonly PersonPart[]): number =>
  parts.reduce((count, { tables }) => count + tables.length, 0) + 2;

/**
 * Everything about a person as a zip that is made while it is read: a JSON file for each kind, one page for reading, and the files. One page
 * of rows, or a piece of a file, is in memory at a time.
 * @param onPart called when a part is done
 */
export async function makeArchive(
  context: Context,
  parts: readonly PersonPart[],
  personId: PersonId,
  onPart: (done: number) => void,
): Promise<Readable> {
  const { db, config } = context;
  const at = context.clock();
  const zip = new ZipWriter();
  let done = 0;
  const counted = (pieces: AsyncIterable<string>): Readable =>
    Readable.from(pieces).once('end', () => {
      done += 1;
      onPart(done);
    });
  for (const { tables } of parts)
    for (const table of tables) zip.part(`${table.name}.json`, at, () => counted(writeJson(db, personId, table)));
  const about = { operator: config.OPERATOR_NAME, madeOn: `${formatDateTime(at, ZONE)} (мск)` };
  zip.part('index.html', at, () => counted(writePage(db, personId, parts, about)));
  for (const { fileId, name } of await filesOf(context, parts, personId))
    zip.part(`files/${safe(name)}`, at, () => openOrSay(context, fileId));
  zip.part('files/README.txt', at, () => counted(oneLine()));
  zip.end();
  return zip.output;
}

async function* oneLine(): AsyncGenerator<string> {
  yield 'Файлы, которые вы присылали и которые присылали вам: снимки приборов, приложения к обращениям и ответам.\n';
}

/** What holds a virus goes to nobody, its sender included. */
async function filesOf({ db }: Context, parts: readonly PersonPart[], personId: PersonId): Promise<ExportFile[]> {
  const files = new Map<FileId, ExportFile>();
  for (const part of parts)
    if (part.files) for await (const file of part.files(db, personId)) files.set(file.fileId, file);
  const verdicts = await readVerdicts(db, [...files.keys()]);
  return [...files.values()].filter(
    ({ fileId }) => verdicts.has(fileId) && verdicts.get(fileId)?.verdict !== 'infected',
  );
}

/** Names come from people: no folder of theirs, no way out of ours. */
const safe = (name: string): string =>
  name
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, '_')
    .replace(/^\.+/, '_')
    .slice(-180) || 'file';

/** A file that the store has lost must not cost the person everything else: words stand in its place. */
async function openOrSay({ files, log }: Context, fileId: FileId): Promise<Readable> {
  const stream = files.open(fileId);
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('readable', resolve).once('end', resolve).once('error', reject);
    });
    return stream;
  } catch (error) {
    if (!(error instanceof FileMissing)) throw error;
    log.error({ fileId }, 'a file of an archive is missing in the store');
    return Readable.from(['Этого файла сейчас нет в хранилище. Напишите в поддержку.\n']);
  }
}
