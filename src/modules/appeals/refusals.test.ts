import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  buildJoiner,
  buildScene,
  createAppealContext,
  readWhole,
  receivePdf,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildPerson } from '../../../tests/support/rows.ts';
import type { Actor } from '../../platform/access.ts';
import { Conflict, Forbidden, Invalid, NotFound, NotSignedIn } from '../../platform/errors.ts';
import { type AnswerId, newId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import {
  assessAnswer,
  assignAppeals,
  attachToAnswer,
  deleteAnswer,
  detachFromAnswer,
  escalateAppeal,
  extendTerm,
  markExecuted,
  type PartKey,
  readExtensionLimit,
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
import { selectNotes } from './queries/notes.ts';
import { selectTemplates } from './queries/templates.ts';
import { saveTemplate } from './save-template.ts';
import { writeNote } from './write-note.ts';

let context: TestContext;
let other: Awaited<ReturnType<typeof buildDesk>>;
beforeAll(async () => {
  context = await createAppealContext();
  other = await buildDesk(context, '2');
});

const key = 'form';
const answerId = newId<AnswerId>();
const staffSteps: Record<string, (actor: Actor, part: PartKey) => Promise<unknown>> = {
  register: (actor, part) => registerAppeal(context, actor, part),
  'save an answer': (actor, part) => saveAnswer(context, actor, { ...part, ...ANSWER }),
  'send an answer': (actor, part) => sendAnswer(context, actor, { ...part, answerId, key: newId() }),
  'delete an answer': (actor, part) => deleteAnswer(context, actor, { ...part, answerId }),
  'attach a file': async (actor, part) =>
    attachToAnswer(context, actor, { ...part, answerId, file: await receivePdf(context) }),
  'detach a file': (actor, part) => detachFromAnswer(context, actor, { ...part, answerId, fileId: newId() }),
  redirect: (actor, part) =>
    redirectAppeal(context, actor, { ...part, to: [other], comment: 'По компетенции', files: [], key: newId() }),
  extend: (actor, part) => extendTerm(context, actor, { ...part, until: '2026-12-01' as Day, reason: 'Да', files: [] }),
  'read how far a term goes': (actor, part) => readExtensionLimit(context, actor, part),
  'waive an answer': (actor, part) => waiveAnswer(context, actor, { ...part, cause: 'thanks', key: newId() }),
  'mark as executed': (actor, part) => markExecuted(context, actor, { ...part, comment: '' }),
};
const ownSteps: Record<string, (actor: Actor, part: PartKey) => Promise<unknown>> = {
  withdraw: (actor, part) => withdrawAppeal(context, actor, { ...part, comment: '' }),
  assess: (actor, part) => assessAnswer(context, actor, { ...part, assessment: 'none', comment: '' }),
  reopen: (actor, { houseId, appealId }) =>
    reopenAppeal(context, actor, { houseId, appealId, comment: 'Нет', key: newId() }),
  escalate: (actor, part) => escalateAppeal(context, actor, { ...part, key: newId() }),
  'say whether it is fixed': (actor, part) => tellFixed(context, actor, { ...part, fixed: true }),
};

describe.each(Object.entries(staffSteps))('to %s', (_, step) => {
  test('needs a clerk of the addressee', async () => {
    const { part, author } = await buildScene(context);
    const inspector = await buildDesk(context, '4');
    await expect(step({ kind: 'anonymous' }, part)).rejects.toThrow(NotSignedIn);
    await expect(step(author, part)).rejects.toThrow(Forbidden);
    await expect(step(other.clerk, part)).rejects.toThrow(NotFound);
    await expect(step(inspector.clerk, part)).rejects.toThrow(NotFound);
  });

  test('needs a part of that very appeal', async () => {
    const { part, desk, clerk } = await buildScene(context);
    const second = await buildAppeal(context, { addressee: desk });
    await expect(step(clerk, { ...part, appealId: second.appealId })).rejects.toThrow(NotFound);
    await expect(step(clerk, { ...part, houseId: second.houseId })).rejects.toThrow(NotFound);
    await expect(step(clerk, { ...part, partId: newId() })).rejects.toThrow(NotFound);
  });
});

describe.each(Object.entries(ownSteps))('to %s', (_, step) => {
  test('needs the author, not a neighbour who joined and not a clerk', async () => {
    const { part, clerk } = await buildScene(context);
    const neighbour = actorOf(await buildPerson(context));
    const joiner = actorOf(await buildJoiner(context, part));
    await expect(step({ kind: 'anonymous' }, part)).rejects.toThrow(NotSignedIn);
    await expect(step(clerk, part)).rejects.toThrow(Forbidden);
    await expect(step(neighbour, part)).rejects.toThrow(NotFound);
    await expect(step(joiner, part)).rejects.toThrow(NotFound);
  });
});

test.each(['reopen', 'escalate'])('to %s needs a confirmed account', async (name) => {
  const { part, appeal } = await buildScene(context);
  await expect(ownSteps[name]!(actorOf(appeal.authorId, { confirmed: false }), part)).rejects.toThrow(Forbidden);
});

describe('an inspectorate asks only about what it watches', () => {
  const ask = (actor: Actor, part: PartKey, whole = false) =>
    requestInformation(context, actor, {
      houseId: part.houseId,
      appealId: part.appealId,
      ...(whole && { partId: part.partId }),
      organisationId: other.organisationId,
      text: 'Пришлите акты',
      dueOn: '2026-11-20' as Day,
      key: newId(),
    });

  test('a clerk may not', async () => {
    const { part, clerk, author } = await buildScene(context);
    await expect(ask({ kind: 'anonymous' }, part)).rejects.toThrow(NotSignedIn);
    await expect(ask(clerk, part)).rejects.toThrow(Forbidden);
    await expect(ask(author, part)).rejects.toThrow(Forbidden);
  });

  test('an inspectorate of another region may not, nor by the part of another', async () => {
    const { part } = await buildScene(context, '1', { regionCode: '50' });
    const inspector = await buildDesk(context, '4');
    await expect(ask(inspector.clerk, part)).rejects.toThrow(NotFound);
    await expect(ask(inspector.clerk, part, true)).rejects.toThrow(NotFound);
  });
});

describe('what is withdrawn is left alone', () => {
  test.each(Object.keys(staffSteps).filter((name) => !/read|answer|file/.test(name)))('%s', async (name) => {
    const { part, author, clerk } = await buildScene(context);
    await withdrawAppeal(context, author, { ...part, comment: '' });
    const before = await readWhole(context, part);
    await expect(staffSteps[name]!(clerk, part)).rejects.toThrow(Conflict);
    expect(await readWhole(context, part)).toEqual(before);
  });

  test.each(Object.keys(ownSteps))('%s', async (name) => {
    const { part, author } = await buildScene(context);
    await withdrawAppeal(context, author, { ...part, comment: '' });
    await expect(ownSteps[name]!(author, part)).rejects.toThrow(Conflict);
  });
});

describe('before there is an answer', () => {
  test.each(['assess', 'reopen', 'escalate', 'say whether it is fixed'])('the author cannot %s', async (name) => {
    const { part, author } = await buildScene(context);
    await expect(ownSteps[name]!(author, part)).rejects.toThrow(Conflict);
  });

  test('it cannot be marked as executed', async () => {
    const { part, clerk } = await buildScene(context);
    await expect(markExecuted(context, clerk, { ...part, comment: '' })).rejects.toThrow(Conflict);
  });
});

describe('wrong input is refused field by field', () => {
  const fieldsOf = (work: Promise<unknown>) =>
    work.then(
      () => [],
      (error: unknown) => (error instanceof Invalid ? error.fields.map(({ field }) => field) : [String(error)]),
    );

  test('a registration before the receipt, after today, with a long number', async () => {
    const { part, clerk } = await buildScene(context);
    const long = { ...part, registrationNumber: '1'.repeat(31), registeredOn: '2026-11-09' as Day };
    expect(await fieldsOf(registerAppeal(context, clerk, long))).toEqual(['registrationNumber', 'registeredOn']);
    const late = { ...part, registeredOn: '2026-11-11' as Day };
    expect(await fieldsOf(registerAppeal(context, clerk, late))).toEqual(['registeredOn']);
  });

  test('an assignment to a stranger, for a day that has passed, of nothing', async () => {
    const { clerk } = await buildScene(context);
    const wrong = { items: [], performerId: other.clerkId, plannedOn: '2026-11-01' as Day };
    expect(await fieldsOf(assignAppeals(context, clerk, wrong))).toEqual(['items', 'performerId', 'plannedOn']);
  });

  test('an answer that is too long, or has neither outcome nor text', async () => {
    const { part, clerk } = await buildScene(context);
    const long = { ...ANSWER, number: '1'.repeat(36), performerPost: '1'.repeat(256), text: '1'.repeat(10_001) };
    expect(await fieldsOf(saveAnswer(context, clerk, { ...part, ...long }))).toEqual([
      'number',
      'performerPost',
      'text',
    ]);
    const empty = await saveAnswer(context, clerk, { ...part, ...ANSWER, outcome: null, text: ' ' });
    expect(await fieldsOf(sendAnswer(context, clerk, { ...part, answerId: empty.answerId, key }))).toEqual([
      'outcome',
      'text',
    ]);
  });

  test.each([
    ['nobody', [], 'to'],
    ['itself', 'self', 'to'],
    ['one twice', 'twice', 'to'],
    ['a role that it does not have', 'role', 'to'],
  ] as const)('a redirection to %s', async (_, given, field) => {
    const { part, desk, clerk } = await buildScene(context);
    const targets = {
      self: [desk],
      twice: [other, other],
      role: [{ ...other, powerCode: '4' }],
    };
    const to = typeof given === 'string' ? targets[given] : [];
    const wish = { ...part, to, comment: '', files: [], key: newId<never>() as string };
    expect(await fieldsOf(redirectAppeal(context, clerk, wish))).toEqual([field, 'comment']);
  });

  test('a cause that the law does not know for a body of power, one that needs a word', async () => {
    const { part, clerk } = await buildScene(context, '4');
    const waive = (cause: 'thanks' | 'repeated') =>
      fieldsOf(waiveAnswer(context, clerk, { ...part, cause, key: newId() }));
    expect(await waive('thanks')).toEqual(['cause']);
    expect(await waive('repeated')).toEqual(['comment']);
  });

  test('an assessment that there is not, or with too long a comment', async () => {
    const { part, author } = await buildScene(context);
    const wrong = { ...part, assessment: 'toString' as 'none', comment: '1'.repeat(1001) };
    expect(await fieldsOf(assessAnswer(context, author, wrong))).toEqual(['assessment', 'comment']);
    expect(await fieldsOf(withdrawAppeal(context, author, { ...part, comment: '1'.repeat(1001) }))).toEqual([
      'comment',
    ]);
  });
});

describe('what one side types and the other reads', () => {
  const TURNED = 'Акт\u202e№ 5\u0000 \u2066готов';
  const PLAIN = 'Акт№ 5 готов';

  test('turns no line round, whoever typed it', async () => {
    const { part, clerk, author, desk } = await buildScene(context);
    await registerAppeal(context, clerk, { ...part, registrationNumber: TURNED });
    await extendTerm(context, clerk, { ...part, until: '2026-12-01' as Day, reason: TURNED, files: [] });
    const draft = { ...ANSWER, number: TURNED, performerPost: TURNED, text: TURNED, interim: true };
    const { answerId } = await saveAnswer(context, clerk, { ...part, ...draft });
    await sendAnswer(context, clerk, { ...part, answerId, key: newId() });
    await markExecuted(context, clerk, { ...part, comment: TURNED });
    await assessAnswer(context, author, { ...part, assessment: 'none', comment: TURNED });
    const { houseId, appealId } = part;
    await reopenAppeal(context, author, { houseId, appealId, comment: TURNED, key: newId() });
    const to = { to: [other], outside: TURNED, comment: TURNED };
    await redirectAppeal(context, clerk, { ...part, ...to, files: [], key: newId() });
    await writeNote(context, clerk, { ...part, text: TURNED });
    await saveTemplate(context, clerk, null, { title: TURNED, text: TURNED });
    await withdrawAppeal(context, author, { ...part, comment: TURNED });
    const whole = await readWhole(context, part);
    const notes = await selectNotes(context.db, desk.organisationId, appealId);
    const templates = await selectTemplates(context.db, desk.organisationId);
    const kept = JSON.stringify([whole, notes, templates]);
    expect(kept).not.toMatch(/\\u0000|[\u202a-\u202e\u2066-\u2069]/);
    expect(kept.split(PLAIN).length).toBeGreaterThan(13);
  });

  test('a key that is none of ours is refused', async () => {
    const { part, clerk } = await buildScene(context);
    const key = randomBytes(4000).toString('hex');
    await expect(waiveAnswer(context, clerk, { ...part, cause: 'thanks', key })).rejects.toThrow(Conflict);
  });
});
