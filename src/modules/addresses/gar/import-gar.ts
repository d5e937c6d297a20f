import { basename } from 'node:path';
import type pg from 'pg';
import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import {
  analyseAddresses,
  beginLoad,
  commitLoad,
  connectLoader,
  countHouses,
  insertLoad,
  type LoadRecord,
  openCopy,
  upsertTypes,
} from '../queries/load.ts';
import { mergeRegion, selectUnlinked, type UnlinkedRow } from '../queries/merge.ts';
import { selectRegionVersion, selectTypes } from '../queries/read.ts';
import { STAGES, settleStage } from '../queries/stage.ts';
import { type Archive, type ArchiveFile, openArchive } from './archive.ts';
import { copyRows } from './copy-rows.ts';
import { type AddressType, readDictionaries, typeNames } from './dictionaries.ts';
import { fileKinds, type Reading } from './file-kinds.ts';
import { IdSet } from './id-set.ts';

export interface ImportOptions {
  /** Only these regions («77»); all of the archive otherwise. */
  regions?: readonly number[];
  /** A weekly archive of changes. Told from the name of the source («delta») when it is not said. */
  kind?: 'full' | 'delta';
  /** Load flats and other premises too. */
  premises?: boolean;
  /** Take a full archive that has fewer than half of the houses loaded before. */
  shrink?: boolean;
  say?: (line: string) => void;
}

export interface RegionReport {
  region: number;
  kind: 'full' | 'delta';
  version: string;
  state: 'done' | 'skipped' | 'failed';
  counts: Record<string, number>;
  /** The first rows that stand under nothing known; all of them are in the table address_unlinked. */
  unlinked: readonly UnlinkedRow[];
  failure: string | null;
}

export interface ImportReport {
  regions: readonly RegionReport[];
  /** Bytes of XML that were read. */
  bytes: number;
}

const EXAMPLES = 10;
/** A full archive that loses half of the houses is more likely a delta or a cut file than the truth. */
const SHRINK_FROM = 1000;
/** The register keeps Moscow's time. */
const REGISTER_ZONE = 'Europe/Moscow';

/**
 * Loads the state address register, region by region, each in one transaction: a region that fails keeps its old data and the
 * others are loaded all the same. Safe to repeat. A house that the archive has no longer is marked, never deleted.
 * @param source a ZIP or a folder as the state publishes it, or the folder of one region
 * @throws Error with a Russian sentence when the source cannot be read or has none of the regions
 */
export async function importGar(context: Context, source: string, options: ImportOptions = {}): Promise<ImportReport> {
  const say = options.say ?? (() => undefined);
  const archive = await openArchive(source);
  try {
    const kind = options.kind ?? (/delta/i.test(basename(source)) ? 'delta' : 'full');
    const wanted = regionsOf(archive, options.regions);
    if (wanted.length === 0) throw new Error(`В архиве нет файлов ADDR_OBJ и HOUSES нужных регионов: ${source}`);
    const types = await readDictionaries(archive, await selectTypes(context.db));
    const regions: RegionReport[] = [];
    let bytes = 0;
    for (const region of wanted) {
      const files = archive.files.filter((file) => (file.region ?? wanted[0]) === region);
      const load = { archive, files, region, kind, types, source, options, say };
      const report = await loadRegion(context, load);
      bytes += report.bytes;
      regions.push(report);
      say(describe(report));
    }
    return { regions, bytes };
  } finally {
    archive.close();
  }
}

/** Files without a region's folder belong to the one region that was asked for. */
function regionsOf(archive: Archive, asked: readonly number[] | undefined): number[] {
  const data = archive.files.filter(({ kind }) => fileKinds(true).some((known) => known.kind === kind));
  const present = [...new Set(data.map(({ region }) => region))];
  const found = present.filter((region): region is number => region !== null).sort((a, b) => a - b);
  if (!asked) return found;
  return found.length === 0 && present.includes(null) && asked.length === 1
    ? [...asked]
    : found.filter((region) => asked.includes(region));
}

interface RegionLoad {
  archive: Archive;
  files: readonly ArchiveFile[];
  region: number;
  kind: 'full' | 'delta';
  types: readonly AddressType[];
  source: string;
  options: ImportOptions;
  say: (line: string) => void;
}

