import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import { changePart, closePart, happened, isOfAuthor, type PartKey, requireOpen } from './change-part.ts';
import { cleanText } from './clean-text.ts';
import { writeToAll } from './letters.ts';
import { selectAnswers } from './queries/read-appeals.ts';
import { updateAppeal } from './queries/write-appeals.ts';

const LONGEST = 1000;

/** Ends a part that has had an interim answer, without one more. @throws Conflict when no answer was sent yet */
export async function markExecuted(
  context: Context,
  actor: Actor,
  input: PartKey & { comment: string },
): Promise<void> {
  const comment = cleanText(input.comment).trim();
  if (comment.length > LONGEST) throw new Invalid([{ field: 'comment', message: `Не больше ${LONGEST} знаков` }]);
  await changePart(context, actor, input, {
    name: 'execute',
    isNews: isOfAuthor,
    async run(hand) {
      requireOpen(hand);
      const { trx, appeal, part } = hand;
      const since = part.receivedAt;
      const answers = await selectAnswers(trx, appeal);
      if (!answers.some(({ partId, sentAt }) => partId === part.partId && sentAt !== null && sentAt >= since))
        throw new Conflict('Сначала отправьте автору ответ. Если ответ не нужен, выберите «Ответ не требуется».');
      await closePart(hand, 'executed');
      await happened(hand, { kind: 'executed', details: { comment } });
      await updateAppeal(trx, appeal, { assessment: null, fixed: null, fixed_asked_at: null });
      const letter = {
        subject: `Обращение № ${appeal.number} исполнено`,
        lines: ['Организация отметила, что обращение исполнено.', comment].filter(Boolean),
        forAuthor: 'Оцените ответ в кабинете.',
      };
      await writeToAll(context, trx, appeal, letter);
      return {};
    },
  });
}
