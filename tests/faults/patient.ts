import { sleep } from './installation.ts';
import type { World } from './world.ts';

const PAUSE = 150;
/** Longer than anything here is away. */
export const PATIENCE = Number(process.env.FAULTS_PATIENCE ?? 240) * 1000;

export const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

/** Tries until something comes of it. */
export async function again<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (const started = Date.now(); ; await sleep(PAUSE)) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    if (Date.now() - started > PATIENCE) throw new Error('the site did not come back');
  }
}

type Form = Record<string, string> | (() => FormData);

/** A browser of a person who does not give up: every request is sent again until it is answered, as people do with «Обновить». */
export class Patient {
  protected readonly world: World;
  protected readonly who: string;
  private readonly cookie: string;

  constructor(world: World, who: string, cookie: string) {
    this.world = world;
    this.who = who;
    this.cookie = cookie;
  }

  get(path: string): Promise<string> {
    return this.until(path, {}, async (answer) => (answer.status === 200 ? answer.text() : null));
  }

  /** The bytes of a download. */
  download(path: string): Promise<Buffer> {
    return this.until(path, {}, async (answer) =>
      answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : null,
    );
  }

  /** Sends until it is answered by a redirect; the same form each time. @returns where it leads */
  post(path: string, form: Form): Promise<string> {
    return this.until(path, posting(form), async (answer) =>
      answer.status === 303 ? answer.headers.get('location') : null,
    );
  }

  /** Presses a button. A second press, after an answer that was lost, finds it done: that is an answer too. */
  press(path: string, form: Form): Promise<true> {
    return this.until(path, posting(form), async ({ status }) => (status === 303 || status === 409 ? true : null));
  }

  /** Whatever the site says, as long as it says something. */
  see(path: string): Promise<{ status: number; html: string }> {
    return this.until(path, {}, async (answer) =>
      answer.status < 500 ? { status: answer.status, html: await answer.text() } : null,
    );
  }

  /** A session is ended once: a second press, after an answer that was lost, is of nobody's form any more. */
  signOut(token: string): Promise<true> {
    return this.until('/sign-out', posting({ _token: token }), async ({ status }) =>
      status === 303 || status === 401 || status === 403 ? true : null,
    );
  }

  private until<T>(
    path: string,
    options: RequestInit | (() => RequestInit),
    read: (answer: Response) => Promise<T | null>,
  ) {
    return again(async () => {
      const init = typeof options === 'function' ? options() : options;
      const call = { who: this.who, method: init.method ?? 'GET', path };
      this.world.note({ asked: call });
      const answer = await fetch(this.world.site + path, {
        ...init,
        headers: { cookie: this.cookie },
        redirect: 'manual',
      });
      const result = await read(answer);
      if (!answer.bodyUsed) await answer.body?.cancel();
      this.world.note({ answered: call, status: answer.status, location: answer.headers.get('location') });
      return result;
    });
  }
}

const posting = (form: Form) => () => ({
  method: 'POST',
  body: typeof form === 'function' ? form() : new URLSearchParams(form),
});
