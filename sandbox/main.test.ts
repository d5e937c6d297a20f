import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** Built inside the tree, because the bundle looks for its packages upwards from where it stands. */
let built: string;
let dataDir: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  mkdirSync('node_modules/.cache', { recursive: true });
  built = mkdtempSync('node_modules/.cache/sandbox-');
  await build({
    entryPoints: ['sandbox/main.ts'],
    outfile: join(built, 'sandbox.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
});
afterAll(() => rmSync(built, { recursive: true }));
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  await end('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

const config = () => ({
  dataDir,
  bank: { port: 0, shops: [{ shopId: '100', secretKey: 'secret', name: 'ООО «Дом»' }] },
  identity: {
    port: 0,
    client: { id: 'cabinet', secret: 's', redirectUris: ['http://cabinet.test/back'], postLogoutRedirectUris: [] },
  },
  mailbox: { smtpPort: 0, webPort: 0 },
});

function run(settings: unknown, channel = false): ChildProcess {
  child = spawn(process.execPath, [join(built, 'sandbox.js')], {
    env: { PATH: process.env.PATH, SANDBOX_CONFIG: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
  });
  return child;
}

async function start(channel = false): Promise<Record<'bank' | 'identity' | 'mailbox', string>> {
  const [line] = (await once(createInterface(run(config(), channel).stdout!), 'line')) as [string];
  return JSON.parse(line);
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const ending = child;
  child = undefined;
  if (!ending || ending.exitCode !== null || ending.signalCode !== null) return null;
  ending.kill(signal);
  const [code] = (await once(ending, 'exit')) as [number | null];
  return code;
}

describe('the sandbox process', () => {
  it('refuses a configuration that is not of the form, and says where', async () => {
    const process = run({ ...config(), bank: { port: 0, shops: [] } });
    const said = process.stderr!.setEncoding('utf8').toArray();
    expect(await once(process, 'exit')).toEqual([1, null]);
    expect((await said).join('')).toContain('shops');
  });

  it('says where it listens and stops when told to', async () => {
    const places = await start();
    for (const place of Object.values(places).filter((value) => String(value).startsWith('http'))) {
      const response = await fetch(place);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(await end('SIGTERM')).toBe(0);
  });

  it('does not outlive a parent that is gone', async () => {
    await start(true);
    const orphan = child!;
    orphan.disconnect();
    expect(await once(orphan, 'exit')).toEqual([0, null]);
  });

  it('loses nothing it answered when killed', async () => {
    const headers = {
      authorization: `Basic ${Buffer.from('100:secret').toString('base64')}`,
      'content-type': 'application/json',
      'idempotence-key': 'key-1',
    };
    const body = JSON.stringify({
      amount: { value: '5123.45', currency: 'RUB' },
      capture: true,
      confirmation: { type: 'redirect', return_url: 'http://cabinet.test/' },
    });
    const create = async (bank: string) => {
      const response = await fetch(`${bank}/v3/payments`, { method: 'POST', headers, body });
      return (await response.json()) as { id: string };
    };
    const before = await start();
    const { id } = await create(before.bank);
    await fetch(`${before.bank}/pay/${id}`, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'success' }),
      redirect: 'manual',
    });
    await end('SIGKILL');

    const after = await start();
    expect((await create(after.bank)).id).toBe(id);
    const response = await fetch(`${after.bank}/v3/payments/${id}`, { headers });
    expect(await response.json()).toMatchObject({ status: 'succeeded', amount: { value: '5123.45' } });
  });
});
