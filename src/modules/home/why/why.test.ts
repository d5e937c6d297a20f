import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  buildAccount,
  buildBill,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { newId, type OrganisationId } from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { insertPower } from '../../organisations/index.ts';

let context: TestContext;
let app: FastifyInstance;
let manager: OrganisationId;
let inspectorate: OrganisationId;

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createApp(context, { assetsFolder: 'src/ui' });
  manager = await buildOrganisation(context, { short_name: 'ООО «Дубравушка»', phone: '+74951234567' });
  inspectorate = await buildOrganisation(context, { short_name: 'Мосжилинспекция', phone: '+74957654321' });
  await insertPower(context.db, inspectorate, '4', '77');
});
afterAll(() => app.close());

/** As one reads it: without tags, with plain spaces. */
const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
const appealOn = (html: string) => /href="(\/appeals\/new[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');

async function resident() {
  const personId = await buildPerson(context);
  const browser = await signIn(context, app, personId);
  return { personId, browser };
}

async function aHouse(managerId: OrganisationId | null) {
  const fiasGuid = newId<never>() as string;
  return { fiasGuid, houseId: await buildHouse(context, { fiasGuid, managerId, regionCode: '77' }) };
}

/** Somebody with an account of the manager in a house of their own. */
async function annasAccount(given: { state?: 'connected' | 'pending'; closedOn?: string } = {}) {
  const { personId, browser } = await resident();
  const { houseId, fiasGuid } = await aHouse(manager);
  const { state, ...account } = given;
  const accountId = await buildAccount(context, {
    houseId,
    providerId: manager,
    ...account,
  });
  await buildLink(context, { personId, houseId, accountId, providerId: manager, ...(state && { state }) });
  if (state === 'pending')
    await sql`with claim as (insert into connection_claim (organisation_id, claim_id, person_id, link_id, house_id, account_id,
        claimant_name, message, state, due_on, created_at)
      select provider_id, ${newId()}, person_id, link_id, house_id, account_id, 'Анна', '', 'open', '2026-11-17', created_at
      from account_link where person_id = ${personId} returning claim_id, person_id)
      update account_link set claim_id = claim.claim_id from claim where claim.person_id = account_link.person_id`.execute(
      context.db,
    );
  return { personId, browser, houseId, fiasGuid, accountId };
}

describe('who may ask', () => {
  it.each(['/why/account', '/why/bill', '/why/reading'])(
    '%s asks to sign in and is of residents alone',
    async (path) => {
      expect([303, 401]).toContain((await app.inject(path)).statusCode);
      const clerk = await buildEmployee(context, manager);
      expect((await (await signIn(context, app, clerk, manager)).get(path)).statusCode).toBe(403);
    },
  );

  it('tells anybody about a house, and nothing about people', async () => {
    const { houseId, fiasGuid } = await aHouse(manager);
    await buildAccount(context, { houseId, providerId: manager, number: 'ТАЙНЫЙ-1' });
    const page = await app.inject(`/why/house?address=${fiasGuid}`);
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('ТАЙНЫЙ-1');
  });

  it.each(['', '?address=x', "?address='--", `?address=${newId()}`, '?q=%00%E2%80%AE', '?address=a&address=b'])(
    'takes any address: %s',
    async (query) => {
      expect((await app.inject(`/why/house${query}`)).statusCode).toBe(200);
      expect((await (await resident()).browser.get(`/why/account${query}`)).statusCode).toBe(200);
    },
  );
});

describe('why a house is not there', () => {
  const ask = async (fiasGuid: string) => (await app.inject(`/why/house?address=${fiasGuid}`)).body;

  it('names the manager as the missing step, and the inspectorate as whom to tell', async () => {
    const { fiasGuid } = await aHouse(null);
    const body = await ask(fiasGuid);
    expect(text(body)).toContain('Не хватает: указано, кто управляет домом');
    expect(appealOn(body)).toBe(`/appeals/new?about=house&address=${fiasGuid}`);
    expect(body).toContain('tel:+74957654321');
  });

  it('names the accounts, the day of the duty and its source, and writes to the manager', async () => {
    const { fiasGuid } = await aHouse(manager);
    const body = await ask(fiasGuid);
    expect(text(body)).toContain('Не хватает: лицевые счета дома размещены');
    expect(text(body)).toContain('обязанность действует с 1 июля 2019 г.');
    expect(text(body)).toContain('Москва — с 01.07.2019');
    expect(appealOn(body)).toBe(`/appeals/new?about=connect&provider=${manager}&address=${fiasGuid}`);
    expect(body).toContain('tel:+74951234567');
  });

  it('says that nothing is in the way when nothing is', async () => {
    const { houseId, fiasGuid } = await aHouse(manager);
    await buildAccount(context, { houseId, providerId: manager });
    const body = await ask(fiasGuid);
    expect(text(body)).toContain('Ничего не мешает');
    expect(body).toContain('href="/accounts/connect"');
    expect(appealOn(body)).toBeUndefined();
  });

  it('writes an address that no register knows into the appeal', async () => {
    const { body } = await app.inject('/why/house?q=Несуществующая+улица+404');
    expect(appealOn(body)).toContain('about=house&address=%D0%9D%D0%B5%D1%81%D1%83%D1%89');
  });
});

