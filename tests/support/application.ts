import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import { startBank } from '../../sandbox/bank/start.tsx';
import { startIdentity } from '../../sandbox/identity/start.tsx';
import { createApp } from '../../src/app.ts';
import { loadReference } from '../../src/cli/reference.ts';
import { jobKinds, scheduledJobs } from '../../src/jobs.ts';
import { createDatabase, createPool } from '../../src/platform/database/database.ts';
import { startWorker } from '../../src/platform/jobs/worker.ts';
import { Browserless } from './browserless.ts';
import { createTestContext, type TestContext, type TestTemplate } from './context.ts';
import { createTemplate } from './database.ts';

export interface TestApplication {
  app: FastifyInstance;
  context: TestContext;
  url: string;
  /** A client with its own cookies, without script. */
  client(): Browserless;
  /** A client that has signed in at the sandbox provider and accepted the texts. */
  signIn(login: string, capacity?: string): Promise<Browserless>;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });

interface Options {
  /** Settings beside those of every test. */
  settings?: Record<string, string>;
  /** Shops of a bank that is started beside the application; with it the worker runs too. */
  shops?: readonly { shopId: string; secretKey: string; name: string }[];
  template?: TestTemplate;
  /** Where the clock stands. */
  now?: Date;
}

/** The reference data, loaded once a run. */
async function referenceTemplate(): Promise<TestTemplate> {
  const database = 'domovoy_reference_template';
  await createTemplate(database, async (url) => {
    const db = createDatabase(createPool({ url, connections: 2 }));
    await loadReference(db).finally(() => db.destroy());
  });
  return { database };
}

/** The whole application listening on a free port, with the sandbox identity provider beside it and the reference data loaded. */
export async function startApplication({
  settings = {},
  shops,
  template,
  now,
}: Options = {}): Promise<TestApplication> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const identity = await startIdentity({
    host: '127.0.0.1',
    port: 0,
    dataDir: await mkdtemp(join(tmpdir(), 'domovoy-identity-')),
    client: {
      id: 'domovoy',
      secret: 'secret',
      redirectUris: [`${url}/sign-in/callback`],
      postLogoutRedirectUris: [`${url}/`],
      authMethod: 'client_secret_post',
    },
  });
  const bank = shops
    ? await startBank({
        host: '127.0.0.1',
        dataDir: await mkdtemp(join(tmpdir(), 'domovoy-bank-')),
        port: 0,
        shops: shops.map((shop) => ({ ...shop, webhookUrl: `${url}/payments/notifications/${shop.shopId}` })),
      })
    : null;
  const context = await createTestContext(
    {
      PUBLIC_URL: url,
      OIDC_ISSUER: identity.url,
      OIDC_PROMPT: 'login',
      ...(bank ? { ACQUIRER_API_URL: `${bank.url}/v3`, ACQUIRER_PAGE_ORIGINS: bank.url } : {}),
      ...settings,
    },
    template ?? (await referenceTemplate()),
  );
  if (now) context.now = now;
  const app = await createApp(context);
  await app.listen({ port, host: '127.0.0.1' });
  const worker = bank ? await startWorker(context, jobKinds, scheduledJobs) : null;
  afterAll(async () => {
    await worker?.stop();
    await app.close();
    await Promise.all([identity.close(), bank?.close()]);
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
