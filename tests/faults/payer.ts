import type { Recipient } from '../../src/modules/payments/test-rows.ts';

const PAUSE = 150;
const PATIENCE = 120_000;
const pause = () => new Promise((done) => setTimeout(done, PAUSE));

/** A person with a browser who does not give up: every request is sent again until it is answered, as people do with «Обновить». */
export class Payer {
  private readonly site: string;
  private readonly cookie: string;

  constructor(site: string, cookie: string) {
    this.site = site;
    this.cookie = cookie;
  }

  /** Orders, goes to the bank and presses the button there. @returns the path of the order */
  async pay(sums: readonly { to: Recipient; amount: string }[], outcome: string): Promise<string> {
    const page = await this.get('/pay');
    const form: Record<string, string> = { _token: hidden(page, '_token'), _key: hidden(page, '_key') };
    for (const { to, amount } of sums) {
      form[`choose.${to.accountId}.${to.requisiteId}`] = '1';
      form[`sum.${to.accountId}.${to.requisiteId}`] = amount;
    }
    const order = new URL(await this.post('/pay', form), this.site).pathname;
    for (let step = 0; step < sums.length; step += 1) await this.payStep(order, outcome);
    return order;
  }

  /** The first step that nobody has begun yet. */
  private async payStep(order: string, outcome: string): Promise<void> {
    const shown = await this.get(order);
    const begin = /action="([^"]*\/begin)"/.exec(shown)?.[1];
    if (!begin) return;
    let location = await this.post(begin, { _token: hidden(shown, '_token') });
    for (const started = Date.now(); !location.includes('/pay/') || location.includes('/pay/orders/'); ) {
      if (Date.now() - started > PATIENCE) throw new Error(`the bank's page was never offered for ${begin}`);
      await pause();
      location = await this.post(begin, { _token: hidden(shown, '_token') });
    }
    await again(() =>
      fetch(location, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' }).then(
        (answer) => answer.status === 303 || answer.status === 302 || null,
      ),
    );
    // Back from the bank: the page asks what became of it.
    await this.get(order);
  }

  private get(path: string): Promise<string> {
    return again(async () => {
      const answer = await fetch(this.site + path, { headers: { cookie: this.cookie }, redirect: 'manual' });
      const body = await answer.text();
      return answer.status === 200 ? body : null;
    });
  }

  /** Sends until it is answered by a redirect; the same form each time. */
  private post(path: string, form: Record<string, string>): Promise<string> {
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

const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

async function again<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (const started = Date.now(); ; ) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    if (Date.now() - started > PATIENCE) throw new Error('the site did not come back');
    await pause();
  }
}
