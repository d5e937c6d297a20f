import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  buildJoiner,
  buildScene,
  createAppealContext,
  lettersTo,
  readWhole,
  receivePdf,
  runJobs,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildEmployee, buildOrganisation } from '../../../tests/support/rows.ts';
import type { SignedIn } from '../../platform/access.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { type Day, month } from '../../platform/month.ts';
import { insertPower } from '../organisations/index.ts';
import type { PartKey } from './change-part.ts';
import {
  assignAppeals,
  attachToAnswer,
  authorActions,
  countDesk,
  deleteAnswer,
  detachFromAnswer,
  extendTerm,
  markExecuted,
  readExtensionLimit,
  receiveSignature,
  recountDesk,
  redirectAppeal,
  registerAppeal,
  requestInformation,
  saveAnswer,
  seenByAuthor,
  seenByStaff,
  sendAnswer,
  waiveAnswer,
  withdrawAppeal,
} from './index.ts';
import { NO_FILTER, selectQueue } from './queries/desk.ts';
import { selectTotals } from './queries/statistics.ts';
import { standingOf } from './resident/view/standing.ts';
import { tellNeighbours } from './tell-neighbours.ts';
import { watchTerms } from './watch-terms.ts';

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
  return { answerId, ...(await sendAnswer(context, clerk, { ...part, answerId, key: newId() })) };
}
const kindsOf = async (part: PartKey) => (await readWhole(context, part)).events.map(({ kind }) => kind);
const signature = () =>
  receiveSignature(
    context,
    Readable.from([Buffer.from([0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0])]),
    { name: '..\\акт.pdf.SIG', field: 'file' },
  );

describe('registration', () => {
  test('makes a number and puts the part into work', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const made = await registerAppeal(context, clerk, part);
    expect(made).toEqual({
      registrationNumber: `Вх-${appeal.number}`,
      registeredOn: '2026-11-10',
      dueOn: '2026-11-24',
    });
    expect(await readWhole(context, part)).toMatchObject({
      appeal: { state: 'in_work' },
      parts: [{ state: 'in_work' }],
    });
    await expect(registerAppeal(context, clerk, part)).rejects.toThrow(Conflict);
  });

  test('starts the thirty days of a body of power anew (59-ФЗ, ст. 12)', async () => {
    const { part, clerk } = await buildScene(context, '4');
    expect((await readWhole(context, part)).parts[0]!.dueOn).toBe('2026-12-11');
    moveTo('2026-11-12');
    const made = await registerAppeal(context, clerk, { ...part, registrationNumber: '  01-17/5 ' });
    expect(made).toMatchObject({ registrationNumber: '01-17/5', dueOn: '2026-12-11' });
    const [first] = (await readWhole(context, part)).parts;
    expect(first).toMatchObject({ registeredOn: '2026-11-12', registrationNumber: '01-17/5' });
  });

  test('by a body that is late already takes the mark of it from nobody', async () => {
    const { part, clerk } = await buildScene(context, '4');
    moveTo('2026-12-20');
    await watchTerms(context);
    const made = await registerAppeal(context, clerk, part);
    expect(made.dueOn).toBe('2026-12-11');
    const [first] = (await readWhole(context, part)).parts;
    expect(first!.overdueAt).toEqual(context.now);
  });
});

