import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { IdentityConfig } from '../config.ts';
import { closeServer, listen, type Running, readForm } from '../http.ts';
import { sendPage } from '../page.tsx';
import { type Person, readPeople } from './claims.ts';
import { openKeys } from './keys.ts';
import { ErrorPage, FrontPage, LoginPage } from './pages.tsx';
import { createProvider, SANDBOX_ACR } from './provider.tsx';
import { openStore } from './store.ts';

interface Identity {
  provider: Provider;
  people: readonly Person[];
  issuer: URL;
  /** Where a redirect after the sign-in form may lead. */
  formTargets: string[];
}

/** Starts the identity provider; its public address is the issuer. */
export async function startIdentity(config: IdentityConfig): Promise<Running> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const people = readPeople(config.peopleFile);
  const keys = openKeys(join(config.dataDir, 'identity-keys.json'));
  const store = openStore(join(config.dataDir, 'identity-sessions.json'));
  let identity: Identity | undefined;
  const server = createServer((request, response) => {
    if (!identity) return void response.writeHead(503).end();
    answer(identity, request, response).catch((error: unknown) => {
      console.error('sandbox identity:', error);
      if (!response.headersSent) {
        sendPage(response, 500, <ErrorPage code="server_error" description={undefined} />);
      }
    });
  });
  const url = await listen(server, config.host, config.port, config.publicUrl);
  identity = {
    provider: createProvider(url, config, new Map(people.map((person) => [person.sub, person])), keys, store),
    people,
    issuer: new URL(url),
    formTargets: config.client.redirectUris,
  };
  return {
    url,
    async close() {
      await closeServer(server);
      store.close();
    },
  };
}

async function answer(identity: Identity, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', identity.issuer);
  const [, uid, action] = /^\/interaction\/([^/]+)(?:\/(login|cancel))?$/.exec(pathname) ?? [];
  if (uid) return interact(identity, uid, request.method === 'POST' ? action : undefined, request, response);
  if (pathname === '/') return sendPage(response, 200, <FrontPage people={identity.people} />);
  pretendPublicAddress(request, identity.issuer);
  await identity.provider.callback()(request, response);
}

/** The library builds absolute addresses from the request; whoever calls by another name still gets the issuer's. */
function pretendPublicAddress(request: IncomingMessage, issuer: URL): void {
  delete request.headers['x-forwarded-host'];
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  request.headers.host = issuer.host;
}

async function interact(
  { provider, people, issuer, formTargets }: Identity,
  uid: string,
  action: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  pretendPublicAddress(request, issuer);
  try {
    const interaction = await provider.interactionDetails(request, response);
    if (interaction.uid !== uid) throw new errors.SessionNotFound('another sign-in has begun in this browser');
    if (action === 'cancel') {
      const refusal = { error: 'access_denied', error_description: 'End-User aborted interaction' };
      return await provider.interactionFinished(request, response, refusal);
    }
    if (action !== 'login') return sendPage(response, 200, <LoginPage uid={uid} people={people} />, formTargets);
    const login = (await readForm(request)).get('login')?.trim() ?? '';
    const person = people.find((candidate) => candidate.login === login.toLowerCase());
    if (!person) {
      return sendPage(response, 422, <LoginPage uid={uid} people={people} unknownLogin={login} />, formTargets);
    }
    await provider.interactionFinished(request, response, { login: { accountId: person.sub, acr: SANDBOX_ACR } });
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error;
    sendPage(response, 400, <ErrorPage code={error.error} description={error.error_description} />);
  }
}
