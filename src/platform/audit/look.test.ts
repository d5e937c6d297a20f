import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildHouse, buildOrganisation, buildPerson, clerkOf } from '../../../tests/support/rows.ts';
import type { System } from '../access.ts';
import { transaction } from '../database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type PersonId } from '../ids.ts';
import { type Day, day } from '../month.ts';
import { auditLook, type HomeOfLook, homeLooks, personLooks } from './audit.ts';

let context: TestContext;
let houseId: HouseId;
let organisationId: OrganisationId;
let clerkId: PersonId;
let subject: PersonId;
beforeAll(async () => {
  context = await createTestContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  houseId = await buildHouse(context);
  organisationId = await buildOrganisation(context);
  clerkId = await buildPerson(context);
  subject = await buildPerson(context);
});

const ALL = { organisationId: null, from: day('2020-01-01'), to: day('2030-01-01'), after: null, limit: 50 };
const EVER = { since: new Date('2020-01-01T00:00:00Z'), until: null };
const look = (given: Partial<Parameters<typeof auditLook>[2]> = {}) =>
  auditLook(context.db, clerkOf(clerkId, organisationId), {
    action: 'test.looked',
    at: context.now,
    what: 'Обращение № 1',
    thingId: houseId,
    subjects: [subject],
    ...given,
  });
const atHome = (about: string, providers: OrganisationId[] = [], times = EVER) =>
  homeLooks(context.db, { houseId, mine: [{ aboutId: about, ...times }], providers }, ALL);
const listed = (home: Partial<HomeOfLook>) => look({ subjects: [], homes: [{ houseId, ...home }] });

test('a look that cannot be written shows nothing: the journal and the line are one transaction', async () => {
  await expect(
    transaction(context.db, async (trx) => {
      await auditLook(trx, clerkOf(clerkId, organisationId), {
        action: 'test.looked',
        at: context.now,
        what: 'x',
        thingId: houseId,
        subjects: [subject],
      });
      throw new Error('no page');
    }),
  ).rejects.toThrow('no page');
  expect(await personLooks(context.db, subject, ALL)).toEqual([]);
  const events = await context.db.selectFrom('audit_event').select('action').where('person_id', '=', clerkId).execute();
  expect(events).toEqual([]);
});

test('looks of one day at one thing are one line; another purpose, viewer or day is another', async () => {
  await look();
  context.now = new Date('2026-11-10T15:00:00Z');
  await look();
  await look({ purpose: 'Проверка начислений' });
  // Already the next day in Moscow.
  context.now = new Date('2026-11-10T21:30:00Z');
  await look();
  const lines = await personLooks(context.db, subject, ALL);
  expect(lines.map(({ times, purpose }) => [times, purpose])).toEqual([
    [1, ''],
    [1, 'Проверка начислений'],
    [2, ''],
  ]);
  expect(lines[2]).toMatchObject({ viewerRole: 'clerk', organisationId, masked: false });
  expect(lines[2]!.lastAt).toEqual(new Date('2026-11-10T15:00:00Z'));
  const journal = await context.db.selectFrom('audit_event').selectAll().where('person_id', '=', clerkId).execute();
  expect(journal).toHaveLength(4);
});

test('many at once lose no line and make no second one', async () => {
  await Promise.all(Array.from({ length: 8 }, () => look()));
  expect(await personLooks(context.db, subject, ALL)).toHaveLength(1);
});

test('of an account tells who has it, from the moment it is theirs', async () => {
  const accountId = newId<AccountId>();
  await listed({ about: [accountId], accountId });
  expect(await atHome(accountId)).toHaveLength(1);
  expect(await atHome(newId())).toEqual([]);
  expect(await atHome(accountId, [], { since: new Date('2026-11-11T00:00:00Z'), until: null })).toEqual([]);
});

test('a list of an organisation’s accounts is told to those who have an account of it', async () => {
  await listed({ providerId: organisationId });
  expect(await atHome(houseId)).toEqual([]);
  expect(await atHome(houseId, [organisationId])).toHaveLength(1);
  await listed({});
  expect(await atHome(houseId)).toHaveLength(1);
});

test('a program is named as one, and many houses are one event of the journal', async () => {
  const other = await buildHouse(context);
  const system: System = { kind: 'system', organisationId, keyId: newId(), madeBy: clerkId };
  await auditLook(context.db, system, {
    action: 'test.read',
    at: context.now,
    what: 'Показания дома',
    thingId: organisationId,
    homes: [{ houseId }, { houseId: other }],
  });
  expect(await atHome(houseId)).toMatchObject([{ viewerRole: 'system', viewerName: '' }]);
  const journal = await context.db
    .selectFrom('audit_event')
    .select('details')
    .where('person_id', '=', clerkId)
    .execute();
  expect(journal).toEqual([{ details: { houses: 2 } }]);
});

test('pages go by key; neither page nor filter reads what it does not show', async () => {
  await sql`insert into person_look (person_id, look_id, day, viewer_id, viewer_name, viewer_role, organisation_id, thing_id, what, masked,
      first_at, last_at)
    select ${subject}, gen_random_uuid(), date '2026-01-01' + n % 200, gen_random_uuid(), 'Кто-то', 'clerk', ${organisationId},
      gen_random_uuid(), 'Лицевой счёт', true, now(), now() from generate_series(1, 3000) n`.execute(context.db);
  await sql`analyze person_look`.execute(context.db);
  const seen = new Set<string>();
  let after: string | null = null;
  for (;;) {
    const page: { lookId: string }[] = await personLooks(context.db, subject, { ...ALL, after, limit: 500 });
    if (page.length === 0) break;
    for (const { lookId } of page) seen.add(lookId);
    after = page.at(-1)!.lookId;
  }
  expect(seen.size).toBe(3000);
  const march = await personLooks(context.db, subject, {
    ...ALL,
    from: '2026-03-01' as Day,
    to: '2026-03-31' as Day,
    limit: 5000,
  });
  expect(march.length).toBeGreaterThan(400);
  const { rows } = await sql<{
    'QUERY PLAN': string;
  }>`explain select look_id from person_look where person_id = ${subject}
    and look_id < ${newId()}::uuid order by look_id desc limit 50`.execute(context.db);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
});
