import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityConfig } from '../config.ts';
import type { Running } from '../http.ts';
import { startIdentity } from './start.tsx';

const BACK = 'http://cabinet.test/sign-in/back';
const BYE = 'http://cabinet.test/bye';

let dataDir: string;
let identity: Running;

const config = (changes: Partial<IdentityConfig> = {}): IdentityConfig => ({
  host: '127.0.0.1',
  port: 0,
  dataDir,
  client: {
    id: 'cabinet',
    secret: 'cabinet-secret',
    redirectUris: [BACK],
    postLogoutRedirectUris: [BYE],
    authMethod: 'client_secret_post',
  },
  ...changes,
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'identity-'));
  identity = await startIdentity(config());
});
afterEach(async () => {
  await identity.close();
  rmSync(dataDir, { recursive: true });
});

/** A browser of two abilities: cookies with their paths, and pressing buttons of forms. */
class Browser {
  readonly #jar = new Map<string, { value: string; path: string }>();

  async request(address: string, form?: Record<string, string>): Promise<Response> {
    const url = new URL(address);
    const cookie = [...this.#jar].filter(([, { path }]) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      headers: { cookie: cookie.map(([name, { value }]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (value) this.#jar.set(name, { value, path });
      else this.#jar.delete(name);
    }
    return response;
  }

  /** Follows redirects until a page, or until they leave the provider. */
  async open(
    address: string,
    form?: Record<string, string>,
  ): Promise<{ url: URL; status: number; html: string; headers: Headers }> {
    let response = await this.request(address, form);
    let url = new URL(address);
    for (let location = response.headers.get('location'); location; location = response.headers.get('location')) {
      url = new URL(location, url);
      if (url.origin !== identity.url) return { url, status: response.status, html: '', headers: response.headers };
      response = await this.request(url.href);
    }
    return { url, status: response.status, html: await response.text(), headers: response.headers };
  }
}

const discover = (secret = 'cabinet-secret') =>
  openid.discovery(new URL(identity.url), 'cabinet', secret, undefined, { execute: [openid.allowInsecureRequests] });

const SCOPES = 'openid profile email phone snils organizations';

async function begin(client: openid.Configuration, changes: Record<string, string> = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const url = openid.buildAuthorizationUrl(client, {
    redirect_uri: BACK,
    scope: SCOPES,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...changes,
  });
  return { url: url.href, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
}

async function signIn(login: string, browser = new Browser(), scope = SCOPES) {
  const client = await discover();
  const { url, checks } = await begin(client, { scope });
  const page = await browser.open(url);
  const action = /action="([^"]+\/login)"/.exec(page.html)?.[1];
  const back = action ? await browser.open(new URL(action, identity.url).href, { login }) : page;
  const tokens = await openid.authorizationCodeGrant(client, back.url, checks);
  const person = await openid.fetchUserInfo(client, tokens.access_token, tokens.claims()!.sub);
  return { client, tokens, person, asked: Boolean(action), browser };
}

