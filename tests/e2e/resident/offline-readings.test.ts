import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser, launchProfile } from '../../support/browser.ts';
import {
  coldField,
  cutLine,
  type Home,
  hideHeader,
  hotField,
  openKept,
  readStorage,
  readValues,
  say503,
  sentForms,
  settleIn,
  spoilAnswers,
} from '../../support/offline.ts';
import { Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
let spoils: { stop(): void }[] = [];
beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
}, 120_000);
beforeEach(() => {
  application.context.now = new Date('2026-11-20T09:00:00Z');
});
afterEach(() => {
  for (const spoil of spoils) spoil.stop();
  spoils = [];
});
afterAll(() => browser?.close());

const WAITS = 'Отправим, когда появится связь';
const KEPT = 'Нет связи: показано сохранённое';
const AGAIN = 'Войдите снова: показания сохранены и будут отправлены';

async function arrive(login = 'domovitova', options = {}): Promise<{ visitor: Visitor; page: Page; home: Home }> {
  const visitor = await Visitor.arrive(browser, application.url, options);
  await visitor.signIn(login);
  return { visitor, page: visitor.page, home: await settleIn(application, visitor.page.context()) };
}

function spoil(...given: Parameters<typeof spoilAnswers> extends [unknown, ...infer Rest] ? Rest : never) {
  const spoilt = spoilAnswers(application, ...given);
  spoils.push(spoilt);
  return spoilt;
}

const setOffline = (page: Page, offline: boolean) => page.context().setOffline(offline);
const open = (page: Page) => page.goto(`${application.url}/readings`);
const save = (page: Page) => page.getByRole('button', { name: 'Сохранить' }).click();
const values = (home: Home) => readValues(application, home.cold);
const kept = async (page: Page) => (await readStorage(page)).entries;
const endSessions = (home: Home) =>
  application.context.db.deleteFrom('session').where('person_id', '=', home.personId).execute();

/** Types a value of the cold water and saves it without a line. */
async function saveOffline(page: Page, home: Home, value: string): Promise<void> {
  await openKept(page, application.url);
  await setOffline(page, true);
  await page.locator(coldField(home)).fill(value);
  await save(page);
  await page.getByText(WAITS).waitFor();
}

