import { beforeAll, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf, buildAccount, buildLink, buildPerson } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { selectAccountsWithoutReadings, selectEndingVerifications } from './queries/reminders.ts';
import { insertMeterAccounts } from './queries/write-meters.ts';
import { readOwnMeters } from './read-own-meters.ts';
import { readStatistics } from './statistics/read-statistics.ts';
import { submitReadings } from './submit-readings.ts';

/** A flat was sold: the account of who left is closed and still connected, the device charges the next payer's account too. */
let context: TestContext;
let world: MeterWorld;
let next: PersonId;
beforeAll(async () => {
  context = await createMeterContext();
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
  const { houseId, premisesId, manager: providerId, accountId, cold } = world;
  await send(world.personId, '104');
  await context.db
    .updateTable('account')
    .set({ closed_on: '2026-11-18' })
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .execute();
  const fresh = await buildAccount(context, { houseId, providerId, premisesId });
  next = await buildPerson(context);
  await buildLink(context, { personId: next, houseId, accountId: fresh, providerId });
  await context.db
    .deleteFrom('meter_account')
    .where('house_id', '=', houseId)
    .where('account_id', '=', world.suppliedId)
    .execute();
  const tie = { meterId: cold, accountId: fresh, providerId };
  await transaction(context.db, (trx) => insertMeterAccounts(trx, houseId, [tie]));
});

const send = (personId: PersonId, t1: string) => {
  const { houseId, cold: meterId } = world;
  const item = { houseId, meterId, resource: '1' as const, t1, t2: null, t3: null, confirmed: [] };
  return submitReadings(context, actorOf(personId), [item], newId<never>());
};

test('who has moved out sends no values, and sees neither the device nor what the next payer uses', async () => {
  await expect(send(world.personId, '105')).rejects.toBeInstanceOf(NotFound);
  const { houseId, cold: meterId } = world;
  for (const archived of [false, true])
    expect((await readOwnMeters(context, world.personId, { archived })).homes).toEqual([]);
  expect((await readOwnMeters(context, world.personId, { archived: true, only: { houseId, meterId } })).homes).toEqual(
    [],
  );
  expect((await readStatistics(context, actorOf(world.personId), null)).resources).toEqual([]);
});

test('the next payer does', async () => {
  expect((await send(next, '106'))[0]?.state).toBe('saved');
  expect((await readOwnMeters(context, next)).homes).toMatchObject([{ meters: [{ meter: { meterId: world.cold } }] }]);
});

test('nobody reminds who has moved out', async () => {
  const { houseId, manager, accountId, cold } = world;
  await context.db.updateTable('meter').set({ verify_by: '2026-12-18' }).where('meter_id', '=', cold).execute();
  const silent = await selectAccountsWithoutReadings(context.db, houseId, manager, month('2026-12'), day('2026-11-18'));
  expect(silent.map((one) => one.accountId)).not.toContain(accountId);
  const [ending] = await selectEndingVerifications(context.db, houseId, [day('2026-12-18')]);
  expect(ending?.accountIds).not.toContain(accountId);
});
