import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { newId } from '../../src/platform/ids.ts';
import { buildPerson } from '../support/rows.ts';
import { World } from './world.ts';

/** What a page may take while the database is away. Measured generously: the machine may be busy with something else. */
const PATIENCE = 2000;
/** What needs no database. */
const WITHOUT_DATABASE = /^\/(assets\/|health\/|metrics$)/;

let world: World;
let cookie: string;
let paths: string[];
beforeAll(async () => {
  world = await World.open('outage', {}, async (opened) => {
    const { context } = opened;
    const app = await createApp(context, { assetsFolder: 'dist/assets' });
    paths = app.routes
      .filter(({ method }) => method === 'GET')
      .map(({ url }) => url.replaceAll(/:\w+|\*/g, () => newId()));
    await app.close();
    cookie = await opened.cookieOf(await buildPerson(context));
  });
});
afterAll(() => world?.close());

/** Every page of the site, one after another, as a person who has signed in. */
async function walk(): Promise<{ path: string; status: number; retry: string | null; html: string; late: boolean }[]> {
  const answers = [];
  for (const path of paths.filter((one) => !WITHOUT_DATABASE.test(one))) {
    const began = performance.now();
    const answer = await fetch(world.site + path, { headers: { cookie }, redirect: 'manual' });
    const html = await answer.text();
    const late = performance.now() - began > PATIENCE;
    answers.push({ path, status: answer.status, retry: answer.headers.get('retry-after'), html, late });
  }
  return answers;
}

async function expectPlainRefusals(): Promise<void> {
  expect(await (await fetch(`${world.site}/metrics`)).text()).toMatch(/^domovoy_database_up 0$/m);
  expect((await fetch(`${world.site}/health/ready`)).status).toBe(503);
  expect((await fetch(`${world.site}/health/live`)).status).toBe(200);
  for (const { path, status, retry, html, late } of await walk()) {
    expect([path, status, retry, late]).toEqual([path, 503, '5', false]);
    expect(html).toContain('Кабинет ненадолго недоступен');
    expect(html).not.toMatch(/ECONN|postgres|at .*\.ts/i);
  }
}

const home = async () => (await fetch(`${world.site}/settings`, { headers: { cookie }, redirect: 'manual' })).status;

/** The postmaster and all its servers. */
function signalPostgres(signal: 'SIGSTOP' | 'SIGCONT'): void {
  const postmaster = world.postgres.pid;
  const servers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === postmaster);
  for (const pid of [postmaster, ...servers.map(Number)]) process.kill(pid, signal);
}
function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
  } catch {
    return 0;
  }
}

test('while the database is away every page says so at once, and the site comes back by itself', async () => {
  expect(await home()).toBe(200);
  const before = world.web.pid();
  await world.postgres.whileAway(expectPlainRefusals);
  await expect.poll(home, { timeout: 20_000 }).toBe(200);
  expect(world.web.pid(), 'the same process').toBe(before);
});

test('a database that falls silent holds nobody: what was asked is refused, and what is asked then', async () => {
  expect(await home()).toBe(200);
  signalPostgres('SIGSTOP');
  try {
    const first = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const began = performance.now();
        return [await home(), performance.now() - began < PATIENCE * 2];
      }),
    );
    expect(first).toEqual(Array(5).fill([503, true]));
    await expectPlainRefusals();
  } finally {
    signalPostgres('SIGCONT');
  }
  await expect.poll(home, { timeout: 20_000 }).toBe(200);
});
