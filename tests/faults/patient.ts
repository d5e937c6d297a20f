const PAUSE = 150;
export const PATIENCE = 120_000;
export const pause = () => new Promise((done) => setTimeout(done, PAUSE));

/** A browser of a person who does not give up: every request is sent again until it is answered, as people do with «Обновить». */
export class Patient {
  protected readonly site: string;
  private readonly cookie: string;

  constructor(site: string, cookie: string) {
    this.site = site;
    this.cookie = cookie;
  }

  get(path: string): Promise<string> {
    return again(async () => {
      const answer = await fetch(this.site + path, { headers: { cookie: this.cookie }, redirect: 'manual' });
      const body = await answer.text();
      return answer.status === 200 ? body : null;
    });
  }

  /** Sends until it is answered by a redirect; the same form each time. */
  post(path: string, form: Record<string, string>): Promise<string> {
    return again(async () => {
      const answer = await fetch(this.site + path, {
        method: 'POST',
        headers: { cookie: this.cookie },
        body: new URLSearchParams(form),
        redirect: 'manual',
      });
      await answer.body?.cancel();
      return answer.status === 303 ? answer.headers.get('location') : null;
    });
  }
}

export const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

export async function again<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (const started = Date.now(); ; ) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    if (Date.now() - started > PATIENCE) throw new Error('the site did not come back');
    await pause();
  }
}
