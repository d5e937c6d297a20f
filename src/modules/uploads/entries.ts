import type { Db } from '../../platform/database/database.ts';
import { listItems } from '../classifiers/index.ts';
import { selectStagedRows } from './queries/staging.ts';
import { nameList } from './readers.ts';
import { type Lists, type Row, readRow } from './sections.ts';
import type { ReadSheet, UploadKey } from './upload.ts';
import type { Entry, KindOfUpload } from './work.ts';

/** The classifiers that columns of a kind name. */
export async function readLists(db: Db, kind: KindOfUpload): Promise<Lists> {
  const registries = new Set(
    kind.sections.flatMap(({ columns }) =>
      Object.values(columns).flatMap(({ nsi }) => (nsi === undefined ? [] : [nsi])),
    ),
  );
  const lists = await Promise.all(
    [...registries].map(async (registry) => {
      const items = (await listItems(db, registry)).filter(({ actual }) => actual);
      return [
        registry,
        {
          list: nameList(items),
          shown: items.map(({ name }) => name),
          names: new Map(items.map(({ code, name }) => [code, name])),
        },
      ] as const;
    }),
  );
  return { byRegistry: new Map(lists) };
}

/** Documents of an upload with their rows, in the order of the given numbers; of some sections only when they are named. */
export async function readEntries(
  db: Db,
  key: UploadKey,
  kind: KindOfUpload,
  { sheets, lists }: { sheets: readonly ReadSheet[]; lists: Lists },
  documents: readonly number[],
  sections: readonly string[] | null = null,
): Promise<Entry[]> {
  const wanted =
    sections === null ? null : sheets.filter(({ section }) => sections.includes(section)).map(({ index }) => index);
  const entries = new Map(documents.map((document) => [document, new Map<string, Row[]>()]));
  const bySheet = new Map(
    sheets.map((sheet) => [sheet.index, { sheet, of: kind.sections.find(({ key: own }) => own === sheet.section)! }]),
  );
  for (const staged of await selectStagedRows(db, key, documents, wanted)) {
    const { sheet, of } = bySheet.get(staged.sheet)!;
    const rows = entries.get(staged.document)!;
    const row = readRow(of, sheet.keys, staged, lists);
    const known = rows.get(of.key);
    if (known) known.push(row);
    else rows.set(of.key, [row]);
  }
  return [...entries].map(([document, rows]) => ({ document, rows }));
}

/** Reads ahead by one batch: while the database works on a batch, the rows of the next one are read and parsed. */
export async function* ahead<Batch, Read>(
  batches: Iterable<Batch>,
  read: (batch: Batch) => Promise<Read>,
): AsyncGenerator<{ batch: Batch; read: Read }> {
  let next: { batch: Batch; reading: Promise<Read> } | null = null;
  for (const batch of batches) {
    const reading = read(batch);
    // A failure is told when its turn comes.
    reading.catch(() => undefined);
    if (next) yield { batch: next.batch, read: await next.reading };
    next = { batch, reading };
  }
  if (next) yield { batch: next.batch, read: await next.reading };
}

/** How many independent batches are under way at once: one in the database, one in this process. */
const WIDTH = 2;

/**
 * Does `work` for batches as they are read, several at once where they are independent, those of one house always one after another.
 * @throws what a batch throws, after the others under way have come to their end
 */
export async function eachBatch<Batch extends { houseId: unknown }, Read>(
  batches: AsyncIterable<{ batch: Batch; read: Read }>,
  independent: boolean,
  work: (batch: Batch, read: Read) => Promise<void>,
): Promise<void> {
  const running = new Map<Promise<void>, unknown>();
  const failures: unknown[] = [];
  for await (const { batch, read } of batches) {
    while (running.size >= (independent ? WIDTH : 1) || [...running.values()].includes(batch.houseId))
      await Promise.race(running.keys());
    if (failures.length > 0) break;
    const task: Promise<void> = work(batch, read)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(task));
    running.set(task, batch.houseId);
  }
  await Promise.all(running.keys());
  if (failures.length > 0) throw failures[0];
}
