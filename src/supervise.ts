import { type ChildProcess, spawn } from 'node:child_process';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** A process that has lived this long is well: its next fall starts from the shortest pause. */
const WELL_AFTER = 30_000;

export interface Supervised {
  /** Resolves when the process first said that it is ready; rejects when it ended before with "wrong settings". */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** A process ended at once because of its settings: starting it again would not help. */
export class WrongSettings extends Error {}

/**
 * Keeps a Node script running: started again after each end, with growing pauses, until `stop`.
 * The script says { ready: true } over IPC, and ends by itself when this process has gone.
 */
export function supervise(
  name: string,
  script: string,
  env: Record<string, string>,
  say: (line: string) => void,
): Supervised {
  let child: ChildProcess | null = null;
  let stopping = false;
  let pause = FIRST_PAUSE;
  let timer: NodeJS.Timeout | null = null;
  let settle: { resolve: () => void; reject: (error: Error) => void };
  const ready = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });

  const begin = () => {
    const started = Date.now();
    child = spawn(process.execPath, ['--enable-source-maps', script], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...env },
      // What they have to say at length goes to the error stream; the output is for the person at the terminal.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A group of its own: Ctrl-C reaches this process alone, which then stops the others in order.
      detached: true,
    });
    child.on('message', (message) => {
      if ((message as { ready?: boolean }).ready) settle.resolve();
    });
    child.once('exit', (code, signal) => {
      child = null;
      if (stopping) return;
      if (code === 2) {
        settle.reject(new WrongSettings(`${name}: неверные настройки`));
        return;
      }
      if (Date.now() - started > WELL_AFTER) pause = FIRST_PAUSE;
      say(`${name} завершился (${signal ?? code}); запускаю снова через ${(pause / 1000).toLocaleString('ru')} с`);
      timer = setTimeout(begin, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  };
  begin();
  return {
    ready,
    async stop() {
      stopping = true;
      if (timer) clearTimeout(timer);
      const running = child;
      if (!running) return;
      const gone = new Promise((done) => running.once('exit', done));
      running.kill('SIGTERM');
      const kill = setTimeout(() => running.kill('SIGKILL'), 16_000);
      await gone;
      clearTimeout(kill);
    },
  };
}
