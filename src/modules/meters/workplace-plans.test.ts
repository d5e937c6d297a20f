import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { createDatabase, createPool, type Db, transaction } from '../../platform/database/database.ts';
import { newId, type ReadingId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { selectBalance, selectUnmeasured } from './queries/balance.ts';
import { selectVersions } from './queries/changes.ts';
import { countWaiting, decide, selectDeliveredMeters, selectWaiting } from './queries/decisions.ts';
import { selectDesk, selectDeskTotals, selectHousesOfDesk } from './queries/desk.ts';
import { markFetched, selectForBilling } from './queries/export.ts';
import { selectRegister } from './queries/register.ts';
import { countMeters, selectOrganisationsOfHouse, writeHouseConsumption } from './queries/summary.ts';

/** What grows with houses, devices and months: no page of the desk may read one of them whole. */
const GROWING = [
  'meter',
  'meter_version',
  'meter_account',
  'meter_resource',
  'reading',
  'reading_delivery',
  'consumption',
  'premises',
  'account',
  'account_place',
  'organisation_house',
  'organisation_meters',
];

let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
  for (let house = 0; house < 3; house += 1) world = await buildMeterWorld(context);
});

/** Runs a query as it is, with each statement explained on the way. */
async function plansOf(run: (db: Db) => Promise<unknown>): Promise<string> {
  const pool = createPool({ url: context.url, connections: 1 });
  const plans: string[] = [];
  const client = await pool.connect();
  // Few rows are read fastest whole; with this the planner takes an index wherever there is one that fits.
  await client.query('analyze');
  await client.query('set enable_seqscan = off');
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const explain = async (text: string, values?: unknown[]) => {
    if (/^\s*(select|with|update|insert|delete)/i.test(text)) {
      const { rows } = await query(`explain ${text}`, values);
      plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
    }
    return query(text, values);
  };
  const proxy = { query: explain, release: () => undefined };
  const db = createDatabase({ connect: async () => proxy, end: async () => undefined } as unknown as pg.Pool, {
    namedStatements: false,
  });
  await run(db);
  client.release();
  await pool.end();
  return plans.join('\n');
}

const register = (db: Db, given: object) =>
  selectRegister(db, {
    houseId: world.houseId,
    organisationId: world.manager,
    period: month('2026-11'),
    dueBy: day('2027-02-01'),
    search: '',
    resource: null,
    state: null,
    after: null,
    limit: 51,
    ...given,
  });
const own = () => ({ houseId: world.houseId, organisationId: world.manager });

const cases: Record<string, (db: Db) => Promise<unknown>> = {
  'the register': (db) => register(db, {}),
  'the register, searched': (db) => register(db, { search: '7', resource: '1', after: world.house }),
  'the register, who did not send': (db) => register(db, { state: 'missing' }),
  'what waits': (db) => selectWaiting(db, { ...own(), after: newId<ReadingId>(), limit: 31 }),
  'how many wait': (db) => countWaiting(db, world.houseId, world.manager),
  'delivered devices': (db) => selectDeliveredMeters(db, world.houseId, world.manager, [newId<ReadingId>()]),
  'all accepted': (db) =>
    transaction(db as never, (trx) =>
      decide(trx, {
        ...own(),
        readingIds: null,
        from: ['received'],
        to: 'accepted',
        reason: null,
        by: world.personId,
        at: context.now,
      }),
    ),
  versions: (db) => selectVersions(db, world.houseId, world.cold, 50),
  'the desk': (db) =>
    selectDesk(db, {
      organisationId: world.manager,
      houses: null,
      search: 'лескова',
      filter: 'missing',
      after: null,
      limit: 51,
    }),
  totals: (db) => selectDeskTotals(db, { organisationId: world.manager, houses: null }),
  'houses of the desk': (db) =>
    selectHousesOfDesk(db, { organisationId: world.manager, houses: null }, world.houseId, 100),
  balance: (db) => selectBalance(db, world.houseId, world.supplier, month('2025-11')),
  'homes without measure': (db) => selectUnmeasured(db, world.houseId, '1', month('2026-11'), 200),
  'the export': (db) => selectForBilling(db, world.houseId, world.manager, month('2026-11')),
  fetched: (db) =>
    transaction(db as never, (trx) =>
      markFetched(trx, { ...own(), period: month('2026-11'), by: world.personId, at: context.now }),
    ),
  'organisations of a house': (db) => selectOrganisationsOfHouse(db, world.houseId),
  counts: (db) =>
    countMeters(db, world.houseId, [{ organisationId: world.manager, period: month('2026-11') }], day('2027-02-01')),
  'the house’s months': (db) => writeHouseConsumption(db, world.houseId, month('2024-01'), context.now),
};

describe('statements of the desk read growing tables by index', () => {
  test.each(Object.entries(cases))('%s', async (_name, run) => {
    const plan = await plansOf(run);
    const whole = GROWING.filter((table) => new RegExp(`Seq Scan on ${table}\\b`).test(plan));
    expect(plan).toContain('Index');
    expect(whole, plan).toEqual([]);
  });
});
