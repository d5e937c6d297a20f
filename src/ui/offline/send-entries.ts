import { changeEntry, type Entry, isFresh, readEntries } from './entries.ts';
import { dropPage, FORM, forgetOthers } from './kept-page.ts';
import { tell } from './scope.ts';

/** No answer, or none that decides: it is tried again later. */
export class Away extends Error {}

/** What the server answers to a draft. */
interface Answer {
  /** Dials whose values are recorded, as the fields of the form name them. */
  settled: string[];
  lines: string[];
  isSettled: boolean;
}

const TOO_OLD = 'Вписано слишком давно. Проверьте, что сейчас на приборе.';
let last: Promise<void> = Promise.resolve();
let next: Promise<void> | undefined;

/**
 * Sends what waits, one after the other: whoever asks while a sending runs gets the one after it, as the line may have come back in
 * between. @throws Away when something waits still
 */
export function sendEntries(): Promise<void> {
  next ??= last
    .catch(() => undefined)
    .then(() => {
      next = undefined;
      last = send();
      return last;
    });
  return next;
}

async function send(): Promise<void> {
  const waits = ({ state }: Entry) => state === 'waiting' || state === 'signed-out';
  if (!(await readEntries()).some(waits)) return;
  try {
    const sender = await askJson('/readings/sender');
    if (sender.status === 401) {
      await dropPage();
      for (const { key } of (await readEntries()).filter(waits)) await changeEntry(key, signedOut);
      return;
    }
    if (sender.status !== 200) throw new Away();
    const { person, token } = sender.body as { person: string; token: string };
    await forgetOthers(person);
    for (const entry of (await readEntries()).filter(waits)) await sendEntry(entry, token);
  } finally {
    await tell('changed');
  }
}

const signedOut = (entry: Entry): Entry => ({ ...entry, state: 'signed-out' });

async function sendEntry(entry: Entry, token: string): Promise<void> {
  const { key } = entry;
  if (!isFresh(entry)) return changeEntry(key, (now) => ({ ...now, state: 'open', lines: [TOO_OLD] }));
  const form = new FormData();
  form.append('_token', token);
  form.append('_key', key);
  for (const [name, value] of entry.fields) form.append(name, value);
  const { status, body } = await askJson(FORM, { method: 'POST', body: form });
  if (status === 401) return changeEntry(key, signedOut);
  // 403: the session changed between the two requests.
  if (status >= 500 || status === 403 || status === 429) throw new Away();
  const answer = body as Partial<Answer> & { message?: string };
  await changeEntry(key, (now) =>
    answer.settled ? settle(now, answer as Answer) : { ...now, state: 'open', lines: [answer.message ?? ''] },
  );
}

/** What is recorded leaves the entry. What is left gets a key of its own, as it will be sent with other values. */
function settle(entry: Entry, { settled, lines, isSettled }: Answer): Entry {
  if (isSettled) return { ...entry, state: 'saved', lines };
  const done = new Set(settled);
  const fields = entry.fields.filter(([name]) => !done.has(name.slice(name.indexOf('.') + 1)));
  return { ...entry, key: crypto.randomUUID(), state: 'open', fields, lines };
}

/** @throws Away when there is no answer, or one that is not ours (the sign-in page of a hotel's network) */
async function askJson(path: string, init: RequestInit = {}): Promise<{ status: number; body: object }> {
  try {
    const answer = await fetch(path, { ...init, headers: { accept: 'application/json' }, redirect: 'manual' });
    return { status: answer.status, body: (await answer.json()) as object };
  } catch {
    throw new Away();
  }
}
