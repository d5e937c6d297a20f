import { audit } from '../../platform/audit/audit.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Forbidden } from '../../platform/errors.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { syncEmployment } from '../organisations/index.ts';
import type { IdentityProvider } from './provider.ts';
import { upsertCitizen } from './queries/people.ts';
import { endSessionOfSecret } from './queries/sessions.ts';
import { claimIdentity, takeSignInAttempt } from './queries/sign-in.ts';
import { type Browser, recogniseDevice } from './recognise-device.ts';
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
  input: {
    callbackUrl: URL;
    browserSecret: string | undefined;
    browser: Browser;
    /** The session that the browser has had until now, if any. */
    former: SessionToken | null;
  },
): Promise<{ token: SessionToken; deviceSecret: string; returnTo: string }> {
  const at = context.clock();
  const state = input.callbackUrl.searchParams.get('state') ?? '';
  // What we never made is not asked about: the database refuses some texts.
  const attempt = /^[\w-]{1,200}$/.test(state) ? await takeSignInAttempt(context.db, state) : undefined;
  if (!attempt || at.getTime() - attempt.created_at.getTime() > ATTEMPT_MILLISECONDS) throw new Forbidden(STALE);
  if (!input.browserSecret || !attempt.browser_hash.equals(sha256(input.browserSecret))) throw new Forbidden(STALE);
  if (input.callbackUrl.searchParams.get('error') === 'access_denied')
    throw new Forbidden('Вы отказались от входа. Войти можно в любое время.');
  const { claims, idToken } = await provider.finish(input.callbackUrl, {
    state: attempt.state,
    nonce: attempt.nonce,
    codeVerifier: attempt.code_verifier,
  });
  const { browser, former } = input;
  const opened = await transaction(context.db, async (trx) => {
    const personId = await claimIdentity(trx, claims.issuer, claims.subject, newId<PersonId>(), at);
    if (!(await upsertCitizen(trx, personId, claims, at))) throw new Forbidden(STALE);
    if (claims.organisations) await syncEmployment(trx, personId, claims.organisations, at);
    const { deviceId, secret: deviceSecret } = await recogniseDevice(context, trx, personId, browser);
    // Whoever knew the session that the browser came with, or put it there, has nothing of the new one.
    if (former) await endSessionOfSecret(trx, { ...former, secretHash: sha256(former.secret) }, at);
    const { userAgent, network } = browser;
    const token = await openSession(context, trx, { personId, userAgent, network, deviceId, idToken });
    await audit(trx, { actor: personId, action: 'identity.signed_in', at, subject: personId });
    return { token, deviceSecret };
  });
  return { ...opened, returnTo: attempt.return_to };
}
