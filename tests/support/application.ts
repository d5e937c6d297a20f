import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import { startIdentity } from '../../sandbox/identity/start.tsx';
import { createApp } from '../../src/app.ts';
import { loadReference } from '../../src/cli/reference.ts';
import { Browserless } from './browserless.ts';
import { createTestContext, type TestContext } from './context.ts';

export interface TestApplication {
  app: FastifyInstance;
  context: TestContext;
  url: string;
  /** A client with its own cookies, without script. */
  client(): Browserless;
  /** A client that has signed in at the sandbox provider and accepted the texts. */
  signIn(login: string, capacity?: string): Promise<Browserless>;
}

const freePort = async (): Promise<number> => {
  const { createServer } = await import('node:net');
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
};

/** The whole application listening on a free port, with the sandbox identity provider beside it and the reference data loaded. */
export async function startApplication(overrides: Record<string, string> = {}): Promise<TestApplication> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { mkdtemp } = await import('node:fs/promises');
  const identity = await startIdentity({
    host: '127.0.0.1',
    port: 0,
    dataDir: await mkdtemp('/tmp/domovoy-identity-'),
    client: {
      id: 'domovoy',
      secret: 'secret',
      redirectUris: [`${url}/sign-in/callback`],
      postLogoutRedirectUris: [`${url}/`],
    },
  } as Parameters<typeof startIdentity>[0]);
  const context = await createTestContext({
    PUBLIC_URL: url,
    OIDC_ISSUER: identity.url,
    ADMINISTRATORS: '1000000041',
    OIDC_PROMPT: 'login',
    ...overrides,
  });
  await loadReference(context.db);
  const app = await createApp(context);
  await app.listen({ port, host: '127.0.0.1' });
  afterAll(async () => {
    await app.close();
    await identity.close();
  });
  const client = () => new Browserless(url);
  return {
    app,
    context,
    url,
    client,
    async signIn(login, capacity = '') {
      const browser = client();
      await browser.signInAs(login);
      if (browser.current!.url.includes('/welcome')) await browser.acceptTexts(capacity);
      return browser;
    },
  };
}
