import type { Recipient } from '../../src/modules/payments/test-rows.ts';
import { sleep } from './installation.ts';
import { again, hidden, PATIENCE, Patient } from './patient.ts';

export class Payer extends Patient {
  /** Orders, goes to the bank and presses the button there. @returns the path of the order */
  async pay(sums: readonly { to: Recipient; amount: string }[], outcome: string): Promise<string> {
    const page = await this.get('/pay');
    const form: Record<string, string> = { _token: hidden(page, '_token'), _key: hidden(page, '_key') };
    for (const { to, amount } of sums) {
      form[`choose.${to.accountId}.${to.requisiteId}`] = '1';
      form[`sum.${to.accountId}.${to.requisiteId}`] = amount;
    }
    const order = new URL(await this.post('/pay', form), this.world.site).pathname;
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
      await sleep(150);
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
}
