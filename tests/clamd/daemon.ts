import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The daemon of this machine, or null. */
export const CLAMD =
  ['/usr/sbin/clamd', '/usr/local/sbin/clamd', '/usr/bin/clamd'].find((path) => existsSync(path)) ?? null;

/** What these tests look for, beside the test file of all scanners. */
export const OWN_THREAT = 'domovoy-own-threat-that-no-document-holds';
/** In two halves: whole it would be found in this very file. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** The limits that docs/operations.md asks for. */
export const OUR_LIMITS = [
  'StreamMaxLength 60M',
  'MaxFileSize 400M',
  'MaxScanSize 1000M',
  'MaxScanTime 300000',
  'AlertExceedsMax yes',
];
/** What Debian's package writes into clamd.conf. */
export const DEBIAN_LIMITS = [
  'StreamMaxLength 25M',
  'MaxFileSize 25M',
  'MaxScanSize 100M',
  'MaxScanTime 120000',
  'MaxRecursion 16',
  'AlertExceedsMax false',
];

export interface Daemon {
  url: string;
  folder: string;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/**
 * A clamd of this machine, on a socket and with signatures of its own: the text of EICAR at the beginning of a file, as the official
 * signatures have it, and a text of ours anywhere.
 * @param again where one that has ended was
 */
export async function startDaemon(limits: readonly string[], again?: Daemon): Promise<Daemon> {
  if (!CLAMD)
    throw new Error(
      'There is no clamd on this machine. Install it: apt-get install -y --no-install-recommends clamav-daemon',
    );
  const folder = again?.folder ?? (await mkdtemp(join(tmpdir(), 'domovoy-clamd-')));
  const socket = join(folder, 'clamd.sock');
  const signatures = join(folder, 'signatures');
  await mkdir(signatures, { recursive: true });
  const hex = (text: string) => Buffer.from(text).toString('hex');
  await writeFile(
    join(signatures, 'own.ndb'),
    `Domovoy.Test.Eicar:0:0:${hex(EICAR)}\nDomovoy.Test.Own:0:*:${hex(OWN_THREAT)}\n`,
  );
  const settings = [`LocalSocket ${socket}`, `DatabaseDirectory ${signatures}`, `TemporaryDirectory ${folder}`];
  const conf = join(folder, 'clamd.conf');
  await writeFile(conf, `${[...settings, 'Foreground yes', ...limits].join('\n')}\n`);
  const process = spawn(CLAMD, ['--config-file', conf], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  process.stdout.on('data', (piece) => (said += piece));
  process.stderr.on('data', (piece) => (said += piece));
  await listening(process, socket, () => said);
  return {
    url: `unix:${socket}`,
    folder,
    kill: () =>
      new Promise((done) => {
        if (process.exitCode !== null || process.signalCode !== null) return done();
        process.once('exit', () => done());
        process.kill('SIGKILL');
      }),
  };
}

/** Asks until it answers: it reads its signatures first. */
async function listening(process: ChildProcess, socket: string, said: () => string): Promise<void> {
  for (;;) {
    if (process.exitCode !== null) throw new Error(`clamd ended: ${said()}`);
    if (await answers(socket)) return;
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const line = connect({ path });
    line.once('connect', () => line.write('zPING\0'));
    line.once('data', (piece) => {
      line.destroy();
      done(piece.toString() === 'PONG\0');
    });
    line.once('error', () => setTimeout(() => done(false), 50));
  });
}
