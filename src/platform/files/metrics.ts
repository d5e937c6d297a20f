import { Gauge, type Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { DAMAGES, selectStoreHealth } from './queries.ts';

/** What of the store is damaged, and how far behind the looking is. */
export function addFileMetrics(registry: Registry, { db, clock }: Pick<Context, 'db' | 'clock'>): void {
  new Gauge({
    name: 'domovoy_files_damaged',
    help: 'Files that rows name and the store has not, has with other bytes, or cannot read',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { damaged } = await selectStoreHealth(db);
      for (const state of DAMAGES) this.set({ state }, damaged[state]);
    },
  });
  new Gauge({
    name: 'domovoy_files_unchecked_seconds',
    help: 'How long ago the file was looked at that nobody has looked at for longest',
    registers: [registry],
    async collect() {
      const { checkedSince } = await selectStoreHealth(db);
      this.set(checkedSince ? Math.max(0, (clock().getTime() - checkedSince.getTime()) / 1000) : 0);
    },
  });
}
