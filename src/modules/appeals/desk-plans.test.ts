import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildOrganisation } from '../../../tests/support/rows.ts';
import type { Db, Transaction } from '../../platform/database/database.ts';
import { type AppealId, newId, type OrganisationId, type PersonId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import {
  ANSWERED_LOOKED_THROUGH,
  COUNTED_AT_MOST,
  countQueue,
  NO_FILTER,
  type QueueView,
  selectAnswered,
  selectDeskLines,
  selectDeskLinesOf,
  selectQueue,
} from './queries/desk.ts';
import { selectNotes } from './queries/notes.ts';
import { recountMonth, selectByHouse, selectCells, selectTotals } from './queries/statistics.ts';
import { explained, fillDesk } from './test-desk.ts';

const ROWS = 60_000;
const PAGE = 51;
const now = new Date('2026-11-05T09:00:00Z');
const today = day('2026-11-05');
const personId = newId<PersonId>();
let context: TestContext;
let organisationId: OrganisationId;

beforeAll(async () => {
  context = await createTestContext();
  const { db } = context;
  organisationId = await buildOrganisation(context);
  const other = await buildOrganisation(context);
  await fillDesk(db, organisationId, ROWS);
  await fillDesk(db, other, 5000);
  // Some are mine, and an inspectorate has all appeals of its territory without a performer.
  await sql`update desk_appeal set performer_id = ${personId}, performer_name = 'Служащая'
    where organisation_id = ${organisationId} and is_open and topic_code like '3.%'`.execute(db);
  await sql`update desk_appeal set first_due_at = received_at + interval '30 minutes'
    where organisation_id = ${organisationId} and is_open and emergency and kind = 'appeal'`.execute(db);
  await sql`
    insert into desk_appeal select * from (
      select (jsonb_populate_record(row, jsonb_build_object('kind', 'territory', 'desk_id', gen_random_uuid(), 'performer_id', null))).*
      from desk_appeal row where organisation_id = ${organisationId}) territory`.execute(db);
  await sql`analyze desk_appeal`.execute(db);
}, 180_000);

const queue = (db: Db, given: Partial<Parameters<typeof selectQueue>[1]>) =>
  selectQueue(db, {
    organisationId,
    houses: null,
    personId,
    view: 'open',
    filter: NO_FILTER,
    now,
    after: null,
    limit: PAGE,
    ...given,
  });

describe(`the desk over ${2 * ROWS} rows`, () => {
  test.each(['open', 'mine', 'unassigned', 'requests'] as QueueView[])(
    'a page of «%s» touches little more than it shows, the first and the later ones',
    async (view) => {
      const first = await explained(context.url, (db) => queue(db, { view }));
      expect(first.kinds).not.toContain('Seq Scan');
      expect(first.result.length).toBeGreaterThan(20);
      expect(first.touched).toBeLessThanOrEqual(10 * first.result.length);
      const last = first.result.at(-1)!;
      for (const settings of [[], ['set plan_cache_mode = force_generic_plan']]) {
        const next = await explained(context.url, (db) => queue(db, { view, after: last }), settings);
        expect(next.kinds).not.toContain('Seq Scan');
        expect(next.touched).toBeLessThanOrEqual(10 * PAGE);
        expect(next.result.some(({ deskId }) => deskId === last.deskId)).toBe(false);
      }
    },
  );

  test('emergencies that wait for first measures stand first, and pages go on from each of them', async () => {
    const all = await queue(context.db, {});
    const urgent = all.filter(({ firstDueAt }) => firstDueAt);
    expect(urgent.length).toBeGreaterThan(5);
    expect(all.slice(0, urgent.length)).toEqual(urgent);
    expect(urgent.map(({ firstDueAt }) => firstDueAt!.getTime())).toEqual(
      urgent.map(({ firstDueAt }) => firstDueAt!.getTime()).toSorted((a, b) => a - b),
    );
    for (const index of [0, urgent.length - 1, urgent.length]) {
      const { result, touched, kinds } = await explained(context.url, (db) =>
        queue(db, { after: all[index]!, limit: 3 }),
      );
      expect(result).toEqual(all.slice(index + 1, index + 4));
      expect(kinds).not.toContain('Seq Scan');
      expect(touched).toBeLessThanOrEqual(PAGE);
    }
  });

  test('overdue ones are the beginning of the queue', async () => {
    const { result, touched, kinds } = await explained(context.url, (db) => queue(db, { view: 'overdue' }));
    expect(kinds).not.toContain('Seq Scan');
    expect(result.every(({ dueOn }) => dueOn! < today)).toBe(true);
    expect(touched).toBeLessThanOrEqual(10 * PAGE);
  });

  test('a condition looks through the open rows alone', async () => {
    const open = ROWS * 0.02;
    const filter = { ...NO_FILTER, address: 'лескова нигде', emergency: true };
    const { result, touched, kinds } = await explained(context.url, (db) => queue(db, { filter }));
    expect(result).toEqual([]);
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(2 * open);
  });

  test('what is answered: the last closed first, by key; a condition looks through a bounded number', async () => {
    const read = (db: Db, given: object = {}) =>
      selectAnswered(db, { organisationId, houses: null, filter: NO_FILTER, after: null, limit: PAGE, ...given });
    const { result, touched, kinds } = await explained(context.url, (db) => read(db));
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(10 * PAGE);
    const last = result.at(-1)!;
    const next = await explained(context.url, (db) =>
      read(db, { after: { closedAt: last.closedAt!, deskId: last.deskId } }),
    );
    expect(next.touched).toBeLessThanOrEqual(10 * PAGE);
    expect(next.result[0]!.closedAt! <= last.closedAt!).toBe(true);
    const rare = await explained(context.url, (db) => read(db, { filter: { ...NO_FILTER, address: 'нигде' } }));
    expect(rare.kinds).not.toContain('Seq Scan');
    expect(rare.touched).toBeLessThanOrEqual(3 * 2 * ANSWERED_LOOKED_THROUGH);
  });

  test('counts end at a thousand', async () => {
    const { result, touched, kinds } = await explained(context.url, (db) =>
      countQueue(db, { organisationId, houses: null, personId, now }),
    );
    expect(kinds).not.toContain('Seq Scan');
    expect(result).toMatchObject({ open: COUNTED_AT_MOST, mine: expect.any(Number), requests: 24 });
    // Emergencies are looked for among the open ones.
    expect(touched).toBeLessThanOrEqual(6 * COUNTED_AT_MOST + 2 * ROWS * 0.02);
  });

  test('one appeal’s rows and notes, and a month’s count, go by index', async () => {
    const [line] = await queue(context.db, {});
    const reads: ((db: Db) => Promise<unknown>)[] = [
      (db) => selectDeskLines(db, { organisationId, houses: null }, line!.appealId),
      (db) => selectDeskLinesOf(db, { organisationId, houses: null }, [line!.deskId]),
      (db) => selectNotes(db, organisationId, newId<AppealId>()),
      (db) => recountMonth(db as Transaction, organisationId, month('2026-09')),
    ];
    for (const read of reads) expect((await explained(context.url, read)).kinds).not.toContain('Seq Scan');
    const of = { organisationId, houses: null, kind: 'appeal', from: month('2026-01'), to: month('2026-11') } as const;
    expect((await selectTotals(context.db, of))?.received).toBeGreaterThan(1000);
    expect(await selectByHouse(context.db, of, 10)).toHaveLength(10);
    expect(await selectCells(context.db, of, null, 5)).toHaveLength(5);
  });
});
