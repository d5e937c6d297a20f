import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf, buildAccount, buildOrganisation } from '../../../tests/support/rows.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { newId, type ReadingId } from '../../platform/ids.ts';
import { decide } from './queries/decisions.ts';
import { lockMeters } from './queries/meters.ts';
import { replaceDeliveries } from './queries/readings.ts';
import { insertMeterAccounts } from './queries/write-meters.ts';
import { submitReadings } from './submit-readings.ts';

/** Two connections at once, made to meet where each holds what the other wants. */
let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
});

const send = (t1: string, hot: string) => {
  const { houseId, personId } = world;
  const common = { houseId, t2: null, t3: null, confirmed: ['jump' as const] };
  const items = [
    { ...common, meterId: world.cold, resource: '1' as const, t1 },
    { ...common, meterId: world.hot, resource: '2' as const, t1: hot },
  ];
  return submitReadings(context, actorOf(personId), items, newId<never>());
};

/** Until so many transactions of this database wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(context.db);
    if (rows[0]!.count >= count) return;
  }
}

test('whoever waits for a device sees the accounts that were tied to it meanwhile', async () => {
  const { houseId, premisesId, cold } = world;
  const providerId = await buildOrganisation(context);
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  let waits: ReturnType<typeof lockMeters>;
  await transaction(context.db, async (trx) => {
    await lockMeters(trx, houseId, [cold]);
    waits = transaction(context.db, (other) => lockMeters(other, houseId, [cold]));
    await waiting(1);
    await insertMeterAccounts(trx, houseId, [{ meterId: cold, accountId, providerId }]);
    await sql`update meter set updated_at = ${context.now} where house_id = ${houseId} and meter_id = ${cold}`.execute(
      trx,
    );
  });
  const [meter] = await waits!;
  expect(meter?.accounts.map((account) => account.providerId)).toContain(providerId);
});

test('a correction of two values and «принять все» do not wait for each other for ever', async () => {
  const recorded = await send('110', '55');
  const [cold, hot] = recorded.flatMap((result) => (result.state === 'saved' ? result.readingId : []));
  const { houseId, manager: organisationId } = world;
  const at = context.now;
  const delivery = (readingId?: ReadingId) =>
    sql`house_id = ${houseId} and reading_id = ${readingId} and provider_id = ${organisationId}`;
  // By its time the first now, by its place in the table the last: without an order of their own two statements meet them in two.
  await sql`update reading_delivery set changed_at = changed_at - interval '1 second' where ${delivery(cold)}`.execute(
    context.db,
  );
  // As in a database that is full, where no table is read from its beginning to its end.
  const byIndex = <T>(work: (trx: Transaction) => Promise<T>) =>
    transaction(context.db, async (trx) => {
      await sql`set local enable_seqscan = off`.execute(trx);
      return work(trx);
    });
  const past = recorded.flatMap((result) =>
    result.state === 'saved'
      ? result.deliveries.map(({ providerId, period }) => ({ readingId: result.readingId, providerId, period }))
      : [],
  );
  let both: Promise<unknown>;
  await transaction(context.db, async (trx) => {
    await sql`select from reading_delivery where ${delivery(hot)} for update`.execute(trx);
    const corrects = byIndex((other) => replaceDeliveries(other, houseId, past, at));
    await waiting(1);
    const by = world.clerk.personId;
    const decision = { from: ['received', 'fetched'], to: 'accepted', reason: null, by, at } as const;
    const accepts = byIndex((other) => decide(other, { ...decision, houseId, organisationId, readingIds: null }));
    both = Promise.all([corrects, accepts]);
    both.catch(() => undefined);
    await waiting(2);
  });
  await expect(both!).resolves.toBeDefined();
});
