import { fork } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { pickResidents } from '../demo/pick-residents.ts';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/platform/config.ts';
import { createDatabase } from '../src/platform/database/database.ts';
import { nameStatements } from '../src/platform/database/named-statements.ts';
import { createContext } from '../src/process.ts';

const PAGES = 1500;
const WARM_UP = 300;
const CONCURRENCY = 4;

export interface HomePage {
  /** CPU of the web process for a page over the CPU of the same statements in Node without HTTP. */
  cpuRatio: number;
  statements: number;
  pageMicroseconds: number;
  /** Of answers, in milliseconds: comparable within one run alone. */
  p95: number;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

interface Statement {
  text: string;
  values: unknown[];
}

/** A pool that writes down what is asked of it. */
function recording(pool: pg.Pool, log: Statement[]): pg.Pool {
  return new Proxy(pool, {
    get(target, property, receiver) {
      if (property !== 'connect') {
        const value = Reflect.get(target, property, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async () => {
        const client = await target.connect();
        return {
          query: (text: string, values: unknown[] = []) => {
            log.push({ text, values });
            return client.query(text, values);
          },
          release: () => client.release(),
        };
      };
    },
  });
}

/** The statements of one home page of each resident, with their values. */
async function recordStatements(
  environment: Record<string, string>,
  cookies: readonly string[],
): Promise<Statement[][]> {
  const config = readConfig(environment);
  const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: 10 });
  const log: Statement[] = [];
  const context = {
    ...createContext(config, 'bench-recorder'),
    db: createDatabase(recording(pool, log), { namedStatements: false }),
  };
  const app = await createApp(context);
  const recorded: Statement[][] = [];
  for (const cookie of cookies) {
    log.length = 0;
    const answer = await app.inject({ url: '/', headers: { cookie } });
    if (answer.statusCode !== 200) throw new Error(`the home page answered ${answer.statusCode}`);
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

async function measurePages(
  environment: Record<string, string>,
  cookies: readonly string[],
): Promise<{ microseconds: number; p95: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const web = fork('dist/web.js', {
    env: { ...environment, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'info', PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await new Promise<void>((ready, fail) => {
    web.once('message', () => ready());
    web.once('exit', (code) => fail(new Error(`the web process ended with ${code}`)));
  });
  try {
    const times: number[] = [];
    const run = async (pages: number) => {
      let next = 0;
      const worker = async () => {
        for (let page = next++; page < pages; page = next++) {
          const started = performance.now();
          const answer = await fetch(`${url}/`, { headers: { cookie: cookies[page % cookies.length]! } });
          await answer.arrayBuffer();
          if (answer.status !== 200) throw new Error(`the home page answered ${answer.status}`);
          times.push(performance.now() - started);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    };
    await run(WARM_UP);
    times.length = 0;
    const before = await cpuOf(url);
    await run(PAGES);
    const microseconds = (((await cpuOf(url)) - before) * 1_000_000) / PAGES;
    times.sort((a, b) => a - b);
    return { microseconds, p95: times[Math.floor(times.length * 0.95)]! };
  } finally {
    web.removeAllListeners('exit');
    web.kill('SIGTERM');
    await new Promise((gone) => web.once('exit', gone));
  }
}

/** Measures the signed-in home page on the data of a database: all security layers on, one request log line a page. */
export async function benchHomePage(environment: Record<string, string>, residents = 200): Promise<HomePage> {
  const context = createContext(readConfig(environment), 'bench');
  const cookies = (await pickResidents(context, residents)).map(({ cookie }) => cookie);
  await context.db.destroy();
  const recorded = await recordStatements({ ...environment, LOG_LEVEL: 'silent' }, cookies.slice(0, 50));
  const statements = recorded.reduce((all, page) => all + page.length, 0) / recorded.length;
  const bare = await measureStatements(environment.DATABASE_URL!, recorded);
  const page = await measurePages({ ...environment, RATE_LIMIT_PER_MINUTE: '1000000' }, cookies);
  return { cpuRatio: page.microseconds / bare, statements, pageMicroseconds: page.microseconds, p95: page.p95 };
}
