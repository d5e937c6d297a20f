import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildBill,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
} from '../../../../tests/support/rows.ts';
import { createDatabase, createPool, type Db } from '../../../platform/database/database.ts';
import {
  type AccountId,
  type FileId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../../platform/ids.ts';
import { month } from '../../../platform/month.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { readLastCharges } from '../../billing/index.ts';
import { selectAccountsAtHome } from '../../home/queries.ts';
import { placeKey, upsertPremises } from '../../houses/index.ts';
import { selectPhotoReading } from '../queries/photos.ts';
import { selectHistory } from '../queries/readings.ts';
import { readOwnMeters } from '../read-own-meters.ts';
import { submitReadings } from '../submit-readings.ts';

/** Tables that grow with houses and months: a resident's page reads none of them whole. */
const GROWING = [
  'account',
  'account_link',
  'account_place',
  'consumption',
  'meter',
  'meter_account',
  'meter_resource',
  'payment_document',
  'premises',
  'reading',
  'reading_delivery',
];

let context: TestContext;
let personId: PersonId;
let houseId: HouseId;
let accountId: AccountId;
let providerId: OrganisationId;
let meterId: MeterId;

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  personId = await buildPerson(context);
  for (let home = 0; home < 3; home += 1) {
    providerId = await buildOrganisation(context);
    houseId = await buildHouse(context);
    const rows = [{ category: 'residential' as const, number: '7' }];
    const premisesId = (await upsertPremises(context.db, houseId, rows, context.now)).get(placeKey(rows[0]!))!;
    accountId = await buildAccount(context, { houseId, providerId, premisesId });
    await buildLink(context, { personId, houseId, accountId, providerId });
    await buildBill(context, { houseId, accountId, providerId, payable: 100 });
    for (let device = 0; device < 5; device += 1)
      meterId = await buildMeter(context, {
        houseId,
        premisesId,
        accounts: [{ accountId, providerId }],
        base: { on: '2026-10-20', t1: '100' },
      });
    const value = { houseId, meterId, resource: '1' as const, t1: '105', t2: null, t3: null, confirmed: [] };
    await submitReadings(context, actorOf(personId), [value], newId());
  }
});

interface Seen {
  plans: string[];
  statements: number;
}

/** Runs a reading as it is, with each statement explained on the way. */
async function look(run: (db: Db) => Promise<unknown>): Promise<Seen> {
  const pool = createPool({ url: context.url, connections: 1 });
  const seen: Seen = { plans: [], statements: 0 };
  const client = await pool.connect();
  // Few rows are read fastest whole; with this the planner takes an index wherever there is one that fits.
  await client.query('analyze');
  await client.query('set enable_seqscan = off');
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const explain = async (text: string, values?: unknown[]) => {
    seen.statements += 1;
    const { rows } = await query(`explain ${text}`, values);
    seen.plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
    return query(text, values);
  };
  // One connection: statements that go together come one after another.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (text: string, values?: unknown[]) => {
    const next = last.then(() => explain(text, values));
    last = next.catch(() => undefined);
    return next;
  };
  const proxy = { query: inTurn, release: () => undefined };
  const db = createDatabase({ connect: async () => proxy, end: async () => undefined } as unknown as pg.Pool, {
    namedStatements: false,
  });
  await run(db);
  client.release();
  await pool.end();
  return seen;
}

const cases: Record<string, (db: Db) => Promise<unknown>> = {
  'all devices of a person': (db) => readOwnMeters({ ...context, db }, personId, { archived: true }),
  'one device': (db) => readOwnMeters({ ...context, db }, personId, { only: { houseId, meterId } }),
  'the history of a device': (db) => selectHistory(db, houseId, meterId, { after: null, limit: 13 }),
  'a picture, for its sender': (db) => selectPhotoReading(db, houseId, meterId, newId<FileId>(), { personId }),
  'a picture, for an organisation': (db) =>
    selectPhotoReading(db, houseId, meterId, newId<FileId>(), { organisationId: providerId }),
  'the last charges': (db) => readLastCharges(db, houseId, [accountId]),
  'accounts at home': (db) =>
    selectAccountsAtHome(db, houseId, [accountId], month('2026-10'), [`organisation:${providerId}`]),
};

describe('a resident’s pages read growing tables by index', () => {
  it.each(Object.entries(cases))('%s', async (_name, run) => {
    const plan = (await look(run)).plans.join('\n');
    expect(plan).toContain('Index');
    expect(
      GROWING.filter((table) => new RegExp(`Seq Scan on ${table}\\b`).test(plan)),
      plan,
    ).toEqual([]);
  });

  it('all devices take four statements and eight for each home, whatever their number', async () => {
    expect((await look(cases['all devices of a person']!)).statements).toBe(4 + 3 * 8);
  });
});
