import { beforeEach, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  buildScene,
  createAppealContext,
  lettersTo,
  readWhole,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { extendTerm, registerAppeal, requestInformation, saveAnswer, sendAnswer } from './index.ts';
import { watchTerms } from './watch-terms.ts';

let context: TestContext;
beforeEach(async () => {
  context = await createAppealContext();
  return () => context.db.destroy();
});

async function watchAt(moment: string) {
  context.now = new Date(moment);
  await watchTerms(context);
}
const plainLines = async (mailbox: Parameters<typeof lettersTo>[1]) =>
  (await lettersTo(context, mailbox)).map(({ body }) => body.split('\n\n')[0]!.replaceAll('\u00a0', ' '));

test('an organisation is reminded at 50, 80 and 100 % in one letter for all, and each once', async () => {
  const { part, desk, appeal } = await buildScene(context);
  const second = await buildAppeal(context, { addressee: desk });
  await watchAt('2026-11-17T14:50:00Z');
  expect(await lettersTo(context, desk.organisationId)).toEqual([]);
  await watchAt('2026-11-17T15:00:00Z');
  await watchAt('2026-11-17T15:10:00Z');
  await watchAt('2026-11-22T00:00:00Z');
  await watchAt('2026-11-24T21:00:00Z');
  await watchAt('2026-11-24T21:10:00Z');
  const letters = await plainLines(desk.organisationId);
  expect(letters).toHaveLength(3);
  for (const letter of letters) for (const { number } of [appeal, second]) expect(letter).toContain(number);
  expect(letters[0]).toContain('прошло 50 % срока, ответьте до 24 ноября 2026 г. включительно');
  expect(letters[2]).toContain('ответа нет');
  expect((await readWhole(context, part)).parts[0]).toMatchObject({ reminded: 100 });
});

test('a term that has passed is marked for both sides, and the author is shown the way up', async () => {
  const { part, desk, appeal, key } = await buildScene(context);
  await buildDesk(context, '4');
  await watchAt('2026-11-24T21:00:00Z');
  await Promise.all([watchTerms(context), watchTerms(context)]);
  const whole = await readWhole(context, part);
  expect(whole.parts[0]!.overdueAt).toEqual(context.now);
  expect(whole.events.map(({ kind, internal }) => [kind, internal])).toEqual([
    ['sent', false],
    ['overdue', false],
  ]);
  const letters = await lettersTo(context, appeal.authorId);
  expect(letters).toHaveLength(1);
  expect(letters[0]!.body).toContain(`/appeals/${key.houseId}/${key.appealId}/escalate`);
  const of = (table: 'own_appeal' | 'desk_appeal') =>
    context.db.selectFrom(table).select('overdue').where('appeal_id', '=', key.appealId).execute();
  expect(await of('own_appeal')).toEqual([{ overdue: true }]);
  // The addressee's row and that of the inspectorate whose territory it is.
  expect(await of('desk_appeal')).toEqual([{ overdue: true }, { overdue: true }]);
  expect(await lettersTo(context, desk.organisationId)).toHaveLength(1);
});

test('no way up is shown where nobody stands above', async () => {
  const { appeal } = await buildScene(context, '4');
  await watchAt('2026-12-31T00:00:00Z');
  const [letter] = await lettersTo(context, appeal.authorId);
  expect(letter!.body).not.toContain('/escalate');
});

test('an emergency that nobody takes up is told of after its half hour, once', async () => {
  const idle = await buildScene(context, '1', { topicCode: '2.15' });
  const taken = await buildScene(context, '1', { topicCode: '2.15' });
  await registerAppeal(context, taken.clerk, taken.part);
  for (const moment of ['2026-11-10T09:10:00Z', '2026-11-10T09:30:00Z', '2026-11-10T09:40:00Z']) await watchAt(moment);
  expect(await plainLines(idle.desk.organisationId)).toEqual([expect.stringContaining('10 ноября 2026 г., 12:30')]);
  expect(await lettersTo(context, taken.desk.organisationId)).toEqual([]);
  const [letter] = await lettersTo(context, idle.desk.organisationId);
  expect(letter!.subject).toBe(`Срок ответа на обращение № ${idle.appeal.number}`);
  expect(letter!.body).toContain(`/work/appeals/${idle.key.houseId}/${idle.key.appealId}`);
  await watchAt('2026-11-13T21:00:00Z');
  expect((await readWhole(context, idle.part)).parts[0]!.overdueAt).not.toBeNull();
});

test('what is answered in time is never late', async () => {
  const { part, clerk, desk, appeal } = await buildScene(context);
  const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
  await sendAnswer(context, clerk, { ...part, answerId, key: newId() });
  await watchAt('2026-12-31T00:00:00Z');
  expect((await readWhole(context, part)).parts[0]!.overdueAt).toBeNull();
  expect([await lettersTo(context, desk.organisationId), (await lettersTo(context, appeal.authorId)).length]).toEqual([
    [],
    1,
  ]);
});

test('an extended term is reminded of anew', async () => {
  const { part, clerk, desk } = await buildScene(context);
  await watchAt('2026-11-22T00:00:00Z');
  await registerAppeal(context, clerk, part);
  await extendTerm(context, clerk, { ...part, until: '2026-12-24' as Day, reason: 'Экспертиза', files: [] });
  await watchAt('2026-11-25T00:00:00Z');
  expect((await readWhole(context, part)).parts[0]).toMatchObject({ overdueAt: null, reminded: 0 });
  await watchAt('2026-12-03T00:00:00Z');
  const letters = await plainLines(desk.organisationId);
  expect(letters.at(-1)).toContain('прошло 50 % срока, ответьте до 24 декабря 2026 г. включительно');
});

test('a request that waits too long is none of the author’s', async () => {
  const { part, desk, key, appeal } = await buildScene(context, '1');
  const inspector = await buildDesk(context, '4');
  const asked = { ...key, organisationId: desk.organisationId, text: 'Акты', dueOn: '2026-11-12' as Day, key: 'ask' };
  await requestInformation(context, inspector.clerk, asked);
  await watchAt('2026-11-13T09:00:00Z');
  const whole = await readWhole(context, part);
  expect(whole.events.at(-1)).toMatchObject({ kind: 'overdue', internal: true });
  const own = context.db.selectFrom('own_appeal').select('overdue').where('appeal_id', '=', key.appealId);
  expect(await own.execute()).toEqual([{ overdue: false }]);
  expect(await lettersTo(context, appeal.authorId)).toEqual([]);
});

test('a council, whom no law sets a term, is reminded once after ten working days', async () => {
  const { part, desk } = await buildScene(context, '31');
  for (const moment of ['2026-11-10T10:00:00Z', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', '2026-12-24T00:00:00Z'])
    await watchAt(moment);
  expect(await plainLines(desk.organisationId)).toEqual([expect.stringContaining('автор всё ещё ждёт ответа')]);
  expect((await readWhole(context, part)).parts[0]!.overdueAt).toBeNull();
});

test('one appeal that cannot be looked at keeps no other from its mark, and the job fails', async () => {
  const [broken, fine] = [await buildScene(context), await buildScene(context)];
  await context.db
    .updateTable('appeal')
    .set({ zone: 'Nowhere/None' })
    .where('appeal_id', '=', broken.key.appealId)
    .execute();
  await expect(watchAt('2026-11-24T21:00:00Z')).rejects.toThrow();
  expect((await readWhole(context, fine.key)).parts[0]!.overdueAt).not.toBeNull();
});

test('a term that ends while the answer goes out: late or answered, and one letter of each at the most', async () => {
  const { part, clerk, appeal } = await buildScene(context);
  const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
  context.now = new Date('2026-11-24T21:00:00Z');
  await Promise.all([
    watchTerms(context),
    sendAnswer(context, clerk, { ...part, answerId, key: newId() }),
    watchTerms(context),
  ]);
  const whole = await readWhole(context, part);
  expect(whole.appeal.state).toBe('executed');
  const wasLate = whole.parts[0]!.overdueAt !== null;
  const subjects = (await lettersTo(context, appeal.authorId)).map(({ subject }) => subject.slice(0, 4)).sort();
  expect(subjects).toEqual(wasLate ? ['Отве', 'Срок'] : ['Отве']);
  expect(whole.events.filter(({ kind }) => kind === 'overdue')).toHaveLength(wasLate ? 1 : 0);
  const own = context.db.selectFrom('own_appeal').select(['overdue', 'state']).where('appeal_id', '=', part.appealId);
  expect(await own.execute()).toEqual([{ overdue: false, state: 'executed' }]);
});