describe('assignment', () => {
  test('goes item by item: what cannot be given says why, the rest is given', async () => {
    const { part, desk, clerk, appeal } = await buildScene(context);
    const second = await buildAppeal(context, { addressee: desk });
    const foreign = await buildAppeal(context);
    const performerId = await buildEmployee(context, desk.organisationId);
    await waiveAnswer(context, clerk, { ...second, cause: 'thanks', key: newId() });
    const items = [part, second, foreign];
    const given = await assignAppeals(context, clerk, { items, performerId, plannedOn: '2026-11-15' as Day });
    expect(given).toMatchObject([
      { partId: appeal.partId, done: true },
      { partId: second.partId, done: false, sentence: expect.stringContaining('исполнено') },
      { partId: foreign.partId, done: false },
    ]);
    expect((await readWhole(context, part)).parts[0]).toMatchObject({
      state: 'in_work',
      performerId,
      performerName: 'Служащая Анна Ивановна',
      plannedOn: '2026-11-15',
    });
    expect((await readWhole(context, foreign)).parts[0]!.performerId).toBeNull();
  });

  test('is none of the author’s; given twice it is one', async () => {
    const { part, desk, clerk } = await buildScene(context);
    const given = { items: [part], performerId: desk.clerkId };
    await assignAppeals(context, clerk, given);
    await assignAppeals(context, clerk, given);
    expect(await kindsOf(part)).toEqual(['sent', 'registered', 'assigned']);
    const seen = seenByAuthor(await readWhole(context, part));
    expect(seen.events.map(({ kind }) => kind)).toEqual(['sent', 'registered']);
  });
});

