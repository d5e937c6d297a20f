import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { VNode } from 'preact';
import type { IdentityConfig } from '../config.ts';
import { pageHeaders, renderPage } from '../page.tsx';
import { CLAIMS, claimsOf, type Person } from './claims.ts';
import type { Keys } from './keys.ts';
import { ErrorPage, LogoutPage, SignedOutPage } from './pages.tsx';
import type { Store } from './store.ts';

const HOUR = 60 * 60;
/** How people sign in here: they say who they are. */
export const SANDBOX_ACR = 'sandbox:named';
const SCOPES = Object.keys(CLAIMS).join(' ');

/** OpenID Connect with nothing but what the cabinet needs: code and PKCE, userinfo, logout by the client's wish. */
export function createProvider(
  issuer: string,
  { client }: IdentityConfig,
  people: ReadonlyMap<string, Person>,
  keys: Keys,
  store: Store,
): Provider {
  const goodbyes = client.postLogoutRedirectUris;
  const configuration: Configuration = {
    acrValues: [SANDBOX_ACR],
    adapter: store.adapter,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: client.redirectUris,
        post_logout_redirect_uris: goodbyes,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: client.authMethod,
      },
    ],
    claims: CLAIMS,
    cookies: {
      keys: keys.cookieKeys,
      // Cookies ignore ports: the cabinet on the same host name has its own, so these carry the sandbox's name.
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => show(ctx, <LogoutPage form={form} />, goodbyes),
        postLogoutSuccessSource: (ctx) => show(ctx, <SignedOutPage />),
      },
    },
    findAccount: (_, sub) => {
      const person = people.get(sub);
      return person && { accountId: sub, claims: () => claimsOf(person) };
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    jwks: keys.jwks,
    loadExistingGrant: grantEverything,
    pkce: { required: () => true },
    renderError: (ctx, out) => show(ctx, <ErrorPage code={out.error} description={out.error_description} />),
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      Grant: 12 * HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: 12 * HOUR,
    },
  };
  const provider = new Provider(issuer, configuration);
  provider.proxy = true;
  return provider;
}

function show(ctx: KoaContextWithOIDC, page: VNode, formTargets?: readonly string[]): void {
  ctx.set(pageHeaders(formTargets));
  ctx.body = renderPage(page);
}

/** The only client is the cabinet of this very installation: choosing a person is consent enough. */
async function grantEverything(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const kept = known ? await provider.Grant.find(known) : undefined;
  if (kept) return kept;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPES);
  await grant.save();
  return grant;
}
