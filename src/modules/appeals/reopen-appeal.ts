import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { AppealPartId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { access } from './access.ts';
import type { AppealKey, Part } from './appeal.ts';
import { answeredParts, authorActions } from './author-actions.ts';
import { authorDid, changeOwnAppeal, type OwnAppealInHand } from './change-own-appeal.ts';
import { cleanText } from './clean-text.ts';
import { writeToOrganisation } from './letters.ts';
import { countTerm } from './open-part.ts';
import { deskAppealPath } from './paths.ts';
import { updateAppeal, updatePart } from './queries/write-appeals.ts';

const LONGEST = 1000;

/**
 * The author does not agree with an answer: the addressee has to answer again, with a new term counted from today.
 * @throws Conflict unless the answer was assessed «partial» or «none», or the author has said that nothing is fixed
 */
export async function reopenAppeal(
  context: Context,
  actor: Actor,
  {
    key,
    ...input
  }: AppealKey & { comment: string; key: string /** Absent: who answered last. */; partId?: AppealPartId },
): Promise<{ dueOn: Day | null }> {
  const comment = cleanText(input.comment).trim();
  return changeOwnAppeal(context, actor, input, {
    name: 'reopen',
    allowed: access.writeAppeal,
    form: { key, request: input },
    async run(hand) {
      const { trx, whole } = hand;
      if (!authorActions(whole).reopen)
        throw new Conflict(
          'Вернуть в работу можно обращение, ответ на которое вы оценили как неполный или не устроивший вас.',
        );
      refuseWrong(comment);
      const answered = answeredParts(whole);
      const part = input.partId ? answered.find(({ partId }) => partId === input.partId) : answered.at(-1);
      if (!part) throw new NotFound();
      const dueOn = await beginAgain(hand, part);
      await authorDid(hand, { kind: 'reopened', partId: part.partId, details: { comment, dueOn } });
      await updateAppeal(trx, whole.appeal, {
        reopened: whole.appeal.reopened + 1,
        fixed: null,
        fixed_asked_at: null,
      });
      await tellAddressee(hand, part, comment, dueOn);
      return { dueOn };
    },
  });
}

function refuseWrong(comment: string): void {
  const message = !comment
    ? 'Напишите, с чем вы не согласны'
    : comment.length > LONGEST
      ? `Не больше ${LONGEST} знаков`
      : null;
  if (message) throw new Invalid([{ field: 'comment', message }]);
}

async function beginAgain({ trx, at, today, whole }: OwnAppealInHand, part: Part): Promise<Day | null> {
  // It is in the register already: the term of a body runs from today.
  const term = await countTerm(trx, whole.appeal, { ...part, receivedAt: at, registeredOn: today }, at);
  await updatePart(
    trx,
    { houseId: whole.appeal.houseId, partId: part.partId },
    {
      state: 'in_work',
      closed_at: null,
      due_on: term.dueOn,
      due_at: term.dueAt,
      term_key: term.key,
      term_source: term.source,
      term_from: at,
      extended_from: null,
      extensions: 0,
      reminded: 0,
      overdue_at: null,
      look_at: at,
    },
  );
  return term.dueOn;
}

async function tellAddressee(
  { context, trx, at, whole }: OwnAppealInHand,
  part: Part,
  comment: string,
  dueOn: Day | null,
): Promise<void> {
  const letter = {
    subject: `Обращение № ${whole.appeal.number} снова в работе`,
    lines: [
      'Автор не согласен с ответом.',
      comment,
      dueOn ? `Новый срок ответа: ${formatDate(dueOn)}` : 'Срок ответа законом не установлен.',
    ],
    path: deskAppealPath(whole.appeal),
  };
  await writeToOrganisation(context, trx, part.organisationId, letter, at);
}