describe('an answer', () => {
  test('stays a draft that only its organisation sees', async () => {
    const { part, clerk, desk } = await buildScene(context);
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    await attachToAnswer(context, clerk, { ...part, answerId, file: await receivePdf(context) });
    const whole = await readWhole(context, part);
    expect(whole.answers).toMatchObject([{ state: 'draft', text: ANSWER.text }]);
    expect(seenByStaff(whole, desk.organisationId)).toMatchObject({ answers: [{ answerId }], files: [{ answerId }] });
    for (const seen of [seenByAuthor(whole), seenByStaff(whole, newId())])
      expect([seen.answers, seen.files]).toEqual([[], []]);
    expect(whole.appeal.state).toBe('sent');
  });

  test('is not overwritten by a colleague who has read an older draft', async () => {
    const { part, clerk } = await buildScene(context);
    const first = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    context.now = new Date(START.getTime() + 1000);
    const draft = { ...part, ...ANSWER, answerId: first.answerId, seenAt: first.changedAt };
    await saveAnswer(context, clerk, { ...draft, text: 'Новее' });
    await expect(saveAnswer(context, clerk, { ...draft, text: 'Старое' })).rejects.toThrow(Conflict);
    expect((await readWhole(context, part)).answers).toMatchObject([{ text: 'Новее' }]);
  });

  test('goes with its files and their signatures to the author and to those who joined', async () => {
    const { part, clerk, appeal, desk } = await buildScene(context);
    const joinerId = await buildJoiner(context, part, 'boris@example.test');
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    const attach = { ...part, answerId };
    const { fileId } = await attachToAnswer(context, clerk, { ...attach, file: await receivePdf(context) });
    await attachToAnswer(context, clerk, { ...attach, file: await signature(), signsFileId: fileId });
    const sent = await sendAnswer(context, clerk, { ...attach, key: newId() });
    expect(sent).toEqual({ number: `Исх-${appeal.number}`, state: 'executed' });

    const whole = await readWhole(context, part);
    expect(whole).toMatchObject({
      appeal: { state: 'executed', executedAt: START },
      parts: [{ state: 'executed', registrationNumber: `Вх-${appeal.number}` }],
      answers: [{ state: 'sent', answeredOn: '2026-11-10', performerName: desk.clerk.name }],
      files: [{ name: 'акт.pdf' }, { name: 'акт.pdf.sig', signsFileId: fileId }],
    });
    expect(await kindsOf(part)).toEqual(['sent', 'registered', 'answered']);
    const [letter] = await lettersTo(context, appeal.authorId);
    expect(letter).toMatchObject({ recipient: 'anna@example.test', subject: `Ответ на обращение № ${appeal.number}` });
    expect(letter!.body).toContain(ANSWER.text);
    expect(letter!.body).toContain(`/appeals/${part.houseId}/${part.appealId}/files/${fileId}`);
    expect(letter!.body).toContain('Оцените ответ');
    // The job is safe to run twice.
    for (let run = 0; run < 2; run += 1) await runJobs(context, tellNeighbours);
    const [forJoiner, ...more] = await lettersTo(context, joinerId);
    expect(forJoiner).toMatchObject({ recipient: 'boris@example.test' });
    expect([forJoiner!.body.includes(ANSWER.text), forJoiner!.body.includes('Оцените'), more]).toEqual([
      true,
      false,
      [],
    ]);
  });

  test('is noted with its letters', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const { answerId } = await answer(clerk, part);
    const [letter] = await lettersTo(context, appeal.authorId);
    const noted = await context.db.selectFrom('appeal_letter').selectAll().where('answer_id', '=', answerId).execute();
    expect(noted).toMatchObject([{ mail_id: letter!.mailId, person_id: appeal.authorId }]);
  });

  test('that is interim keeps the part open; a later one closes it', async () => {
    const { part, clerk } = await buildScene(context);
    expect(await answer(clerk, part, { interim: true })).toMatchObject({ state: 'in_work' });
    expect((await readWhole(context, part)).appeal.state).toBe('in_work');
    expect(await answer(clerk, part, { text: 'Готово' })).toMatchObject({
      state: 'executed',
      number: expect.stringMatching(/\/2$/),
    });
    await expect(answer(clerk, part)).rejects.toThrow(Conflict);
  });

  test('that is interim is enough to mark the part as executed', async () => {
    const { part, clerk } = await buildScene(context);
    await answer(clerk, part, { interim: true });
    await markExecuted(context, clerk, { ...part, comment: 'Сделано' });
    expect((await readWhole(context, part)).appeal.state).toBe('executed');
  });

  test('sent cannot be changed, deleted or given files', async () => {
    const { part, clerk } = await buildScene(context);
    const { answerId } = await answer(clerk, part, { interim: true });
    const sent = { ...part, answerId };
    await expect(saveAnswer(context, clerk, { ...sent, ...ANSWER })).rejects.toThrow(Conflict);
    await expect(deleteAnswer(context, clerk, sent)).rejects.toThrow(Conflict);
    await expect(attachToAnswer(context, clerk, { ...sent, file: await receivePdf(context) })).rejects.toThrow(
      Conflict,
    );
    await expect(detachFromAnswer(context, clerk, { ...sent, fileId: newId() })).rejects.toThrow(Conflict);
    await expect(sendAnswer(context, clerk, { ...sent, key: newId() })).rejects.toThrow(Conflict);
  });

  test('of a draft takes its files along when it is deleted', async () => {
    const { part, clerk } = await buildScene(context);
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    const draft = { ...part, answerId };
    const { fileId } = await attachToAnswer(context, clerk, { ...draft, file: await receivePdf(context) });
    await attachToAnswer(context, clerk, { ...draft, file: await signature(), signsFileId: fileId });
    await detachFromAnswer(context, clerk, { ...draft, fileId });
    expect((await readWhole(context, part)).files).toEqual([]);
    await attachToAnswer(context, clerk, { ...draft, file: await receivePdf(context) });
    await deleteAnswer(context, clerk, draft);
    expect(await readWhole(context, part)).toMatchObject({ answers: [], files: [] });
  });
});

