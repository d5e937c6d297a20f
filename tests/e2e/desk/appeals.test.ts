import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { organisation } from '../../../sandbox/organisations.ts';
import { insertPower, upsertOrganisation } from '../../../src/modules/organisations/index.ts';
import type { OrganisationId } from '../../../src/platform/ids.ts';
import { type BuiltAppeal, buildAppeal, buildJoiner, readWhole } from '../../support/appeals.ts';
import { startApplication, type TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

const card = organisation('dubravushka');
let application: TestApplication;
let browser: Browser;
let addressee: { organisationId: OrganisationId; powerCode: string };

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { context } = application;
  context.now = new Date('2026-11-18T09:00:00Z');
  const organisationId = await upsertOrganisation(
    context.db,
    {
      ogrn: card.ogrn,
      inn: card.inn,
      kpp: card.kpp ?? '',
      kind: 'legal',
      full_name: card.fullName,
      short_name: card.shortName,
    },
    context.now,
  );
  await insertPower(context.db, organisationId, '1', '77');
  addressee = { organisationId, powerCode: '1' };
}, 120_000);
afterAll(() => browser?.close());

/** Appeals whose terms follow one another: the first is due first. */
async function sendAppeals(count: number): Promise<BuiltAppeal[]> {
  const { context } = application;
  const appeals: BuiltAppeal[] = [];
  for (let index = 0; index < count; index += 1) {
    context.now = new Date(Date.UTC(2026, 10, 9 + index, 9));
    appeals.push(await buildAppeal(context, { addressee }));
  }
  context.now = new Date('2026-11-18T09:00:00Z');
  return appeals;
}

async function makeTemplate(clerk: Visitor): Promise<void> {
  await clerk.open('/work/appeals/templates/new');
  await clerk.page.getByLabel('Название').fill(`Двор убран ${Math.random()}`);
  await clerk.page
    .getByLabel('Текст ответа')
    .fill('{имя отчество}, двор по адресу {адрес} убран. Обращение № {номер}.');
  await clerk.page.getByLabel('Для какой темы').selectOption('1');
  await clerk.page.getByLabel('Чем заканчивается обращение').selectOption('satisfied');
  await clerk.press('button', 'Сохранить');
}

