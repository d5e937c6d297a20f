import { spawnSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect } from 'vitest';
import { formatToken, openSession } from '../../src/modules/identity/session.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { Context } from '../../src/platform/context.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { localFiles } from '../../src/platform/files/files.ts';
import type { PersonId } from '../../src/platform/ids.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { TEST_ENVIRONMENT } from '../support/context.ts';
import { bundle, freePort, MortalPostgres, sleep } from './installation.ts';
import { Line, WEATHERS } from './line.ts';
import { type Supervised, seeded, supervise } from './supervised.ts';

/** FAULTS_SEED plays a run again: the times of processes differ, the choices do not. */
export const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
export const KILLS = Number(process.env.FAULTS_KILLS ?? 30);
/** How long the database is taken away. */
const OUTAGE_MS = Number(process.env.FAULTS_OUTAGE ?? 2) * 1000;
/** How long the disk is full, or the mail server or the bank are bad. */
const TROUBLE_MS = 1000;
/** A run of many kills takes its time; a stuck one ends. */
export const TIME_LIMIT_MS = 300_000 + KILLS * 10_000;

/** The longest that a strike waits for the site to answer anybody. */
const MOST_QUIET_MS = 3000;

/** Room for the database, its log and the files of a flow, and little more. */
const DISK = `${640 + KILLS * 4}m`;

/** What befalls a process: it is killed. */
export type Victim = 'web' | 'worker' | 'postgres';
/** What befalls the installation from outside, each now and then. */
export type Trouble = 'database away' | 'disk full' | 'bad mail' | 'bad bank';

export interface WorldOptions {
  /** Bundles beside `web` and `worker`: name → source. */
  entries?: Record<string, string>;
  environment?: Record<string, string>;
  /** Shops of the bank, and their secret. */
  shops?: readonly string[];
}

export const SHOP_SECRET = 'secret-of-the-shop';

/** One whole installation for a flow, with the outside world of the sandbox. Whatever it is made of can be killed, and comes back. */
export class World {
  readonly random = seeded(SEED);
  readonly work: string;
  context!: Context;
  postgres!: MortalPostgres;
  web!: Supervised;
  worker!: Supervised;
  /** The bank as the test asks it: past the line that is bad. */
  bankUrl!: string;
  site!: string;
  private readonly flow: string;
  /** What the installation keeps; a small disk of its own where the system lets us make one. */
  private readonly disk: string;
  private readonly outside: string;
  private sandbox!: Supervised;
  private mail!: Line;
  private bank!: Line;
  private isSmallDisk = false;
  private readonly history: string[] = [];
  /** Requests that the site has answered since the last strike. */
  private answered = 0;

  private constructor(flow: string, disk: string, outside: string) {
    this.flow = flow;
    this.work = `dist/faults-${flow}`;
    this.disk = disk;
    this.outside = outside;
  }

  /** A database with rules alone; `prepare` puts in what the flow needs before the first request. */
  static async open(flow: string, options: WorldOptions, prepare: (world: World) => Promise<void>): Promise<World> {
    const folder = () => mkdtemp(join(tmpdir(), `domovoy-faults-${flow}-`));
    const world = new World(flow, await folder(), await folder());
    console.log(`faults: FAULTS_SEED=${SEED} FAULTS_KILLS=${KILLS}`);
    world.isSmallDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', world.disk]).status === 0;
    if (!world.isSmallDisk) console.log('faults: no right to mount a small disk here; it is never full in this run');
    try {
      await world.start(options, prepare);
      return world;
    } catch (error) {
      // Nobody else knows of what has started.
      await world.close();
      throw error;
    }
  }

  private async start(options: WorldOptions, prepare: (world: World) => Promise<void>): Promise<void> {
    const { work } = this;
    const sources = { web: 'src/web.ts', worker: 'src/worker.ts', sandbox: 'sandbox/main.ts', ...options.entries };
    const port = await freePort();
    this.site = `http://127.0.0.1:${port}`;
    await bundle(work, sources);
    this.postgres = await MortalPostgres.open(this.disk);
    await migrate(this.postgres.url);
    this.sandbox = supervise(`${work}/sandbox.js`, { SANDBOX_CONFIG: JSON.stringify(this.sandboxConfig(options)) });
    const places = JSON.parse(await this.sandbox.ready) as { bank: string; smtpPort: number; identity: string };
    this.bankUrl = places.bank;
    this.mail = await Line.to(places.smtpPort, '554 nobody is here\r\n');
    this.bank = await Line.to(
      Number(new URL(places.bank).port),
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
    );
    const environment = {
      ...TEST_ENVIRONMENT,
      LOG_LEVEL: process.env.FAULTS_LOG ?? 'silent',
      DATABASE_URL: this.postgres.url,
      FILES_DIR: join(this.disk, 'files'),
      SMTP_URL: `smtp://127.0.0.1:${this.mail.port}`,
      OIDC_ISSUER: places.identity,
      PUBLIC_URL: this.site,
      HOST: '127.0.0.1',
      PORT: String(port),
      ACQUIRER_API_URL: `http://127.0.0.1:${this.bank.port}/v3`,
      ACQUIRER_PAGE_ORIGINS: places.bank,
      RATE_LIMIT_PER_MINUTE: '100000',
      ...options.environment,
    };
    const pool = createPool({ url: this.postgres.url, connections: 3, onError: () => undefined });
    this.context = {
      db: createDatabase(pool),
      clock: () => new Date(),
      config: readConfig(environment),
      files: localFiles(environment.FILES_DIR),
      log: pino({ level: 'silent' }),
    };
    await loadRules(this.context.db);
    await prepare(this);
    this.web = supervise(`${work}/web.js`, environment);
    this.worker = supervise(`${work}/worker.js`, environment);
    await Promise.all([this.web.ready, this.worker.ready]);
  }

