import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import {
  actorOf,
  anOgrn,
  buildEmployee,
  buildOrganisation,
  buildPerson,
  clerkOf,
} from '../../../tests/support/rows.ts';
import { Conflict, Forbidden } from '../../platform/errors.ts';
import { confirmShop } from './confirm-shop.ts';
import { connectOwnShop, connectSplitShop } from './connect-shop.ts';
import { selectOwnShops } from './queries/shops.ts';
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

test('the first shop is the head’s word; another waits for a second person, for the administrator where there is none', async () => {
  const organisationId = await buildOrganisation(context);
  const headId = await buildEmployee(context, organisationId, 'head');
  const head = clerkOf(headId, organisationId, 'head');
  const administrator = actorOf(await buildPerson(context), { administrator: true });
  const active = async () => (await selectOwnShops(context.db, [organisationId])).map(({ shopId }) => shopId);
  const connect = (shopId: string, actor = head) => connectOwnShop(context, actor, { shopId, secret: 'secret' });
  const accountant = clerkOf(await buildPerson(context), organisationId, 'accountant');
  expect(await connect('theirs', accountant)).toBe('asked');
  expect(await connect('first')).toBe('silent');
  // Its key is entered anew: the money goes where it went.
  expect(await connect('first')).toBe('silent');
  expect(await connect('second')).toBe('asked');
  expect(await active()).toEqual(['first']);
  const key = { organisationId, shopId: 'second' };
  await expect(confirmShop(context, head, key)).rejects.toThrow(Forbidden);
  await expect(confirmShop(context, administrator, { ...key, shopId: 'theirs' })).rejects.toThrow(Conflict);
  const stranger = clerkOf(headId, await buildOrganisation(context), 'head');
  await expect(confirmShop(context, stranger, key)).rejects.toThrow(Conflict);
  await confirmShop(context, administrator, key);
  expect(await active()).toEqual(['second']);
  // Where a second person works, it is theirs to say.
  await buildEmployee(context, organisationId, 'accountant');
  await connect('third');
  await expect(confirmShop(context, administrator, { organisationId, shopId: 'third' })).rejects.toThrow(Conflict);
  const { rows } = await sql`select from organisation
    where organisation_id = ${organisationId} and requisites_changed_at is not null`.execute(context.db);
  expect(rows).toHaveLength(1);
});

test('a notification that names what no database holds is passed over', async () => {
  const body = (id: string) => ({ type: 'notification', event: 'payment.succeeded', object: { id } });
  expect(await receiveNotification(context, { shopId: '1', body: body('a\u0000b') })).toBe('ignored');
  expect(await receiveNotification(context, { shopId: 'a\u0000b', body: body('a') })).toBe('ignored');
});
