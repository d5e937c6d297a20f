import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keyFingerprint } from '../platform/backup/index.ts';
import { ConfigError, readFileSettings } from '../platform/config.ts';
import { findRunningPostgres, hasEmbeddedData, startEmbeddedPostgres } from '../platform/database/embedded.ts';
import { type FileStore, openFiles } from '../platform/files/files.ts';

/** Where the database and the files of an installation are: by the command's own keys, or by its settings. */
export interface Places {
  databaseUrl: string;
  files: FileStore;
  /** Null where there is no SECRET_KEY yet. */
  keyFingerprint: string | null;
  /** In words, without passwords. */
  words: string;
  /** Ends the embedded server where it was started for the command. */
  close(): Promise<void>;
}

export interface PlaceKeys {
  'database-url'?: string | undefined;
  'files-dir'?: string | undefined;
  'data-dir'?: string | undefined;
}

export const PLACE_OPTIONS = {
  'database-url': { type: 'string' },
  'files-dir': { type: 'string' },
  'data-dir': { type: 'string' },
} as const;

export const PLACE_USAGE = `  --database-url U   база; без ключа DATABASE_URL, а без неё встроенная
  --files-dir F      папка файлов; без ключа FILES_DIR или S3_…, а без них files в папке данных
  --data-dir D       папка данных встроенной базы; без ключа DATA_DIR или .data`;

/** The keys of a command. @throws ConfigError that shows how it is used */
export function readKeys<Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  argv: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options: options as NonNullable<Options> }).values;
  } catch {
    throw new ConfigError(`Ключи не разобраны: ${argv.join(' ')}\n${usage}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param isNew the embedded database may be made; otherwise it has to be there
 * @throws ConfigError, EmbeddedPostgresError
 */
export async function openPlaces(
  keys: PlaceKeys,
  env: Environment,
  { isNew, say }: { isNew: boolean; say: (line: string) => void },
): Promise<Places> {
  const dataDir = resolve(keys['data-dir'] ?? (env.DATA_DIR || '.data'));
  const files = openFiles(filesOf(keys, env, dataDir));
  const outside = keys['database-url'] ?? (keys['data-dir'] ? '' : env.QUEUE_DATABASE_URL || env.DATABASE_URL);
  const key = env.SECRET_KEY || (outside ? '' : keyIn(dataDir));
  const database = outside ? { url: outside, stop: async () => undefined } : await openEmbedded(dataDir, isNew, say);
  return {
    databaseUrl: database.url,
    files,
    keyFingerprint: key ? keyFingerprint({ SECRET_KEY: key }) : null,
    words: `База: ${placeOf(database.url)}. Файлы: ${files.place}.`,
    close: database.stop,
  };
}

function filesOf(keys: PlaceKeys, env: Environment, dataDir: string) {
  const folder = keys['files-dir'] ?? (keys['data-dir'] ? join(dataDir, 'files') : undefined);
  if (folder) return readFileSettings({ FILES_DIR: resolve(folder) });
  const given = Object.fromEntries(Object.entries(env).filter(([name]) => /^(FILES_DIR$|S3_)/.test(name)));
  return readFileSettings(Object.values(given).some(Boolean) ? given : { FILES_DIR: join(dataDir, 'files') });
}

/** As `npm start` keeps it. */
function keyIn(dataDir: string): string {
  const path = join(dataDir, 'secret-key');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

async function openEmbedded(dataDir: string, isNew: boolean, say: (line: string) => void) {
  const running = await findRunningPostgres(dataDir);
  if (running) return { url: running, stop: async () => undefined };
  if (!isNew && !hasEmbeddedData(dataDir))
    throw new ConfigError(`В папке ${dataDir} нет встроенной базы: задайте DATABASE_URL или --data-dir.`);
  const own = await startEmbeddedPostgres({ dataDir, say });
  return { url: own.url, stop: () => own.stop() };
}

function placeOf(url: string): string {
  if (!URL.canParse(url))
    throw new ConfigError('--database-url: нужен адрес вида postgres://пользователь:пароль@узел/база');
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port && `:${port}`}${pathname}`;
}
