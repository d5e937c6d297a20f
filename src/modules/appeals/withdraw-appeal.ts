import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import { access } from './access.ts';
import { type AppealKey, type AppealState, isOpen } from './appeal.ts';
import { authorActions } from './author-actions.ts';
import { authorDid, changeOwnAppeal } from './change-own-appeal.ts';
import { cleanText } from './clean-text.ts';
import { writeToOrganisation } from './letters.ts';
import { deskAppealPath } from './paths.ts';
import { updateAppeal, updatePart } from './queries/write-appeals.ts';

const LONGEST = 1000;
const OVER: Readonly<Partial<Record<AppealState, string>>> = {
  withdrawn: 'Вы уже отозвали это обращение.',
  outside: 'Обращение уже передано вне системы: отзовите его у того, кому его передали.',
};

/** The author takes the appeal back, until it is executed: every addressee's clock stops. */
export async function withdrawAppeal(
  context: Context,
  actor: Actor,
  input: AppealKey & { comment: string },
): Promise<void> {
  const comment = cleanText(input.comment).trim();
  if (comment.length > LONGEST) throw new Invalid([{ field: 'comment', message: `Не больше ${LONGEST} знаков` }]);
  await changeOwnAppeal(context, actor, input, {
    name: 'withdraw',
    allowed: access.viewOwn,
    async run(hand) {
      const { trx, at, whole } = hand;
      const { appeal, parts } = whole;
      if (!authorActions(whole).withdraw)
        throw new Conflict(OVER[appeal.state] ?? 'Обращение уже исполнено: отозвать его нельзя.');
      const open = parts.filter(({ state }) => isOpen(state));
      for (const { partId } of open)
        await updatePart(
          trx,
          { houseId: appeal.houseId, partId },
          { state: 'withdrawn', closed_at: at, look_at: null },
        );
      await authorDid(hand, { kind: 'withdrawn', details: { comment } });
      await updateAppeal(trx, appeal, { withdrawn_comment: comment });
      const letter = {
        subject: `Обращение № ${appeal.number} отозвано`,
        lines: ['Автор отозвал обращение: отвечать на него не нужно.', comment].filter(Boolean),
        path: deskAppealPath(appeal),
      };
      for (const organisationId of new Set(open.map((part) => part.organisationId)))
        await writeToOrganisation(context, trx, organisationId, letter, at);
      return {};
    },
  });
}
