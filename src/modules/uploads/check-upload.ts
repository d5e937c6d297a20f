import type { Context } from '../../platform/context.ts';
import type { AccountId, HouseId } from '../../platform/ids.ts';
import { sum } from '../../platform/money.ts';
import { ahead, eachBatch, readEntries, readLists } from './entries.ts';
import { judgeOpen } from './judge-open.ts';
import { insertNotes, type NoteRow, upsertVerdicts, type VerdictRow } from './queries/verdicts.ts';
import type { Difference, ReadSheet, Upload, UploadDetails, Verdict } from './upload.ts';
import type { Judgement, KindOfUpload, Setting, Work } from './work.ts';

const PLACE_BATCH = 1000;
const MOST_DIFFERENCES = 50;
const MOST_PLACES = 50;
const MOST_LOWERED = 5;
/** Of one document: a house of a thousand changed flats must not hide the other houses. */
const MOST_OF_ONE = 12;

export interface Checked {
  counts: Record<Verdict, number>;
  differences: Difference[];
  newPlaces: { count: number; first: string[] };
  asked: Partial<Record<Verdict, bigint>>;
  lowered: Map<AccountId, { account: string; amount: bigint }>;
}

export const settingOf = async (
  context: Context,
  upload: Upload,
  kind: KindOfUpload,
  sheets: readonly ReadSheet[],
  dry: boolean,
): Promise<Setting> => ({
  organisationId: upload.organisationId,
  uploadId: upload.uploadId,
  uploadedBy: upload.uploadedBy,
  sheets,
  lists: await readLists(context.db, kind),
  clock: context.clock,
  sender: { config: context.config, clock: context.clock },
  dry,
});

/** The dry run: compares every document with what is there, house by house, and writes down the verdicts. */
export async function checkUpload(
  context: Context,
  upload: Upload,
  kind: KindOfUpload,
  { sheets, documents }: { sheets: readonly ReadSheet[]; documents: number },
  onProgress: (counts: Record<Verdict, number>) => Promise<void>,
): Promise<Checked> {
  const { db } = context;
  const setting = await settingOf(context, upload, kind, sheets, true);
  const [reference] = await readEntries(db, upload, kind, setting, [0]);
  const work = await kind.open(db, setting, reference!);
  const checked: Checked = {
    counts: { new: 0, changed: 0, same: 0, bad: 0 },
    differences: [],
    newPlaces: { count: 0, first: [] },
    asked: {},
    lowered: new Map(),
  };
  const houses = await placeAll(context, upload, kind, setting, work, documents);
  const batches = batchesOf(houses, documents, work.batch);
  const reading = ahead(batches, ({ batch }) => readEntries(db, upload, kind, setting, batch));
  await eachBatch(reading, work.independent ?? false, async ({ houseId }, entries) => {
    const judged = await judgeOpen(db, upload, work, houseId, entries);
    await upsertVerdicts(
      db,
      upload,
      judged.map((one) => verdictRow(one, houseId)),
    );
    await insertNotes(
      db,
      upload,
      judged.flatMap((one) => noteRows(one, sheets)),
    );
    for (const one of judged) {
      checked.counts[one.verdict] += 1;
      noteDifferences(checked.differences, one);
      notePlaces(checked.newPlaces, one);
      noteMoney(checked, one);
    }
    await onProgress(checked.counts);
  });
  return checked;
}

async function placeAll(
  context: Context,
  upload: Upload,
  kind: KindOfUpload,
  setting: Setting,
  work: Work<unknown>,
  documents: number,
): Promise<Map<number, HouseId>> {
  const houses = new Map<number, HouseId>();
  if (work.placedBy.length === 0) return houses;
  for (let from = 1; from <= documents; from += PLACE_BATCH) {
    const batch = range(from, Math.min(documents, from + PLACE_BATCH - 1));
    const entries = await readEntries(context.db, upload, kind, setting, batch, work.placedBy);
    for (const [document, houseId] of await work.place(context.db, entries)) houses.set(document, houseId);
  }
  return houses;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Documents of one house together, houses in the order in which the file names them. */
function* batchesOf(
  houses: ReadonlyMap<number, HouseId>,
  documents: number,
  size: number,
): Generator<{ houseId: HouseId | null; batch: number[] }> {
  const byHouse = new Map<HouseId | null, number[]>();
  for (let document = 1; document <= documents; document += 1) {
    const houseId = houses.get(document) ?? null;
    const known = byHouse.get(houseId);
    if (known) known.push(document);
    else byHouse.set(houseId, [document]);
  }
  for (const [houseId, all] of byHouse)
    for (let from = 0; from < all.length; from += size) yield { houseId, batch: all.slice(from, from + size) };
}

const verdictRow = ({ entry, title, verdict, fills }: Judgement<unknown>, houseId: HouseId | null): VerdictRow => ({
  document: entry.document,
  title,
  houseId,
  verdict,
  applied: false,
  fills,
});

export function noteRows(
  { entry, notes }: Pick<Judgement<unknown>, 'entry' | 'notes'>,
  sheets: readonly ReadSheet[],
): NoteRow[] {
  return notes.map(({ sheet, row, key, wrong, message }) => {
    const of = sheets.find(({ index }) => index === sheet);
    const at = key === undefined || !of ? -1 : of.keys.indexOf(key);
    return { sheet, row, document: entry.document, column: at < 0 ? null : of!.columns[at]!, wrong, message };
  });
}

function noteDifferences(differences: Difference[], { title, changes }: Judgement<unknown>): void {
  for (const change of changes.slice(0, MOST_OF_ONE)) {
    if (differences.length >= MOST_DIFFERENCES) return;
    differences.push({ title, ...change });
  }
}

function notePlaces(places: Checked['newPlaces'], { newPlaces = [] }: Judgement<unknown>): void {
  places.count += newPlaces.length;
  places.first.push(...newPlaces.slice(0, MOST_PLACES - places.first.length));
}

function noteMoney({ asked, lowered }: Checked, { verdict, asked: own, lowered: one }: Judgement<unknown>): void {
  if (own !== undefined) asked[verdict] = (asked[verdict] ?? 0n) + own;
  if (!one) return;
  const known = lowered.get(one.accountId);
  if (known) known.amount += one.amount;
  else lowered.set(one.accountId, { account: one.account, amount: one.amount });
}

/** What the page of an upload says of its documents beside their counts. */
export function detailsOf({ differences, newPlaces, asked, lowered }: Checked): UploadDetails {
  const accounts = [...lowered.values()].sort((a, b) => Number(b.amount - a.amount));
  return {
    differences,
    newPlaces,
    sums: Object.fromEntries(Object.entries(asked).map(([verdict, amount]) => [verdict, `${amount}`])),
    ...(accounts.length > 0 && {
      lowered: {
        accounts: accounts.length,
        amount: `${sum(accounts.map(({ amount }) => amount))}`,
        first: accounts.slice(0, MOST_LOWERED).map(({ account, amount }) => ({ account, amount: `${amount}` })),
      },
    }),
  };
}
