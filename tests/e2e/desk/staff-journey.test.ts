import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNREGISTERED } from '../../../sandbox/organisations.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { DESKTOP, Visitor } from '../../support/visitor.ts';

let application: TestApplication;
let browser: Browser;
beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
}, 120_000);
afterAll(() => browser?.close());

/** What the last letter to an address leads to. */
async function linkSentTo(email: string): Promise<string> {
  const { body } = await application.context.db
    .selectFrom('mail_message')
    .select('body')
    .where('recipient', '=', email)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return new URL(/https?:\/\/\S+\/invitations\/\S+/.exec(body)![0]).pathname;
}

const arrive = (options?: object) => Visitor.arrive(browser, application.url, options);
const main = ({ page }: Visitor) => page.locator('main').innerText();

/** Goes on with the organisation that is chosen already; its texts are accepted apart from one's own. */
async function actFor(visitor: Visitor): Promise<void> {
  await visitor.press('button', 'Продолжить');
  for (const label of ['Принимаю условия соглашения', 'Даю согласие на обработку моих данных'])
    await visitor.page.getByLabel(label).check({ force: true });
  await visitor.press('button', 'Войти', { exact: true });
}

test('a head registers the organisation, the administrator approves, an employee comes by invitation and is dismissed', async () => {
  const head = await arrive();
  await head.open('/');
  await head.signIn('novodvorov');
  expect(new URL(head.page.url()).pathname).toBe('/organisations/applications');
  await head.press('link', 'Зарегистрировать');
  await head.page.getByLabel('КПП').fill('980101001');
  await head.page.getByLabel('Полномочие').first().selectOption({ label: 'Управляющая организация' });
  await head.page.getByLabel('В каком регионе').first().selectOption('77');
  await head.page.getByLabel('Полное наименование').fill('Общество с ограниченной ответственностью «Новый двор»');
  await head.page.getByLabel('Краткое наименование').fill(UNREGISTERED.name);
  await head.page.getByLabel('ИНН').fill('9801000088');
  await head.press('button', 'Отправить на рассмотрение');
  expect(await main(head)).toContain('ИНН не проходит проверку');
  await head.page.getByLabel('ИНН').fill('9801000087');
  await head.press('button', 'Отправить на рассмотрение');
  expect(await main(head)).toContain('Заявка рассматривается');

  const administrator = await arrive({ viewport: DESKTOP });
  await administrator.open('/');
  await administrator.signIn('platformennyy');
  await administrator.open('/administration/organisations/applications');
  await administrator.press('link', UNREGISTERED.name);
  await administrator.page.getByLabel('Зарегистрировать').check({ force: true });
  await administrator.page.getByLabel('Почему').fill('Сверено с ЕГРЮЛ');
  await administrator.press('button', 'Решить');
  expect(await main(administrator)).toContain('Организация зарегистрирована');
  await administrator.leave();

  await head.page.reload();
  await head.press('link', 'Действовать от имени организации');
  await actFor(head);
  await head.open('/work/employees');
  await head.page.getByLabel('Фамилия').fill('Расчётоводова');
  await head.page.getByLabel(/^Имя/).fill('Зоя');
  await head.page.getByLabel('Электронная почта').fill('zoya@novyy-dvor.test');
  await head.page.getByLabel('Бухгалтер').check({ force: true });
  await head.press('button', 'Отправить приглашение');
  expect(await main(head)).toContain('Приглашение отправлено');

  const employee = await arrive();
  await employee.open('/');
  await employee.signIn('raschyotova');
  await employee.open(await linkSentTo('zoya@novyy-dvor.test'));
  expect(await main(employee)).toContain('Бухгалтер');
  await employee.press('button', 'Принять приглашение');
  await actFor(employee);
  await employee.open('/work/organisation/requisites');

  await head.open('/work/employees');
  await head.press('link', /^Изменить.*Расчётоводова/);
  await head.press('link', /^Закрыть доступ/);
  await head.page.getByLabel('Причина').fill('Договор закончился');
  await head.press('button', 'Закрыть доступ');
  expect(await main(head)).toContain('Доступ закрыт');

  await employee.open('/work/organisation/requisites');
  expect(await main(employee)).not.toContain('Банковские счета');
  await employee.open('/acting');
  expect(await main(employee)).not.toContain(UNREGISTERED.name);
  await Promise.all([head.leave(), employee.leave()]);
}, 120_000);
