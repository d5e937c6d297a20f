import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ANSWER,
  buildDesk,
  buildJoiner,
  buildScene,
  createAppealContext,
  lettersTo,
  readWhole,
  receivePdf,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import type { SignedIn } from '../../platform/access.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { readOrganisation } from '../organisations/index.ts';
import { askFixed } from './ask-fixed.ts';
import type { PartKey } from './change-part.ts';
import {
  assessAnswer,
  attachToAnswer,
  authorActions,
  escalateAppeal,
  findEscalation,
  redirectAppeal,
  registerAppeal,
  reopenAppeal,
  requestInformation,
  saveAnswer,
  sendAnswer,
  tellFixed,
  waiveAnswer,
  withdrawAppeal,
} from './index.ts';

const START = new Date('2026-11-10T09:00:00Z');
let context: TestContext;
beforeAll(async () => {
  context = await createAppealContext();
});
beforeEach(() => {
  context.now = START;
});

const moveTo = (day: string) => {
  context.now = new Date(`${day}T09:00:00Z`);
};
async function answer(clerk: SignedIn, part: PartKey, given: Partial<typeof ANSWER> = {}) {
  const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER, ...given });
  await sendAnswer(context, clerk, { ...part, answerId, key: newId() });
  return answerId;
}
const stateOfDesk = (organisationId: string, appealId: string) =>
  context.db
    .selectFrom('desk_appeal')
    .select(['kind', 'state', 'is_open', 'due_on', 'assessment', 'reopened'])
    .where('organisation_id', '=', organisationId as never)
    .where('appeal_id', '=', appealId as never)
    .executeTakeFirst();

describe('a withdrawal', () => {
  test('reaches every addressee and stops the clocks, requests too', async () => {
    const { part, key, author, clerk, desk } = await buildScene(context);
    const [supplier, inspector] = [
      await buildDesk(context, '2', { email: 'rso@example.test' }),
      await buildDesk(context, '4'),
    ];
    await redirectAppeal(context, clerk, { ...part, to: [supplier], comment: 'Вам', files: [], key: newId() });
    const { organisationId } = desk;
    await requestInformation(context, inspector.clerk, {
      ...key,
      organisationId,
      text: 'Акты',
      dueOn: '2026-11-20' as Day,
      key: newId(),
    });
    await withdrawAppeal(context, author, { ...key, comment: ' Уже убрали ' });
    const whole = await readWhole(context, key);
    expect(whole.appeal).toMatchObject({ state: 'withdrawn', withdrawnComment: 'Уже убрали' });
    expect(whole.parts.map(({ state }) => state)).toEqual(['redirected', 'withdrawn', 'withdrawn']);
    expect(await stateOfDesk(supplier.organisationId, key.appealId)).toMatchObject({
      state: 'withdrawn',
      is_open: false,
    });
    expect(await lettersTo(context, supplier.organisationId)).toMatchObject([{ recipient: 'rso@example.test' }]);
    await expect(withdrawAppeal(context, author, { ...key, comment: '' })).rejects.toThrow(Conflict);
  });

  test('is too late once the appeal is executed', async () => {
    const { part, key, author, clerk } = await buildScene(context);
    await answer(clerk, part);
    await expect(withdrawAppeal(context, author, { ...key, comment: '' })).rejects.toThrow(Conflict);
  });

  test('and an answer at the same time: one of them, whole', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { part, key, author, clerk, appeal } = await buildScene(context);
      const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
      const [withdrawn, sent] = await Promise.allSettled([
        withdrawAppeal(context, author, { ...key, comment: '' }),
        sendAnswer(context, clerk, { ...part, answerId, key: newId() }),
      ]);
      const { state } = (await readWhole(context, key)).appeal;
      expect([withdrawn.status, sent.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect(state).toBe(withdrawn.status === 'fulfilled' ? 'withdrawn' : 'executed');
      const letters = await lettersTo(context, appeal.authorId);
      expect(letters).toHaveLength(sent.status === 'fulfilled' ? 1 : 0);
    }
  });
});

