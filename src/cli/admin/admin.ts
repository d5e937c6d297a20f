import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { findRunningPostgres } from '../../platform/database/embedded.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { createContext } from '../../process.ts';
import { processEnvironment, readStartSettings } from '../../start-settings.ts';
import { garImport } from '../gar-import.ts';
import { loadReference } from '../reference.ts';
import { administrators } from './administrators.ts';
import { check } from './check.ts';
import { endSessions } from './end-sessions.ts';
import { rules } from './rules.ts';
import { setOwnRule } from './set-own-rule.ts';

type Say = (line: string) => void;

const USAGE = `Управление установкой: npm run admin -- <команда>

  check                          проверить настройки и всё, что они называют: базу, вход, почту, файлы, антивирус, банк
  migrate                        привести базу к этой версии программы, загрузить справочники и правила; повторяемо
  administrators                 кто администратор
  administrators --email П       как сделать администратором того, кто входил с этой почтой
  sessions --email П | --all     завершить все сеансы человека с этой почтой или всех людей
  nsi                            загрузить справочники и правила из папки data; повторяемо
  gar <архив или папка> [ключи]  загрузить адреса ГАР; ключи печатает npm run admin -- gar
  rules [--key П] [--on Д]       числа законов, которые действуют (с ключом на П, на день Д)
  rule <ключ> --value З --from Д --source С [--region 77 | --oktmo К] [--replace]
                                 ввести такое число с дня Д: ключевую ставку (key_rate), норматив региона (norm.1 … norm.5)
  help                           эта подсказка

Настройки берутся из окружения, как у npm run web. Без DATABASE_URL команды работают с кабинетом, запущенным npm start.
Копия и восстановление: npm run backup, npm run restore.`;

const OPTIONS = {
  email: { type: 'string' },
  all: { type: 'boolean' },
  key: { type: 'string' },
  on: { type: 'string' },
  value: { type: 'string' },
  from: { type: 'string' },
  source: { type: 'string' },
  region: { type: 'string' },
  oktmo: { type: 'string' },
  replace: { type: 'boolean' },
} as const;

/** The operator's command line. @returns the code of the process: 0 done, 1 something does not work, 2 wrong words */
export async function admin(argv: readonly string[], env: NodeJS.ProcessEnv, say: Say): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (['help', '--help', '-h'].includes(name)) {
    say(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name as keyof typeof COMMANDS] : null;
  if (!command) throw new ConfigError(`Неизвестная команда «${name}».\n\n${USAGE}`);
  const context = createContext(readConfig(await environmentOf(env)), 'domovoy-admin');
  try {
    return await command(context, rest, say);
  } finally {
    await context.db.destroy();
  }
}

const COMMANDS = {
  check: (context: Context, argv: readonly string[], say: Say) => {
    keysOf(argv, []);
    return check(context, say);
  },
  async migrate(context: Context, argv: readonly string[], say: Say) {
    keysOf(argv, []);
    const applied = await migrate(context.config.QUEUE_DATABASE_URL ?? context.config.DATABASE_URL);
    for (const migration of applied) say(`Применена миграция ${migration}`);
    await loadReference(context.db);
    say(applied.length > 0 ? `Готово: миграций ${applied.length}.` : 'База уже этой версии. Справочники загружены.');
    return 0;
  },
  administrators: (context: Context, argv: readonly string[], say: Say) =>
    administrators(context, { email: keysOf(argv, ['email']).email }, say),
  async sessions(context: Context, argv: readonly string[], say: Say) {
    const { email, all = false } = keysOf(argv, ['email', 'all']);
    if (all === (email !== undefined)) throw new ConfigError(`Нужен один из ключей: --email или --all.\n\n${USAGE}`);
    return endSessions(context, email ?? null, say);
  },
  async nsi(context: Context, argv: readonly string[], say: Say) {
    keysOf(argv, []);
    await loadReference(context.db);
    say('Справочники и правила загружены. Строки, которые вы изменили в базе, остались вашими.');
    return 0;
  },
  gar: (context: Context, argv: readonly string[], say: Say) => garImport(argv, context, say),
  rules(context: Context, argv: readonly string[], say: Say) {
    const { key, on } = keysOf(argv, ['key', 'on']);
    return rules(context, { prefix: key ?? '', on }, say);
  },
  async rule(context: Context, [key = '', ...argv]: readonly string[], say: Say) {
    return setOwnRule(context, key, keysOf(argv, ['value', 'from', 'source', 'region', 'oktmo', 'replace']), say);
  },
} as const;

type Words = {
  [Key in keyof typeof OPTIONS]?: (typeof OPTIONS)[Key]['type'] extends 'boolean' ? boolean : string;
};

/** @throws ConfigError that shows the usage, for a key that the command does not have */
function keysOf(argv: readonly string[], allowed: readonly (keyof typeof OPTIONS)[]): Words {
  try {
    const options = Object.fromEntries(allowed.map((key) => [key, OPTIONS[key]]));
    return parseArgs({ args: [...argv], options }).values as Words;
  } catch {
    throw new ConfigError(`Ключи не разобраны: ${argv.join(' ')}\n\n${USAGE}`);
  }
}

/** Settings of the environment; those of `npm start` where no database is named. @throws ConfigError when nothing runs there */
async function environmentOf(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (env.DATABASE_URL) return env;
  const settings = readStartSettings(env);
  const running = await findRunningPostgres(settings.dataDir);
  if (!running)
    throw new ConfigError(`DATABASE_URL: не задано, и кабинет с данными в ${settings.dataDir} не запущен (npm start).`);
  return { ...processEnvironment(settings, running, []), ...env };
}
