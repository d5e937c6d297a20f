import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { insertGuest } from './queries/people.ts';
import { openSession, type SessionToken } from './session.ts';

/** A guest who pays becomes a person of kind "guest" with a session, so that only their browser sees the order. */
export async function openGuestSession(
  context: Context,
  trx: Transaction,
  input: { email: string | null; userAgent: string },
): Promise<SessionToken> {
  const personId = newId<PersonId>();
  await insertGuest(trx, personId, input.email, context.clock());
  return openSession(context, trx, { personId, userAgent: input.userAgent, idToken: null });
}
