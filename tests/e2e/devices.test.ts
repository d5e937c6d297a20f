import { beforeAll, describe, expect, test } from 'vitest';
import type { PersonId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import type { Browserless } from '../support/browserless.ts';
import { isLinkForgotten } from '../support/letters.ts';

let application: TestApplication;
beforeAll(async () => {
  application = await startApplication({ settings: { RATE_LIMIT_PER_MINUTE: '10000' } });
}, 60_000);

const rowsOf = async (familyName: string) => {
  const { db } = application.context;
  const person = await db
    .selectFrom('person')
    .select('person_id')
    .where('family_name', '=', familyName)
    .executeTakeFirstOrThrow();
  return person.person_id;
};
const letters = (personId: PersonId) =>
  application.context.db
    .selectFrom('mail_message')
    .select(['subject', 'body'])
    .where('person_id', '=', personId)
    .where('kind', '=', 'new_device')
    .orderBy('mail_id')
    .execute();
const open = (personId: PersonId) =>
  application.context.db
    .selectFrom('session')
    .selectAll()
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .orderBy('session_id')
    .execute();
const isIn = async (browser: Browserless) =>
  (await browser.get(`${application.url}/settings`)).url === `${application.url}/settings`;

describe('devices', () => {
  test('of the first nobody is told, of the second by one letter, of a known one no more', async () => {
    const first = await application.signIn('domovitova');
    const personId = await rowsOf('Домовитова-Двухквартирная');
    expect(await letters(personId)).toEqual([]);
    await first.signInAs('domovitova');
    expect(await letters(personId)).toEqual([]);
    await application.signIn('domovitova');
    const sent = await letters(personId);
    expect(sent).toHaveLength(1);
    for (const words of ['Вход с нового устройства', 'Сеть: 127.0.0.0/24', `${application.url}/not-me/`])
      expect(sent[0]!.body).toContain(words);
    expect(sent[0]!.subject).not.toContain('Домовитова');
    expect(await isLinkForgotten(application.context, 'domovitova@primer.test', '/not-me/')).toBe(true);
  });

  test('«Это не я» ends everything by a button, once, without signing in; opening the link changes nothing', async () => {
    const own = await application.signIn('domovitova');
    const personId = await rowsOf('Домовитова-Двухквартирная');
    const [letter] = (await letters(personId)).slice(-1);
    const link = /http\S+\/not-me\/\S+/.exec(letter!.body)![0];
    const stranger = application.client();
    const page = await stranger.get(link);
    expect([page.status, page.html.includes('Это не вы?')]).toEqual([200, true]);
    expect(await isIn(own)).toBe(true);
    expect((await stranger.post(new URL(link).pathname, {})).status).toBe(403);
    await stranger.get(link);
    const done = await stranger.submit('/not-me/');
    expect(done.html).toContain('Все входы завершены');
    expect(await open(personId)).toEqual([]);
    expect(await isIn(own)).toBe(false);
    expect((await stranger.get(link)).status).toBe(404);
    expect((await stranger.get(`${link.slice(0, -1)}x`)).status).toBe(404);
    expect((await stranger.get(`${application.url}/not-me/x.y.z`)).status).toBe(404);
  });

  test('a link that is a month old is no good', async () => {
    const personId = await rowsOf('Домовитова-Двухквартирная');
    await application.signIn('domovitova');
    const [letter] = (await letters(personId)).slice(-1);
    const link = /http\S+\/not-me\/\S+/.exec(letter!.body)![0];
    const { now } = application.context;
    application.context.now = new Date(now.getTime() + 31 * 24 * 3_600_000);
    expect((await application.client().get(link)).status).toBe(404);
    application.context.now = now;
  });
});

describe('sessions', () => {
  test('a session that the browser came with is not the session that it leaves with', async () => {
    const browser = await application.signIn('kvartirosyomova');
    const personId = await rowsOf('Квартиросъёмова');
    const before = (await open(personId)).map(({ session_id }) => session_id);
    await browser.signInAs('kvartirosyomova');
    const after = (await open(personId)).map(({ session_id }) => session_id);
    expect(after).toHaveLength(1);
    expect(before).not.toContain(after[0]);
  });

  test('one is ended alone, the others together; each stops at its next request', async () => {
    const [own, second, third] = [
      await application.signIn('pervovhodov'),
      await application.signIn('pervovhodov'),
      await application.signIn('pervovhodov'),
    ];
    const personId = await rowsOf('Первовходов');
    const [, middle] = await open(personId);
    await own.get(`${application.url}/settings`);
    expect(own.current!.html).toContain('127.0.0.0/24');
    const ended = await own.submit(`/settings/sessions/${middle!.session_id}/end`);
    expect(ended.html).toContain('Вход на этом устройстве завершён');
    expect([await isIn(own), await isIn(second), await isIn(third)]).toEqual([true, false, true]);
    await own.get(`${application.url}/settings`);
    await own.submit('/settings/end-sessions');
    expect([await isIn(own), await isIn(third)]).toEqual([true, false]);
    expect(await open(personId)).toHaveLength(1);
  });

  test('nobody ends the session of another', async () => {
    const [theirs] = await open(await rowsOf('Первовходов'));
    const browser = await application.signIn('kvartirosyomova');
    const page = await browser.get(`${application.url}/settings`);
    const token = /name="_token" value="([^"]+)"/.exec(page.html)![1]!;
    const answer = await browser.post(`/settings/sessions/${theirs!.session_id}/end`, { _token: token });
    expect(answer.status).toBe(404);
    expect(await open(await rowsOf('Первовходов'))).toHaveLength(1);
  });
});

describe('consents', () => {
  test('are listed; taking one’s own back closes the cabinet until it is given again', async () => {
    const browser = await application.signIn('kvartirosyomova');
    const personId = await rowsOf('Квартиросъёмова');
    await browser.get(`${application.url}/settings/consents`);
    expect(browser.current!.html).toContain('Согласие на обработку персональных данных, редакция 1');
    await browser.get(`${application.url}/settings/consents/withdraw`);
    expect(browser.current!.html).toContain('Через 30');
    const done = await browser.submit('/settings/consents/withdraw');
    expect(done.url).toContain('/consent-withdrawn');
    expect(await open(personId)).toEqual([]);
    const again = application.client();
    await again.signInAs('kvartirosyomova');
    expect(again.current!.url).toContain('/welcome');
    expect((await again.get(`${application.url}/settings/consents`)).html).toContain('Отозвано');
    const { db } = application.context;
    const due = () =>
      db.selectFrom('consent_withdrawal').select('erase_at').where('person_id', '=', personId).execute();
    expect((await due())[0]!.erase_at).toEqual(new Date(application.context.now.getTime() + 30 * 24 * 3_600_000));
    await again.get(`${application.url}/welcome`);
    await again.acceptTexts('');
    expect((await again.get(`${application.url}/settings`)).url).toBe(`${application.url}/settings`);
    expect((await due())[0]!.erase_at).toBeNull();
  });
});
