import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** As root there is no sandbox; the rest keeps the browser from speaking to anybody but the page. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The one from npm, the same everywhere and twice as quick as a whole browser; where there is none for the system, its own Chromium. */
async function findBrowser(): Promise<{ executablePath: string; args: string[] }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { executablePath: SYSTEM_CHROMIUM, args: FLAGS };
  // Makes the package unpack the libraries that a bare system lacks; it reads this while being imported.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs24.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return { executablePath: await packed.executablePath(), args: FLAGS };
}

/** The system's Chromium where there is one: the one from npm shows no notifications. */
export const launchWholeBrowser = async (): Promise<Browser> =>
  existsSync(SYSTEM_CHROMIUM)
    ? chromium.launch({ executablePath: SYSTEM_CHROMIUM, args: FLAGS })
    : chromium.launch(await findBrowser());

/** An empty profile each time; close it yourself. */
export const launchBrowser = async (): Promise<Browser> => chromium.launch(await findBrowser());

/** A browser that finds what it kept in the folder when it was last closed. */
export const launchProfile = async (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, { ...(await findBrowser()), locale: 'ru-RU' });