async function loadRegion(context: Context, load: RegionLoad): Promise<RegionReport & { bytes: number }> {
  const { region, kind, files, archive } = load;
  const startedAt = context.clock();
  const dated =
    files
      .map((file) => file.date)
      .sort()
      .at(-1) ?? '';
  const version = archive.version ?? dated.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1.$2.$3');
  const report = { region, kind, version, counts: {}, unlinked: [], failure: null, bytes: 0 };
  const loaded = await selectRegionVersion(context.db, region);
  if (kind === 'delta' && loaded === null)
    return {
      ...report,
      state: 'failed',
      failure: 'Сначала загрузите полный архив региона: изменения ложатся на него.',
    };
  if (kind === 'delta' && loaded !== null && version < loaded)
    return { ...report, state: 'skipped', failure: `Уже загружена более новая версия: ${loaded}.` };

  const client = await connectLoader(context.config.QUEUE_DATABASE_URL ?? context.config.DATABASE_URL);
  const record: LoadRecord = {
    ...{ loadId: newId(), region, kind, version, source: basename(load.source), startedAt },
    ...{ state: 'done', finishedAt: startedAt, counts: {}, failure: null },
  };
  try {
    await beginLoad(client, region);
    const { counts, bytes } = await fill(context, client, load);
    await insertLoad(client, { ...record, finishedAt: context.clock(), counts });
    const unlinked = counts.unlinked ? await selectUnlinked(client, region, EXAMPLES) : [];
    await commitLoad(client);
    await analyseAddresses(client);
    return { ...report, state: 'done', counts, unlinked, bytes };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    context.log.error({ err: error, region }, 'address load failed');
    await client.end().catch(() => undefined);
    const second = await connectLoader(context.config.QUEUE_DATABASE_URL ?? context.config.DATABASE_URL);
    await insertLoad(second, { ...record, state: 'failed', finishedAt: context.clock(), failure });
    await second.end();
    return { ...report, state: 'failed', failure };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function fill(context: Context, client: pg.Client, load: RegionLoad) {
  const today = dayIn(REGISTER_ZONE, context.clock());
  const { region, kind, types, options, say } = load;
  await upsertTypes(client, types);
  const reading: Reading = {
    delta: kind === 'delta',
    today,
    objects: new IdSet(),
    houses: new IdSet(),
    premises: new IdSet(),
    typeName: typeNames(types, today),
    skipped: 0,
  };
  const { bytes, counts } = await stageFiles(client, load, reading);
  counts['rows of objects not in use'] = reading.skipped;
  if (kind === 'full' && !options.shrink) await refuseShrinking(client, region, reading.houses.size);
  say(`${region}: переношу в рабочие таблицы`);
  return { bytes, counts: { ...counts, ...(await mergeRegion(client, { region, delta: reading.delta, today })) } };
}

/** Reads the files into the staging tables. What was read is settled in the database while the next file is read. */
async function stageFiles(client: pg.Client, { files, region, options, say }: RegionLoad, reading: Reading) {
  let bytes = 0;
  const counts: Record<string, number> = {};
  const kinds = fileKinds(options.premises ?? false);
  let settled = Promise.resolve();
  for (const stage of STAGES) {
    for (const fileKind of kinds.filter((one) => one.stage === stage))
      for (const file of files.filter((one) => one.kind === fileKind.kind)) {
        const source = await file.open();
        const opening = settled.then(() => openCopy(client, fileKind));
        const copied = await copyRows(source, opening, fileKind, reading);
        bytes += file.size;
        counts[file.kind] = (counts[file.kind] ?? 0) + copied.kept;
        say(`${region}: ${file.kind}: прочитано ${copied.read}, взято ${copied.kept}`);
      }
    settled = settled.then(() => settleStage(client, stage, reading.delta));
    // Whoever waits for it next fails with it.
    settled.catch(() => undefined);
  }
  await settled;
  return { bytes, counts };
}

async function refuseShrinking(client: pg.Client, region: number, houses: number): Promise<void> {
  const before = await countHouses(client, region);
  if (before >= SHRINK_FROM && houses * 2 < before)
    throw new Error(
      `В архиве ${houses} домов, а было загружено ${before}. Если это архив изменений, загрузите его с ключом --delta; если домов и правда стало меньше, повторите с ключом --shrink.`,
    );
}

function describe(report: RegionReport): string {
  const { region, state, counts, version, failure } = report;
  if (state === 'failed') return `${region}: НЕ ЗАГРУЖЕН, прежние данные остались. ${failure}`;
  if (state === 'skipped') return `${region}: пропущен. ${failure}`;
  const written = `записано объектов ${counts['object written']}, домов ${counts['house written']}`;
  const gone = `исчезло домов ${counts['house gone']}`;
  return `${region}: версия ${version}: ${written}, ${gone}, без места в дереве ${counts.unlinked}`;
}