describe('a detached signature', () => {
  test('signs a file of the same answer', async () => {
    const { part, clerk } = await buildScene(context);
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    const draft = { ...part, answerId };
    const { fileId } = await attachToAnswer(context, clerk, { ...draft, file: await receivePdf(context) });
    await expect(attachToAnswer(context, clerk, { ...draft, file: await signature() })).rejects.toThrow(Invalid);
    const notOne = { ...draft, file: await receivePdf(context), signsFileId: fileId };
    await expect(attachToAnswer(context, clerk, notOne)).rejects.toThrow(Invalid);
    const stray = { ...draft, file: await signature(), signsFileId: newId<never>() };
    await expect(attachToAnswer(context, clerk, stray)).rejects.toThrow(Invalid);
  });

  test.each([
    ['a document', Buffer.from('%PDF-1.4')],
    ['nothing', Buffer.alloc(0)],
    ['other DER', Buffer.from([0x30, 0x03, 0x02, 0x01, 0x05])],
    ['a text', Buffer.from('MEkk not base64 !')],
  ])('is not %s', async (_, bytes) => {
    const received = receiveSignature(context, Readable.from([bytes]), { name: 'a.sig', field: 'file' });
    await expect(received).rejects.toThrow(Invalid);
  });

  test('may come in base64, with lines around it', async () => {
    const der = Buffer.from('3080060 92a864886f70d010702a0'.replace(' ', ''), 'hex');
    const pem = `-----BEGIN PKCS7-----\r\n${der.toString('base64')}\r\n-----END PKCS7-----\r\n`;
    const received = await receiveSignature(context, Readable.from([Buffer.from(pem)]), {
      name: '.p7s',
      field: 'file',
    });
    expect(received.name).toBe('подпись.p7s');
  });
});

describe('a redirection', () => {
  const wish = { comment: 'Это ваш дом', files: [] };

  test('gives each receiver a part with its own term; the author sees all and is told', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const [supplier, body] = [await buildDesk(context, '2'), await buildDesk(context, '8')];
    moveTo('2026-11-13');
    const received = await receivePdf(context);
    const files = [{ received, description: 'Акт' }];
    const { partIds } = await redirectAppeal(context, clerk, {
      ...part,
      ...wish,
      to: [supplier, body],
      files,
      key: newId(),
    });
    const whole = await readWhole(context, part);
    expect(whole.appeal).toMatchObject({ state: 'sent', redirected: true, redirectedOutside: false });
    expect(whole.parts).toMatchObject([
      { state: 'redirected' },
      { partId: partIds[0], fromPartId: part.partId, organisationId: supplier.organisationId, dueOn: '2026-11-27' },
      { partId: partIds[1], fromPartId: part.partId, organisationId: body.organisationId, dueOn: '2026-12-16' },
    ]);
    expect(whole.files).toMatchObject([{ description: 'Акт', eventId: whole.events.at(-1)!.eventId }]);
    const [letter] = await lettersTo(context, appeal.authorId);
    expect(letter!.body).toMatch(/27.ноября.2026/);
    await expect(answer(clerk, part)).rejects.toThrow(Conflict);
    await answer(supplier.clerk, { ...part, partId: partIds[0]! });
    expect((await readWhole(context, part)).appeal.state).toBe('in_work');
    await answer(body.clerk, { ...part, partId: partIds[1]! });
    expect((await readWhole(context, part)).appeal.state).toBe('executed');
  });

  test('leaves the system for whoever is not in it', async () => {
    const region = { regionCode: '91' };
    const { part, clerk, author, appeal } = await buildScene(context, '1', region);
    const inspector = await buildOrganisation(context);
    await insertPower(context.db, inspector, '4', region.regionCode);
    const outside = { ...part, ...wish, to: [], outside: 'Росреестр', key: newId() };
    await redirectAppeal(context, clerk, outside);
    const whole = await readWhole(context, part);
    expect(whole.appeal).toMatchObject({ state: 'outside', redirected: false, redirectedOutside: true });
    expect(whole.events.at(-1)).toMatchObject({ kind: 'redirected_outside', details: { outside: 'Росреестр' } });
    await expect(withdrawAppeal(context, author, { ...part, comment: '' })).rejects.toThrow('передано вне системы');
    expect(authorActions(whole)).toEqual({ withdraw: false, assess: false, reopen: false, tellFixed: false });

    const { rows } = await sql`
      select kind, state, is_open, closed_at from desk_appeal where appeal_id = ${appeal.appealId} and organisation_id = ${inspector}
      union all select 'own', state, overdue, null from own_appeal where appeal_id = ${appeal.appealId}`.execute(
      context.db,
    );
    expect(rows).toEqual([
      { kind: 'territory', state: 'outside', is_open: false, closed_at: START },
      { kind: 'own', state: 'outside', is_open: false, closed_at: null },
    ]);
    const standing = standingOf(seenByAuthor(whole), new Map(), START);
    expect(standing.words).toMatch(/вне системы: Росреестр.*не в личный кабинет/);
  });

  test('of which one receiver is in the system goes on there', async () => {
    const { part, clerk } = await buildScene(context);
    const supplier = await buildDesk(context, '2');
    const both = { ...part, ...wish, to: [supplier], outside: 'Росреестр', key: newId() };
    const { partIds } = await redirectAppeal(context, clerk, both);
    expect((await readWhole(context, part)).appeal).toMatchObject({ state: 'sent', redirectedOutside: true });
    await answer(supplier.clerk, { ...part, partId: partIds[0]! });
    expect((await readWhole(context, part)).appeal.state).toBe('executed');
  });

  test('does not go to who handles the appeal already', async () => {
    const { part, clerk } = await buildScene(context);
    const [a, b] = [await buildDesk(context, '2'), await buildDesk(context, '2')];
    const { partIds } = await redirectAppeal(context, clerk, { ...part, ...wish, to: [a, b], key: newId() });
    const again = { ...part, partId: partIds[0]!, ...wish, to: [b], key: newId<never>() as string };
    await expect(redirectAppeal(context, a.clerk, again)).rejects.toThrow(Invalid);
  });

  test('of the same form sent twice is one, files and all', async () => {
    const { part, clerk } = await buildScene(context);
    const supplier = await buildDesk(context, '2');
    const form = async () => ({
      ...part,
      ...wish,
      to: [supplier],
      files: [{ received: await receivePdf(context) }],
      key: 'twice',
    });
    const [first, second] = await Promise.all([
      redirectAppeal(context, clerk, await form()),
      redirectAppeal(context, clerk, await form()),
    ]);
    expect(second).toEqual(first);
    expect((await readWhole(context, part)).parts).toHaveLength(2);
  });
});

