import { sleep } from './installation.ts';

const PAUSE = 150;
const PATIENCE = 60_000;

/** A clerk with a browser who does not give up: every request is sent again until it is answered. */
export class Uploader {
  private readonly site: string;
  private readonly cookie: string;

  constructor(site: string, cookie: string) {
    this.site = site;
    this.cookie = cookie;
  }

  /** Sends one file by one form, however often it takes. @returns the path of the upload's page */
  async send(kind: string, name: string, content: Buffer): Promise<string> {
    const page = await this.page(`/work/uploads/new?kind=${kind}`);
    const form = new FormData();
    for (const [field, value] of [
      ['_token', hidden(page, '_token')],
      ['_key', hidden(page, '_key')],
      ['kind', kind],
    ] as const)
      form.append(field, value);
    form.append('file', new Blob([new Uint8Array(content)]), name);
    return this.post('/work/uploads', form);
  }

  /** Presses «Загрузить». A second press, after an answer that was lost, finds it decided: that is an answer too. */
  async apply(path: string, policy: string): Promise<void> {
    const page = await this.page(path);
    await again(async () => {
      const answer = await this.request(`${path}/apply`, {
        method: 'POST',
        body: new URLSearchParams({ _token: hidden(page, '_token'), policy }),
      });
      await answer.body?.cancel();
      return answer.status === 303 || answer.status === 409 ? true : null;
    });
  }

  page(path: string): Promise<string> {
    return again(async () => {
      const answer = await this.request(path, {});
      const body = await answer.text();
      return answer.status === 200 ? body : null;
    });
  }

  /** The bytes of a download. */
  download(path: string): Promise<Buffer> {
    return again(async () => {
      const answer = await this.request(path, {});
      const body = Buffer.from(await answer.arrayBuffer());
      return answer.status === 200 ? body : null;
    });
  }

  private post(path: string, body: FormData): Promise<string> {
    return again(async () => {
      const answer = await this.request(path, { method: 'POST', body });
      await answer.body?.cancel();
      return answer.status === 303 ? answer.headers.get('location') : null;
    });
  }

  private request(path: string, options: RequestInit): Promise<Response> {
    return fetch(this.site + path, { ...options, headers: { cookie: this.cookie }, redirect: 'manual' });
  }
}

const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

async function again<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (const started = Date.now(); ; ) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    if (Date.now() - started > PATIENCE) throw new Error('the site did not come back');
    await sleep(PAUSE);
  }
}
