import { sql } from 'kysely';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { createDatabase, createPool, type Db } from '../database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type PersonId } from '../ids.ts';
import { day } from '../month.ts';
import * as looks from './queries/looks.ts';

const personId = newId<PersonId>();
const houseId = newId<HouseId>();
const accountId = newId<AccountId>();
const organisationId = newId<OrganisationId>();
let context: TestContext;

beforeAll(async () => {
  context = await createTestContext();
  for (const [table, keys, values] of [
    ['person_look', 'person_id', sql`case when n % 50 = 0 then ${personId}::uuid else gen_random_uuid() end`],
    [
      'home_look',
      'house_id, about_id',
      sql`case when n % 5 = 0 then ${houseId}::uuid else gen_random_uuid() end,
        case when n % 50 = 0 then ${accountId}::uuid else gen_random_uuid() end`,
    ],
  ] as const)
    await sql`insert into ${sql.table(table)} (${sql.raw(keys)}, look_id, day, viewer_id, viewer_name, viewer_role, organisation_id,
        thing_id, what, masked, first_at, last_at)
      select ${values}, gen_random_uuid(), date '2024-01-01' + n % 900, gen_random_uuid(), 'Кто-то', 'clerk', gen_random_uuid(),
        gen_random_uuid(), 'Лицевой счёт', true, now(), now() from generate_series(1, 20000) n`.execute(context.db);
  await sql`analyze`.execute(context.db);
}, 60_000);

async function plansOf(run: (db: Db) => Promise<unknown>): Promise<string> {
  const pool = createPool({ url: context.url, connections: 1 });
  const client = await pool.connect();
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const plans: string[] = [];
  const explain = async (text: string, values?: unknown[]) => {
    const { rows } = await query(`explain ${text}`, values);
    plans.push(...rows.map((row) => (row as { 'QUERY PLAN': string })['QUERY PLAN']));
    return query(text, values);
  };
  const proxy = { query: explain, release: () => undefined };
  await run(
    createDatabase({ connect: async () => proxy, end: async () => undefined } as unknown as pg.Pool, {
      namedStatements: false,
    }),
  );
  client.release();
  await pool.end();
  return plans.join('\n');
}

const filter = { organisationId: null, from: day('2020-01-01'), to: day('2030-01-01'), after: null, limit: 50 };
const row = {
  viewerId: newId<PersonId>(),
  viewerName: 'Кто-то',
  viewerRole: 'clerk',
  organisationId,
  day: day('2026-11-10'),
  thingId: newId() as string,
  what: 'Прибор',
  masked: true,
  purpose: '',
  at: new Date('2026-11-10T09:00:00Z'),
};
const home = {
  houseId,
  mine: [accountId as string, houseId as string].map((aboutId) => ({
    aboutId,
    since: new Date('2020-01-01T00:00:00Z'),
    until: null,
  })),
  providers: [organisationId],
};
const long = new Date('2023-01-01T00:00:00Z');

test.each([
  ['a page of a person', (db: Db) => looks.selectPersonLooks(db, personId, filter)],
  ['the next page of a person', (db: Db) => looks.selectPersonLooks(db, personId, { ...filter, after: newId() })],
  ['a page of a home', (db: Db) => looks.selectHomeLooks(db, home, filter)],
  ['who looked at a person', (db: Db) => looks.selectPersonViewers(db, personId)],
  ['who looked at a home', (db: Db) => looks.selectHomeViewers(db, home)],
  ['a look at a person', (db: Db) => looks.writePersonLook(db, personId, row)],
  [
    'a look at many homes',
    (db: Db) =>
      looks.writeHomeLooks(
        db,
        Array.from({ length: 100 }, () => ({
          houseId: newId<HouseId>(),
          aboutId: newId<AccountId>(),
          providerId: null,
        })),
        row,
      ),
  ],
  ['the sweep of people', (db: Db) => looks.deletePersonLooksBefore(db, long, 100)],
  ['the sweep of homes', (db: Db) => looks.deleteHomeLooksBefore(db, long, 100)],
])('%s reads no table whole', async (_, run) => {
  expect(await plansOf(run)).not.toMatch(/Seq Scan on (person|home)_look/);
});
