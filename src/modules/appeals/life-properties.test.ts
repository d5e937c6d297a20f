import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  buildJoiner,
  createAppealContext,
  lettersTo,
  readWhole,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { actorOf } from '../../../tests/support/rows.ts';
import type { SignedIn } from '../../platform/access.ts';
import { DomovoyError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { addDays, dayIn } from '../../platform/month.ts';
import type { AppealKey, AppealWhole, Part } from './appeal.ts';
import { askFixed } from './ask-fixed.ts';
import {
  assessAnswer,
  assignAppeals,
  escalateAppeal,
  extendTerm,
  markExecuted,
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
import { watchTerms } from './watch-terms.ts';

type Desk = Awaited<ReturnType<typeof buildDesk>>;
const START = new Date('2026-11-10T09:00:00Z');
const DAY = 86_400_000;

let context: TestContext;
let desks: Desk[];
beforeAll(async () => {
  context = await createAppealContext();
  desks = [await buildDesk(context, '1'), await buildDesk(context, '2'), await buildDesk(context, '4')];
});

interface World {
  key: AppealKey;
  author: SignedIn;
}

const STEPS = [
  'register',
  'assign',
  'answer',
  'answer for now',
  'redirect',
  'redirect outside',
  'extend',
  'waive',
  'execute',
  'request',
  'withdraw',
  'assess',
  'reopen',
  'escalate',
  'tell fixed',
  'wait',
  'wait long',
] as const;
type StepName = (typeof STEPS)[number];
interface Move {
  step: StepName;
  /** Which part and which desk, whatever there is of them. */
  part: number;
  desk: number;
}

const partOf = (whole: AppealWhole, { part }: Move): Part => whole.parts[part % whole.parts.length]!;

async function staffStep({ key }: World, move: Move, whole: AppealWhole): Promise<unknown> {
  const part = partOf(whole, move);
  const { clerk, clerkId } = desks.find(({ organisationId }) => organisationId === part.organisationId)!;
  const target = desks[move.desk % desks.length]!;
  const own = { ...key, partId: part.partId };
  const form = { ...own, key: newId<never>() as string };
  const send = async (interim: boolean) => {
    const { answerId } = await saveAnswer(context, clerk, { ...own, ...ANSWER, interim });
    return sendAnswer(context, clerk, { ...form, answerId });
  };
  const today = dayIn('Europe/Moscow', context.now);
  switch (move.step) {
    case 'register':
      return registerAppeal(context, clerk, own);
    case 'assign':
      return assignAppeals(context, clerk, { items: [own], performerId: clerkId });
    case 'answer':
      return send(false);
    case 'answer for now':
      return send(true);
    case 'redirect':
      return redirectAppeal(context, clerk, { ...form, to: [target], comment: 'Вам', files: [] });
    case 'redirect outside':
      return redirectAppeal(context, clerk, { ...form, to: [], outside: 'Росреестр', comment: 'Им', files: [] });
    case 'extend':
      return extendTerm(context, clerk, { ...own, until: addDays(part.dueOn ?? today, 3), reason: 'Да', files: [] });
    case 'waive':
      return waiveAnswer(context, clerk, { ...form, cause: 'abusive' });
    case 'execute':
      return markExecuted(context, clerk, { ...own, comment: '' });
    default: {
      const { organisationId } = target;
      const asked = { ...key, organisationId, text: 'Акты', dueOn: addDays(today, 5), key: form.key };
      return requestInformation(context, desks[2]!.clerk, asked);
    }
  }
}

async function ownStep({ key, author }: World, { step, part }: Move): Promise<unknown> {
  switch (step) {
    case 'withdraw':
      return withdrawAppeal(context, author, { ...key, comment: '' });
    case 'assess':
      return assessAnswer(context, author, {
        ...key,
        assessment: (['full', 'partial', 'none'] as const)[part % 3]!,
        comment: '',
      });
    case 'reopen':
      return reopenAppeal(context, author, { ...key, comment: 'Нет', key: newId() });
    case 'escalate':
      return escalateAppeal(context, author, { ...key, key: newId() });
    case 'tell fixed':
      return tellFixed(context, author, { ...key, fixed: part % 2 === 0 });
    default:
      context.now = new Date(context.now.getTime() + (step === 'wait' ? 3 : 30) * DAY);
      await watchTerms(context);
      return askFixed(context);
  }
}

const OF_AUTHOR: readonly StepName[] = ['withdraw', 'assess', 'reopen', 'escalate', 'tell fixed', 'wait', 'wait long'];

/** @returns whether it was allowed */
async function take(world: World, move: Move): Promise<boolean> {
  const whole = await readWhole(context, world.key);
  try {
    await (OF_AUTHOR.includes(move.step) ? ownStep(world, move) : staffStep(world, move, whole));
    return true;
  } catch (error) {
    if (!(error instanceof DomovoyError)) throw error;
    expect(await readWhole(context, world.key)).toEqual({
      ...whole,
      // The draft of an answer that could not be sent stays.
      answers: expect.arrayContaining(whole.answers),
    });
    return false;
  }
}

const isOpen = ({ state }: Part) => state === 'received' || state === 'in_work';

async function expectProjected({ key }: World): Promise<void> {
  const whole = await readWhole(context, key);
  const { appeal, parts, joiners } = whole;
  const asked = parts.filter(({ kind }) => kind === 'appeal');
  const open = asked.filter(isOpen);
  const expected = asked.some(({ state }) => state === 'withdrawn')
    ? 'withdrawn'
    : open.length > 0
      ? asked.some(({ state }) => state === 'in_work' || state === 'executed')
        ? 'in_work'
        : 'sent'
      : asked.some(({ state }) => state === 'executed')
        ? 'executed'
        : 'outside';
  expect([appeal.state, appeal.executedAt !== null]).toEqual([expected, expected === 'executed']);

  const lists = await context.db.selectFrom('own_appeal').selectAll().where('appeal_id', '=', key.appealId).execute();
  expect(lists.map(({ person_id }) => person_id).sort()).toEqual(
    [appeal.authorId, ...joiners.map((one) => one.personId)].sort(),
  );
  const due = open.flatMap(({ dueOn }) => dueOn ?? []).sort()[0] ?? null;
  for (const list of lists)
    expect(list).toMatchObject({
      state: expected,
      overdue: parts.some((part) => isOpen(part) && part.overdueAt !== null && part.kind === 'appeal'),
      due_on: due,
    });

  const rows = await context.db.selectFrom('desk_appeal').selectAll().where('appeal_id', '=', key.appealId).execute();
  const own = rows.filter(({ kind }) => kind === 'appeal' || kind === 'request');
  expect(own.map(({ desk_id }) => desk_id).sort()).toEqual(parts.map(({ partId }) => partId as string).sort());
  for (const part of parts)
    expect(own.find(({ desk_id }) => desk_id === part.partId)).toMatchObject({
      organisation_id: part.organisationId,
      kind: part.kind,
      state: part.state,
      is_open: isOpen(part),
      due_on: part.dueOn,
      overdue: part.overdueAt !== null,
      performer_id: part.performerId,
      assessment: appeal.assessment,
      joined: joiners.length,
    });
  await expectLawful(whole);
}

/** What holds whatever was done. */
async function expectLawful({ appeal, parts, answers, events }: AppealWhole): Promise<void> {
  for (const part of parts) {
    expect(part.closedAt === null).toBe(isOpen(part));
    if (part.state === 'in_work') expect([part.registeredOn, part.registrationNumber]).not.toContain(null);
    expect(part.extensions).toBeLessThanOrEqual(1);
  }
  const looks = await context.db
    .selectFrom('appeal_part')
    .select(['closed_at', 'look_at', 'overdue_at'])
    .where('appeal_id', '=', appeal.appealId)
    .execute();
  for (const { closed_at, look_at, overdue_at } of looks)
    if (closed_at || overdue_at) expect(look_at).toBeNull();
    else expect(look_at).not.toBeNull();
  const asked = new Set(parts.filter(({ kind }) => kind === 'appeal').map(({ partId }) => partId));
  const sent = answers.filter(({ state, partId }) => state === 'sent' && asked.has(partId));
  expect(events.filter(({ kind }) => kind === 'answered')).toHaveLength(sent.length);
  const letters = await lettersTo(context, appeal.authorId);
  const answering = letters.filter(({ subject }) => /ответ на обращение/i.test(subject) && !/Срок/.test(subject));
  expect(answering).toHaveLength(sent.length);
}

/** What ends everything comes seldom, so that most plans go far. */
const ENDING: readonly StepName[] = ['withdraw', 'waive', 'redirect outside'];
const steps = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...ENDING) },
  { weight: 12, arbitrary: fc.constantFrom(...STEPS.filter((step) => !ENDING.includes(step))) },
);
const moves = fc.array(fc.record<Move>({ step: steps, part: fc.nat(5), desk: fc.nat(2) }), {
  minLength: 6,
  maxLength: 20,
});

test('whatever is done in whatever order, lists and queues say what the parts say', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(moves, fc.boolean(), async (plan, isJoint) => {
      context.now = START;
      const appeal = await buildAppeal(context, { addressee: desks[0]! });
      const world = { key: appeal, author: actorOf(appeal.authorId) };
      if (isJoint) await buildJoiner(context, appeal);
      for (const move of plan) {
        if (await take(world, move)) done += 1;
        await expectProjected(world);
      }
    }),
    { numRuns: 20 },
  );
  expect(done).toBeGreaterThan(0);
}, 120_000);