describe('an assessment', () => {
  test('is kept with its comment, reaches the desk, and may be thought over', async () => {
    const { part, key, author, clerk, desk } = await buildScene(context);
    await answer(clerk, part);
    const none = { ...key, assessment: 'none' as const, comment: 'Не убрано' };
    await assessAnswer(context, author, none);
    await assessAnswer(context, author, none);
    expect(await stateOfDesk(desk.organisationId, key.appealId)).toMatchObject({ assessment: 'none' });
    await assessAnswer(context, author, { ...key, assessment: 'full', comment: 'не нужен' });
    const whole = await readWhole(context, key);
    expect(whole.events.filter(({ kind }) => kind === 'assessed').map(({ details }) => details)).toEqual([
      { assessment: 'none', comment: 'Не убрано' },
      { assessment: 'full', comment: '' },
    ]);
    expect(authorActions(whole)).toEqual({ withdraw: false, assess: true, reopen: false, tellFixed: false });
  });

  test('is of an answer: the next one has none', async () => {
    const { part, key, author, clerk } = await buildScene(context);
    await answer(clerk, part, { interim: true });
    await assessAnswer(context, author, { ...key, assessment: 'partial', comment: '' });
    await answer(clerk, part);
    expect((await readWhole(context, key)).appeal.assessment).toBeNull();
  });
});

describe('reopening', () => {
  test('needs an answer that did not satisfy, and a word', async () => {
    const { part, key, author, clerk } = await buildScene(context);
    await answer(clerk, part);
    const reopen = (comment: string) => reopenAppeal(context, author, { ...key, comment, key: newId() });
    await expect(reopen('Нет')).rejects.toThrow(Conflict);
    await assessAnswer(context, author, { ...key, assessment: 'full', comment: '' });
    await expect(reopen('Нет')).rejects.toThrow(Conflict);
    await assessAnswer(context, author, { ...key, assessment: 'partial', comment: '' });
    await expect(reopen(' ')).rejects.toThrow(Invalid);
    const other = { ...key, partId: newId<never>(), comment: 'Нет', key: newId<never>() as string };
    await expect(reopenAppeal(context, author, other)).rejects.toThrow(NotFound);
  });

  test('puts the part back into the queue with a new term and tells the organisation', async () => {
    const { part, key, author, clerk, desk } = await buildScene(context);
    await answer(clerk, part);
    moveTo('2026-12-01');
    await assessAnswer(context, author, { ...key, assessment: 'none', comment: 'Грязно' });
    const form = { ...key, comment: 'Грязно', key: 'once' };
    const [first, second] = await Promise.all([
      reopenAppeal(context, author, form),
      reopenAppeal(context, author, form),
    ]);
    expect([first, second]).toEqual([{ dueOn: '2026-12-15' }, { dueOn: '2026-12-15' }]);
    const whole = await readWhole(context, key);
    expect(whole.appeal).toMatchObject({ state: 'in_work', reopened: 1, executedAt: null });
    expect(whole.parts).toMatchObject([{ state: 'in_work', dueOn: '2026-12-15', extensions: 0, closedAt: null }]);
    expect(await stateOfDesk(desk.organisationId, key.appealId)).toMatchObject({
      is_open: true,
      due_on: '2026-12-15',
      reopened: true,
    });
    expect((await lettersTo(context, desk.organisationId)).map(({ subject }) => subject)).toEqual([
      `Обращение № ${whole.appeal.number} снова в работе`,
    ]);
    await answer(clerk, part, { text: 'Теперь убрано' });
    expect((await readWhole(context, key)).appeal).toMatchObject({ state: 'executed', assessment: null });
  });
});

