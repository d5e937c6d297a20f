/** How fast documents are exposed through the door of billing, validation, ledger and allocation included. */

import { exposeDocuments, findImbalances, type NewDocument } from '../src/modules/billing/index.ts';
import { buildDocument, buildHouse } from '../src/modules/billing/test-rows.ts';
import { createDatabase, createPool, transaction } from '../src/platform/database/database.ts';
import { loadRules } from '../src/platform/rules/load.ts';

const ACCOUNTS = 200;
const LINES = 12;
const MONTHS = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];

/** @param url of a migrated database; rows stay in it @returns charge lines a second, by month */
export async function benchExposeDocuments(url: string, houses = 2): Promise<{ linesPerSecond: number[] }> {
  const db = createDatabase(createPool({ url, connections: 2 }));
  try {
    await loadRules(db);
    const linesPerSecond: number[] = [];
    for (let index = 0; index < houses; index += 1) {
      const house = await buildHouse(db, { accounts: ACCOUNTS, requisites: 2 });
      for (const [at, period] of MONTHS.entries()) {
        const documents = house.accountIds.map((accountId, account): NewDocument => {
          const lines = Array.from({ length: LINES }, (_, line) => ({
            payable: 10_000 + line * 100,
            unit: 'м³',
            tariff: '43.270000',
            individual: { amount: '2.345', method: 'M' as const },
            serviceCode: String(line),
            explanation: 'Объём по показаниям прибора учёта × тариф',
            requisiteId: house.requisiteIds[line % 2]!,
          }));
          return buildDocument(house, { accountId, period, number: `${account}`, lines });
        });
        // The issuer repeats every second month's debt, so statements and receipts are in the measure too.
        for (const { body } of documents)
          for (const set of body.requisites) set.stated = 63_000 * (at + 1) + (at % 2 ? 0 : 7);
        const start = performance.now();
        await transaction(db, (trx) => exposeDocuments(trx, { clock: () => new Date() }, house.houseId, documents));
        linesPerSecond.push(Math.round((ACCOUNTS * LINES * 1000) / (performance.now() - start)));
      }
      const wrong = await findImbalances(db, house.houseId);
      if (wrong.length > 0) throw new Error(`${wrong.length} balances do not agree`);
    }
    return { linesPerSecond };
  } finally {
    await db.destroy();
  }
}
