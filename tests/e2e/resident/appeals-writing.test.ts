import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApplication } from '../../support/application.ts';
import { launchBrowser } from '../../support/browser.ts';
import { formsOf } from '../../support/browserless.ts';
import { startWithDemo } from '../../support/demo.ts';
import { DESKTOP, PHONE, Visitor } from '../../support/visitor.ts';

/** A pause of the one who types, and an answer. */
const SOON = { timeout: 20_000 };
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const TEXT = 'Третью неделю не убирают снег у второго подъезда.\nПрошу убрать.';

let application: TestApplication;
let browser: Browser;
beforeAll(async () => {
  [application, browser] = await Promise.all([startWithDemo(), launchBrowser()]);
}, 180_000);
afterAll(() => browser?.close());

const sentBy = async (number: string) =>
  application.context.db.selectFrom('appeal').selectAll().where('number', '=', number).executeTakeFirstOrThrow();

describe('an author with script, on a phone', () => {
  test('writes, is told what is missing, chooses in every window, attaches a file, confirms and sends', async () => {
    const visitor = await Visitor.arrive(browser, application.url);
    const { page } = visitor;
    await visitor.signIn('domovitova');
    await visitor.open('/appeals/new');
    await page.getByLabel('Текст обращения').fill(TEXT);
    // The draft saves itself; its page gets an address of its own.
    await expect
      .poll(() => page.getByRole('status').allTextContents(), SOON)
      .toContainEqual(expect.stringMatching(/^Черновик сохранён в/));
    await expect.poll(() => page.url(), SOON).toContain('/appeals/drafts/');
    const draft = page.url();
    await visitor.press('button', 'Отправить');
    expect(await page.getByRole('alert').getByRole('link').allTextContents()).toEqual([
      'Укажите адрес дома или территории',
      'Выберите муниципальное образование',
      'Выберите тему обращения',
      'Выберите, кому адресовано обращение',
    ]);
    // The window of the address: a line, then the levels, then the own home by one tap.
    await visitor.press('button', 'Выбрать адрес');
    await page.getByLabel('Адрес', { exact: true }).fill('Аргуновская 18');
    await visitor.press('button', 'Найти');
    await visitor.press('link', /Аргуновская, д\. 18/);
    await visitor.press('button', 'Выбрать');
    expect(page.url().split('#')[0]).toBe(draft);
    expect(await page.getByText('Аргуновская, д. 18').count()).toBeGreaterThan(0);
    await visitor.press('button', 'Изменить адрес');
    await visitor.press('link', 'Выбрать адрес по шагам');
    await visitor.press('link', 'Отменить');
    await visitor.press('link', 'Вернуться к обращению');
    await visitor.press('button', /ул\. Аргуновская, д\. 18, кв\. 12/);
    expect(await page.getByLabel('Номер помещения').inputValue()).toBe('12');
    // The topic: an emergency first, whose phone stands above all else.
    await visitor.press('button', 'Выбрать тему');
    await page.locator('summary').filter({ hasText: '2. Проблемы' }).click();
    await page.getByLabel(/^2\.16\./).check({ force: true });
    await visitor.press('button', 'Выбрать');
    expect(await page.getByText('Сначала позвоните').count()).toBe(1);
    expect(await page.locator('a[href^="tel:"]').first().getAttribute('href')).toMatch(/^tel:\+?\d+$/);
    await visitor.press('button', 'Изменить тему');
    await page.locator('summary').filter({ hasText: 'Поиск темы' }).click();
    await page.getByLabel('Наименование').fill('снега и наледи');
    await visitor.press('button', 'Найти');
    await page.getByLabel(/^1\.6\./).check({ force: true });
    await visitor.press('button', 'Выбрать');
    // The manager of the house is the addressee by itself, with what applies instead of 59-ФЗ.
    expect(await page.getByText('ООО «УК „Дубравушка“»').count()).toBeGreaterThan(0);
    expect(await page.getByText(/отвечает не по закону № 59-ФЗ/).count()).toBe(1);
    await visitor.press('button', 'Расширенный поиск');
    await page.getByLabel('Наименование', { exact: true }).fill('инспекция');
    await visitor.press('button', 'Найти');
    await visitor.press('button', /^Выбрать Учебная жилищная инспекция/);
    expect(await page.getByText(/официальным обращением по Федеральному закону от 02\.05\.2006 № 59-ФЗ/).count()).toBe(
      1,
    );
    await visitor.press('button', 'Изменить адресата');
    await page.getByLabel('ООО «УК „Дубравушка“»').check({ force: true });
    await visitor.press('button', 'Выбрать');
    await visitor.press('button', 'Изменить', { exact: true });
    await visitor.press('link', 'Вернуться к обращению');
    // A file goes by itself, with its name made safe.
    await visitor.press('button', 'Добавить файл');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'двор.pdf', mimeType: 'application/pdf', buffer: PDF });
    await expect.poll(() => page.getByText('Передан').count(), SOON).toBe(1);
    await visitor.press('button', 'Добавить', { exact: true });
    expect(await page.getByText('двор.pdf').count()).toBeGreaterThan(0);
    await visitor.press('button', 'Отправить');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Подтверждение');
    await visitor.press('link', 'Нет', { exact: true });
    await visitor.press('button', 'Отправить');
    await visitor.press('button', 'Да');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Обращение отправлено');
    const number = (await page
      .getByText(/^77-26-\d{6}$/)
      .first()
      .textContent())!;
    expect(await sentBy(number)).toMatchObject({ text: TEXT, flat: '12', topic_code: '1.6', state: 'sent' });
    expect((await page.goto(draft))!.status()).toBe(404);
    await visitor.leave();
  }, 240_000);

  test('in two windows nothing newer is overwritten, and the author decides', async () => {
    const first = await Visitor.arrive(browser, application.url);
    await first.signIn('kvartirosyomova');
    await first.open('/appeals/new');
    await first.page.getByLabel('Текст обращения').fill('Первое окно');
    await expect.poll(() => first.page.url(), SOON).toContain('/appeals/drafts/');
    const second = await Visitor.enter(first.page.context(), application.url);
    await second.open(new URL(first.page.url()).pathname);
    await second.page.getByLabel('Текст обращения').fill('Второе окно');
    await second.press('button', 'Сохранить');
    await first.page.getByLabel('Текст обращения').fill('Первое окно, позже');
    await expect
      .poll(() => first.page.getByRole('status').allTextContents(), SOON)
      .toContainEqual(expect.stringContaining('изменили в другом окне'));
    await first.press('button', 'Сохранить');
    expect(await first.page.getByText('Второе окно').count()).toBe(1);
    expect(await first.page.getByLabel('Текст обращения').inputValue()).toBe('Первое окно, позже');
    await first.press('button', 'Сохранить');
    expect(first.page.url()).toContain('?saved=1');
    expect(await first.page.getByLabel('Текст обращения').inputValue()).toBe('Первое окно, позже');
    await first.press('link', 'Отменить');
    await first.press('button', 'Удалить черновик');
    expect(first.page.url()).toBe(`${application.url}/appeals`);
    await first.leave();
  }, 120_000);

  test.each([
    ['dark', PHONE],
    ['light', DESKTOP],
  ] as const)(
    'the form, the windows and the ready texts, in %s',
    async (colorScheme, viewport) => {
      const visitor = await Visitor.arrive(browser, application.url, { colorScheme, viewport });
      const { page } = visitor;
      await visitor.signIn('pervovhodov');
      if (colorScheme === 'light')
        await page
          .context()
          .addCookies([{ name: 'vision', value: '200.white-on-black.wide.on.sans', url: application.url }]);
      for (const path of ['?about=connect&number=77АВ123456', '?about=house&address=ул. Новая, 5&region=77', ''])
        await visitor.open(`/appeals/new${path}`);
      await page.getByLabel('Текст обращения').fill('Проба');
      await visitor.press('button', 'Сохранить');
      const draft = new URL(page.url()).pathname;
      for (const window of [
        'address',
        'municipality',
        'municipality?region=78',
        'topic',
        'topic?name=нет такой',
        'addressee',
        'addressee?name=&everywhere=yes',
        'files',
        'delete',
      ])
        await visitor.open(`${draft}/${window}`);
      await visitor.leave();
    },
    180_000,
  );
});

