import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { placeKey, upsertPremises } from '../../src/modules/houses/index.ts';
import { SESSION_COOKIE } from '../../src/modules/identity/index.ts';
import type { HouseId, MeterId, PersonId } from '../../src/platform/ids.ts';
import type { TestApplication } from './application.ts';
import { buildMeter } from './meters.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation } from './rows.ts';

export interface Home {
  personId: PersonId;
  houseId: HouseId;
  /** Devices of cold and hot water that showed 100 and 50 a month ago. */
  cold: MeterId;
  hot: MeterId;
}

export const coldField = ({ cold }: Home) => `[name="t1.${cold}.1"]`;
export const hotField = ({ hot }: Home) => `[name="t1.${hot}.2"]`;

/** Whoever has signed in at this browser gets a flat with two devices. */
export async function settleIn({ context }: TestApplication, browser: BrowserContext): Promise<Home> {
  const cookie = (await browser.cookies()).find(({ name }) => name === SESSION_COOKIE);
  const personId = cookie!.value.split('.')[0] as PersonId;
  const providerId = await buildOrganisation(context);
  const houseId = await buildHouse(context);
  const rows = [{ category: 'residential' as const, number: '7' }];
  const premisesId = (await upsertPremises(context.db, houseId, rows, context.now)).get(placeKey(rows[0]!))!;
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  await buildLink(context, { personId, houseId, accountId, providerId });
  const own = { houseId, premisesId, accounts: [{ accountId, providerId }] };
  const cold = await buildMeter(context, { ...own, base: { on: '2026-10-20', t1: '100' } });
  const hot = await buildMeter(context, { ...own, resource: '2', base: { on: '2026-10-20', t1: '50' } });
  return { personId, houseId, cold, hot };
}

/** Everything that was recorded of a device for months, in its order: corrected values too. */
export const readValues = async ({ context }: TestApplication, meterId: MeterId): Promise<string[]> =>
  (
    await context.db
      .selectFrom('reading')
      .select('t1')
      .where('meter_id', '=', meterId)
      .where('kind', '=', 'current')
      .orderBy('entered_at')
      .execute()
  ).map(({ t1 }) => String(Number(t1)));

/** What lies in the browser: bodies and addresses of all caches, and all rows of all databases. */
export const readStorage = (page: Page): Promise<{ caches: string; entries: Record<string, unknown>[] }> =>
  page.evaluate(async () => {
    const texts: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const text = /\.(woff2|js|css)/.test(request.url) ? '' : await (await cache.match(request))!.text();
        texts.push(`${request.url} ${text}`);
      }
    }
    const entries: Record<string, unknown>[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done, fail) => {
        const request = indexedDB.open(name!);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      for (const store of database.objectStoreNames)
        entries.push(
          ...(await new Promise<Record<string, unknown>[]>((done) => {
            const request = database.transaction(store).objectStore(store).getAll();
            request.onsuccess = () => done(request.result);
          })),
        );
      database.close();
    }
    return { caches: texts.join('\n'), entries };
  });

/** Opens the form and waits until the browser keeps it. */
export async function openKept(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/readings`);
  await expect.poll(async () => (await readStorage(page)).caches, { timeout: 20_000 }).toContain(`${url}/readings `);
}

/** What becomes of the next answers to this request: the server has done its work by then. */
export function spoilAnswers(
  { app }: TestApplication,
  isMeant: (request: IncomingMessage) => boolean,
  spoil: (response: ServerResponse, request: IncomingMessage) => void,
): { count: () => number; stop: () => void } {
  let count = 0;
  const listen = (request: IncomingMessage, response: ServerResponse) => {
    if (!isMeant(request)) return;
    count += 1;
    spoil(response, request);
  };
  app.server.prependListener('request', listen);
  return { count: () => count, stop: () => void app.server.off('request', listen) };
}

export const sentForms = ({ method, url }: IncomingMessage) => method === 'POST' && url === '/readings';

/** The line breaks when the server begins to answer. */
export function cutLine(response: ServerResponse, request: IncomingMessage): void {
  response.writeHead = () => {
    request.socket.destroy();
    return response;
  };
}

/** A proxy says that the server is away, though it has done its work. */
export function say503(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse;
  response.writeHead = ((_status: number, ...rest: unknown[]) => writeHead(503, ...rest)) as typeof response.writeHead;
}

/** The browser does not know this header. */
export const hideHeader =
  (name: string) =>
  (response: ServerResponse): void => {
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (header, value) => (header.toLowerCase() === name ? response : setHeader(header, value));
    const writeHead = response.writeHead.bind(response) as (status: number, headers?: object) => ServerResponse;
    response.writeHead = ((status: number, headers: Record<string, unknown> = {}) =>
      writeHead(
        status,
        Object.fromEntries(Object.entries(headers).filter(([header]) => header.toLowerCase() !== name)),
      )) as typeof response.writeHead;
  };
