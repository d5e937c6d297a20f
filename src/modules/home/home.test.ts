import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildMeter } from '../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildBill,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  buildShare,
  signIn,
} from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { transaction } from '../../platform/database/database.ts';
import {
  type AppealId,
  type HouseId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { day } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import type { AccountOwed } from '../billing/index.ts';
import { loadRegions } from '../classifiers/index.ts';
import { addOwnership, placeKey, upsertPremises } from '../houses/index.ts';
import { submitReadings } from '../meters/index.ts';
import { figuresOf, gatherPlaces, headlineOf } from './home.ts';

let context: TestContext;
let app: FastifyInstance;
const statements: { sql: string; step: number }[] = [];
let step = 0;

/** Runs statements in steps: those that nobody waits before go together, and their answers come together. */
function countSteps({ db }: TestContext): void {
  const executor = db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  let waiting: (() => Promise<() => void>)[] = [];
  const runStep = async () => {
    const together = waiting;
    waiting = [];
    step += 1;
    for (const release of await Promise.all(together.map((run) => run()))) release();
  };
  executor.executeQuery = (query, options) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(runStep);
      waiting.push(async () => {
        statements.push({ sql: query.sql, step });
        const answer = await Promise.allSettled([execute(query, options)]);
        return () => (answer[0].status === 'fulfilled' ? resolve(answer[0].value as never) : reject(answer[0].reason));
      });
    });
}

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadRegions(context.db);
  countSteps(context);
  app = await createApp(context);
});

