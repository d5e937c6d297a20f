import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { newId, type OrganisationId } from '../../platform/ids.ts';
import { recountLater } from './recount-desk.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
});

test('changes that touch the same desks in another order do not wait for one another crosswise', async () => {
  const rows = Array.from({ length: 8 }, () => ({
    organisation_id: newId<OrganisationId>(),
    received_at: context.now,
  }));
  const changes = Array.from({ length: 30 }, (_, change) =>
    transaction(context.db, (trx) => recountLater(trx, change % 2 ? rows : rows.toReversed(), context.now)),
  );
  expect(await Promise.allSettled(changes)).toEqual(changes.map(() => ({ status: 'fulfilled', value: undefined })));
});