describe('a complaint to the body above', () => {
  test('is made by the role of the addressee from НСИ 222, with the whole file, linked both ways', async () => {
    const file = await receivePdf(context, 'двор.pdf');
    const { part, key, author, clerk, appeal } = await buildScene(context, '1', {
      files: [file],
      text: 'Первый текст',
      regionCode: '77',
    });
    await buildJoiner(context, key);
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER, text: 'Всё убрано' });
    const attached = await attachToAnswer(context, clerk, {
      ...part,
      answerId,
      file: await receivePdf(context, 'акт.pdf'),
    });
    await sendAnswer(context, clerk, { ...part, answerId, key: newId() });
    await saveAnswer(context, clerk, { ...part, ...ANSWER }).catch(() => undefined);
    expect(await findEscalation(context.db, await readWhole(context, key), START)).toBeNull();
    await assessAnswer(context, author, { ...key, assessment: 'none', comment: 'Ложь' });
    const inspector = await buildDesk(context, '4');
    const found = await findEscalation(context.db, await readWhole(context, key), START);
    expect(found).toMatchObject({ reason: 'unsatisfied', body: { powerCode: '4' }, made: null });

    const made = await escalateAppeal(context, author, { ...key, key: newId() });
    const [whole, parent] = [await readWhole(context, made), await readWhole(context, key)];
    expect(whole.appeal).toMatchObject({
      parentId: key.appealId,
      relation: 'escalation',
      houseId: key.houseId,
      state: 'sent',
    });
    for (const words of ['Первый текст', 'Всё убрано', appeal.number, 'Ложь', 'Ответ меня не устраивает'])
      expect(whole.appeal.text).toContain(words);
    expect(whole.files.map(({ fileId, answerId: of }) => [fileId, of])).toEqual([
      [file.fileId, null],
      [attached.fileId, null],
    ]);
    expect(whole.events).toMatchObject([
      { kind: 'sent', details: { parentId: key.appealId, parentNumber: appeal.number } },
    ]);
    expect(parent.events.at(-1)).toMatchObject({
      kind: 'escalated',
      details: { appealId: made.appealId, number: made.number },
    });
    expect(whole.parts).toMatchObject([{ powerCode: '4', state: 'received', dueOn: '2026-12-11' }]);
    const desk = await stateOfDesk(whole.parts[0]!.organisationId, made.appealId);
    expect(desk).toMatchObject({ kind: 'appeal', state: 'received', is_open: true });
    expect((await lettersTo(context, appeal.authorId)).at(-1)!.subject).toContain(made.number);
    expect(inspector.powerCode).toBe('4');
  });

  test('is made once, however often it is asked for', async () => {
    const { part, key, author, clerk } = await buildScene(context);
    await buildDesk(context, '4');
    await answer(clerk, part);
    await assessAnswer(context, author, { ...key, assessment: 'partial', comment: '' });
    const [a, b, c] = await Promise.all([
      escalateAppeal(context, author, { ...key, key: 'one' }),
      escalateAppeal(context, author, { ...key, key: 'one' }),
      escalateAppeal(context, author, { ...key, key: 'two' }),
    ]);
    expect([b, c]).toEqual([a, a]);
    const children = await context.db
      .selectFrom('appeal')
      .select('appeal_id')
      .where('parent_id', '=', key.appealId)
      .execute();
    expect(children).toHaveLength(1);
    const { events } = await readWhole(context, key);
    expect(events.filter(({ kind }) => kind === 'escalated')).toHaveLength(1);
  });

  test('is offered when the term has passed, when nobody is left to answer, and when the appeal goes in a circle', async () => {
    await buildDesk(context, '4');
    const late = await buildScene(context);
    const whole = await readWhole(context, late.key);
    expect(await findEscalation(context.db, whole, new Date('2026-11-24T20:59:00Z'))).toBeNull();
    const passed = await findEscalation(context.db, whole, new Date('2026-11-24T21:00:00Z'));
    expect(passed).toMatchObject({ reason: 'overdue' });

    const outside = await buildScene(context);
    const wish = { comment: 'Не наше', files: [] };
    await redirectAppeal(context, outside.clerk, {
      ...outside.part,
      ...wish,
      to: [],
      outside: 'Росреестр',
      key: newId(),
    });
    expect(await findEscalation(context.db, await readWhole(context, outside.key), START)).toMatchObject({
      reason: 'nowhere',
    });

    const waived = await buildScene(context);
    await waiveAnswer(context, waived.clerk, { ...waived.part, cause: 'thanks', key: newId() });
    expect(await findEscalation(context.db, await readWhole(context, waived.key), START)).toMatchObject({
      reason: 'nowhere',
    });

    const circle = await buildScene(context);
    const supplier = await buildDesk(context, '2');
    const there = await redirectAppeal(context, circle.clerk, {
      ...circle.part,
      ...wish,
      to: [supplier],
      key: newId(),
    });
    expect(await findEscalation(context.db, await readWhole(context, circle.key), START)).toBeNull();
    const back = {
      ...circle.part,
      partId: there.partIds[0]!,
      ...wish,
      to: [circle.desk],
      key: newId<never>() as string,
    };
    await redirectAppeal(context, supplier.clerk, back);
    expect(await findEscalation(context.db, await readWhole(context, circle.key), START)).toMatchObject({
      reason: 'nowhere',
    });
  });

  test('is offered when a council, which has no term by law, is silent for thirty days', async () => {
    await buildDesk(context, '4');
    const { key, author, clerk, part } = await buildScene(context, '31');
    const at = async (moment: string) => findEscalation(context.db, await readWhole(context, key), new Date(moment));
    expect(await at('2026-12-10T20:59:00Z')).toBeNull();
    expect(await at('2026-12-10T21:00:00Z')).toMatchObject({ reason: 'silent', body: { powerCode: '4' } });
    await expect(escalateAppeal(context, author, { ...key, key: newId() })).rejects.toThrow(Conflict);
    await registerAppeal(context, clerk, part);
    moveTo('2026-12-12');
    const made = await escalateAppeal(context, author, { ...key, key: newId() });
    expect((await readWhole(context, made)).appeal.text).toContain('долго не отвечают');
    await answer(clerk, part);
    expect(await at('2026-12-12T09:00:00Z')).toBeNull();
  });

  test('after «ответ не требуется» says that nobody answered, with who closed it and when', async () => {
    await buildDesk(context, '4');
    const { key, author, clerk, part, desk } = await buildScene(context);
    await waiveAnswer(context, clerk, { ...part, cause: 'thanks', key: newId() });
    const made = await escalateAppeal(context, author, { ...key, key: newId() });
    const { text } = (await readWhole(context, made)).appeal;
    const { short_name } = (await readOrganisation(context.db, desk.organisationId))!;
    for (const words of ['закрыли без ответа', short_name, '10 ноября 2026', 'Двор не убирали две недели.'])
      expect(text.replaceAll('\u00a0', ' ')).toContain(words);
    expect(text).not.toContain('Оценка');
  });

  test('that was withdrawn can be made again, once', async () => {
    await buildDesk(context, '4');
    const { key, author } = await buildScene(context);
    moveTo('2026-12-10');
    const first = await escalateAppeal(context, author, { ...key, key: newId() });
    await withdrawAppeal(context, author, { ...first, comment: '' });
    const offered = await findEscalation(context.db, await readWhole(context, key), context.now);
    expect(offered).toMatchObject({ reason: 'overdue', made: null });
    const [second, third] = await Promise.all([
      escalateAppeal(context, author, { ...key, key: 'second' }),
      escalateAppeal(context, author, { ...key, key: 'third' }),
    ]);
    expect(second.appealId).not.toBe(first.appealId);
    expect(third).toEqual(second);
  });

  test.each([
    ['an inspectorate: nobody stands above it', '4'],
    ['an operator of capital repair: the list names nobody', '14'],
  ])('is not about %s', async (_, powerCode) => {
    await buildDesk(context, '4');
    const { key } = await buildScene(context, powerCode);
    const whole = await readWhole(context, key);
    expect(await findEscalation(context.db, whole, new Date('2027-03-01T00:00:00Z'))).toBeNull();
  });

  test('waits for a body of the region', async () => {
    const { key, author } = await buildScene(context, '1', { regionCode: '50' });
    moveTo('2026-12-10');
    await expect(escalateAppeal(context, author, { ...key, key: newId() })).rejects.toThrow(Conflict);
  });

  test('never goes on to those it complains of (59-ФЗ, ст. 8 ч. 6)', async () => {
    const { key, author, desk } = await buildScene(context);
    const inspector = await buildDesk(context, '4');
    moveTo('2026-12-10');
    const made = await escalateAppeal(context, author, { ...key, key: newId() });
    const [own] = (await readWhole(context, made)).parts;
    const clerk: SignedIn = {
      ...inspector.clerk,
      acting: { ...inspector.clerk.acting!, organisationId: own!.organisationId },
    };
    const other = await buildDesk(context, '8');
    const pass = (to: (typeof desk)[]) =>
      redirectAppeal(context, clerk, { ...made, partId: own!.partId, to, comment: 'Вам', files: [], key: newId() });
    await expect(pass([other, desk])).rejects.toThrow(Invalid);
    await pass([other]);
  });

  test('fits the longest texts', async () => {
    const { part, key, author, clerk } = await buildScene(context, '1', { text: 'Ж'.repeat(10_000) });
    await buildDesk(context, '4');
    await answer(clerk, part, { text: '😀'.repeat(5000) });
    await assessAnswer(context, author, { ...key, assessment: 'none', comment: 'я'.repeat(1000) });
    const made = await escalateAppeal(context, author, { ...key, key: newId() });
    const { text } = (await readWhole(context, made)).appeal;
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect([text.includes('ЖЖЖ'), text.includes('😀😀'), text.isWellFormed()]).toEqual([true, true, true]);
  });
});

