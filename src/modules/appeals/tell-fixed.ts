import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import { access } from './access.ts';
import type { AppealKey } from './appeal.ts';
import { authorActions } from './author-actions.ts';
import { authorDid, changeOwnAppeal } from './change-own-appeal.ts';
import { updateAppeal } from './queries/write-appeals.ts';

/**
 * The author says whether what was promised is fixed. Asked once, by letter, some weeks after the answer.
 * @throws Invalid when neither yes nor no was chosen
 */
export async function tellFixed(
  context: Context,
  actor: Actor,
  input: AppealKey & { fixed: boolean | null },
): Promise<void> {
  const { fixed } = input;
  await changeOwnAppeal(context, actor, input, {
    name: 'fixed',
    allowed: access.viewOwn,
    async run(hand) {
      const { trx, whole } = hand;
      if (!authorActions(whole).tellFixed) throw new Conflict('Об этом обращении сейчас не спрашивают.');
      if (fixed === null) throw new Invalid([{ field: 'fixed', message: 'Ответьте «да» или «нет»' }]);
      if (whole.appeal.fixed === fixed) return {};
      await authorDid(hand, { kind: 'fixed', details: { fixed } });
      await updateAppeal(trx, whole.appeal, { fixed });
      return {};
    },
  });
}
