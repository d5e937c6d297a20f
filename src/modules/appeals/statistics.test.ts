import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildAppeal, buildDesk, createAppealContext } from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildHouse, buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { transaction } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { month } from '../../platform/month.ts';
import { assessAnswer } from './assess-answer.ts';
import { recountMonth, selectByHouse, selectByMonth, selectByTopic, selectTotals } from './queries/statistics.ts';
import { recountDesk } from './recount-desk.ts';
import { saveAnswer } from './save-answer.ts';
import { sendAnswer } from './send-answer.ts';
import { fillDesk } from './test-desk.ts';

let context: TestContext;
let app: FastifyInstance;
beforeAll(async () => {
  context = await createAppealContext();
  app = await createApp(context, { assetsFolder: 'tests/support' });
});
afterAll(() => app.close());

type Desk = Awaited<ReturnType<typeof buildDesk>>;
const at = (day: string) => {
  context.now = new Date(`${day}T09:00:00Z`);
};

async function answer(desk: Desk, appeal: Awaited<ReturnType<typeof buildAppeal>>): Promise<void> {
  const { houseId, appealId, partId } = appeal;
  const key = { houseId, appealId, partId };
  const draft = { number: '', outcome: 'explained' as const, performerPost: '', text: 'Ответ', interim: false };
  const { answerId } = await saveAnswer(context, desk.clerk, { ...key, ...draft });
  await sendAnswer(context, desk.clerk, { ...key, answerId, key: newId() });
}

test('a change has the month counted anew: what came, what was answered in term, and how it was taken', async () => {
  const desk = await buildDesk(context);
  const [one, two] = [await buildHouse(context), await buildHouse(context)];
  at('2026-09-01');
  const [quick, late, open] = [
    await buildAppeal(context, { addressee: desk, houseId: one }),
    await buildAppeal(context, { addressee: desk, houseId: one }),
    await buildAppeal(context, { addressee: desk, houseId: two, topicCode: '2.5', topicName: 'Протечка' }),
  ];
  at('2026-09-03');
  await answer(desk, quick);
  await assessAnswer(context, actorOf(quick.authorId), {
    houseId: quick.houseId,
    appealId: quick.appealId,
    assessment: 'full',
    comment: '',
  });
  at('2026-10-01');
  await answer(desk, late);
  const { rows } = await jobsOf(desk);
  expect(rows).toEqual([`appeals.recount ${desk.organisationId} 2026-09`]);
  const payload = { organisationId: desk.organisationId, month: month('2026-09') };
  for (let run = 0; run < 2; run += 1) await recountDesk.run(context, payload, context.log);

  const of = {
    organisationId: desk.organisationId,
    houses: null,
    kind: 'appeal',
    from: month('2026-08'),
    to: month('2026-11'),
  } as const;
  const figures = { received: 3, open: 1, executed: 2, late: 1, satisfied: 1, partly: 0, unsatisfied: 0 };
  expect(await selectTotals(context.db, of)).toMatchObject({ ...figures, mean: 16, median: 16 });
  expect(await selectByMonth(context.db, of)).toMatchObject([{ key: '2026-09', ...figures }]);
  expect(await selectByTopic(context.db, of)).toMatchObject([
    { key: '1.3', received: 2, executed: 2 },
    { key: '2.5', received: 1, executed: 0, median: null },
  ]);
  expect(await selectByHouse(context.db, of, 1)).toMatchObject([{ key: one, received: 2 }]);
  expect(open.partId).toBeTruthy();

  const clerk = await signIn(context, app, desk.clerkId, desk.organisationId);
  const page = await clerk.get('/work/appeals/statistics?from=2026-08&to=2026-11');
  expect(page.statusCode).toBe(200);
  expect(page.body).toMatch(/50.%/);
  const file = await clerk.get('/work/appeals/statistics.csv?from=2026-08&to=2026-11');
  expect(file.body).toMatch(/^\ufeffМесяц поступления;/);
  expect(file.body).toContain('2026-09;1.3;');
  expect(file.body.trim().split('\r\n')).toHaveLength(3);
  const empty = await clerk.get('/work/appeals/statistics?from=2026-10&to=2026-11');
  expect(empty.body).toContain('За этот период обращений не было');
});

const jobsOf = async (desk: Desk) => {
  const rows = await context.db
    .selectFrom('graphile_worker.jobs' as never)
    .select('key' as never)
    .where('key' as never, 'like', `appeals.recount ${desk.organisationId}%` as never)
    .execute();
  return { rows: rows.map((row) => (row as { key: string }).key) };
};

test('residents and strangers see no statistics', async () => {
  const resident = await signIn(context, app, await buildPerson(context));
  for (const path of ['/work/appeals/statistics', '/work/appeals/statistics.csv']) {
    expect((await app.inject({ url: path })).headers.location).toMatch(/^\/sign-in/);
    expect((await resident.get(path)).statusCode).toBe(403);
  }
});

test('the roll-up of many rows is what the rows say', async () => {
  const desk = await buildDesk(context);
  await fillDesk(context.db, desk.organisationId, 5000);
  await transaction(context.db, (trx) => recountMonth(trx, desk.organisationId, month('2026-09')));
  const of = {
    organisationId: desk.organisationId,
    houses: null,
    kind: 'appeal',
    from: month('2026-09'),
    to: month('2026-09'),
  } as const;
  const { received, open, executed, median } = (await selectTotals(context.db, of))!;
  const rows = await context.db
    .selectFrom('desk_appeal')
    .select('is_open')
    .where('organisation_id', '=', desk.organisationId)
    .where('kind', '=', 'appeal')
    .where('received_at', '>=', new Date('2026-08-31T21:00:00Z'))
    .where('received_at', '<', new Date('2026-09-30T21:00:00Z'))
    .execute();
  expect(received).toBe(rows.length);
  expect(open).toBe(rows.filter((row) => row.is_open).length);
  expect(executed + open).toBe(received);
  expect(median).toBe(3);
});