describe('a resident whose line is away', () => {
  test('types, saves, and the reading is sent once when the line is back', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await setOffline(page, true);
    await open(page);
    expect(await page.getByText(KEPT).isVisible()).toBe(true);
    await visitor.look();
    await page.locator(coldField(home)).fill('104,5');
    await save(page);
    await page.getByText(WAITS).waitFor();
    await visitor.look();
    expect(await values(home)).toEqual([]);
    const sent = spoil(sentForms, () => undefined);
    await setOffline(page, false);
    await page.getByText('Отправлено').waitFor();
    expect(await page.getByText('будет учтено в квитанции за ноябрь 2026').isVisible()).toBe(true);
    await visitor.look();
    expect(await values(home)).toEqual(['104.5']);
    expect(sent.count()).toBe(1);
    await page.getByRole('button', { name: 'Понятно' }).click();
    await expect.poll(() => kept(page)).toEqual([]);
    await page.getByRole('link', { name: 'Открыть форму заново' }).click();
    await page.getByText('За ноябрь передано').waitFor();
    await visitor.look();
    await visitor.leave();
  });

  test('finds the offline page at other addresses, and the way from it to the form', async () => {
    const { visitor, page } = await arrive();
    await openKept(page, application.url);
    // The offline page is asked for anew when the person has chosen another look.
    const vision = '200.white-on-black.wide.on.sans';
    await page.context().addCookies([{ name: 'vision', value: vision, url: application.url }]);
    await open(page);
    const look = await page.locator('html').evaluate((html) => html.className + JSON.stringify(html.dataset));
    await expect.poll(async () => (await readStorage(page)).caches).toMatch(/\/offline .*white-on-black/);
    await setOffline(page, true);
    await page.goto(`${application.url}/bills`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Нет связи');
    expect(await page.locator('html').evaluate((html) => html.className + JSON.stringify(html.dataset))).toBe(look);
    await visitor.look();
    await page.getByRole('link', { name: 'Вписать показания' }).click();
    await page.getByText(KEPT).waitFor();
    await visitor.leave();
  });

  test('sends the picture of the dial along', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await setOffline(page, true);
    await page.locator(coldField(home)).fill('105');
    const buffer = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer();
    const file = { name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer };
    await page.locator(`[name="photo.${home.cold}.1"]`).setInputFiles(file);
    await save(page);
    await page.getByText(/Холодная вода.*: фото/).waitFor();
    await setOffline(page, false);
    await page.getByText('Отправлено').waitFor();
    const photos = await application.context.db
      .selectFrom('reading')
      .select('photo_id')
      .where('meter_id', '=', home.cold)
      .where('kind', '=', 'current')
      .execute();
    expect(photos).toEqual([{ photo_id: expect.any(String) }]);
    await visitor.leave();
  });

  test('in two tabs sends what waits once', async () => {
    const { visitor, page, home } = await arrive();
    await saveOffline(page, home, '105');
    const other = await page.context().newPage();
    await open(other);
    await other.getByText(WAITS).waitFor();
    const sent = spoil(sentForms, () => undefined);
    await setOffline(page, false);
    await Promise.all([page, other].map((tab) => tab.getByText('Отправлено').waitFor()));
    expect(sent.count()).toBe(1);
    expect(await values(home)).toEqual(['105']);
    await visitor.leave();
  });

  test('finds what waits, and a draft, after the browser was closed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domovoy-profile-'));
    const first = await Visitor.enter(await launchProfile(folder), application.url);
    await first.signIn('domovitova');
    const home = await settleIn(application, first.page.context());
    await saveOffline(first.page, home, '106');
    await first.page.locator(hotField(home)).fill('52');
    await expect.poll(() => kept(first.page)).toHaveLength(2);
    await first.leave();

    // A browser with Background Sync sends as soon as it is started: here the server is away still.
    const away = spoil(({ url }) => url === '/readings/sender', say503);
    const second = await Visitor.enter(await launchProfile(folder), application.url);
    await setOffline(second.page, true);
    await open(second.page);
    await second.page.getByText(WAITS).waitFor();
    expect(await second.page.locator(hotField(home)).inputValue()).toBe('52');
    away.stop();
    await setOffline(second.page, false);
    await second.page.getByText('Отправлено').waitFor();
    await save(second.page);
    await second.page.getByText('Показания переданы').waitFor();
    expect([await values(home), await readValues(application, home.hot)]).toEqual([['106'], ['52']]);
    await second.leave();
    await rm(folder, { recursive: true });
  });

  test('is told on the last day that the time of receipt counts, and then which month took it', async () => {
    application.context.now = new Date('2026-11-25T18:00:00Z');
    const { visitor, page, home } = await arrive();
    await page.clock.setFixedTime(new Date('2026-11-25T18:00:00Z'));
    await openKept(page, application.url);
    const lastDay = page.getByText('Сегодня, 25 ноября, последний день приёма');
    expect(await lastDay.isVisible()).toBe(false);
    await setOffline(page, true);
    await page.getByText('Связь пропала').waitFor();
    expect(await lastDay.isVisible()).toBe(true);
    await visitor.look();
    await page.locator(coldField(home)).fill('107');
    await save(page);
    await page.getByText(WAITS).waitFor();
    application.context.now = new Date('2026-11-25T22:00:00Z');
    await page.clock.setFixedTime(new Date('2026-11-25T22:00:00Z'));
    await open(page);
    await page.getByText('Приём закончился 25 ноября').waitFor();
    await setOffline(page, false);
    await page.getByText('будет учтено в квитанции за декабрь 2026').waitFor();
    await visitor.leave();
  });
});

describe('what the server does not take as it is', () => {
  test('a value it asks about comes back to the form with what was typed', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await setOffline(page, true);
    await page.locator(coldField(home)).fill('100');
    await page.locator(hotField(home)).fill('53');
    await save(page);
    await page.getByText(WAITS).waitFor();
    await setOffline(page, false);
    await page.getByText('Нужно проверить').waitFor();
    await visitor.look();
    expect([await values(home), await readValues(application, home.hot)]).toEqual([[], ['53']]);
    await visitor.press('button', 'Проверить в форме');
    await page.getByLabel('Да, всё верно').check({ force: true });
    expect(await page.locator(coldField(home)).inputValue()).toBe('100');
    expect(await page.getByText('Нужно проверить').count()).toBe(0);
    await save(page);
    await page.getByText('Показания переданы').waitFor();
    expect([await values(home), await readValues(application, home.hot)]).toEqual([['100'], ['53']]);
    expect(await kept(page)).toEqual([]);
    await visitor.leave();
  });

  test('a device that is not theirs any more is said, and the value can be read and removed', async () => {
    const { visitor, page, home } = await arrive();
    await saveOffline(page, home, '108');
    await application.context.db.deleteFrom('account_link').where('house_id', '=', home.houseId).execute();
    await setOffline(page, false);
    await page.getByText('Нужно проверить').waitFor();
    expect(await page.getByText('этого прибора нет среди ваших').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Удалить' }).click();
    await expect.poll(() => kept(page)).toEqual([]);
    await visitor.leave();
  });

  test.each([
    ['is killed in the middle of its answer', cutLine],
    ['is said to be away by a proxy', say503],
  ])('a form whose server %s is recorded once', async (_how, how) => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    const broken = spoil(sentForms, how);
    await page.locator(coldField(home)).fill('109');
    await save(page);
    await page.getByText(WAITS).waitFor();
    await expect.poll(() => broken.count()).toBeGreaterThan(1);
    expect(await values(home)).toEqual(['109']);
    broken.stop();
    await open(page);
    await page.getByText('Отправлено').waitFor();
    expect(await values(home)).toEqual(['109']);
    await visitor.leave();
  });
});

