import { audit } from '../../platform/audit/audit.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Forbidden } from '../../platform/errors.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { syncEmployment } from '../organisations/index.ts';
import type { IdentityProvider } from './provider.ts';
import { claimIdentity, takeSignInAttempt, upsertCitizen } from './queries.ts';
import { openSession, type SessionToken } from './session.ts';

const ATTEMPT_MILLISECONDS = 15 * 60_000;
const STALE = 'Вход не завершён: прошло слишком много времени, или он начат в другом окне. Нажмите «Войти» ещё раз.';

/**
 * The callback as a list of checks: the state is known, fresh, used once and of this browser; the provider's answer checks;
 * then the person, their employment and a session are written together.
 * @throws Forbidden with what to do; Unavailable when the provider is down
 */
export async function finishSignIn(
  context: Context,
  provider: IdentityProvider,
  input: { callbackUrl: URL; browser: string | undefined; userAgent: string },
): Promise<{ token: SessionToken; returnTo: string }> {
  const at = context.clock();
  const state = input.callbackUrl.searchParams.get('state') ?? '';
  // What we never made is not asked about: the database refuses some texts.
  const attempt = /^[\w-]{1,200}$/.test(state) ? await takeSignInAttempt(context.db, state) : undefined;
  if (!attempt || at.getTime() - attempt.created_at.getTime() > ATTEMPT_MILLISECONDS) throw new Forbidden(STALE);
  if (!input.browser || !attempt.browser_hash.equals(sha256(input.browser))) throw new Forbidden(STALE);
  if (input.callbackUrl.searchParams.get('error') === 'access_denied')
    throw new Forbidden('Вы отказались от входа. Войти можно в любое время.');
  const { claims, idToken } = await provider.finish(input.callbackUrl, {
    state: attempt.state,
    nonce: attempt.nonce,
    codeVerifier: attempt.code_verifier,
  });
  const token = await transaction(context.db, async (trx) => {
    const personId = await claimIdentity(trx, claims.issuer, claims.subject, newId<PersonId>(), at);
    await upsertCitizen(trx, personId, claims, at);
    if (claims.organisations) await syncEmployment(trx, personId, claims.organisations, at);
    const opened = await openSession(context, trx, { personId, userAgent: input.userAgent, idToken });
    await audit(trx, { actor: personId, action: 'identity.signed_in', at, subject: personId });
    return opened;
  });
  return { token, returnTo: attempt.return_to };
}