  private sandboxConfig({ shops = ['100'] }: WorldOptions) {
    const { site } = this;
    return {
      dataDir: join(this.outside, 'sandbox'),
      bank: {
        port: 0,
        shops: shops.map((shopId) => ({
          shopId,
          secretKey: SHOP_SECRET,
          name: shopId,
          webhookUrl: `${site}/payments/notifications/${shopId}`,
        })),
      },
      identity: {
        port: 0,
        client: {
          id: TEST_ENVIRONMENT.OIDC_CLIENT_ID,
          secret: TEST_ENVIRONMENT.OIDC_CLIENT_SECRET,
          redirectUris: [`${site}/sign-in/callback`],
          postLogoutRedirectUris: [`${site}/`],
        },
      },
      mailbox: { smtpPort: 0, webPort: 0 },
    };
  }

  choose<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }

  /** The cookie of a person who has signed in. */
  async cookieOf(personId: PersonId): Promise<string> {
    const { context } = this;
    const token = await openSession(context, context.db, { personId, userAgent: 'faults', idToken: null });
    return `domovoy_session=${formatToken(token)}`;
  }

  /** What was asked, answered and struck, in order: kept beside the bundles for whoever looks why a run failed. */
  note(entry: Record<string, unknown>): void {
    if ('answered' in entry) this.answered += 1;
    this.history.push(JSON.stringify({ at: new Date().toISOString(), ...entry }));
  }

  /** Strikes KILLS times at random moments while `act` goes on; every fifth time at the whole installation. */
  async during<T>(
    options: { victims: readonly Victim[]; troubles: readonly Trouble[] },
    act: (isOver: () => boolean) => Promise<T>,
  ): Promise<T> {
    let over = false;
    const striking = this.keepStriking(options).finally(() => {
      over = true;
    });
    const [result, strikes] = await Promise.all([act(() => over), striking]);
    console.log(
      `faults: ${this.flow} under ${Object.entries(strikes)
        .map(([what, times]) => `${times} × ${what}`)
        .join(', ')}`,
    );
    return result;
  }

  private async keepStriking({
    victims,
    troubles,
  }: {
    victims: readonly Victim[];
    troubles: readonly Trouble[];
  }): Promise<Record<string, number>> {
    const possible = troubles.filter((trouble) => trouble !== 'disk full' || this.isSmallDisk);
    const strikes: Record<string, number> = {};
    for (let count = 0; count < KILLS; count += 1) {
      await sleep(100 + this.random() * 600);
      // A slow machine is not struck again before anybody has got anywhere.
      for (const since = Date.now(); this.answered === 0 && Date.now() - since < MOST_QUIET_MS; ) await sleep(50);
      this.answered = 0;
      const what = count % 5 === 4 ? possible[Math.floor(count / 5) % possible.length]! : this.choose(victims);
      strikes[what] = (strikes[what] ?? 0) + 1;
      await this.strike(what);
    }
    return strikes;
  }

  async strike(what: Victim | Trouble): Promise<void> {
    this.note({ strike: what });
    if (what === 'web') this.web.kill();
    else if (what === 'worker') this.worker.kill();
    else if (what === 'postgres') await this.postgres.kill();
    else if (what === 'database away') await this.postgres.whileAway(() => sleep(OUTAGE_MS));
    else if (what === 'disk full') await this.fillDisk();
    else await this.spoil(what === 'bad mail' ? this.mail : this.bank);
  }

  /** To the last byte: the database cannot write its log, the files cannot grow. */
  private async fillDisk(): Promise<void> {
    const filler = join(this.disk, 'filler');
    const zeros = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1_048_576);
      })(),
    );
    await pipeline(zeros, createWriteStream(filler)).catch(() => undefined);
    await sleep(TROUBLE_MS);
    await rm(filler);
    await this.postgres.back();
  }

  private async spoil(line: Line): Promise<void> {
    const weather = this.choose(WEATHERS);
    this.note({ weather });
    line.turn(weather);
    await sleep(TROUBLE_MS);
    line.turn('good');
  }

  /** When all is over: what was to be tried again later is tried now, until every letter has left and `isDone` says so too. */
  async settle(isDone: () => Promise<boolean> = async () => true): Promise<void> {
    const { db } = this.context;
    const waiting = async () => {
      await sql`update graphile_worker._private_jobs set run_at = now() where attempts > 0 and locked_at is null`.execute(
        db,
      );
      const { rows } = await sql<{ letters: number }>`
        select count(*)::int as letters from mail_message where sent_at is null`.execute(db);
      return { letters: rows[0]!.letters, isDone: await isDone() };
    };
    await expect.poll(waiting, { timeout: 240_000, interval: 1000 }).toEqual({ letters: 0, isDone: true });
  }

  async close(): Promise<void> {
    await Promise.all([this.web?.stop(), this.worker?.stop(), this.sandbox?.stop()]);
    this.mail?.close();
    this.bank?.close();
    await this.context?.db.destroy();
    await this.postgres?.stop();
    await mkdir(this.work, { recursive: true });
    writeFileSync(join(this.work, 'history.jsonl'), `${this.history.join('\n')}\n`);
    if (this.isSmallDisk) spawnSync('umount', ['-l', this.disk]);
    for (const folder of [this.disk, this.outside]) await rm(folder, { recursive: true, force: true });
  }
}
