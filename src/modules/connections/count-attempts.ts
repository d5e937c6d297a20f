import type { SignedIn } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { TooMany, untilDayOld } from '../../platform/errors.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { countAttempts, insertAttempt, lockTries } from './queries.ts';

export interface Attempt {
  attemptId: string;
  /** Tries that are left for the day should this one fail. */
  left: number;
}

/**
 * A try counts as failed from its beginning, and is taken out when it has not failed: of tries made at once no more get an answer
 * than the day allows.
 * @param advice what can be done at once when the tries are used up
 * @throws TooMany
 */
export async function beginAttempt(context: Context, person: SignedIn, advice: string): Promise<Attempt> {
  const at = context.clock();
  const limit = await getWholeNumber(context.db, 'accounts.tries_per_day', dayIn('Europe/Moscow', at));
  const since = new Date(at.getTime() - 24 * 3_600_000);
  return transaction(context.db, async (trx) => {
    await lockTries(trx, person.personId);
    const { count, first } = await countAttempts(trx, person.personId, since);
    if (count < limit)
      return { attemptId: await insertAttempt(trx, person.personId, at), left: limit - Number(count) - 1 };
    throw new TooMany(
      `За сутки было ${limit} неудачных попыток. Продолжить можно завтра${advice}.`,
      untilDayOld(first ?? at, at),
    );
  });
}
