import { resolve } from 'node:path';
import { checkBackup, type Manifest, restoreBackup } from '../platform/backup/index.ts';
import { ConfigError } from '../platform/config.ts';
import { openPlaces, PLACE_OPTIONS, PLACE_USAGE, readKeys } from './places.ts';
import { wrongUserFor } from './wrong-user.ts';

const USAGE = `npm run restore -- --from <папка или файл .tar>
  --from F           откуда
  --check            только прочитать и проверить копию, ничего не меняя
  --replace          база или хранилище не пустые: прежняя база останется под другим именем
  --other-key        SECRET_KEY другой, и ключи магазинов могут пропасть
${PLACE_USAGE}`;

const OPTIONS = {
  from: { type: 'string' },
  check: { type: 'boolean' },
  replace: { type: 'boolean' },
  'other-key': { type: 'boolean' },
  ...PLACE_OPTIONS,
} as const;

/** Puts a backup where the settings say, or only checks it. */
export async function restore(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const keys = readKeys(argv, OPTIONS, USAGE);
  if (!keys.from) throw new ConfigError(`Не сказано, где копия.\n${USAGE}`);
  const from = resolve(keys.from);
  if (keys.check) {
    say(`Копия цела. ${wordsOf(await checkBackup(from, say))}`);
    return 0;
  }
  const places = await openPlaces(keys, env, { isNew: true, say });
  try {
    say(places.words);
    const wrongUser = await wrongUserFor(places.files.place);
    if (wrongUser) throw new ConfigError(`Файлы: ${wrongUser}.`);
    const manifest = await restoreBackup({
      ...{ from, say },
      databaseUrl: places.databaseUrl,
      files: places.files,
      keyFingerprint: places.keyFingerprint,
      replace: keys.replace ?? false,
      otherKey: keys['other-key'] ?? false,
    });
    say(`Восстановлено. ${wordsOf(manifest)}`);
    say('  Все сеансы закончены: люди войдут заново.');
    say('  Письма и проверки оплат, которые ждали в момент копии, исполнитель заданий сделает при запуске.');
    return 0;
  } finally {
    await places.close();
  }
}

function wordsOf({ snapshotAt, version, tables, files }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `Данные на ${snapshotAt}, версия ${version}: строк ${rows}, файлов ${files.count}.`;
}
