import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeBackup } from '../platform/backup/index.ts';
import { ConfigError } from '../platform/config.ts';
import { counted } from '../ui/format.ts';
import { openPlaces, PLACE_OPTIONS, PLACE_USAGE, readKeys } from './places.ts';

const USAGE = `npm run backup -- --to <папка или файл .tar>
  --to T             куда: новая папка, или один файл, если имя кончается на .tar
${PLACE_USAGE}`;

/** The backup is whole, but files had been lost before it was made. */
const LOST_FILES = 3;

/** Writes a backup of the installation; it may be running. @returns the code of the process */
export async function backup(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const keys = readKeys(argv, { to: { type: 'string' }, ...PLACE_OPTIONS }, USAGE);
  if (!keys.to) throw new ConfigError(`Не сказано, куда писать копию.\n${USAGE}`);
  const to = resolve(keys.to);
  const places = await openPlaces(keys, env, { isNew: false, say });
  try {
    if (!places.keyFingerprint)
      throw new ConfigError('SECRET_KEY: не задано. Он нужен, чтобы отметить в копии, с каким ключом она сделана.');
    say(places.words);
    const { databaseUrl, files, keyFingerprint } = places;
    const {
      tables,
      jobs,
      files: stored,
    } = await makeBackup({
      ...{ to, databaseUrl, files, keyFingerprint, say },
      version: await readVersion(),
    });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    say(`Копия готова: ${to}`);
    say(
      `  строк ${rows}, заданий ${jobs.rows}, файлов ${stored.count} (${Math.round(stored.sizeBytes / 1_048_576)} МБ)`,
    );
    say('  SECRET_KEY в копию не входит: храните его отдельно.');
    const lost = [...stored.missing, ...stored.changed];
    if (lost.length === 0) return 0;
    const words = counted(lost.length, ['файл', 'файла', 'файлов']);
    say(`Внимание: ещё до копии хранилище потеряло или изменило ${words}: ${lost.slice(0, 10).join(', ')}`);
    return LOST_FILES;
  } finally {
    await places.close();
  }
}

async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version;
}
