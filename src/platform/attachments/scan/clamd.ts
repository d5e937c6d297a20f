import { connect, type Socket } from 'node:net';

/** Where clamd listens: unix:/path or tcp://host:port. */
export type ClamdAddress = { path: string } | { host: string; port: number };

export function isClamdUrl(text: string): boolean {
  try {
    return Boolean(parseClamdUrl(text));
  } catch {
    return false;
  }
}

/** @throws Error for anything else */
export function parseClamdUrl(text: string): ClamdAddress {
  const unix = /^unix:(?:\/\/)?(\/.+)$/.exec(text);
  if (unix) return { path: unix[1]! };
  const tcp = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^/:[\]\s]+):(\d{1,5})$/.exec(text);
  if (!tcp || Number(tcp[2]) > 65_535) throw new Error(`no address of clamd: ${text}`);
  return { host: tcp[1]!.replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
}

/** `unknown` is never clean: the scanner did not look at all of it, or did not answer. */
export type ScanResult =
  | { state: 'clean' }
  | { state: 'infected'; threat: string }
  | { state: 'unknown'; problem: string };

export interface ClamdTimes {
  connectMs: number;
  /** Without any movement: neither bytes taken nor an answer. A scan of a large file takes a while. */
  silenceMs: number;
}
export const CLAMD_TIMES: ClamdTimes = { connectMs: 5_000, silenceMs: 180_000 };

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** An answer is a line; a longer one is none of clamd's. */
const MOST_OF_ANSWER = 4096;

/**
 * Sends bytes to clamd by its INSTREAM command: each piece after its length in four bytes, a length of nought at the end, one answer that
 * a zero byte ends. clamd may answer and hang up in the middle, when the stream is longer than it takes.
 */
export async function scanStream(
  address: ClamdAddress,
  content: Bytes,
  times: ClamdTimes = CLAMD_TIMES,
): Promise<ScanResult> {
  const socket = connect({ ...address, timeout: times.connectMs });
  const answer = readAnswer(socket, times);
  try {
    await opened(socket);
    await Promise.race([sendAll(socket, content), answer.done]);
    return readVerdict(await answer.done);
  } catch (error) {
    return { state: 'unknown', problem: `clamd: ${wordsOf(error)}` };
  } finally {
    socket.destroy();
  }
}

/** Its last words may be lost when it hangs up while we still write. */
function wordsOf(error: unknown): string {
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  const hungUp = code === 'EPIPE' || code === 'ECONNRESET';
  return hungUp ? `it hung up in the middle (${code}); is its StreamMaxLength smaller than the file?` : message;
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
    socket.once('timeout', () => reject(new Error('no connection in time')));
  });
}

/** The answer up to its zero byte. A line that breaks before it is no answer, whatever it says. */
function readAnswer(socket: Socket, times: ClamdTimes): { done: Promise<string> } {
  let text = '';
  const done = new Promise<string>((resolve, reject) => {
    socket.once('connect', () => socket.setTimeout(times.silenceMs));
    socket.on('timeout', () => reject(new Error('no answer in time')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection broke off without an answer')));
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      const end = text.indexOf('\0');
      if (end >= 0) resolve(end === text.length - 1 ? text.slice(0, end) : '');
      else if (text.length > MOST_OF_ANSWER) reject(new Error('an answer without an end'));
    });
  });
  // It may fail while nobody waits for it yet.
  done.catch(() => undefined);
  return { done };
}

async function sendAll(socket: Socket, content: Bytes): Promise<void> {
  await write(socket, Buffer.from('zINSTREAM\0'));
  for await (const piece of content) {
    if (piece.length === 0) continue;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    await write(socket, length);
    await write(socket, piece);
  }
  await write(socket, Buffer.alloc(4));
}

/** Waits until the other side has room: a file is never in memory as a whole. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // A broken line is told by the answer: clamd may have said why before it hung up.
    if (socket.destroyed || socket.write(bytes)) return resolve();
    const go = () => {
      socket.off('drain', go);
      socket.off('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
  });
}

/** clamd's own word that it did not look at everything (AlertExceedsMax). */
const LIMITS = /^Heuristics\.Limits\.Exceeded/;

function readVerdict(answer: string): ScanResult {
  if (answer === 'stream: OK') return { state: 'clean' };
  const threat = /^stream: ([!-~](?:[ -~]{0,254}[!-~])?) FOUND$/.exec(answer)?.[1];
  if (threat && LIMITS.test(threat))
    return { state: 'unknown', problem: `clamd did not look at everything: ${threat}` };
  if (threat) return { state: 'infected', threat };
  const said = answer.replace(/[^ -~]/g, '?').slice(0, 200);
  return { state: 'unknown', problem: `clamd answered: ${said || 'nothing that can be understood'}` };
}
