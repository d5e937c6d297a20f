import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Supervised {
  /** SIGKILL now; a new process takes its place. */
  kill(): void;
  /** SIGKILL of a process that it has started, if there is one now. @returns whether there was */
  killChild(): boolean;
  pid(): number | undefined;
  /** The first message of the process, or nothing more than that it is up. */
  ready: Promise<string>;
  stop(): Promise<void>;
}

const PAUSE = 200;

/** Runs an entry of dist/ as a process of its own and starts it again whenever it has ended, as a production supervisor would. */
export function supervise(entry: string, env: Record<string, string>): Supervised {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopping = false;
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  const start = () => {
    child = spawn(process.execPath, [entry], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (process.env.FAULTS_LOG) process.stderr.write(text);
      if (text.includes('"ready":true')) resolve(text);
    });
    child.on('message', (message) => resolve(JSON.stringify(message)));
    child.once('exit', () => {
      child = null;
      if (!stopping) timer = setTimeout(start, PAUSE);
    });
  };
  start();
  return {
    kill: () => void child?.kill('SIGKILL'),
    killChild: () => killChildOf(child?.pid),
    pid: () => child?.pid,
    ready,
    async stop() {
      stopping = true;
      if (timer) clearTimeout(timer);
      const running = child;
      if (!running) return;
      const gone = new Promise((done) => running.once('exit', done));
      running.kill('SIGKILL');
      await gone;
    },
  };
}

/** Known to the system, where it tells: elsewhere nothing is killed. */
function killChildOf(pid: number | undefined): boolean {
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return first !== undefined && process.kill(Number(first), 'SIGKILL');
  } catch {
    return false;
  }
}

/** The same numbers for the same seed (mulberry32): a run that failed can be played again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
