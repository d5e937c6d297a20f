import { test } from 'vitest';
import { benchGar } from '../bench/gar.ts';
import { sql } from 'kysely';
import { createTestContext } from './support/context.ts';
import { searchAddresses } from '../src/modules/addresses/index.ts';
test('bench', async () => {
  const c = await createTestContext();
  console.log(JSON.stringify(await benchGar(c, Number(process.env.N ?? 100000)), null, 1));
  const { rows } = await sql<Record<string,string>>`select relname, pg_size_pretty(pg_relation_size(oid)) as size from pg_class where relname like 'address_%' and pg_relation_size(oid) > 100000 order by pg_relation_size(oid) desc`.execute(c.db);
  console.log(rows.map((r) => `${r.relname} ${r.size}`).join('\n'));
  for (const q of ['городок0 лесная 2', 'лесная 5', 'мира 12к2 городок77', 'лисная 5 городок12', 'пушкина']) {
    const t = performance.now(); const r = await searchAddresses(c.db, q);
    const t2 = performance.now(); await searchAddresses(c.db, q);
    console.log(q, Math.round(t2 - t), Math.round(performance.now() - t2), r.houses[0]?.full, r.houses[0]?.exact);
  }
}, 900000);