describe('an author without script', () => {
  test('does the same: a yard, a municipality by hand, a file, a neighbour’s appeal to join, sending once', async () => {
    const author = await application.signIn('domovitova');
    const own = async (changes: Record<string, string>) => author.submit('/appeals/drafts/', changes);
    await author.get(`${application.url}/appeals/new`);
    await own({ text: 'Во дворе яма.', go: 'address' });
    expect(author.current!.url).toMatch(/\/address$/);
    const here = new URL(author.current!.url).pathname;
    const draft = here.replace('/address', '');
    await post(author, here, { kind: 'territory', place: 'двор между домами 5 и 7' });
    expect(author.current!.url).toContain('/municipality');
    await author.get(`${application.url}${draft}/municipality?region=77`);
    await post(author, `${draft}/municipality`, { region: '77', name: 'Учебный район' });
    await post(author, `${draft}/topic`, { topic: '1.4' });
    expect(author.current!.html).toContain('1.4. Локальные разрушения');
    await post(author, `${draft}/topic`, { topic: 'нет такой' });
    expect(author.current!.status).toBe(422);
    await author.get(`${application.url}${draft}/addressee`);
    const offered = /name="addressee" value="([^"]+)"[^>]*>|value="([^"]+)"[^>]*name="addressee"/.exec(
      author.current!.html,
    )!;
    await post(author, `${draft}/addressee`, { addressee: offered[1] ?? offered[2]! });
    await post(author, `${draft}/addressee`, { addressee: `${crypto.randomUUID()}.1` });
    expect(author.current!.status).toBe(422);
    await author.get(`${application.url}${draft}/files`);
    await author.submitFile(`${draft}/files`, 'files', { name: '../../акт\u202efdp.exe', content: PDF });
    expect(author.current!.html).not.toContain('\u202e');
    await author.get(`${application.url}${draft}/files`);
    await author.submitFile(`${draft}/files`, 'files', { name: 'a.pdf', content: Buffer.from('MZ not a pdf') });
    expect(author.current!.status).toBe(422);
    await author.get(`${application.url}${draft}`);
    await own({ go: 'send' });
    expect(author.current!.html).toContain('после отправки изменить обращение нельзя');
    const form = formsOf(author.current!.html).find(({ action }) => action.endsWith('/send'))!;
    const press = () => author.post(form.action, Object.fromEntries(form.fields));
    const [one, two] = [await press(), await press()];
    expect(one.html).toContain('Обращение отправлено');
    expect(two.url).toBe(one.url);
    const number = /77-26-\d{6}/.exec(one.html)![0];
    expect(await sentBy(number)).toMatchObject({
      text: 'Во дворе яма.',
      address: 'двор между домами 5 и 7',
      fias_guid: null,
    });

    // A neighbour who writes of the same place is offered to join, and learns nothing of the author.
    const neighbour = await application.signIn('kvartirosyomova');
    await neighbour.get(`${application.url}/appeals/new`);
    await neighbour.submit('/appeals/drafts/', { text: 'Та же яма.', go: 'address' });
    const theirs = new URL(neighbour.current!.url).pathname.replace('/address', '');
    await post(neighbour, `${theirs}/address`, { kind: 'territory', place: 'Двор между домами 5 и 7' });
    await post(neighbour, `${theirs}/municipality`, { region: '77', name: 'Учебный район' });
    await post(neighbour, `${theirs}/topic`, { topic: '1.4' });
    expect(neighbour.current!.html).toContain('Об этом месте уже писали');
    expect(neighbour.current!.html).not.toMatch(/Домовитова|Во дворе яма|domovitova@/);
    await post(neighbour, `${theirs}/addressee`, { addressee: offered[1] ?? offered[2]! });
    await neighbour.submit(`${theirs}`, { go: 'send' });
    const join = /name="appeal" value="([^"]+)"/.exec(neighbour.current!.html)![1]!;
    await post(neighbour, `${theirs}/join`, { appeal: join });
    expect(neighbour.current!.html).toContain('Вы присоединились к обращению');
    expect(await sentBy(number)).toMatchObject({ joined: 1 });
    // What is another's is not there.
    for (const path of ['', '/confirm', '/files', '/topic', '/delete'])
      expect((await author.get(`${application.url}${theirs}${path}`)).status).toBe(404);
  }, 120_000);

  test('disputes a line of a bill: the appeal to its issuer is written already', async () => {
    const author = await application.signIn('domovitova');
    await author.get(`${application.url}/bills`);
    const bill = /href="(\/bills\/[0-9a-f-]{36}\/[0-9a-f-]{36})"/.exec(author.current!.html)![1]!;
    await author.get(`${application.url}${bill}`);
    const [, link, service] = /href="(\/appeals\/new\?about=charge[^"]*)">([^<]+)</.exec(author.current!.html)!;
    await author.get(`${application.url}${link!.replaceAll('&amp;', '&')}`);
    expect(author.current!.html).toContain('3.11. Ошибки в квитанциях');
    expect(author.current!.html).toMatch(
      new RegExp(`по строке «${service!.replace(/[()]/g, '\\$&')}»: [\\d\\s]+,\\d\\d`),
    );
    // The bill of another is not there, whoever knows its address.
    const stranger = await application.signIn('pervovhodov');
    expect((await stranger.get(`${application.url}${link!.replaceAll('&amp;', '&')}`)).status).toBe(404);
  });

  test('an account that is not confirmed is told how to become one', async () => {
    const stranger = await application.signIn('nepodtverzhdyonov');
    const page = await stranger.get(`${application.url}/appeals/new`);
    expect(page.status).toBe(403);
    expect(page.html).toContain('подтверждённая учётная запись');
  });

  test('looking at a new appeal writes nothing', async () => {
    const author = await application.signIn('pervovhodov');
    const count = async () =>
      (await application.context.db.selectFrom('appeal_draft').select('draft_id').execute()).length;
    const before = await count();
    await author.get(`${application.url}/appeals/new?about=connect&number=1`);
    expect(await count()).toBe(before);
  });
});

type Client = Awaited<ReturnType<TestApplication['signIn']>>;

/** Sends fields to a form of the current page's session, with its token. */
async function post(client: Client, path: string, fields: Record<string, string>) {
  const token = /name="_token" value="([^"]+)"/.exec(client.current!.html)![1]!;
  return client.post(path, { _token: token, ...fields });
}
