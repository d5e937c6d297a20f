import { fork } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { pickResidents } from '../demo/pick-residents.ts';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/platform/config.ts';
import { createDatabase } from '../src/platform/database/database.ts';
import { nameStatements } from '../src/platform/database/named-statements.ts';
import { createContext } from '../src/process.ts';
import { recording, type Statement } from './recording.ts';

const PAGES = 1500;
const WARM_UP = 300;
const CONCURRENCY = 4;

/** A page as somebody opens it. */
export interface Visit {
  cookie: string;
  path: string;
}

export interface PageCost {
  /** CPU of the web process for a page over the CPU of the same statements in Node without HTTP. */
  cpuRatio: number;
  statements: number;
  pageMicroseconds: number;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

/** The statements of each page, with their values. */
async function recordStatements(environment: Record<string, string>, visits: readonly Visit[]): Promise<Statement[][]> {
  const config = readConfig(environment);
  const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: 10 });
  const log: Statement[] = [];
  const context = {
    ...createContext(config, 'bench-recorder'),
    db: createDatabase(recording(pool, log), { namedStatements: false }),
  };
  const app = await createApp(context);
  const recorded: Statement[][] = [];
  for (const { cookie, path } of visits) {
    log.length = 0;
    const answer = await app.inject({ url: path, headers: { cookie } });
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
    recorded.push([...log]);
  }
  await app.close();
  await pool.end();
  return recorded;
}

/** CPU microseconds of this process for one page's statements, all of them named and prepared, without HTTP. */
async function measureStatements(url: string, recorded: readonly Statement[][]): Promise<number> {
  const pool = nameStatements(new pg.Pool({ connectionString: url, max: CONCURRENCY }));
  const run = async (pages: number) => {
    let next = 0;
    const worker = async () => {
      const client = await pool.connect();
      for (let page = next++; page < pages; page = next++)
        for (const { text, values } of recorded[page % recorded.length]!) await client.query(text, values);
      client.release();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  };
  await run(WARM_UP);
  const before = process.cpuUsage();
  await run(PAGES);
  const used = process.cpuUsage(before);
  await pool.end();
  return (used.user + used.system) / PAGES;
}

/** Seconds of CPU that the web process has used, as it says itself. */
async function cpuOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)![1]);
}

interface Web {
  url: string;
  stop(): Promise<void>;
}

async function startWeb(environment: Record<string, string>): Promise<Web> {
  const port = await freePort();
  const web = fork('dist/web.js', {
    env: {
      ...environment,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      RATE_LIMIT_PER_MINUTE: '1000000',
      PATH: process.env.PATH,
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await new Promise<void>((ready, fail) => {
    web.once('message', () => ready());
    web.once('exit', (code) => fail(new Error(`the web process ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      web.removeAllListeners('exit');
      web.kill('SIGTERM');
      await new Promise((gone) => web.once('exit', gone));
    },
  };
}

/** Milliseconds of one page. */
async function visit(url: string, { cookie, path }: Visit): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${url}${path}`, { headers: { cookie } });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return performance.now() - started;
}

/** Visits pages in a few lines at once; `one` is given the number of the page. */
async function inLines(pages: number, one: (page: number) => Promise<void>): Promise<void> {
  let next = 0;
  const line = async () => {
    for (let page = next++; page < pages; page = next++) await one(page);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, line));
}

async function measurePages(environment: Record<string, string>, visits: readonly Visit[]): Promise<number> {
  const web = await startWeb(environment);
  try {
    const one = async (page: number) => void (await visit(web.url, visits[page % visits.length]!));
    await inLines(WARM_UP, one);
    const before = await cpuOf(web.url);
    await inLines(PAGES, one);
    return (((await cpuOf(web.url)) - before) * 1_000_000) / PAGES;
  } finally {
    await web.stop();
  }
}

async function pickCookies(environment: Record<string, string>, residents: number): Promise<string[]> {
  const context = createContext(readConfig(environment), 'bench');
  const cookies = (await pickResidents(context, residents)).map(({ cookie }) => cookie);
  await context.db.destroy();
  return cookies;
}

/**
 * p95 of the home page on a large database over p95 on a small one. The two are visited in turn, page by page, so that whatever else
 * the machine does falls on both alike.
 */
export async function benchScale(
  small: Record<string, string>,
  large: Record<string, string>,
  residents = 200,
): Promise<number> {
  const cookies = [await pickCookies(small, residents), await pickCookies(large, residents)] as const;
  const webs = [await startWeb(small), await startWeb(large)] as const;
  try {
    const times: [number[], number[]] = [[], []];
    const both = async (page: number) => {
      for (const index of page % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
        times[index].push(await visit(webs[index].url, { cookie: cookies[index][page % residents]!, path: '/' }));
    };
    await inLines(2 * residents, both);
    for (const list of times) list.length = 0;
    await inLines(PAGES, both);
    const p95 = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length * 0.95)]!;
    return p95(times[1]) / p95(times[0]);
  } finally {
    await Promise.all(webs.map((web) => web.stop()));
  }
}

/** Measures pages on the data of a database: all security layers on, one request log line a page. */
export async function benchPages(environment: Record<string, string>, visits: readonly Visit[]): Promise<PageCost> {
  const recorded = await recordStatements({ ...environment, LOG_LEVEL: 'silent' }, visits.slice(0, 50));
  const statements = recorded.reduce((all, page) => all + page.length, 0) / recorded.length;
  const bare = await measureStatements(environment.DATABASE_URL!, recorded);
  const microseconds = await measurePages(environment, visits);
  return { cpuRatio: microseconds / bare, statements, pageMicroseconds: microseconds };
}

/** The signed-in home page of many residents. */
export async function benchHomePage(environment: Record<string, string>, residents = 200): Promise<PageCost> {
  const cookies = await pickCookies(environment, residents);
  return benchPages(
    environment,
    cookies.map((cookie) => ({ cookie, path: '/' })),
  );
}
