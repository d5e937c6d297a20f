import { mkdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { build } from 'esbuild';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded.ts';

export const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

/** The entries are bundled for the test: it runs what the tree says, whoever built dist/ and when. */
export async function bundle(outdir: string, entryPoints: Record<string, string>): Promise<void> {
  await mkdir('dist/assets', { recursive: true });
  await build({
    entryPoints,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
}

/** A PostgreSQL that may be killed, and comes back on the same port with the same data whenever it has fallen. */
export class MortalPostgres {
  private server: EmbeddedPostgres;
  private readonly dataDir: string;
  /** Null while it is wanted away. */
  private returning: Promise<void> | null = Promise.resolve();

  private constructor(server: EmbeddedPostgres, dataDir: string) {
    this.server = server;
    this.dataDir = dataDir;
    this.watch();
  }

  static async open(dataDir: string): Promise<MortalPostgres> {
    return new MortalPostgres(await start(dataDir), dataDir);
  }

  get url(): string {
    return this.server.url;
  }

  /** SIGKILL of the postmaster; its children see that it is gone and leave, then it starts again. */
  async kill(): Promise<void> {
    const gone = this.gone();
    this.server.process.kill('SIGKILL');
    await gone;
    await this.back();
  }

  get pid(): number {
    return this.server.process.pid!;
  }

  /** Nobody reaches it until the act is over. */
  async whileAway(act: () => Promise<unknown>): Promise<void> {
    this.returning = null;
    await this.server.stop();
    try {
      await act();
    } finally {
      this.returning = this.restart();
      await this.back();
    }
  }

  /** Resolves when it runs, after whatever it has fallen from. */
  async back(): Promise<void> {
    await this.returning;
  }

  async stop(): Promise<void> {
    await this.returning;
    this.returning = null;
    await this.server.stop();
  }

  private gone(): Promise<unknown> {
    const { process } = this.server;
    if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve();
    return new Promise((done) => process.once('exit', done));
  }

  private watch(): void {
    this.server.process.once('exit', () => {
      if (this.returning) this.returning = this.restart();
    });
  }

  private async restart(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.server = await start(this.dataDir, this.server.port);
        return this.watch();
      } catch (error) {
        if (attempt === 50) throw error;
        await sleep(200);
      }
    }
  }
}

// A killed process does not lose what the system has taken, so fsync may be off; commits must still reach the system.
const start = (dataDir: string, port?: number) =>
  startEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off', max_wal_size: '64MB', shared_buffers: '64MB' },
    ...(port ? { port } : {}),
  });