describe('why an account is not connected', () => {
  it('says by when the organisation answers the claim, with the source of the term', async () => {
    const { browser } = await annasAccount({ state: 'pending' });
    const { body } = await browser.get('/why/account');
    expect(text(body)).toContain('Заявка отправлена 10 ноября 2026 г. Ответят до 17 ноября 2026 г.');
    expect(text(body)).toContain('Настройка оператора: срок ответа организации');
  });

  it('says that the term has passed', async () => {
    const { personId } = await annasAccount({ state: 'pending' });
    const before = context.now;
    context.now = new Date('2026-11-19T09:00:00Z');
    const { body } = await (await signIn(context, app, personId)).get('/why/account');
    context.now = before;
    expect(text(body)).toContain('Ответить должны были до 17 ноября');
    const way = appealOn(body)!;
    expect(way).toContain(`about=connect&provider=${manager}`);
    const form = text((await (await signIn(context, app, personId)).get(way)).body);
    expect(form).toContain(
      'Заявку на это я отправил(а) 10 ноября 2026 г. Ответить на неё нужно было до 17 ноября 2026 г.',
    );
  });

  it('names the refusal of the organisation', async () => {
    const { browser, personId } = await annasAccount({ state: 'pending' });
    await context.db
      .updateTable('account_link')
      .set({ state: 'refused', refusal: 'Нет такого <жильца>' })
      .where('person_id', '=', personId)
      .execute();
    const { body } = await browser.get('/why/account');
    expect(body).toContain('Нет такого &lt;жильца>');
  });

  it('shows nobody the claims of another', async () => {
    await annasAccount({ state: 'pending' });
    expect((await (await resident()).browser.get('/why/account')).body).not.toContain('Заявка:');
  });

  it('goes through the house to the account, and keeps the number for the appeal', async () => {
    const { browser } = await resident();
    const { houseId, fiasGuid } = await aHouse(manager);
    const empty = await browser.get(`/why/account?address=${fiasGuid}`);
    expect(text(empty.body)).toContain('Не хватает: лицевые счета дома размещены');
    await buildAccount(context, { houseId, providerId: manager });
    const { body } = await browser.get(`/why/account?address=${fiasGuid}&number=77АВ123456`);
    expect(text(body)).toContain('Не хватает: размещён ваш лицевой счёт');
    expect(decodeURIComponent(appealOn(body)!)).toBe(
      `/appeals/new?about=connect&address=${fiasGuid}&provider=${manager}&number=77АВ123456`,
    );
  });
});

describe('why there is no bill', () => {
  it('sends who has connected nothing to connect', async () => {
    expect((await (await resident()).browser.get('/why/bill')).body).toContain('href="/accounts/connect"');
  });

  it('says when the next bill comes, and offers no complaint before that day', async () => {
    const { browser, houseId, accountId } = await annasAccount();
    await buildBill(context, { houseId, accountId, providerId: manager, period: '2026-10', payable: 100 });
    const { body } = await browser.get('/why/bill');
    expect(text(body)).toContain('Квитанция за октябрь 2026 размещена');
    expect(text(body)).toMatch(/Ещё не пора: .* до 5 декабря 2026 г\./);
    expect(text(body)).toContain('177-ФЗ от 24.06.2025');
    expect(appealOn(body)).toBeUndefined();
  });

  it('says that the bill is late, and fills the appeal', async () => {
    const { browser, houseId, accountId } = await annasAccount();
    await buildBill(context, { houseId, accountId, providerId: manager, period: '2026-08', payable: 100 });
    const { body } = await browser.get('/why/bill');
    expect(text(body)).toContain('Не хватает: квитанция за сентябрь 2026 размещена');
    expect(text(body)).toMatch(/обязан был разместить .* до 5 октября 2026 г\./);
    expect(appealOn(body)).toMatch(/^\/appeals\/new\?about=bill&link=[0-9a-f-]+&period=2026-09$/);
  });

  it('says that the account is closed', async () => {
    const { browser } = await annasAccount({ closedOn: '2026-09-30' });
    const { body } = await browser.get('/why/bill');
    expect(text(body)).toContain('Организация закрыла его 30 сентября 2026 г.');
    expect(appealOn(body)).toBeUndefined();
  });
});

describe('why a reading is not taken', () => {
  it('says who enters the device', async () => {
    const { browser } = await annasAccount();
    const { body } = await browser.get('/why/reading');
    expect(text(body)).toContain('Не хватает: прибор учёта внесён');
    expect(appealOn(body)).toMatch(/about=reading&link=/);
  });

  it('names the ended verification, then the days, then nothing', async () => {
    const { browser, personId, houseId, accountId } = await annasAccount();
    const meterId = await buildMeter(context, {
      houseId,
      accounts: [{ accountId, providerId: manager }],
      premisesId: null,
    });
    const set = (verify_by: string) =>
      context.db.updateTable('meter').set({ verify_by }).where('meter_id', '=', meterId).execute();
    await set('2026-11-01');
    expect(text((await browser.get('/why/reading')).body)).toMatch(
      /Не хватает: поверка действует .*закончилась 1 ноября/,
    );
    await set('2030-01-01');
    const { body } = await browser.get('/why/reading');
    expect(text(body)).toContain('Ничего не мешает');
    expect(text(body)).toContain('Принимают с 1 по 25 ноября');
    const before = context.now;
    context.now = new Date('2026-11-27T09:00:00Z');
    const late = (await (await signIn(context, app, personId)).get('/why/reading')).body;
    context.now = before;
    expect(text(late)).toContain('Принимают с 1 по 25 декабря');
    expect(text(late)).toContain('Правила 354');
  });
});
