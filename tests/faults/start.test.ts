import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
let base: number;
const children: ChildProcess[] = [];

const hold = (port: number): Promise<Server> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done(server));
  });
const release = (server: Server) => new Promise((closed) => server.close(closed));

/** Five ports in a row that nobody holds. */
async function findPorts(): Promise<number> {
  for (let first = 20_000 + (process.pid % 10_000); ; first += 10) {
    const tries = await Promise.allSettled([0, 1, 2, 3, 4].map((offset) => hold(first + offset)));
    await Promise.all(tries.map((one) => (one.status === 'fulfilled' ? release(one.value) : null)));
    if (tries.every((one) => one.status === 'fulfilled')) return first;
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domovoy-start-'));
  base = await findPorts();
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

interface Start {
  child: ChildProcess;
  output: () => string;
  /** Resolves when the address and the people are printed; rejects when it ended before. */
  open: Promise<void>;
  exit: Promise<number | null>;
}

function start(env: Record<string, string> = {}): Start {
  const child = spawn(process.execPath, ['dist/start.js'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(base), DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const open = new Promise<void>((done, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('Остановить: Ctrl-C')) done();
      });
    void exit.then(() => fail(new Error(`ended before it opened:\n${text}`)));
  });
  open.catch(() => undefined);
  return { child, output: () => text, open, exit };
}

/** What listens on our ports or holds our folder: the processes of one start. */
function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
        return [{ pid: Number(name), parent: Number(fields[1]) }];
      } catch {
        return [];
      }
    });
  const children = parents.filter((one) => one.parent === pid).map((one) => one.pid);
  return [pid, ...children.flatMap(family)];
}
/** A process that has ended meanwhile is as dead as wanted. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
const home = () => fetch(`http://localhost:${base}/`);

/** Makes a Node say that it is an older one. */
const OLDER = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`;

test.each(['start', 'web', 'worker', 'cli'])('an old Node is refused by dist/%s.js in one sentence', (entry) => {
  const ended = spawnSync(process.execPath, ['--import', OLDER, `dist/${entry}.js`], { encoding: 'utf8' });
  expect(ended.status).toBe(1);
  expect(ended.stdout + ended.stderr).toMatch(/^Domovoy needs Node\.js 22\.18 or newer; this is 20\.20\.2\..*\n$/);
});

describe('npm start', () => {
  test('a busy port, an unwritable folder and a wrong setting are said in one clear line', async () => {
    const server = await hold(base);
    const busy = start();
    expect(await busy.exit).toBe(1);
    expect(busy.output().trim()).toBe(`Порт ${base} занят другой программой: остановите её или задайте другой в PORT.`);
    await release(server);

    writeFileSync(join(folder, 'a-file'), '');
    const unwritable = start({ DATA_DIR: join(folder, 'a-file') });
    expect(await unwritable.exit).toBe(1);
    expect(unwritable.output().trim()).toMatch(/^Нельзя писать в папку .* задайте другую в DATA_DIR\.$/);

    const wrong = start({ PORT: 'abc' });
    expect(await wrong.exit).toBe(1);
    expect(wrong.output().trim()).toBe('Неверная настройка PORT: нужен номер порта от 1 до 65535');
  });

  test('opens with demo data, survives a kill -9 of everything, keeps its data, and Ctrl-C stops all', async () => {
    const first = start();
    await first.open;
    expect(first.output()).toContain('domovitova');
    expect((await home()).status).toBe(200);
    const ready = await fetch(`http://localhost:${base}/health/ready`);
    expect(await ready.json()).toEqual({ ready: true });

    // A fallen web server comes back by itself.
    const before = family(first.child.pid!);
    for (const pid of before.filter((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('dist/web.js')))
      process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await home().catch(() => null))?.status, { timeout: 20_000 }).toBe(200);

    // The supervisor first, or it would start again what falls.
    for (const pid of family(first.child.pid!)) killNow(pid);
    await first.exit;

    const second = start();
    await second.open;
    expect(second.output()).not.toMatch(/Создаю|создаю/);
    expect((await home()).status).toBe(200);
    const members = family(second.child.pid!);
    expect(members.length).toBeGreaterThan(4);
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
    await expect
      .poll(() => members.filter((pid) => readdirSync('/proc').includes(String(pid))), { timeout: 10_000 })
      .toEqual([]);
    await expect(home()).rejects.toThrow();
  }, 180_000);
});