describe('a session that has ended meanwhile', () => {
  test('the person is asked to sign in, then it is sent', async () => {
    const { visitor, page, home } = await arrive();
    await saveOffline(page, home, '110');
    await endSessions(home);
    await setOffline(page, false);
    await page.getByText(AGAIN).waitFor();
    await visitor.look();
    expect((await readStorage(page)).caches).not.toContain('/readings ');
    await visitor.signIn('domovitova');
    await open(page);
    await page.getByText('Отправлено').waitFor();
    expect(await values(home)).toEqual(['110']);
    await visitor.leave();
  });

  test('a form saved with a line, but without a session, is not lost either', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await page.locator(coldField(home)).fill('111');
    await endSessions(home);
    await save(page);
    await page.getByRole('heading', { name: 'Войдите снова' }).waitFor();
    await visitor.look();
    await visitor.signIn('domovitova');
    await open(page);
    await page.getByText('Отправлено').waitFor();
    expect(await values(home)).toEqual(['111']);
    await visitor.leave();
  });

  test('the kept page goes at the next contact', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await endSessions(home);
    await open(page);
    expect(page.url()).not.toContain(application.url);
    await page.goto(`${application.url}/help`);
    expect((await readStorage(page)).caches).not.toContain('/readings ');
    await setOffline(page, true);
    await open(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Нет связи');
    await visitor.leave();
  });

  test('another person at the same browser sees nothing of the first, and sends nothing', async () => {
    const { visitor, page, home } = await arrive();
    await saveOffline(page, home, '112');
    await page.locator(hotField(home)).fill('54');
    await endSessions(home);
    await setOffline(page, false);
    await page.getByText(AGAIN).waitFor();
    await visitor.signIn('kvartirosyomova');
    expect(await kept(page)).toEqual([]);
    await settleIn(application, page.context());
    await openKept(page, application.url);
    const { caches, entries } = await readStorage(page);
    expect(entries).toEqual([]);
    expect(caches).not.toContain('Домовитова');
    expect(caches).not.toContain(home.cold);
    await setOffline(page, true);
    await open(page);
    await page.getByText(KEPT).waitFor();
    expect(await page.getByText(WAITS).count()).toBe(0);
    expect(await page.content()).not.toContain(home.cold);
    expect(await values(home)).toEqual([]);
    await visitor.leave();
  });
});

describe('signing out', () => {
  const signOut = async (page: Page) => {
    await page.locator('.viewer summary').click();
    await page.getByRole('button', { name: 'Выйти' }).click();
    // The provider asks whether to leave it too.
    await page.getByRole('button', { name: 'Остаться' }).click();
    await page.waitForURL(`${application.url}/`);
  };

  test('leaves nothing but the choice of how pages look, and leads to the first page', async () => {
    const { visitor, page, home } = await arrive();
    await page
      .context()
      .addCookies([{ name: 'vision', value: '200.white-on-black.wide.on.sans', url: application.url }]);
    await openKept(page, application.url);
    await page.locator(coldField(home)).fill('113');
    await expect.poll(() => kept(page)).toHaveLength(1);
    await page.goto(`${application.url}/help`);
    await signOut(page);
    expect(await readStorage(page)).toEqual({ caches: '', entries: [] });
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    expect((await page.context().cookies()).map(({ name }) => name)).toContain('vision');
    await visitor.signIn('domovitova');
    await open(page);
    expect(await page.locator(coldField(home)).inputValue()).toBe('');
    await visitor.leave();
  });

  test('leaves nothing in a browser that does not know the header either', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await page.locator(coldField(home)).fill('117');
    await expect.poll(() => kept(page)).toHaveLength(1);
    const other = await page.context().newPage();
    await openKept(other, application.url);
    spoil(({ url }) => url === '/sign-out', hideHeader('clear-site-data'));
    await signOut(page);
    expect(await readStorage(page)).toEqual({ caches: '', entries: [] });
    // A form that is open in another tab goes too.
    await other.waitForURL((url) => !url.pathname.includes('readings'));
    await visitor.leave();
  });

  test('without a line is said to be impossible; the page that was kept goes, what was typed stays for its person', async () => {
    const { visitor, page, home } = await arrive();
    await saveOffline(page, home, '118');
    await page.locator('.viewer summary').click();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.getByRole('heading', { name: 'Нет связи' }).waitFor();
    expect((await readStorage(page)).caches).not.toContain('/readings ');
    await setOffline(page, false);
    await open(page);
    await page.getByText('Отправлено').waitFor();
    expect(await values(home)).toEqual(['118']);
    await visitor.leave();
  });

  test('sends first what waits', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    const away = spoil(({ url }) => url === '/readings/sender' || url === '/readings', say503);
    await page.locator(coldField(home)).fill('114');
    await save(page);
    await page.getByText(WAITS).waitFor();
    away.stop();
    await signOut(page);
    expect(await values(home)).toEqual(['114']);
    expect(await readStorage(page)).toEqual({ caches: '', entries: [] });
    await visitor.leave();
  });
});