describe('an extension', () => {
  const given = { reason: 'Ждём экспертизу', files: [] };

  test('comes once, within the law’s days, with a notice', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const early = extendTerm(context, clerk, { ...part, ...given, until: '2026-12-01' as Day });
    await expect(early).rejects.toThrow(Conflict);
    await registerAppeal(context, clerk, part);
    expect(await readExtensionLimit(context, clerk, part)).toEqual({ limit: '2026-12-24', refusal: null });
    for (const until of ['2026-11-24', '2026-12-25'] as Day[])
      await expect(extendTerm(context, clerk, { ...part, ...given, until })).rejects.toThrow(Invalid);
    await extendTerm(context, clerk, { ...part, ...given, until: '2026-12-24' as Day });
    const whole = await readWhole(context, part);
    expect(whole.appeal).toMatchObject({ state: 'in_work', extended: true });
    expect(whole.parts).toMatchObject([{ dueOn: '2026-12-24', extendedFrom: '2026-11-24', extensions: 1 }]);
    expect((await lettersTo(context, appeal.authorId)).at(-1)!.body).toContain('Ждём экспертизу');
    const second = extendTerm(context, clerk, { ...part, ...given, until: '2026-12-25' as Day });
    await expect(second).rejects.toThrow(Conflict);
    expect((await readExtensionLimit(context, clerk, part)).refusal).toContain('второй раз');
  });

  test('needs a reason, and a term that still runs', async () => {
    const { part, clerk } = await buildScene(context);
    await registerAppeal(context, clerk, part);
    const silent = { ...part, reason: ' ', files: [], until: '2026-12-01' as Day };
    await expect(extendTerm(context, clerk, silent)).rejects.toThrow(Invalid);
    moveTo('2026-11-25');
    const late = extendTerm(context, clerk, { ...part, ...given, until: '2026-12-01' as Day });
    await expect(late).rejects.toThrow(Conflict);
  });

  test('of two clerks at once is one', async () => {
    const { part, clerk } = await buildScene(context);
    await registerAppeal(context, clerk, part);
    const extend = () => extendTerm(context, clerk, { ...part, ...given, until: '2026-12-01' as Day });
    const both = await Promise.allSettled([extend(), extend()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await readWhole(context, part)).parts[0]!.extensions).toBe(1);
  });

  test('is nothing for a council: no law sets its term', async () => {
    const { part, clerk } = await buildScene(context, '31');
    await registerAppeal(context, clerk, part);
    const tried = extendTerm(context, clerk, { ...part, ...given, until: '2026-12-01' as Day });
    await expect(tried).rejects.toThrow(Conflict);
  });
});

