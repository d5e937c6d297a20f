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

/** A PostgreSQL that may be killed and comes back on the same port with the same data. */
export class MortalPostgres {
  private server: EmbeddedPostgres;
  private readonly dataDir: string;

  private constructor(server: EmbeddedPostgres, dataDir: string) {
    this.server = server;
    this.dataDir = dataDir;
  }

  static async open(dataDir: string): Promise<MortalPostgres> {
    return new MortalPostgres(await start(dataDir), dataDir);
  }

  get url(): string {
    return this.server.url;
  }

  /** SIGKILL of the postmaster; its children see that it is gone and leave, then it may start again. */
  async kill(): Promise<void> {
    const gone = new Promise((done) => this.server.process.once('exit', done));
    this.server.process.kill('SIGKILL');
    await gone;
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.server = await start(this.dataDir, this.server.port);
        return;
      } catch (error) {
        if (attempt === 50) throw error;
        await sleep(200);
      }
    }
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

// A killed process does not lose what the system has taken, so fsync may be off; commits must still reach the system.
const start = (dataDir: string, port?: number) =>
  startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, ...(port ? { port } : {}) });