const text = (html: string) =>
  html
    .replace(/<(head|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

interface Dwelling {
  personId: PersonId;
  houseId: HouseId;
  premisesId: PremisesId;
  managerId: OrganisationId;
}

async function aFlat(given: { personId?: PersonId; snils?: string | null; number?: string } = {}): Promise<Dwelling> {
  const personId = given.personId ?? (await buildPerson(context, { snils: given.snils ?? null }));
  const managerId = await buildOrganisation(context);
  const houseId = await buildHouse(context, { managerId });
  const number = given.number ?? '7';
  const rows = [{ category: 'residential' as const, number, totalArea: '49.5', livingArea: '32.2' }];
  const ids = await upsertPremises(context.db, houseId, rows, context.clock());
  return { personId, houseId, managerId, premisesId: ids.get(placeKey(rows[0]!))! };
}

async function anAccount(flat: Dwelling, payable: number | null, providerId = flat.managerId, more: object = {}) {
  const accountId = await buildAccount(context, { ...flat, providerId, ...more });
  await buildLink(context, { ...flat, accountId, providerId });
  if (payable !== null) await buildBill(context, { ...flat, accountId, providerId, payable });
  return accountId;
}

async function homeOf(personId: PersonId) {
  const visitor = await signIn(context, app, personId);
  statements.length = 0;
  step = 0;
  const answer = await visitor.get('/');
  return { answer, words: text(answer.body), statements: [...statements] };
}

async function anUnreadAppeal(personId: PersonId): Promise<void> {
  const at = context.now;
  const topic = { topic_code: '2.1', topic_name: 'Нет воды', address: 'ул. Лескова, д. 1' };
  const row = { appeal_id: newId<AppealId>(), house_id: newId<HouseId>(), role: 'author' as const, number: '77-26-1' };
  await context.db
    .insertInto('own_appeal')
    .values({
      ...{ person_id: personId, ...row, ...topic, state: 'sent', due_on: null, unread: true },
      ...{ zone: 'Europe/Moscow', sent_at: at, changed_at: at },
    })
    .execute();
}

describe('the first page of nobody', () => {
  test('offers to sign in, to pay and to find a house, and shows nothing of anybody', async () => {
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('href="/sign-in');
    expect(answer.body).toContain('href="/pay/any"');
    expect(answer.body).toContain('action="/find"');
  });

  test('whoever acts for an organisation is sent to its desk', async () => {
    const organisationId = await buildOrganisation(context);
    const visitor = await signIn(context, app, await buildEmployee(context, organisationId), organisationId);
    const answer = await visitor.get('/');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/work']);
    expect(text((await visitor.get('/work')).body)).toContain('Ничего не ждёт вашего ответа');
  });

  test('the desk is closed to residents', async () => {
    const visitor = await signIn(context, app, await buildPerson(context));
    expect((await visitor.get('/work')).statusCode).toBe(403);
  });
});

describe('the home page without connected accounts', () => {
  test('greets, names three goals and offers to connect', async () => {
    const { answer, words } = await homeOf(await buildPerson(context));
    expect(words).toContain('Добро пожаловать в личный кабинет!');
    expect(answer.body).toContain('href="/accounts/connect"');
    expect(words).toMatch(/получать начисления.*контролировать потребление.*передавать показания/);
    expect(words).not.toContain('могут быть показаны не полностью');
  });

  test('leads from each help line to an appeal, to the support or to why it is so', async () => {
    const personId = await buildPerson(context);
    await anUnreadAppeal(personId);
    const { answer, words } = await homeOf(personId);
    for (const href of [
      '/appeals/new?about=connect',
      '/appeals/new?about=house',
      '/support?about=organisation',
      '/why/account',
      '/why/house',
      '/appeals/new',
    ])
      expect(answer.body).toContain(`href="${href}"`);
    expect(words).toMatch(/Обращения и ответы на них 1 обращение с новостями/);
  });

  test('tells an unconfirmed account what is missing and offers no connecting', async () => {
    const { answer, words } = await homeOf(await buildPerson(context, { confirmed: false }));
    expect(words).toContain('не подтверждена');
    expect(answer.body).not.toContain('href="/accounts/connect"');
    expect(answer.body).toContain('href="/pay/any"');
  });

  test('says how many claims wait for an organisation', async () => {
    const flat = await aFlat();
    const accountId = await buildAccount(context, { ...flat, providerId: flat.managerId });
    await buildLink(context, { ...flat, accountId, providerId: flat.managerId, state: 'pending' });
    expect((await homeOf(flat.personId)).words).toContain('Ждём ответа: 1 заявка на подключение');
  });

  test.each([
    ['2019-06-30T09:00:00Z', true],
    ['2019-07-01T09:00:00Z', false],
    ['2026-11-10T09:00:00Z', false],
  ])('on %s warns of the three cities: %s', async (now, warned) => {
    const before = context.now;
    context.now = new Date(now);
    const { words } = await homeOf(await buildPerson(context));
    context.now = before;
    for (const city of ['Москва', 'Санкт-Петербург', 'Севастополь'])
      expect(words.includes(`${city}: организации обязаны размещать все сведения с 1 июля 2019 г.`)).toBe(warned);
  });

  test('warns of no other city when the house is known', async () => {
    const flat = await aFlat();
    const accountId = await buildAccount(context, { ...flat, providerId: flat.managerId });
    const before = context.now;
    context.now = new Date('2019-06-30T09:00:00Z');
    await buildLink(context, { ...flat, accountId, providerId: flat.managerId, state: 'pending' });
    const { words } = await homeOf(flat.personId);
    context.now = before;
    expect(words).toContain('Москва: организации обязаны');
    expect(words).not.toContain('Севастополь: организации');
  });
});

describe('the home page with accounts', () => {
  test('answers at once how much, by when and where to press', async () => {
    const flat = await aFlat();
    await anAccount(flat, 512_345);
    const { answer, words } = await homeOf(flat.personId);
    expect(words).toMatch(/К оплате 5 123,45 ₽ Оплатите до 16 ноября/);
    expect(answer.body).toContain('href="/pay"');
    expect(words).toContain('Вы являетесь плательщиком за данное помещение');
    expect(words).toMatch(/Общая площадь 49,5 м².*Жилая площадь 32,2 м².*Кол-во проживающих значение не указано/);
    expect(answer.body).toContain(`href="/houses/${flat.houseId}"`);
    expect(answer.body).toContain(`href="/organisations/${flat.managerId}"`);
  });

  test('of accounts that are only shown to the person says whose the debt is, and offers nothing to pay', async () => {
    const flat = await aFlat();
    const accountId = await anAccount(flat, 51_948);
    const helperId = await buildPerson(context);
    await buildShare(context, { ownerId: flat.personId, accountId, helperId, rights: ['see', 'readings'] });
    const { words } = await homeOf(helperId);
    expect(words).toMatch(
      /К оплате по счетам других людей 519,48 ₽ Оплатите до 16 ноября \. Вам открыли доступ без права оплачивать/,
    );
    expect(words).toMatch(/Оплатить ЖКУ Вам открыли доступ без права оплачивать/);
    expect(words).not.toMatch(/Квитанций пока нет|Неоплаченных счетов нет/);
    await anAccount({ ...flat, personId: helperId }, 10_000, await buildOrganisation(context));
    expect((await homeOf(helperId)).words).toMatch(/К оплате 100,00 ₽/);
  });

  test('asks nobody for readings that they may not send, and hides no overpayment', async () => {
    const flat = await aFlat();
    const accountId = await anAccount(flat, -30_000);
    await buildMeter(context, {
      houseId: flat.houseId,
      premisesId: flat.premisesId,
      accounts: [{ accountId, providerId: flat.managerId }],
    });
    expect((await homeOf(flat.personId)).words).toMatch(/1 прибор ждёт показания/);
    const helperId = await buildPerson(context);
    await buildShare(context, { ownerId: flat.personId, accountId, helperId, rights: ['see'] });
    const { words } = await homeOf(helperId);
    expect(words).toMatch(/Передать показания приборов учета Вам открыли доступ без права передавать показания/);
    expect(words).not.toContain('ждёт показания');
    expect(words).toMatch(/Долга нет\. Переплата 300,00 ₽/);
  });

  test('calls the person an owner only by a current right under their confirmed СНИЛС', async () => {
    const flat = await aFlat({ snils: '11223344595' });
    await anAccount(flat, 100);
    const right = { ...flat, holder: 'person' as const, snils: '11223344595', numerator: 1n, denominator: 2n };
    await transaction(context.db, (trx) => addOwnership(trx, right, newId<PersonId>(), context.clock()));
    expect((await homeOf(flat.personId)).words).toContain('Вы являетесь собственником данного помещения');
  });

  test('calls a tenant a tenant', async () => {
    const flat = await aFlat();
    await anAccount(flat, 100, flat.managerId, { isTenant: true, residents: 3 });
    const { words } = await homeOf(flat.personId);
    expect(words).toContain('Вы являетесь нанимателем данного помещения');
    expect(words).toMatch(/Кол-во проживающих 3/);
  });

  test('of a debt past its day says since when', async () => {
    const flat = await aFlat();
    const accountId = await anAccount(flat, null);
    await buildBill(context, { ...flat, accountId, providerId: flat.managerId, period: '2026-09', payable: 10_000 });
    await buildBill(context, { ...flat, accountId, providerId: flat.managerId, payable: 20_000 });
    const { words } = await homeOf(flat.personId);
    expect(words).toMatch(/К оплате 300,00 ₽ Срок оплаты прошёл 15 октября \. Новые начисления — до 16 ноября/);
  });

  test('an advance with one provider does not lower a debt to another; each has a sign and a word', async () => {
    const flat = await aFlat();
    await anAccount(flat, 10_000);
    await anAccount(flat, -30_000, await buildOrganisation(context), { kind: 'rso' });
    const { words } = await homeOf(flat.personId);
    expect(words).toMatch(/К оплате 100,00 ₽/);
    expect(words).toContain('Долг −100,00 ₽');
    expect(words).toContain('Переплата +300,00 ₽');
  });

  test('of an account without bills says whose and by when the first is', async () => {
    const flat = await aFlat();
    await anAccount(flat, null);
    const { words } = await homeOf(flat.personId);
    expect(words).toMatch(/Квитанций пока нет.*за ноябрь 2026 — до 5 декабря\. Сумма/);
    expect(words).not.toContain('Долга нет К оплате');
  });

  test('of a bill that is late says since when it was to be there', async () => {
    const flat = await aFlat();
    const accountId = await anAccount(flat, null);
    await buildBill(context, { ...flat, accountId, providerId: flat.managerId, period: '2026-09', payable: 10_000 });
    expect((await homeOf(flat.personId)).words).toMatch(/за октябрь 2026 квитанции нет.*до 5 ноября/);
  });

  test('several homes and providers stand under their addresses, the largest debt first', async () => {
    const first = await aFlat({ number: '11' });
    const second = await aFlat({ number: '22', personId: first.personId });
    await anAccount(first, 10_000);
    await anAccount(second, 70_000);
    await anAccount(second, 5_000, await buildOrganisation(context), { kind: 'capital_repair' });
    const { words } = await homeOf(first.personId);
    expect(words).toMatch(/К оплате 850,00 ₽ Оплатите до 16 ноября по 3 счетам/);
    expect(words.indexOf('кв. 22')).toBeLessThan(words.indexOf('кв. 11'));
    expect(words).toContain('Капитальный ремонт');
  });

  test('the card of readings counts devices without a value for the month that an open window takes', async () => {
    const flat = await aFlat();
    const second = await buildOrganisation(context);
    const accountId = await anAccount(flat, 100);
    const supplied = await anAccount(flat, 100, second, { kind: 'rso' });
    expect((await homeOf(flat.personId)).words).toContain('Приборов по вашим счетам пока нет');
    const both = [
      { accountId, providerId: flat.managerId },
      { accountId: supplied, providerId: second },
    ];
    const own = { houseId: flat.houseId, premisesId: flat.premisesId };
    const base = { on: '2026-10-20', t1: '100' };
    const meterId = await buildMeter(context, { ...own, accounts: both, base });
    await buildMeter(context, { ...own, accounts: both.slice(0, 1), resource: '2', base });
    const page = await homeOf(flat.personId);
    expect(page.answer.body).toContain('href="/meters"');
    expect(page.words).toMatch(/Передать показания приборов учета Принимают по 25 ноября 2 прибора ждут показаний/);
    const reading = { houseId: flat.houseId, meterId, resource: '1' as const, t1: '105', t2: null, t3: null };
    await submitReadings(context, actorOf(flat.personId), [{ ...reading, confirmed: [] }], newId());
    expect((await homeOf(flat.personId)).words).toContain('1 прибор ждёт показания');
    const before = context.now;
    context.now = new Date('2026-11-27T09:00:00Z');
    expect((await homeOf(flat.personId)).words).toContain('Сейчас ничего передавать не нужно');
    context.now = before;
  });

  test('counts appeals with something new, of the person alone', async () => {
    const flat = await aFlat();
    await anAccount(flat, null);
    await anUnreadAppeal(flat.personId);
    await anUnreadAppeal(flat.personId);
    await anUnreadAppeal(await buildPerson(context));
    const { words } = await homeOf(flat.personId);
    expect(words).toContain('Направить обращение или жалобу');
    expect(words).toContain('2 обращения с новостями');
  });

  test('shows only doors that open', async () => {
    const flat = await aFlat();
    await anAccount(flat, 100);
    const { answer } = await homeOf(flat.personId);
    const main = answer.body.slice(answer.body.indexOf('<main'), answer.body.indexOf('</main>'));
    const links = [...main.matchAll(/<a[^>]+href="(\/[^"#?]*)/g)].map((match) => match[1]!);
    const visitor = await signIn(context, app, flat.personId);
    expect(links.length).toBeGreaterThan(6);
    for (const link of new Set(links)) {
      const status = (await visitor.get(link)).statusCode;
      expect([link, status < 400], link).toEqual([link, true]);
    }
  });

  test('reads at most 3 + 3 × homes statements in 4 steps with the session’s, however many accounts', async () => {
    const first = await aFlat();
    const counts: number[] = [];
    for (const homes of [1, 2, 3]) {
      const flat = homes === 1 ? first : await aFlat({ personId: first.personId });
      for (let account = 0; account < 4; account += 1)
        await anAccount(flat, account === 0 ? null : 1_000, await buildOrganisation(context));
      const { statements: seen } = await homeOf(first.personId);
      const session = seen.filter(({ step }) => step === 1).length;
      expect(session).toBe(2);
      expect(Math.max(...seen.map(({ step }) => step))).toBeLessThanOrEqual(4);
      counts.push(seen.length - session);
      expect(seen.length - session).toBeLessThanOrEqual(3 + 3 * homes);
    }
    expect(counts).toEqual([6, 9, 12]);
  });
});

describe('the figures of a home', () => {
  const owed = (given: Partial<AccountOwed>): AccountOwed =>
    ({
      owed: kopecks(0),
      latest: null,
      dueDay: null,
      oldestDueDay: null,
      overdue: false,
      zone: 'Europe/Moscow',
      next: null,
      ...given,
    }) as AccountOwed;
  const now = new Date('2026-11-10T09:00:00Z');

  test('without accounts there is nothing to pay and nothing to show', () => {
    expect(headlineOf([], now)).toMatchObject({ toPay: 0n, debts: 0, payBy: null, isEmpty: true });
    expect(gatherPlaces([], new Map(), { snils: null, confirmed: true })).toEqual([]);
  });

  test('the day to pay by is the earliest that has not passed', () => {
    const debts = [
      owed({ owed: kopecks(1), dueDay: day('2026-11-16') }),
      owed({ owed: kopecks(2), dueDay: day('2026-10-15'), oldestDueDay: day('2026-10-15'), overdue: true }),
      owed({ owed: kopecks(-9), dueDay: day('2026-11-11') }),
    ];
    expect(headlineOf(debts, now)).toMatchObject({
      toPay: 3n,
      advance: 9n,
      debts: 2,
      payBy: '2026-11-16',
      overdueSince: '2026-10-15',
    });
  });

  test('a figure that only a provider gives names the provider', () => {
    const place = {
      premises: null,
      accounts: [{ card: { totalArea: '49.5', livingArea: null, residents: 0 }, owed: { issuer: 'ООО «А»' } }],
    };
    expect(figuresOf(place as never)).toEqual({
      totalArea: { value: '49.5', issuer: 'ООО «А»' },
      livingArea: null,
      residents: { value: 0, issuer: 'ООО «А»' },
    });
  });
});

test('whom to call about a house: nobody’s address is invented', async () => {
  const answer = await app.inject(`/find?address=${newId()}`);
  expect(answer.statusCode).toBe(200);
  const fiasGuid = newId<never>() as string;
  const managerId = await buildOrganisation(context, { phone: '+74951234567' });
  await buildHouse(context, { fiasGuid, managerId });
  const found = await app.inject(`/find?address=${fiasGuid}`);
  expect(found.body).toContain('tel:+74951234567');
  expect(found.body).toContain(`/organisations/${managerId}`);
});