const answersOf = async (appeal: BuiltAppeal) =>
  (await readWhole(application.context, appeal)).answers.filter(({ state }) => state === 'sent');

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
/** The beginning of signed data in DER: all that is looked at. */
const SIGNATURE = Buffer.from([0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);

test('a routine answer takes two keys and two requests, without a mouse', async () => {
  const appeals = await sendAppeals(3);
  const clerk = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
  const { page } = clerk;
  await clerk.signIn('upravlyaev', card.shortName);
  await makeTemplate(clerk);
  await clerk.open('/work/appeals');

  // The queue: to the second row and back, open.
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  const first = await page.locator('a[data-row]').first().getAttribute('href');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(first);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('o')]);
  await clerk.look();

  const requests: string[] = [];
  page.on('request', (request) => {
    if (!request.url().includes('/assets/')) requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  for (const appeal of appeals.slice(0, 2)) {
    requests.length = 0;
    expect(page.url()).toContain(appeal.appealId);
    await page.keyboard.press('t');
    expect(await page.getByLabel('Текст ответа').inputValue()).toBe(
      `Анна Ивановна, двор по адресу г. Москва, ул. Лескова, д. 1 убран. Обращение № ${appeal.number}.`,
    );
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Control+Enter')]);
    await clerk.look();
    expect(requests).toHaveLength(2);
    const [answer] = await answersOf(appeal);
    expect(answer).toMatchObject({ outcome: 'satisfied', state: 'sent' });
  }
  // The last one leads back to an empty queue.
  await page.keyboard.press('t');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Control+Enter')]);
  await clerk.look();
  expect(await page.locator('main').textContent()).toContain('В этой очереди больше ничего не ждёт');
  await clerk.leave();
}, 120_000);

test('keys leave fields alone, show their list, and can be turned off', async () => {
  const appeals = await sendAppeals(2);
  const clerk = await Visitor.arrive(browser, application.url, { viewport: DESKTOP });
  const { page } = clerk;
  await clerk.signIn('upravlyaev', card.shortName);
  await clerk.open(`/work/appeals/${appeals[0]!.houseId}/${appeals[0]!.appealId}`);
  await page.keyboard.press('r');
  await page.keyboard.type('jktraxu? ');
  expect(await page.getByLabel('Текст ответа').inputValue()).toBe('jktraxu? ');
  await expect
    .poll(() => page.locator('[data-saved]').textContent(), { timeout: 20_000 })
    .toContain('Черновик сохранён');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').textContent()).toContain('отправить ответ и открыть следующее');
  await clerk.look();
  await page.getByLabel('Клавиши включены').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('u');
  expect(page.url()).toContain(appeals[0]!.appealId);
  await page.keyboard.press('?');
  await page.getByLabel('Клавиши включены').check();
  await page.keyboard.press('Escape');

  // The draft that was saved by itself is there for a colleague.
  await page.reload();
  expect(await page.getByLabel('Текст ответа').inputValue()).toBe('jktraxu? ');

  // By the place of the key, whatever the layout: «ч» and «о» are x and j.
  await clerk.open('/work/appeals');
  for (const key of ['о', 'ч']) {
    const code = key === 'о' ? 'KeyJ' : 'KeyX';
    await page.evaluate(
      ([name, place]) =>
        (document.activeElement ?? document).dispatchEvent(
          new KeyboardEvent('keydown', { key: name!, code: place!, bubbles: true, cancelable: true }),
        ),
      [key, code],
    );
  }
  expect(await page.locator('input[name^="pick."]:checked').count()).toBe(1);
  await page.keyboard.press('a');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('assignee');
  await clerk.leave();
}, 120_000);

test.each([
  ['at a desk', 'upravlyaev', { viewport: DESKTOP }],
  ['on a phone, without script', 'zayavkina', { viewport: PHONE, javaScriptEnabled: false }],
] as const)(
  'a clerk %s assigns many, redirects, extends, writes notes and answers',
  async (_name, login, options) => {
    const { context } = application;
    const appeals = await sendAppeals(4);
    await buildJoiner(context, appeals[0]!);
    const clerk = await Visitor.arrive(browser, application.url, options);
    const { page } = clerk;
    const main = page.locator('main');
    // axe needs script in the page.
    if (login === 'zayavkina') clerk.look = async () => undefined;
    await clerk.signIn(login, card.shortName);
    await makeTemplate(clerk);

    await clerk.open('/work/appeals?view=unassigned');
    await page.getByRole('link', { name: 'Отметить все на странице' }).click();
    await page.getByLabel('Исполнитель отмеченных').selectOption({ index: 1 });
    await clerk.press('button', 'Назначить');
    expect(await main.textContent()).toContain('Исполнитель назначен');
    await clerk.open('/work/appeals?view=mine');
    expect(await page.locator('a[data-row]').count()).toBeGreaterThanOrEqual(4);

    await clerk.open('/work/appeals?topic=1&house=лескова');
    expect(await page.locator('a[data-row]').count()).toBeGreaterThanOrEqual(4);
    await clerk.open('/work/appeals/search?q=петрова двор');
    expect(await page.locator('a[data-row]').count()).toBeGreaterThanOrEqual(4);
    // Found by name, and the name is not read before the appeal is opened.
    expect(await main.textContent()).toMatch(/П\*\*\*ва\sА\.\sИ\./);
    expect(await main.textContent()).not.toContain('Петрова');

    const [first, second, third] = appeals as [BuiltAppeal, BuiltAppeal, BuiltAppeal];
    const pathOf = ({ houseId, appealId }: BuiltAppeal) => `/work/appeals/${houseId}/${appealId}`;
    await clerk.open(`/work/appeals/search?q=${encodeURIComponent(first.number)}`);
    expect(page.url()).toContain(first.appealId);
    expect(await main.textContent()).toContain('Присоединились соседи: 1');
    await page.getByLabel('Новая заметка').fill('Позвонить дворнику');
    await clerk.press('button', 'Добавить заметку');
    expect(await page.locator('#notes').textContent()).toContain('Позвонить дворнику');

    await clerk.press('link', 'Продлить срок');
    await page.getByLabel('Почему нужен новый срок').fill('Нужен осмотр двора');
    await clerk.press('button', 'Продлить срок');
    expect(await main.textContent()).toContain('Срок продлён, автору отправлено письмо');

    // What was typed a moment ago stays on the page that the file brings.
    await page.getByLabel('Текст ответа').fill('Здравствуйте!');
    await page
      .locator('input[name="files"]')
      .setInputFiles({ name: 'акт.pdf', mimeType: 'application/pdf', buffer: PDF });
    // With script the file goes by itself.
    if (login === 'zayavkina') await clerk.press('button', 'Приложить', { exact: true });
    await page.getByText('Приложить электронную подпись к файлу').click();
    expect(await page.getByLabel('Текст ответа').inputValue()).toBe('Здравствуйте!');
    await page
      .getByLabel('Файл отсоединённой подписи')
      .setInputFiles({ name: 'акт.pdf.sig', mimeType: 'application/octet-stream', buffer: SIGNATURE });
    await clerk.press('button', 'Приложить подпись');
    expect(await page.locator('#files').textContent()).toContain('Подпись файла «акт.pdf»');

    await page.getByLabel('Текст ответа').fill('Здравствуйте!');
    if (login === 'zayavkina') await clerk.press('button', 'Вставить');
    else await page.getByRole('button', { name: 'Вставить' }).click();
    expect(await page.getByLabel('Текст ответа').inputValue()).toMatch(/^Здравствуйте!\n\nАнна Ивановна, двор/);
    await page.locator('label', { hasText: 'Промежуточный ответ' }).click();
    await clerk.press('button', /^Отправить/);
    expect(await main.textContent()).toContain('Промежуточный ответ отправлен');
    await clerk.press('link', 'Отметить исполненным');
    await clerk.press('button', 'Отметить исполненным');

    await clerk.open(pathOf(second));
    await clerk.press('link', 'Перенаправить');
    await clerk.press('button', 'Перенаправить');
    expect(await page.locator('.error-summary').textContent()).toContain('Выберите, кому перенаправить');
    await page.getByLabel('Кому ещё, если организации нет в кабинете').fill('Росреестр');
    await page.getByLabel('Пояснение автору').fill('Вопрос не наш');
    await clerk.press('button', 'Перенаправить');

    await clerk.open(pathOf(third));
    await clerk.press('link', 'Ответ не требуется');
    await page.locator('label', { hasText: 'Благодарность или сведения' }).click();
    await clerk.press('button', 'Закрыть без ответа');

    await clerk.open('/work/appeals?view=answered');
    expect(await main.textContent()).toContain('Перенаправлено');
    const { answers, files } = await readWhole(context, first);
    expect(files.filter(({ answerId }) => answerId === answers[0]!.answerId)).toHaveLength(2);
    for (const appeal of [first, second, third])
      expect((await readWhole(context, appeal)).parts[0]!.closedAt).not.toBeNull();
    await clerk.leave();
  },
  120_000,
);