describe('a draft', () => {
  test('is found again in the form, is gone when it was saved, and can be cleared', async () => {
    const { visitor, page, home } = await arrive();
    await openKept(page, application.url);
    await page.locator(coldField(home)).fill('115');
    await expect.poll(() => kept(page)).toHaveLength(1);
    await page.reload();
    await page.getByText('В форме то, что вы вписали раньше').waitFor();
    expect(await page.locator(coldField(home)).inputValue()).toBe('115');
    await visitor.look();
    await save(page);
    await page.getByText('Показания переданы').waitFor();
    await expect.poll(() => kept(page)).toEqual([]);
    await page.locator(hotField(home)).fill('55');
    await expect.poll(() => kept(page)).toHaveLength(1);
    await open(page);
    await page.getByRole('button', { name: 'Очистить' }).click();
    await expect.poll(() => page.locator(hotField(home)).inputValue()).toBe('');
    await expect.poll(() => kept(page)).toEqual([]);
    await visitor.leave();
  });

  test('a browser without workers saves as it always did', async () => {
    const { visitor, page, home } = await arrive('domovitova', { serviceWorkers: 'block' });
    await open(page);
    await page.locator(coldField(home)).fill('116');
    await save(page);
    await page.getByText('Показания переданы').waitFor();
    expect(await values(home)).toEqual(['116']);
    await visitor.leave();
  });
});

describe('what is kept', () => {
  test('holds the styles, scripts and fonts of the form, and none of older versions', async () => {
    const { visitor, page } = await arrive();
    await openKept(page, application.url);
    const { caches: held } = await readStorage(page);
    for (const name of [
      'styles.css',
      'reading-form.js',
      'reading-outbox.js',
      'submit-once.js',
      'cyrillic.woff2',
      'latin.woff2',
    ])
      expect(held).toContain(name);
    await page.evaluate(async () => (await caches.open('kept-1')).put('/assets/styles.css?v=old', new Response('')));
    await open(page);
    await expect.poll(async () => (await readStorage(page)).caches).not.toContain('v=old');
    await visitor.leave();
  });

  test('and the page stay within the budget', async () => {
    const { visitor, page } = await arrive();
    const html = await page.request.get(`${application.url}/readings`).then((answer) => answer.text());
    const assets = await Promise.all(
      [...new Set(html.match(/\/assets\/[\w.-]+\.(?:js|css)\?v=[\w-]+/g))].map(async (path) => {
        const answer = await page.request.get(`${application.url}${path}`);
        return { path, bytes: gzipSync(await answer.body()).length };
      }),
    );
    const total = (of: RegExp) => assets.filter(({ path }) => of.test(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total(/\.js/)).toBeLessThan(10 * 1024);
    expect(total(/./) + gzipSync(html).length).toBeLessThan(30 * 1024);
    const worker = await page.request.get(`${application.url}/sw.js`);
    expect(gzipSync(await worker.body()).length).toBeLessThan(5 * 1024);
    expect(worker.headers()).toMatchObject({
      'cache-control': 'public, max-age=600',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'content-type': expect.stringContaining('javascript'),
    });
    await visitor.leave();
  });
});

test('the site can be installed', async () => {
  const { visitor, page } = await arrive();
  await open(page);
  const debug = await page.context().newCDPSession(page);
  const { errors, data } = await debug.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data!)).toMatchObject({ display: 'standalone', shortcuts: [{ url: '/readings' }] });
  const { installabilityErrors } = await debug.send('Page.getInstallabilityErrors');
  // Windows of tests keep nothing, so Chromium would not offer it here; the browser from npm never does.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  await visitor.leave();
});
