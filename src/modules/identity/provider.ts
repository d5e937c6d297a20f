import * as client from 'openid-client';
import type { Config } from '../../platform/config.ts';
import { Forbidden, Unavailable } from '../../platform/errors.ts';
import { type Claims, readClaims } from './identity.ts';

const DOWN = 'Сервис входа сейчас не отвечает. Попробуйте через несколько минут: ваши данные в кабинете сохранены.';
const REFUSED = 'Вход не удался: ответ сервиса входа не прошёл проверку. Начните вход заново.';

export interface Redirect {
  url: URL;
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** An OpenID Connect provider: authorisation code with PKCE, state and nonce. */
export interface IdentityProvider {
  begin(): Promise<Redirect>;
  /** @throws Forbidden when the answer does not check, Unavailable when the provider does not answer */
  finish(
    callbackUrl: URL,
    checks: { state: string; nonce: string; codeVerifier: string },
  ): Promise<{ claims: Claims; idToken: string | null }>;
  signOutUrl(idToken: string | null): Promise<URL | null>;
}

export function openIdProvider(config: Config): IdentityProvider {
  const issuer = new URL(config.OIDC_ISSUER);
  let discovered: Promise<client.Configuration> | null = null;
  const discover = (): Promise<client.Configuration> => {
    discovered ??= client
      .discovery(issuer, config.OIDC_CLIENT_ID, config.OIDC_CLIENT_SECRET, undefined, {
        execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
        timeout: 10,
      })
      .then((found) => {
        // Entry without PKCE is not made: a provider that cannot do it is a wrong setting.
        if (!found.serverMetadata().supportsPKCE()) throw new Error('the provider does not offer PKCE (S256)');
        return found;
      })
      .catch((error) => {
        discovered = null;
        throw new Unavailable(DOWN, { cause: error });
      });
    return discovered;
  };
  const callback = `${config.PUBLIC_URL}/sign-in/callback`;
  return {
    async begin() {
      const found = await discover();
      const codeVerifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: callback,
        scope: config.OIDC_SCOPES,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...(config.OIDC_PROMPT ? { prompt: config.OIDC_PROMPT } : {}),
      });
      return { url, state, nonce, codeVerifier };
    },
    async finish(callbackUrl, checks) {
      const found = await discover();
      try {
        const tokens = await client.authorizationCodeGrant(found, callbackUrl, {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.codeVerifier,
          idTokenExpected: true,
        });
        const idClaims = tokens.claims()!;
        const userinfo = found.serverMetadata().userinfo_endpoint
          ? await client.fetchUserInfo(found, tokens.access_token, idClaims.sub)
          : {};
        const claims = readClaims(
          idClaims.iss,
          idClaims.sub,
          { ...idClaims, ...userinfo },
          config.OIDC_CONFIRMED_CLAIM,
        );
        return { claims, idToken: tokens.id_token ?? null };
      } catch (error) {
        if (error instanceof client.ClientError && error.code === 'OAUTH_TIMEOUT')
          throw new Unavailable(DOWN, { cause: error });
        if (error instanceof TypeError) throw new Unavailable(DOWN, { cause: error });
        throw new Forbidden(REFUSED);
      }
    },
    async signOutUrl(idToken) {
      const found = await discover();
      if (!found.serverMetadata().end_session_endpoint) return null;
      return client.buildEndSessionUrl(found, {
        post_logout_redirect_uri: `${config.PUBLIC_URL}/`,
        ...(idToken ? { id_token_hint: idToken } : {}),
      });
    },
  };
}

/** Asks the provider of the settings for its description. @throws what is wrong with it, for the operator to read */
export async function probeIdentityProvider(config: Config): Promise<void> {
  try {
    await openIdProvider(config).begin();
  } catch (error) {
    throw error instanceof Unavailable ? error.cause : error;
  }
}
