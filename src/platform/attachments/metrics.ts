import { Gauge, type Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { countWaiting, selectTrial } from './queries.ts';

/** How many attached files wait, and whether the scanner's word counts (only where one is set). */
export function addAttachmentMetrics(registry: Registry, { db, config: { CLAMD_URL } }: Context): void {
  new Gauge({
    name: 'domovoy_files_waiting',
    help: 'Attached files that are not judged yet; state tried: at least one try to scan them failed',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { waiting, stuck } = await countWaiting(db);
      this.set({ state: 'new' }, waiting - stuck);
      this.set({ state: 'tried' }, stuck);
    },
  });
  if (!CLAMD_URL) return;
  new Gauge({
    name: 'domovoy_scanner_trusted',
    help: 'Whether the last trial of clamd showed that its word counts',
    registers: [registry],
    async collect() {
      const trial = await selectTrial(db, CLAMD_URL);
      this.set(trial && trial.problem === null ? 1 : 0);
    },
  });
}
