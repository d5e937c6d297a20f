/** A browser without script: follows redirects, keeps cookies by origin, fills and sends the forms that a page really has. */
export interface Page {
  status: number;
  url: string;
  html: string;
  headers: Headers;
}

interface FormOnPage {
  action: string;
  method: string;
  fields: [string, string][];
}

const decode = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const attribute = (tag: string, name: string): string | null => {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return match ? decode(match[1]!) : null;
};

export function formsOf(html: string): FormOnPage[] {
  return Array.from(html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g), ([, head, body]) => ({
    action: attribute(` ${head}`, 'action') ?? '',
    method: (attribute(` ${head}`, 'method') ?? 'get').toUpperCase(),
    fields: [
      ...Array.from(body!.matchAll(/<input\b[^>]*>/g), ([tag]) => tag).flatMap((tag): [string, string][] => {
        const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type')];
        const choice = type === 'radio' || type === 'checkbox';
        if (!name || (choice && !/\schecked/.test(tag))) return [];
        return [[name, attribute(tag, 'value') ?? (choice ? 'on' : '')]];
      }),
      ...Array.from(body!.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)).flatMap(
        ([, tag, text]): [string, string][] => {
          const name = attribute(` ${tag}`, 'name');
          return name ? [[name, decode(text!)]] : [];
        },
      ),
      ...Array.from(body!.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)).flatMap(
        ([, tag, options]): [string, string][] => {
          const name = attribute(` ${tag}`, 'name');
          const chosen = /<option\b[^>]*\sselected[^>]*>/.exec(options!)?.[0] ?? /<option\b[^>]*>/.exec(options!)?.[0];
          return name && chosen ? [[name, attribute(chosen, 'value') ?? '']] : [];
        },
      ),
    ],
  }));
}

export class Browserless {
  private readonly cookies = new Map<string, Map<string, string>>();
  private readonly base: string;
  current: Page | null = null;

  constructor(base: string) {
    this.base = base;
  }

  /** A cookie that the site has set. */
  cookie(name: string): string | undefined {
    return this.jar(new URL(this.base)).get(name);
  }

  keepCookie(name: string, value: string): void {
    this.jar(new URL(this.base)).set(name, value);
  }

  get(path: string): Promise<Page> {
    return this.go(new URL(path, this.current?.url ?? this.base), {});
  }

  /** Posts fields as they are, without looking at a form. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    return this.go(new URL(path, this.base), { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** Sends the form of the current page whose action begins so, with some fields changed. */
  async submit(action: string, changes: Record<string, string> = {}): Promise<Page> {
    const page = this.current;
    const form = page && formsOf(page.html).find((one) => one.action.startsWith(action));
    if (!form) throw new Error(`no form ${action} on ${page?.url}:\n${page?.html.slice(0, 2000)}`);
    const fields = new URLSearchParams(form.fields);
    for (const [name, value] of Object.entries(changes)) fields.set(name, value);
    const target = new URL(form.action, page.url);
    if (form.method === 'GET') {
      target.search = fields.toString();
      return this.go(target, {});
    }
    return this.go(target, { method: 'POST', body: fields, headers: { origin: new URL(page.url).origin } });
  }

  /** Sends a form with a file field the way a browser does. */
  async submitFile(action: string, field: string, file: { name: string; content: Buffer }): Promise<Page> {
    const page = this.current!;
    const form = formsOf(page.html).find((one) => one.action === action);
    if (!form) throw new Error(`no form ${action} on ${page.url}`);
    const body = new FormData();
    for (const [name, value] of form.fields) if (name !== field) body.append(name, value);
    body.append(field, new Blob([new Uint8Array(file.content)]), file.name);
    return this.go(new URL(action, page.url), { method: 'POST', body, headers: { origin: new URL(page.url).origin } });
  }

  /** From the order's page to the bank's; a slow bank leaves the way to it on the order's page when it has answered. */
  async goToBank(order: string): Promise<void> {
    await this.submit(`${new URL(order).pathname}/payments/`);
    for (let look = 0; look < 300 && this.current!.url.startsWith(this.base); look += 1) {
      const link = /href="(http[^"]*\/pay\/[^"]*)"/.exec((await this.get(order)).html);
      if (link) await this.get(link[1]!);
    }
  }

  async signInAs(login: string): Promise<Page> {
    await this.get(`${this.base}/sign-in`);
    const forms = formsOf(this.current!.html).filter((form) => form.method === 'POST');
    const form = forms.find((one) => one.fields.some(([, value]) => value === login)) ?? forms[0]!;
    return this.submit(form.action, { login });
  }

  async acceptTexts(capacity: string): Promise<Page> {
    const page = this.current!;
    const versions = Object.fromEntries(
      ['agreement', 'consent'].map((kind) => [
        kind,
        new RegExp(`name="${kind}"[^>]*value="(\\d+)"|value="(\\d+)"[^>]*name="${kind}"`).exec(page.html),
      ]),
    );
    const version = (kind: string) => versions[kind]?.[1] ?? versions[kind]?.[2] ?? '';
    return this.submit('/welcome', { capacity, agreement: version('agreement'), consent: version('consent') });
  }

  private jar(url: URL): Map<string, string> {
    // Cookies ignore ports, as in a browser.
    const known = this.cookies.get(url.hostname) ?? new Map<string, string>();
    this.cookies.set(url.hostname, known);
    return known;
  }

  private async go(url: URL, init: RequestInit & { headers?: Record<string, string> }): Promise<Page> {
    let target = url;
    let request: RequestInit & { headers?: Record<string, string> } = init;
    for (let hops = 0; hops < 20; hops += 1) {
      const jar = this.jar(target);
      const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(target, {
        ...request,
        redirect: 'manual',
        headers: { accept: 'text/html', ...request.headers, ...(cookie ? { cookie } : {}) },
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';');
        const [name = '', ...value] = pair.split('=');
        const gone = attributes.some((one) => /max-age=0|expires=thu, 01 jan 1970/i.test(one));
        if (gone) jar.delete(name.trim());
        else jar.set(name.trim(), value.join('='));
      }
      const location = response.headers.get('location');
      if (location && response.status >= 300 && response.status < 400) {
        target = new URL(location, target);
        request = {};
        continue;
      }
      this.current = {
        status: response.status,
        url: target.href,
        html: await response.text(),
        headers: response.headers,
      };
      return this.current;
    }
    throw new Error(`too many redirects from ${url}`);
  }
}
