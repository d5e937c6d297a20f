import pg from 'pg';
import { BackupError } from './backup-error.ts';
import {
  connect,
  countConnections,
  createDatabase,
  dropDatabase,
  emptyDatabase,
  isEmptyDatabase,
  renameDatabases,
} from './queries.ts';

/** An empty database to fill. */
export interface Target {
  url: string;
  /** It is filled: gives it the name that was asked for. */
  keep(): Promise<void>;
  /** It could not be filled: leaves what was there before. */
  giveBack(): Promise<void>;
}

interface Order {
  databaseUrl: string;
  replace: boolean;
  say(line: string): void;
}

/** The same server, another database. */
const beside = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
const nameIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const PAUSE_MS = 100;
const PAUSES = 20;

/** Connections of others. Who has just left (our own look at the database among them) is counted for a moment longer: that is waited for. */
async function countUsers(server: string, name: string): Promise<number> {
  for (let pause = 0; ; pause += 1) {
    const users = await onServer(server, (client) => countConnections(client, name));
    if (users === 0 || pause === PAUSES) return users;
    await new Promise((next) => setTimeout(next, PAUSE_MS));
  }
}

/**
 * The database of the address, where it is empty or not there yet. One with data gives way only when it may be replaced: the new one is made
 * beside it and takes its name at the end, the old one stays under another.
 * @throws BackupError
 */
export async function takeTarget({ databaseUrl, replace, say }: Order): Promise<Target> {
  const [name, server] = [nameIn(databaseUrl), beside(databaseUrl, 'postgres')];
  const state = await stateOf(databaseUrl);
  if (state === 'absent')
    return {
      url: databaseUrl,
      keep: async () => undefined,
      giveBack: () => onServer(server, (client) => dropDatabase(client, name)),
    };
  if (state === 'empty')
    return {
      url: databaseUrl,
      keep: async () => undefined,
      giveBack: () => onServer(databaseUrl, emptyDatabase),
    };
  if (!replace)
    throw new BackupError(`База ${name} не пустая: укажите пустую в --database-url или добавьте --replace.`);
  const users = await countUsers(server, name);
  if (users > 0) throw new BackupError(`С базой ${name} работают (соединений ${users}): остановите приложение.`);
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const [fresh, before] = [`${name}_restore_${stamp}`, `${name}_before_${stamp}`];
  await onServer(server, (client) => createDatabase(client, fresh)).catch((error) => {
    throw error?.code === '42501'
      ? new BackupError('Нет права создавать базы: сделайте пустую базу и укажите её в --database-url.')
      : error;
  });
  return {
    url: beside(databaseUrl, fresh),
    async keep() {
      await onServer(server, (client) => renameDatabases(client, [name, before], [fresh, name]));
      say(`Прежняя база осталась под именем ${before}; когда она станет не нужна, удалите её.`);
    },
    giveBack: () => onServer(server, (client) => dropDatabase(client, fresh)),
  };
}

async function stateOf(url: string): Promise<'absent' | 'empty' | 'filled'> {
  try {
    return (await onServer(url, isEmptyDatabase)) ? 'empty' : 'filled';
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '3D000') return 'absent';
    throw new BackupError(`База данных не отвечает: ${(error as Error).message}`);
  }
}