test('an answer that is not required closes the part, with a cause that the author reads', async () => {
  const { part, clerk, appeal } = await buildScene(context, '4');
  const given = { ...part, cause: 'repeated' as const, comment: 'Ответы от 1 и 5 октября', key: 'once' };
  await Promise.all([waiveAnswer(context, clerk, given), waiveAnswer(context, clerk, given)]);
  const whole = await readWhole(context, part);
  expect(whole.appeal).toMatchObject({ state: 'executed', answerNotRequired: true });
  expect(await kindsOf(part)).toEqual(['sent', 'registered', 'answer_not_required']);
  const letters = await lettersTo(context, appeal.authorId);
  expect(letters).toHaveLength(1);
  expect(letters[0]!.body).toContain('59-ФЗ, ст. 11 ч. 5');
});

describe('a request of the inspectorate', () => {
  async function ask() {
    const scene = await buildScene(context);
    const inspector = await buildDesk(context, '4', { email: 'gji@example.test' });
    const asked = {
      ...scene.key,
      organisationId: scene.desk.organisationId,
      text: 'Пришлите акты уборки',
      dueOn: '2026-11-17' as Day,
      key: 'ask',
    };
    return { ...scene, inspector, asked };
  }

  test('reaches the organisation as a part of its own, once, and the author sees nothing of it', async () => {
    const { asked, inspector, part, appeal, clerk, desk } = await ask();
    const [first, second] = await Promise.all([
      requestInformation(context, inspector.clerk, asked),
      requestInformation(context, inspector.clerk, asked),
    ]);
    expect(second).toEqual(first);
    const again = requestInformation(context, inspector.clerk, { ...asked, key: 'again' });
    await expect(again).rejects.toThrow(Conflict);
    expect(await lettersTo(context, desk.organisationId)).toMatchObject([{ recipient: 'desk@example.test' }]);
    const request = { ...part, partId: first.partId };
    const { answerId } = await saveAnswer(context, clerk, { ...request, ...ANSWER, outcome: null });
    await sendAnswer(context, clerk, { ...request, answerId, key: newId() });
    const whole = await readWhole(context, part);
    expect(whole.parts).toMatchObject([
      { state: 'received' },
      { kind: 'request', state: 'executed', dueOn: '2026-11-17' },
    ]);
    expect(whole.appeal.state).toBe('sent');
    const seen = seenByAuthor(whole);
    expect([seen.parts.length, seen.answers, seen.events.map(({ kind }) => kind)]).toEqual([1, [], ['sent']]);
    expect(await lettersTo(context, appeal.authorId)).toEqual([]);
    expect(await lettersTo(context, inspector.organisationId)).toMatchObject([{ recipient: 'gji@example.test' }]);
    const { rows } = await sql<{ unread: boolean }>`
      select unread from own_appeal where person_id = ${appeal.authorId}`.execute(context.db);
    expect(rows).toEqual([{ unread: false }]);
  });

  test('is only answered: neither passed on, nor extended, nor waived', async () => {
    const { asked, inspector, part, clerk } = await ask();
    const { partId } = await requestInformation(context, inspector.clerk, asked);
    const request = { ...part, partId };
    await expect(waiveAnswer(context, clerk, { ...request, cause: 'thanks', key: newId() })).rejects.toThrow(Conflict);
    await expect(markExecuted(context, clerk, { ...request, comment: '' })).rejects.toThrow(Conflict);
    const wish = { ...request, to: [inspector], comment: 'Вам', files: [], key: newId<never>() as string };
    await expect(redirectAppeal(context, clerk, wish)).rejects.toThrow(Conflict);
    const extension = { ...request, until: '2026-12-01' as Day, reason: 'Да', files: [] };
    await expect(extendTerm(context, clerk, extension)).rejects.toThrow(Conflict);
  });
});

