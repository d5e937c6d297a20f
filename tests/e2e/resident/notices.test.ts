import { sql } from 'kysely';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SESSION_COOKIE } from '../../../src/modules/identity/index.ts';
import { turnOnDevice } from '../../../src/modules/notices/push/turn-on-device.ts';
import type { PersonId } from '../../../src/platform/ids.ts';
import { upsertRefusedAddress } from '../../../src/platform/mail/queries.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchWholeBrowser } from '../../support/browser.ts';
import { PushService } from '../../support/push-service.ts';
import { actorOf } from '../../support/rows.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
let service: PushService;
beforeAll(async () => {
  [application, browser, service] = await Promise.all([
    startApplication({ settings: { PUSH_ALLOW_PRIVATE: '1' } }),
    launchWholeBrowser(),
    new PushService().open(),
  ]);
}, 120_000);
afterAll(() => Promise.all([browser?.close(), service?.close()]));

const PAGE = '/settings/notices';

async function arrive(options = {}): Promise<{ visitor: Visitor; page: Page; personId: PersonId }> {
  const visitor = await Visitor.arrive(browser, application.url, options);
  await visitor.signIn('domovitova');
  const cookies = await visitor.page.context().cookies();
  const personId = cookies.find(({ name }) => name === SESSION_COOKIE)!.value.split('.')[0] as PersonId;
  return { visitor, page: visitor.page, personId };
}

/** The browser's own hand: gives the worker a message as the push service's, already decrypted. */
async function bringMessage(session: CDPSession, origin: string, message: object): Promise<void> {
  const found = new Promise<string>((done) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) done(registrations[0].registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) });
}

const shown = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  });

test('a resident chooses notices, asks for another address, turns a device on and off', async () => {
  const { visitor, page, personId } = await arrive();
  await page.context().grantPermissions(['notifications'], { origin: application.url });
  await visitor.open(PAGE);
  const canShow = (await page.evaluate(() => Notification.permission)) === 'granted';
  if (process.env.CI) expect(canShow, 'a whole Chromium').toBe(true);
  await page.getByLabel('Новая квитанция').uncheck({ force: true });
  await visitor.press('button', 'Сохранить');
  expect(await page.getByLabel('Новая квитанция').isChecked()).toBe(false);
  await page.getByLabel('Другой адрес').fill('новый');
  await visitor.press('button', 'Прислать письмо для проверки');
  expect(await page.getByRole('main').textContent()).toContain('Укажите адрес целиком');
  await page.getByLabel('Другой адрес').fill('novaya@primer.test');
  await visitor.press('button', 'Прислать письмо для проверки');
  expect(await page.getByRole('main').textContent()).toContain('Ждём подтверждения: novaya@primer.test');

  // This browser knows no push service: it says so, and the worker is there all the same.
  await page.getByRole('button', { name: 'Включить на этом устройстве' }).click();
  await page.getByRole('alert').filter({ hasText: 'Не получилось' }).waitFor();
  const message = { title: 'Новая квитанция', body: 'Посмотрите сумму', path: '/bills', tag: 'a' };
  if (canShow) {
    const session = await page.context().newCDPSession(page);
    await bringMessage(session, application.url, message);
    await expect
      .poll(() => shown(page))
      .toEqual([{ title: message.title, body: message.body, tag: 'a', data: '/bills' }]);
  } else console.log('notices: no /usr/bin/chromium here; nothing is shown on the screen in this run');

  // In a window of its own: the browser has complained in the first that it knows no push service.
  await turnOnDevice(application.context, actorOf(personId), service.subscribe(), 'Firefox Windows');
  const second = await Visitor.enter(page.context(), application.url);
  await second.open(PAGE);
  const onDevices = second.page.getByRole('group', { name: 'На устройствах' });
  expect(await onDevices.getByLabel('Результат оплаты').isChecked()).toBe(true);
  expect(await second.page.getByRole('group', { name: 'Письма' }).getByLabel('Результат оплаты').count()).toBe(0);
  await second.press('button', /^Выключить.*Firefox, Windows/);
  expect(await second.page.getByRole('main').textContent()).toContain('Уведомления на устройстве выключены');
  await visitor.leave();
}, 60_000);

test('without script: letters that do not arrive are told of calmly, and tried again', async () => {
  const { db, now } = application.context;
  await sql`update person set email = 'domovitova@primer.test' where family_name like 'Домовитова%'`.execute(db);
  await upsertRefusedAddress(db, 'domovitova@primer.test', '550 5.1.1 No such user', now);
  const { visitor, page } = await arrive({ javaScriptEnabled: false, viewport: DESKTOP });
  await page.goto(application.url + PAGE);
  const main = page.getByRole('main');
  expect(await main.textContent()).toContain('Письма на domovitova@primer.test не доходят');
  expect(await main.textContent()).toContain('если в браузере разрешены скрипты');
  await page.getByRole('button', { name: 'Проверить снова' }).click();
  expect(await main.textContent()).toContain('Отправили проверочное письмо');
  expect(await main.textContent()).not.toContain('не доходят');
  await visitor.leave();
}, 60_000);
