import { endSessionsOf } from '../../modules/identity/index.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';

/**
 * Ends the sessions of a person, or everybody's: a stolen telephone, a leaked copy of the database. They are refused at their next request.
 * @param email null for everybody
 * @returns the code of the process
 */
export async function endSessions(
  context: Pick<Context, 'db' | 'clock'>,
  email: string | null,
  say: (line: string) => void,
): Promise<number> {
  const at = context.clock();
  const people = await transaction(context.db, async (trx) => {
    const ended = await endSessionsOf(trx, email, at);
    for (const person of new Set(ended))
      await audit(trx, { actor: person, action: 'identity.ended_by_operator', at, subject: person });
    return ended;
  });
  if (people.length === 0) {
    say(email === null ? 'Открытых сеансов нет.' : `Открытых сеансов с почтой ${email} нет.`);
    return email === null ? 0 : 1;
  }
  say(`Завершено сеансов: ${people.length}, людей: ${new Set(people).size}.`);
  return 0;
}
