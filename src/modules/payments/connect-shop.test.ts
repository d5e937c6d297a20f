import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { actorOf, anOgrn, buildOrganisation, buildPerson } from '../../../tests/support/rows.ts';
import { connectSplitShop } from './connect-shop.ts';
import { readShops } from './read-shops.ts';
import { receiveNotification } from './receive-notification.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext({ ACQUIRER_API_URL: 'http://127.0.0.1:1/v3' });
});

test('the split shop connected last takes the payments, whoever owned the one before', async () => {
  const administrator = actorOf(await buildPerson(context), { administrator: true });
  const owners = [anOgrn(), anOgrn()];
  for (const ogrn of owners) await buildOrganisation(context, { ogrn });
  for (const [index, ogrn] of [owners[0]!, owners[1]!, owners[0]!].entries()) {
    // A bank that does not answer is no reason to refuse a shop.
    expect(await connectSplitShop(context, administrator, { shopId: `${index}`, secret: 'secret', ogrn })).toBe(
      'silent',
    );
    expect((await readShops(context.db, [])).split?.shopId).toBe(`${index}`);
  }
});

test('a notification that names what no database holds is passed over', async () => {
  const body = (id: string) => ({ type: 'notification', event: 'payment.succeeded', object: { id } });
  expect(await receiveNotification(context, { shopId: '1', body: body('a\u0000b') })).toBe('ignored');
  expect(await receiveNotification(context, { shopId: 'a\u0000b', body: body('a') })).toBe('ignored');
});