describe('refusals', () => {
  it('lets nobody in without PKCE', async () => {
    const client = await discover();
    const { url } = await begin(client);
    const bare = new URL(url);
    bare.searchParams.delete('code_challenge');
    bare.searchParams.delete('code_challenge_method');
    const back = await new Browser().open(bare.href);
    expect(back.url.searchParams.get('error')).toBe('invalid_request');
  });

  it('sends nobody to an address that is not registered', async () => {
    const { url } = await begin(await discover(), { redirect_uri: 'http://thief.test/' });
    const page = await new Browser().open(url);
    expect(page.status).toBe(400);
    expect(page.html).toContain('Войти не получилось');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('gives no tokens for a wrong verifier, a wrong secret or a code used twice', async () => {
    const browser = new Browser();
    const { client } = await signIn('domovitova', browser);
    const again = async () => {
      const { url, checks } = await begin(client);
      return { back: (await browser.open(url)).url, checks };
    };
    const one = await again();
    const other = { ...one.checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await expect(openid.authorizationCodeGrant(client, one.back, other)).rejects.toThrow();
    const two = await again();
    await expect(openid.authorizationCodeGrant(await discover('wrong'), two.back, two.checks)).rejects.toThrow();
    const three = await again();
    await openid.authorizationCodeGrant(client, three.back, three.checks);
    await expect(openid.authorizationCodeGrant(client, three.back, three.checks)).rejects.toThrow();
  });

  it('says that there is no such login, and lets try again', async () => {
    const browser = new Browser();
    const page = await browser.open((await begin(await discover())).url);
    const action = new URL(/action="([^"]+\/login)"/.exec(page.html)![1]!, identity.url).href;
    const answer = await browser.open(action, { login: '<b>nobody' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('Логина «&lt;b>nobody» здесь нет');
    expect((await browser.open(action, { login: ' Domovitova ' })).url.searchParams.get('code')).toBeTruthy();
  });

  it('goes back without entry when the person changes their mind', async () => {
    const browser = new Browser();
    const page = await browser.open((await begin(await discover())).url);
    const action = /action="([^"]+\/cancel)"/.exec(page.html)![1]!;
    const back = await browser.open(new URL(action, identity.url).href, {});
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  it('shows an ended sign-in as a page, not as a failure', async () => {
    const page = await new Browser().open(`${identity.url}/interaction/long-gone`);
    expect(page.status).toBe(400);
    expect(page.html).toContain('начните вход заново');
  });
});

describe('entry', () => {
  it('tells who came, by all scopes', async () => {
    const { person } = await signIn('zayavkina');
    expect(person).toMatchObject({
      sub: '1000000011',
      trusted: true,
      name: 'Заявкина-Дубравская Ольга Викторовна',
      family_name: 'Заявкина-Дубравская',
      given_name: 'Ольга',
      middle_name: 'Викторовна',
      birthdate: '1987-09-14',
      gender: 'female',
      email: 'zayavkina@dubravushka.test',
      email_verified: true,
      phone_number: '+79440000011',
      snils: '98700013506',
      inn: '980100010512',
      organizations: [{ ogrn: '1249800000010', name: 'ООО «УК „Дубравушка“»', role: 'clerk', powers: ['1'] }],
    });
  });

  it('keeps to itself what was not asked for, and says when an account is not confirmed', async () => {
    const { person } = await signIn('nepodtverzhdyonov', new Browser(), 'openid email');
    expect(person).toEqual({
      sub: '1000000004',
      trusted: false,
      email: 'nepodtverzhdyonov@primer.test',
      email_verified: true,
    });
  });

  it('remembers the person, also after a restart, until logout', async () => {
    const first = await signIn('domovitova');
    expect(first.asked).toBe(true);
    const port = Number(new URL(identity.url).port);
    await identity.close();
    identity = await startIdentity(config({ port }));
    const second = await signIn('nobody', first.browser);
    expect(second.asked).toBe(false);
    expect(second.person.sub).toBe('1000000001');

    const farewell = openid.buildEndSessionUrl(second.client, {
      id_token_hint: second.tokens.id_token!,
      post_logout_redirect_uri: BYE,
    });
    const page = await first.browser.open(farewell.href);
    expect(page.html).toContain('Выйти и из учебного входа?');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://cabinet.test");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.html)![1]!;
    const confirm = /action="([^"]+)"/.exec(page.html)![1]!;
    const bye = await first.browser.open(new URL(confirm, identity.url).href, { xsrf, logout: 'yes' });
    expect(bye.url.href).toBe(BYE);
    expect((await signIn('pervovhodov', first.browser)).asked).toBe(true);
  });

  it('names the public address everywhere, whatever address it was called by', async () => {
    await identity.close();
    identity = await startIdentity(config({ publicUrl: 'http://192.168.1.5:4000' }));
    expect(identity.url).toBe('http://192.168.1.5:4000');
    // The real port is known to the system only, so the next start takes one by number.
    await identity.close();
    const probe = await startIdentity(config());
    const port = Number(new URL(probe.url).port);
    await probe.close();
    identity = await startIdentity(config({ port, publicUrl: 'http://192.168.1.5:4000' }));
    const response = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      issuer: 'http://192.168.1.5:4000',
      authorization_endpoint: 'http://192.168.1.5:4000/auth',
      token_endpoint: 'http://192.168.1.5:4000/token',
    });
    expect(text).not.toContain('127.0.0.1');
  });
});
