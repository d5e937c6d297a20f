/** How fast the importer reads the state's archive, against a bare SAX pass over the same bytes. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { writeGarArchive } from '../demo/gar-archive.ts';
import { importGar } from '../src/modules/addresses/index.ts';
import type { Context } from '../src/platform/context.ts';

export interface Measurement {
  name: string;
  /**
   * Speed of the importer as a share of the speed of the SAX pass; at least 0.6 is wanted. The lower of two: by the clock, with
   * the merge in the database, and by processor time of this process.
   */
  ratio: number;
  detail: Record<string, number | string>;
}

const REGION = 98;
const MIB = 1 << 20;

/** Seconds. On a shared machine the clock measures the neighbours too; the processor time of this process does not. */
async function measure(work: () => Promise<unknown>): Promise<{ processor: number; wall: number }> {
  const [usage, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(usage);
  return { processor: (user + system) / 1e6, wall: (performance.now() - start) / 1000 };
}

async function xmlFiles(folder: string): Promise<{ path: string; size: number }[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.XML'));
  return Promise.all(
    names.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })),
  );
}

/** Reads every tag and attribute and does nothing with them. */
async function saxPass(files: readonly { path: string }[]): Promise<void> {
  for (const { path } of files) {
    const parser = new SaxesParser();
    let tags = 0;
    parser.on('opentag', () => tags++);
    const decoder = new StringDecoder('utf8');
    for await (const chunk of createReadStream(path, { highWaterMark: MIB }))
      parser.write(decoder.write(chunk as Buffer));
    parser.close();
  }
}

/**
 * Generates an archive, reads it by SAX and loads it into the database of the context, in a region of its own.
 * @param houses a million takes about two minutes and 1.7 GB in the folder for temporary files
 */
export async function benchGar(context: Context, houses: number): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-gar-'));
  try {
    await writeGarArchive({ folder, region: REGION, houses });
    const files = await xmlFiles(folder);
    const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1e6;
    const before = await measure(() => saxPass(files));
    let failure: string | null = null;
    let merging = performance.now();
    const load = await measure(async () => {
      const say = (line: string) => {
        if (line.includes('переношу')) merging = performance.now();
      };
      const { regions } = await importGar(context, folder, { kind: 'full', shrink: true, say });
      failure = regions.find(({ state }) => state !== 'done')?.failure ?? null;
    });
    if (failure) throw new Error(failure);
    const merge = (performance.now() - merging) / 1000;
    // On both sides of the import: a neighbour who comes or goes shifts the comparison less.
    const after = await measure(() => saxPass(files));
    const sax = { wall: (before.wall + after.wall) / 2, processor: (before.processor + after.processor) / 2 };
    return {
      name: 'import of the address register',
      ratio: Math.min(sax.wall / load.wall, sax.processor / load.processor),
      detail: {
        houses,
        'ratio by the clock, with the merge': round(sax.wall / load.wall),
        'ratio by processor time of the importer': round(sax.processor / load.processor),
        megabytes: Math.round(megabytes),
        'SAX, MB/s of processor time': Math.round(megabytes / sax.processor),
        'import with COPY, MB/s of processor time': Math.round(megabytes / load.processor),
        'SAX before, s': round(before.wall),
        'SAX after, s': round(after.wall),
        'import, s': round(load.wall),
        'of it reading and COPY, s': round(load.wall - merge),
        'of it merging in the database, s': round(merge),
        'SAX to reading and COPY by the clock': round(sax.wall / (load.wall - merge)),
        'load of the machine at the end': round(loadavg()[0]!),
        'peak memory of the process, MiB': Math.round(process.resourceUsage().maxRSS / 1024),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
