import { sql } from 'kysely';
import { test } from 'vitest';
import { createTestDatabase } from './support/database.ts';
import { readFileSync } from 'node:fs';
test('x', async () => {
  const { db } = await createTestDatabase();
  const fill = /const FILL = `([\s\S]*?)`;/.exec(readFileSync('src/modules/addresses/plans.test.ts', 'utf8'))![1]!;
  await sql.raw(fill).execute(db);
  const show = async (label: string, q: string) => { const { rows } = await sql.raw<any>('explain analyze ' + q).execute(db); console.log(label + '\n' + rows.map((r: any) => r['QUERY PLAN']).join('\n')); };
  const q = (own: string) => `select object_id from address_object where words like any(array[${own}]) and gone_on is null and place_words like any(array['% примерная%'])`;
  await show('any', q(`'% примерная%','% улицаfcafcb%'`));
  await show('one', `select object_id from address_object where words like '% улицаfcafcb%'`);
  await show('or', `select object_id from address_object where (words like '% улицаfcafcb%' or words like '% примерная%')`);
  await sql.raw('set enable_seqscan = off').execute(db);
  await show('any off', q(`'% примерная%','% улицаfcafcb%'`));
  await show('or off', `select object_id from address_object where (words like '% улицаfcafcb%' or words like '% примерная%')`);
}, 60000);
