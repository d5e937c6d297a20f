import { Gauge, type Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { countUnsentMail } from './queries.ts';

/** How many letters have not gone out. */
export function addMailMetrics(registry: Registry, { db }: Context): void {
  new Gauge({
    name: 'domovoy_mail_unsent',
    help: 'Letters of the last 90 days that have not gone out; state refused: none of them is tried again',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      for (const [state, count] of Object.entries(await countUnsentMail(db))) this.set({ state }, count);
    },
  });
}