describe('the term of a house far from Moscow', () => {
  const FAR = [
    ['Asia/Kamchatka', '2026-11-24T11:59:00Z', '2026-11-24T12:01:00Z'],
    ['Europe/Kaliningrad', '2026-11-24T21:59:00Z', '2026-11-24T22:01:00Z'],
  ] as const;
  test.each(FAR)(
    'passes at midnight of %s: at the desk, in its counts and by the mark',
    async (zone, before, after) => {
      const { desk, part, clerk } = await buildScene(context, '1', { zone });
      await registerAppeal(context, clerk, part);
      expect((await readWhole(context, part)).parts[0]!.dueOn).toBe('2026-11-24');
      const seen = async (moment: string) => {
        context.now = new Date(moment);
        await watchTerms(context);
        const asked = { organisationId: desk.organisationId, houses: null, personId: desk.clerkId, now: context.now };
        const lines = await selectQueue(context.db, {
          ...asked,
          view: 'overdue',
          filter: NO_FILTER,
          after: null,
          limit: 5,
        });
        const { overdue } = await countDesk(context.db, asked);
        return [lines.length, overdue, (await readWhole(context, part)).parts[0]!.overdueAt !== null];
      };
      expect(await seen(before)).toEqual([0, 0, false]);
      expect(await seen(after)).toEqual([1, 1, true]);
    },
  );

  test('answered on its last day there is answered in term', async () => {
    const { desk, part, clerk } = await buildScene(context, '1', { zone: 'Europe/Kaliningrad' });
    await registerAppeal(context, clerk, part);
    context.now = new Date('2026-11-24T21:59:00Z');
    await answer(clerk, part);
    await runJobs(context, recountDesk);
    const period = { from: month('2026-11'), to: month('2026-11') };
    const of = { organisationId: desk.organisationId, houses: null, kind: 'appeal', ...period } as const;
    expect(await selectTotals(context.db, of)).toMatchObject({ executed: 1, late: 0, mean: 14 });
  });
});

describe('two at once', () => {
  test('clerks with an answer each: one goes out', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const drafts = [
      await saveAnswer(context, clerk, { ...part, ...ANSWER }),
      await saveAnswer(context, clerk, { ...part, ...ANSWER }),
    ];
    const sent = await Promise.allSettled(
      drafts.map(({ answerId }) => sendAnswer(context, clerk, { ...part, answerId, key: newId() })),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await lettersTo(context, appeal.authorId)).toHaveLength(1);
  });

  test('one form pressed twice: one answer, one letter', async () => {
    const { part, clerk, appeal } = await buildScene(context);
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...ANSWER });
    const form = { ...part, answerId, key: 'pressed twice' };
    const [first, second] = await Promise.all([sendAnswer(context, clerk, form), sendAnswer(context, clerk, form)]);
    expect(second).toEqual(first);
    expect(await lettersTo(context, appeal.authorId)).toHaveLength(1);
    expect(await sendAnswer(context, clerk, form)).toEqual(first);
    await expect(sendAnswer(context, clerk, { ...form, answerId: newId() })).rejects.toThrow(Conflict);
  });
});
