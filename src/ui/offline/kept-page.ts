import { KEPT_DAYS, takeEntries } from './entries.ts';

/** Changed when what is kept changes its shape. */
export const CACHE = 'kept-1';
export const FORM = '/readings';
const OFFLINE = '/offline';
const VIEWER = 'domovoy-viewer';
const KEPT_AT = 'domovoy-kept';
const ASSET = /\/assets\/[\w.-]+(?:\?v=[\w-]+)?/g;

const openCache = () => caches.open(CACHE);
const textOf = async (cache: Cache, path: string) => (await cache.match(path))?.text();
/** Counts the times that everything was dropped: a page that was on its way then is not kept any more. */
let drops = 0;

/** Keeps a page after all that it needs: a page without its styles is worse than the one before. @returns its text */
async function keep(cache: Cache, path: string, answer: Response, isWanted = () => true): Promise<string> {
  const html = await answer.text();
  await keepAssets(cache, html);
  if (isWanted()) await cache.put(path, new Response(html, { headers: answer.headers }));
  return html;
}

export async function keepOfflinePage(): Promise<void> {
  const answer = await fetch(OFFLINE, { cache: 'reload' });
  if (!answer.ok) throw new Error(`${OFFLINE}: ${answer.status}`);
  await keep(await openCache(), OFFLINE, answer);
}

/** Keeps the form as it was answered, or asks for it. A page of nobody is not kept, nor a page that is not ours (a hotel's sign-in). */
export async function keepPage(answered?: Response): Promise<void> {
  const before = drops;
  const answer = answered ?? (await fetch(FORM, { redirect: 'manual' }));
  if (!answer.ok || !isOfPerson(answer.headers.get(VIEWER))) return;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  // Of the line, not of the page: a proxy may have compressed it.
  for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  const cache = await openCache();
  const html = await keep(cache, FORM, new Response(answer.body, { headers }), () => before === drops);
  // It looks like the form: the version for the weak-sighted, the newest styles.
  const look = (page: string | undefined) => page?.match(/<html[^>]*>|styles\.css[^"]*/g)?.join();
  if (look(await textOf(cache, OFFLINE)) !== look(html)) await keepOfflinePage();
  await dropOldAssets(cache);
}

/** Styles, scripts and fonts that a page names. */
async function keepAssets(cache: Cache, html: string): Promise<Set<string>> {
  const wanted = new Set(html.match(ASSET));
  for (const path of wanted) {
    if (!(await cache.match(path))) await cache.put(path, await fetchAsset(path));
    // Fonts are named by styles; a set that grows is gone through to its end.
    if (path.includes('.css')) for (const font of (await textOf(cache, path))?.match(ASSET) ?? []) wanted.add(font);
  }
  return wanted;
}

/** @throws when it is not there, or is of another release than the page: while that is changed, nothing new is kept */
async function fetchAsset(path: string): Promise<Response> {
  const answer = await fetch(path);
  if (!answer.ok || answer.headers.get('cache-control') === 'no-store') throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function dropOldAssets(cache: Cache): Promise<void> {
  const wanted = await keepAssets(cache, `${await textOf(cache, FORM)} ${await textOf(cache, OFFLINE)}`);
  for (const { url } of await cache.keys()) {
    const path = url.slice(location.origin.length);
    if (path.startsWith('/assets/') && !wanted.has(path)) await cache.delete(url);
  }
}

/** The kept form with the time it is of, if there is one that is young enough. */
export async function keptPage(): Promise<Response | null> {
  const kept = await (await openCache()).match(FORM);
  const at = kept?.headers.get(KEPT_AT);
  if (!kept || !at || Date.now() - Date.parse(at) > KEPT_DAYS * 86_400_000) return null;
  const html = (await kept.text()).replace('<reading-outbox ', `<reading-outbox kept="${at}" `);
  return new Response(html, { headers: kept.headers });
}

export async function offlinePage(): Promise<Response> {
  return (await (await openCache()).match(OFFLINE)) ?? Response.error();
}

/** Everything private that is a page; what was typed and not sent stays for its person. */
export async function dropPage(): Promise<void> {
  drops += 1;
  await (await openCache()).delete(FORM);
}

/** Each page says whose it is: what is kept of another session goes, and whatever another person has typed. */
export async function meetViewer(header: string | null): Promise<void> {
  if (header === null) return;
  const kept = await (await openCache()).match(FORM);
  if (kept && kept.headers.get(VIEWER) !== header) await dropPage();
  if (isOfPerson(header)) await forgetOthers(header.split('.')[0]!);
}

export const forgetOthers = (person: string) => takeEntries((entry) => entry.person !== person);

const isOfPerson = (header: string | null): header is string => header?.includes('.') ?? false;

export async function wipe(): Promise<void> {
  drops += 1;
  for (const name of await caches.keys()) await caches.delete(name);
  await takeEntries(() => true);
}
