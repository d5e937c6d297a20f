import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, type FieldError, Invalid } from '../../platform/errors.ts';
import { access } from './access.ts';
import { type AppealKey, ASSESSMENTS, type Assessment } from './appeal.ts';
import { authorActions } from './author-actions.ts';
import { authorDid, changeOwnAppeal } from './change-own-appeal.ts';
import { cleanText } from './clean-text.ts';
import { updateAppeal } from './queries/write-appeals.ts';

const LONGEST = 1000;

/** The author says whether the answer was of use; a comment belongs to «partial» and «none». */
export async function assessAnswer(
  context: Context,
  actor: Actor,
  input: AppealKey & { assessment: Assessment; comment: string },
): Promise<void> {
  const { assessment } = input;
  const comment = assessment === 'full' ? '' : cleanText(input.comment).trim();
  const fields: FieldError[] = [];
  if (!Object.hasOwn(ASSESSMENTS, assessment)) fields.push({ field: 'assessment', message: 'Выберите оценку' });
  if (comment.length > LONGEST) fields.push({ field: 'comment', message: `Не больше ${LONGEST} знаков` });
  if (fields.length > 0) throw new Invalid(fields);
  await changeOwnAppeal(context, actor, input, {
    name: 'assess',
    allowed: access.viewOwn,
    async run(hand) {
      const { trx, whole } = hand;
      if (!authorActions(whole).assess) throw new Conflict('Оценить можно только полученный ответ.');
      const last = whole.events.findLast(({ kind }) => kind === 'assessed')?.details;
      // The same form sent twice is one assessment.
      if (whole.appeal.assessment === assessment && last?.comment === comment) return {};
      await authorDid(hand, { kind: 'assessed', details: { assessment, comment } });
      await updateAppeal(trx, whole.appeal, { assessment });
      return {};
    },
  });
}
