import { filledIn, putEntry } from './entries.ts';
import {
  CACHE,
  dropPage,
  FORM,
  keepOfflinePage,
  keepPage,
  keptPage,
  meetViewer,
  offlinePage,
  wipe,
} from './kept-page.ts';
import { endPush } from './notifications.ts';
import { type FetchEvent, scope, tell } from './scope.ts';
import { sendEntries } from './send-entries.ts';

/**
 * Keeps the form of readings for the time without a line, and sends what was typed then. Every other page comes from the network as it
 * always did. It stands between the person and each page, so it does as little as it can.
 */
const SIGN_OUT_WAIT = 4000;

scope.addEventListener('install', (event) => {
  event.waitUntil(Promise.all([keepOfflinePage(), scope.skipWaiting()]));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    Promise.all([
      scope.clients.claim(),
      // Otherwise each page waits until the worker has started.
      scope.registration.navigationPreload?.enable(),
      caches
        .keys()
        .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
    ]),
  );
});

scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(openAsset(event.request));
  else if (mode !== 'navigate') return;
  else if (method === 'GET') event.respondWith(openPage(event));
  else if (pathname === FORM) event.respondWith(submitForm(event.request));
  else if (pathname === '/sign-out') event.respondWith(signOut(event.request));
});

scope.addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keepPage());
  if (event.data === 'send') event.waitUntil(sendEntries().catch(retryLater));
});

// It fails while something waits: the browser tries again later, less and less often.
scope.addEventListener('sync', (event) => event.waitUntil(sendEntries()));

const retryLater = () => scope.registration.sync?.register('readings').catch(() => undefined);
/** The server is not there: a proxy answers in its place. */
const isAway = (answer: Response | null): boolean => !answer || (answer.status >= 502 && answer.status <= 504);

async function openAsset(request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(request)) ?? fetch(request);
}

async function openPage(event: FetchEvent): Promise<Response> {
  const { pathname, search } = new URL(event.request.url);
  if (pathname === '/sign-in') await dropPage();
  let answer: Response | null = null;
  try {
    answer = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    // No line: answered below.
  }
  if (!answer || (pathname === FORM && isAway(answer)))
    return (pathname === FORM && (await keptPage())) || answer || offlinePage();
  await meetViewer(answer.headers.get('domovoy-viewer'));
  // A form that also says «передано» is of that moment: the plain one is kept.
  if (pathname === FORM && answer.ok) event.waitUntil(keepPage(search ? undefined : answer.clone()));
  // Sent away from the form: to sign in, or to accept the texts.
  if (pathname === FORM && answer.type === 'opaqueredirect') await dropPage();
  return answer;
}

/** «Сохранить»: what the server does not answer, or refuses because of the session, waits on this device under the form's own key. */
async function submitForm(request: Request): Promise<Response> {
  const copy = request.clone();
  let answer: Response | null = null;
  try {
    answer = await fetch(request);
  } catch {
    // No line, or it broke while the server answered.
  }
  if (answer && answer.status < 500 && ![401, 403, 429].includes(answer.status)) {
    await meetViewer(answer.headers.get('domovoy-viewer'));
    return answer;
  }
  const isKept = await putOff(await copy.formData());
  retryLater();
  if (answer?.status === 401) {
    await dropPage();
    if (isKept) return Response.redirect('/offline/sign-in', 303);
  }
  return isKept || !answer ? Response.redirect(FORM, 303) : answer;
}

async function putOff(form: FormData): Promise<boolean> {
  const [key, person, fields] = [form.get('_key'), form.get('_person'), filledIn(form)];
  if (typeof key !== 'string' || typeof person !== 'string' || fields.length === 0) return false;
  const entry = { key, person, fields, state: 'waiting' as const, at: Date.now(), lines: [] };
  // No room for pictures: the values are what counts.
  await putEntry(entry).catch(() =>
    putEntry({
      ...entry,
      fields: fields.filter(([, value]) => typeof value === 'string'),
      lines: ['Фото не поместилось на устройстве: приложите его позже.'],
    }),
  );
  return true;
}

/** What waits is sent before the person leaves, as afterwards nothing of them stays here. */
async function signOut(request: Request): Promise<Response> {
  await Promise.race([sendEntries().catch(() => undefined), new Promise((done) => setTimeout(done, SIGN_OUT_WAIT))]);
  await dropPage();
  try {
    const answer = await fetch(request);
    if (answer.status >= 400) return answer;
    await endPush();
    await wipe();
    await tell('wiped');
    return answer;
  } catch {
    return offlinePage();
  }
}
