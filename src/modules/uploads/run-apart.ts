import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import type { UploadKey } from './upload.ts';

export type StepName = 'read' | 'apply' | 'answer' | 'look' | 'undo';

/** What the parent tells its process. */
export interface Order {
  step: StepName;
  key: UploadKey;
  config: Config;
}

/** A file that needs more than this is refused by its limits before; without it one workbook could take the machine. */
const HEAP_MEGABYTES = 224;
/** Rows live for a moment: with room for many of them most are gone before they are looked at. */
const YOUNG_MEGABYTES = 48;
/** What dies with the process anyway is not searched for garbage before it is so large: a small heap would be searched nine times a second. */
const UNSEARCHED_MEGABYTES = 128;
const TIME_LIMIT_MINUTES = 20;

/** The bundled entry beside the program that runs, or null from sources (tests, tools): then the step runs in this process. */
export function findScript(): string | null {
  const places = ['.', '..'].map((folder) => join(import.meta.dirname, folder, 'read-upload.js'));
  return places.find((path) => existsSync(path)) ?? null;
}

/** Runs a step in a process of its own: a workbook that eats memory or hangs takes nobody with it. @throws as `startProcess` */
export async function runApart(
  context: Context,
  step: StepName,
  key: UploadKey,
  script: string | null = findScript(),
): Promise<void> {
  if (script === null) {
    const { steps } = await import('./steps.ts');
    return steps[step](context, key);
  }
  await startProcess(context, step, key, script).done;
}

/** The process of a step and its end. @throws through `done` when the process failed, was killed or ran out of time */
export function startProcess(
  context: Context,
  step: StepName,
  key: UploadKey,
  script: string,
): { child: ChildProcess; done: Promise<void> } {
  const order: Order = {
    step,
    key: { organisationId: key.organisationId, uploadId: key.uploadId },
    config: { ...context.config, DATABASE_CONNECTIONS: 3 },
  };
  const child = fork(script, {
    execArgv: [
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      `--initial-old-space-size=${UNSEARCHED_MEGABYTES}`,
      `--max-semi-space-size=${YOUNG_MEGABYTES}`,
    ],
    timeout: TIME_LIMIT_MINUTES * 60_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const done = new Promise<void>((resolve, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : fail(new Error(`the ${step} process of an upload ended with ${signal ?? code}`)),
    );
  });
  child.send(order);
  return { child, done };
}