describe('is it really fixed', () => {
  test('is asked once, four weeks after an answer that promised it', async () => {
    const { part, key, author, clerk, appeal } = await buildScene(context);
    const refused = await buildScene(context);
    await answer(clerk, part);
    await answer(refused.clerk, refused.part, { outcome: 'refused' as 'satisfied' });
    moveTo('2026-12-07');
    await askFixed(context);
    expect(await lettersTo(context, appeal.authorId)).toHaveLength(1);
    await expect(tellFixed(context, author, { ...key, fixed: true })).rejects.toThrow(Conflict);
    moveTo('2026-12-09');
    await Promise.all([askFixed(context), askFixed(context)]);
    await askFixed(context);
    const letters = await lettersTo(context, appeal.authorId);
    expect(letters.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Ответ'),
      expect.stringContaining('Исправлено ли'),
    ]);
    expect(await lettersTo(context, refused.appeal.authorId)).toHaveLength(1);
    await tellFixed(context, author, { ...key, fixed: false });
    await tellFixed(context, author, { ...key, fixed: false });
    const whole = await readWhole(context, key);
    expect(whole.appeal.fixed).toBe(false);
    expect(whole.events.slice(-2).map(({ kind }) => kind)).toEqual(['fixed_asked', 'fixed']);
    expect(authorActions(whole)).toMatchObject({ reopen: true, tellFixed: true });
    await reopenAppeal(context, author, { ...key, comment: 'Снова грязно', key: newId() });
    expect((await readWhole(context, key)).appeal).toMatchObject({ state: 'in_work', fixed: null });
  });

  test('goes by the answer given last, whoever promised what before', async () => {
    const [taken, kept] = [await buildScene(context), await buildScene(context)];
    const refused = { outcome: 'refused' as 'satisfied' };
    await answer(taken.clerk, taken.part, { interim: true });
    await answer(kept.clerk, kept.part, { ...refused, interim: true });
    context.now = new Date(START.getTime() + 60_000);
    await answer(taken.clerk, taken.part, refused);
    await answer(kept.clerk, kept.part);
    moveTo('2026-12-09');
    await askFixed(context);
    expect((await readWhole(context, taken.key)).appeal.fixedAskedAt).toBeNull();
    expect((await readWhole(context, kept.key)).appeal.fixedAskedAt).toEqual(context.now);
  });

  test('one author who cannot be asked keeps no other from the question, and the job fails', async () => {
    const [broken, fine] = [await buildScene(context), await buildScene(context)];
    for (const { clerk, part } of [broken, fine]) await answer(clerk, part);
    const ofBroken = context.db.updateTable('appeal').where('appeal_id', '=', broken.key.appealId);
    await ofBroken.set({ zone: 'Nowhere/None' }).execute();
    moveTo('2026-12-09');
    await expect(askFixed(context)).rejects.toThrow();
    expect((await readWhole(context, fine.key)).appeal.fixedAskedAt).toEqual(context.now);
    await ofBroken.set({ zone: 'Europe/Moscow', fixed_asked_at: context.now }).execute();
  });

  test('a worker that stood still for a week asks late; for half a year, no more', async () => {
    const [soon, long] = [await buildScene(context), await buildScene(context)];
    await answer(long.clerk, long.part);
    moveTo('2027-05-01');
    await answer(soon.clerk, soon.part);
    moveTo('2027-06-10');
    await askFixed(context);
    expect((await readWhole(context, soon.key)).appeal.fixedAskedAt).toEqual(context.now);
    expect((await readWhole(context, long.key)).appeal.fixedAskedAt).toBeNull();
  });
});
