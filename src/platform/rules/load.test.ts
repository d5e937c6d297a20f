import { expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { loadRules } from './load.ts';

test('a release overwrites no row of an operator, and tells which of its own it has compared with the law', async () => {
  const { db } = await createTestContext();
  await loadRules(db);
  const rows = () =>
    db
      .selectFrom('dated_rule')
      .select(['key', 'value', 'mark'])
      .where('key', 'in', ['keep.payments', 'allocation.limitation_years', 'appeal.state.forward_days', 'keep.appeals'])
      .orderBy('key')
      .execute();
  await db.updateTable('dated_rule').set({ mark: 'unchecked' }).execute();
  await db
    .updateTable('dated_rule')
    .set({ value: '7', source: 'Приказ оператора' })
    .where('key', '=', 'keep.payments')
    .execute();
  await db
    .updateTable('dated_rule')
    .set({ valid_to: '2026-01-01' })
    .where('key', '=', 'appeal.state.forward_days')
    .execute();
  await loadRules(db);
  expect(await rows()).toEqual([
    { key: 'allocation.limitation_years', value: '3', mark: 'checked' },
    { key: 'appeal.state.forward_days', value: '7', mark: 'unchecked' },
    { key: 'keep.appeals', value: '5', mark: 'unchecked' },
    { key: 'keep.payments', value: '7', mark: 'unchecked' },
  ]);
});
