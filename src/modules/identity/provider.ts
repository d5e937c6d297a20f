import * as client from 'openid-client';
import type { Config } from '../../platform/config.ts';
import { Forbidden, Unavailable } from '../../platform/errors.ts';
import { type Claims, readClaims } from './identity.ts';

const DOWN = 'Сервис входа сейчас не отвечает. Попробуйте через несколько минут: ваши данные в кабинете сохранены.';
const WEAK =
  'Этот способ входа здесь недостаточно надёжен. Войдите снова и выберите в сервисе входа более надёжный, например с подтверждением по телефону.';
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

/** @throws Error of the request, or that the provider cannot do PKCE */
async function discoverProvider(config: Config): Promise<client.Configuration> {
  const issuer = new URL(config.OIDC_ISSUER);
  const found = await client.discovery(issuer, config.OIDC_CLIENT_ID, config.OIDC_CLIENT_SECRET, undefined, {
    execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    timeout: 10,
  });
  // Entry without PKCE is not made: a provider that cannot do it is a wrong setting.
  if (!found.serverMetadata().supportsPKCE()) throw new Error('the provider does not offer PKCE (S256)');
  return found;
}

const callbackOf = ({ PUBLIC_URL }: Config): string => `${PUBLIC_URL}/sign-in/callback`;

async function beginSignIn(found: client.Configuration, config: Config): Promise<Redirect> {
  const codeVerifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(found, {
    redirect_uri: callbackOf(config),
    scope: config.OIDC_SCOPES,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(config.OIDC_ACR_VALUES.length > 0 ? { acr_values: config.OIDC_ACR_VALUES.join(' ') } : {}),
    ...(config.OIDC_PROMPT ? { prompt: config.OIDC_PROMPT } : {}),
  });
  return { url, state, nonce, codeVerifier };
}

export function openIdProvider(config: Config): IdentityProvider {
  let discovered: Promise<client.Configuration> | null = null;
  const discover = (): Promise<client.Configuration> => {
    discovered ??= discoverProvider(config).catch((error) => {
      discovered = null;
      throw new Unavailable(DOWN, { cause: error });
    });
    return discovered;
  };
  return {
    begin: async () => beginSignIn(await discover(), config),
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
        if (config.OIDC_ACR_VALUES.length > 0 && !config.OIDC_ACR_VALUES.includes(String(idClaims.acr)))
          throw new Forbidden(WEAK);
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
        if (error instanceof Forbidden) throw error;
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

/**
 * Asks the provider of the settings for its description, begins a sign-in as a browser would, and shows it the secret with a code that
 * nobody has. @throws what is wrong, for the operator to read
 */
export async function probeIdentityProvider(config: Config): Promise<void> {
  const found = await discoverProvider(config).catch(({ message, cause }: Error) => {
    const answer = cause instanceof Response ? `${cause.url} ответил ${cause.status}: проверьте OIDC_ISSUER` : message;
    throw new Error(answer, { cause });
  });
  const { url, codeVerifier } = await beginSignIn(found, config);
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  const refusal = new URL(answer.headers.get('location') ?? url, url).searchParams.get('error');
  if (answer.status >= 400 || refusal)
    throw new Error(
      `вход не начинается (${refusal ?? answer.status}): зарегистрируйте у сервиса входа клиента ${config.OIDC_CLIENT_ID} с адресом возврата ${callbackOf(config)} и наборами данных ${config.OIDC_SCOPES}`,
    );
  try {
    await client.genericGrantRequest(found, 'authorization_code', {
      ...{ code: 'check', redirect_uri: callbackOf(config), code_verifier: codeVerifier },
    });
  } catch (error) {
    if (!(error instanceof client.ResponseBodyError || error instanceof client.WWWAuthenticateChallengeError))
      throw error;
    // Of the code it has to say that there is none; of the client, nothing.
    if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') return;
    const said = error instanceof client.ResponseBodyError ? error.error : String(error.status);
    throw new Error(`сервис входа не узнаёт клиента ${config.OIDC_CLIENT_ID} (${said}): проверьте OIDC_CLIENT_SECRET`);
  }
}
