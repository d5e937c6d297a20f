/** The browser's side of files in pieces: POST /attachments, then POST /attachments/pieces until the answer has the word of the whole. */

/** What the server will not take, in its words: sending it again does not help. */
export class Refusal extends Error {}

/** The line or the server is away: the file goes on later. */
class Broken extends Error {}

/** The server waits for another place of the file, or does not know it any more. */
class Elsewhere extends Error {
  readonly isForgotten: boolean;
  constructor(isForgotten: boolean) {
    super();
    this.isForgotten = isForgotten;
  }
}

/** Whoever shows how it goes. */
export interface Watcher {
  moved(bytes: number): void;
  say(text: string): void;
}

interface Answer {
  word?: string;
  offset?: number;
  ready?: string;
  message?: string;
  fields?: { message: string }[];
}

const PIECE_BYTES = 4 * 1_048_576;
/** A piece that does not move for so long is sent again. */
const SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Sends one file, however often the line breaks.
 * @returns the word that the form carries
 * @throws Refusal; an AbortError when the person has had enough
 */
export async function sendFile(file: File, token: string, signal: AbortSignal, watcher: Watcher): Promise<string> {
  let word = '';
  for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      watcher.say('Передаётся');
      if (!word) word = (await ask('POST', '', { 'form-token': token }, signal, JSON.stringify(about(file)))).word!;
      let { offset = 0 } = await ask('GET', '/pieces', { 'upload-word': word }, signal);
      for (;;) {
        watcher.moved(offset);
        const before = offset;
        const answer = await sendPiece(file, { word, token, offset }, signal, watcher);
        if (answer.ready) return answer.ready;
        offset = answer.offset!;
        if (offset > before) pause = 500;
      }
    } catch (error) {
      if (signal.aborted || error instanceof Refusal) throw error;
      if (error instanceof Elsewhere && error.isForgotten) word = '';
      watcher.say((error as Error).message || 'Связь прервалась. Продолжим с того же места.');
      await rest(pause, signal);
    }
  }
}

const about = ({ name, size }: File) => ({ name, size });

async function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  body?: string,
): Promise<Answer> {
  const answer = await fetch(`/attachments${path}`, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
    signal,
    ...(body && { body }),
  }).catch(() => {
    throw new Broken();
  });
  return read(answer.status, await answer.text());
}

/** With XMLHttpRequest: fetch does not tell how far it has sent. */
function sendPiece(
  file: File,
  { word, token, offset }: { word: string; token: string; offset: number },
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const broken = () => reject(new Broken());
    let timer = setTimeout(() => request.abort(), SILENCE_MS);
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENCE_MS);
    };
    const stop = () => request.abort();
    request.open('POST', '/attachments/pieces');
    const headers = { accept: 'application/json', 'content-type': 'application/octet-stream', 'form-token': token };
    for (const [name, value] of Object.entries({ ...headers, 'upload-word': word, 'upload-offset': String(offset) }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      moved();
      watcher.moved(offset + loaded);
    };
    request.onerror = broken;
    request.onabort = broken;
    request.onload = () => {
      try {
        resolve(read(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop);
    request.send(file.slice(offset, offset + PIECE_BYTES));
  });
}

/** @throws what the status means for the file */
function read(status: number, text: string): Answer {
  let answer: Answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    // A proxy's page: its status tells enough.
  }
  if (status === 200) return answer;
  if (status === 404 || status === 409) throw new Elsewhere(status === 404);
  if (status === 401) throw new Refusal('Вы вышли из кабинета. Войдите в другом окне и приложите файл снова.');
  if (status === 429) throw new Broken(answer.message);
  if (status === 408 || status >= 500) throw new Broken();
  throw new Refusal(answer.fields?.[0]?.message ?? answer.message ?? 'Файл не принят.');
}

/** A pause, shorter when the line comes back. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, stopped) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      signal.removeEventListener('abort', go);
      if (signal.aborted) stopped(signal.reason);
      else done();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener('online', go);
    signal.addEventListener('abort', go);
  });
}
