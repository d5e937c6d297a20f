import { beforeAll, describe, expect, test } from 'vitest';
import { startApplication, type TestApplication } from '../support/application.ts';
import { formsOf } from '../support/browserless.ts';

let application: TestApplication;
beforeAll(async () => {
  application = await startApplication();
});

describe('sign-in at a real OpenID Connect provider', () => {
  test('a page of the cabinet sends a stranger to sign in and brings the person back', async () => {
    const browser = application.client();
    await browser.get('/settings');
    expect(browser.current!.url).not.toContain(application.url);
    await browser.signInAs('domovitova');
    expect(browser.current!.url).toContain('/welcome');
  });

  test('a state that was used, or of another browser, is refused', async () => {
    const browser = application.client();
    const page = await browser.get('/sign-in/callback?state=unknown&code=x');
    expect(page.status).toBe(403);
    expect(page.html).toContain('Нажмите «Войти» ещё раз');
  });

  test('by a way that is too weak for the setting is refused with what to do, by one that it names goes on', async () => {
    const { config } = application.context;
    config.OIDC_ACR_VALUES = ['a card with a chip'];
    const weak = await application.client().signInAs('domovitova');
    expect([weak.status, weak.html.includes('недостаточно надёжен')]).toEqual([403, true]);
    config.OIDC_ACR_VALUES = ['a card with a chip', 'sandbox:named'];
    expect((await application.client().signInAs('domovitova')).url).toContain('/welcome');
    config.OIDC_ACR_VALUES = [];
  });

  test('until the texts are accepted only the first-entry page opens; declining signs out', async () => {
    const browser = application.client();
    await browser.signInAs('pervovhodov');
    const settings = await browser.get('/settings');
    expect(settings.url).toContain('/welcome');
    const refused = await browser.submit('/welcome');
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('примите пользовательское соглашение');
    await browser.submit('/sign-out');
    const after = await browser.get(`${application.url}/welcome`);
    expect(after.url).not.toContain(`${application.url}/welcome`);
  });

  test('after acceptance the settings open, and the same person comes back as the same person', async () => {
    const first = await application.signIn('domovitova');
    const page = await first.get('/settings');
    expect(page.status).toBe(200);
    expect((await first.get(`${application.url}/settings/consents`)).html).toContain(
      'Пользовательское соглашение, редакция 1',
    );
    const second = application.client();
    await second.signInAs('domovitova');
    expect((await second.get(`${application.url}/settings`)).html).toContain('Выйти на остальных устройствах');
  });

  test('an unconfirmed account is told what is missing', async () => {
    const browser = await application.signIn('nepodtverzhdyonov');
    expect((await browser.get('/settings')).html).toContain('не подтверждена');
    const connect = await browser.get('/accounts/connect');
    expect(connect.status).toBe(403);
    expect(connect.html).toContain('нужна подтверждённая учётная запись');
  });

  test('a form without its token, or from another site, changes nothing', async () => {
    const browser = await application.signIn('domovitova');
    const without = await browser.post('/settings/end-sessions', {});
    expect(without.status).toBe(403);
    await browser.get('/settings');
    const token = formsOf(browser.current!.html)
      .flatMap((form) => form.fields)
      .find(([name]) => name === '_token')![1];
    const foreign = await browser.post('/settings/end-sessions', { _token: token }, { origin: 'https://evil.test' });
    expect(foreign.status).toBe(403);
    expect((await browser.post('/settings/end-sessions', { _token: token }, { origin: application.url })).status).toBe(
      200,
    );
  });

  test('a session ends by itself after its idle time', async () => {
    const browser = await application.signIn('kvartirosyomova');
    application.context.now = new Date(application.context.now.getTime() + 13 * 3_600_000);
    const page = await browser.get('/settings');
    expect(page.url).not.toContain('/settings');
  });
});
