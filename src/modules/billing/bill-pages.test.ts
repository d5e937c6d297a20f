import { mkdtemp } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildPerson, buildShare, clerkOf } from '../../../tests/support/rows.ts';
import { handleError, handleNotFound } from '../../pages/errors.tsx';
import type { Actor } from '../../platform/access.ts';
import { transaction } from '../../platform/database/database.ts';
import { createServer } from '../../platform/http/server.ts';
import { newId, type PartId, type PersonId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments, postReceipt, registerBills, withdrawDocument } from './index.ts';
import { type BuiltHouse, buildDocument, buildHouse } from './test-rows.ts';

let context: TestContext;
let app: FastifyInstance;
let actor: Actor = { kind: 'anonymous' };
let person: PersonId;
let house: BuiltHouse;
let bill: string;

/** The server with the pages of bills alone; whoever `actor` is sends the requests. */
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createServer(context, {
    assetsFolder: await mkdtemp('/tmp/domovoy-assets-'),
    identify: async () => actor,
    onError: handleError,
    onNotFound: handleNotFound,
  });
  registerBills(app, context);
  person = await buildPerson(context);
  house = await buildHouse(context.db);
  const link = newId();
  await sql`insert into account_link (person_id, link_id, house_id, account_id, provider_id, state, title, proof, created_at, changed_at)
    values (${person}, ${link}, ${house.houseId}, ${house.accountId}, ${house.providerId}, 'connected', 'Квартира мамы', 'payer',
      ${context.now}, ${context.now})`.execute(context.db);
  bill = await exposeBill();
});

const documentBody = () => {
  const individual = { amount: '2.345', method: 'M' as const };
  return buildDocument(house, {
    lines: [
      {
        payable: 180_000,
        service: 'Содержание жилого помещения',
        unit: 'м²',
        tariff: '36.00',
        individual: { amount: '50' },
      },
      {
        payable: 10_147,
        group: 'communal',
        service: 'Холодное водоснабжение',
        unit: 'м³',
        tariff: '43.27',
        individual,
      },
      { payable: 9_000, accrued: 12_000, recalculation: -3_000, group: 'communal', service: 'Отопление' },
      { payable: 15_000, group: 'insurance', service: 'Страхование', voluntary: true },
    ],
    stated: 300_000,
    body: {
      meters: [
        {
          service: 'Холодная вода',
          serial: 'СВ-15 004211',
          previous: '120.5',
          current: '122.845',
          consumption: '2.345',
        },
      ],
      reference: [{ service: 'Отопление', unit: 'Гкал', normIndividual: '0.016', housePremises: '120.4' }],
      recalculations: [{ service: 'Отопление', reason: 'Перерыв в подаче тепла', amount: -3_000 }],
      penalties: [{ kind: '1', amount: 1_250, cause: 'Просрочка оплаты за август', requisiteId: house.requisiteId }],
    },
  });
};

async function exposeBill(): Promise<string> {
  const [exposed] = await transaction(context.db, (trx) =>
    exposeDocuments(trx, context, house.houseId, [documentBody()]),
  );
  return `/bills/${house.houseId}/${exposed!.documentId}`;
}

const get = async (url: string, as: Actor) => {
  actor = as;
  return app.inject({ method: 'GET', url, headers: { accept: 'text/html' } });
};
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');

describe('a bill is not shown', () => {
  it('to anyone who has not signed in, or acts for an organisation, or has no confirmed account', async () => {
    expect((await get(bill, { kind: 'anonymous' })).statusCode).not.toBe(200);
    expect((await get(bill, clerkOf(person, house.providerId))).statusCode).toBe(403);
    expect((await get(bill, actorOf(person, { confirmed: false }))).statusCode).toBe(404);
  });

  it('to a person who has not connected its account, nor under another house, nor by a name that is no id', async () => {
    const stranger = actorOf(await buildPerson(context));
    expect((await get(bill, stranger)).statusCode).toBe(404);
    const id = bill.split('/').at(-1);
    expect((await get(`/bills/${newId()}/${id}`, actorOf(person))).statusCode).toBe(404);
    expect((await get(`/bills/${house.houseId}/1`, actorOf(person))).statusCode).toBe(404);
    expect((await get(`/bills?account=${house.accountId}`, stranger)).statusCode).toBe(404);
  });
});

describe('the bill', () => {
  it('explains each line in the sections and groups of the form', async () => {
    const answer = await get(bill, actorOf(person));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const text = words(answer.body);
    expect(text).toContain('2,345 м³ по прибору учёта × 43,27 ₽ = 101,47 ₽');
    expect(text).toContain('Добровольно: если не платить, долга не будет');
    const order = [
      'Плательщик и исполнитель',
      'Показания ваших приборов',
      'У каждой услуги сказано',
      'Жилищные услуги',
      'Коммунальные услуги',
      'Страхование',
      'Неустойки и судебные расходы',
      'Справочные сведения',
      'Перерасчёты',
    ];
    const places = order.map((title) => text.lastIndexOf(title));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(text).toContain('Осталось заплатить по этой квитанции 2 850,00 ₽');
    expect(text).toContain('Добровольное страхование, не входит в долг 150,00 ₽');
    expect(text).toContain('До 16 ноября 2026');
  });

  it('names the flat where the issuer has written no address', async () => {
    expect(words((await get(bill, actorOf(person))).body)).not.toContain(', кв. 7');
    const flat = newId();
    await sql`insert into premises (house_id, premises_id, category, number, updated_at)
      values (${house.houseId}, ${flat}, 'residential', '7', ${context.now})`.execute(context.db);
    await sql`insert into account_place (house_id, account_id, place_id, premises_id)
      values (${house.houseId}, ${house.accountId}, ${flat}, ${flat})`.execute(context.db);
    expect(words((await get(bill, actorOf(person))).body)).toMatch(/Адрес [^<]+, кв\. 7 Общая площадь/);
  });

  it('adds debt, penalties and the total of a line where the issuer named them, and nowhere else', async () => {
    const neighbour = await buildPerson(context);
    const other = await buildHouse(context.db);
    await sql`insert into account_link (person_id, link_id, house_id, account_id, provider_id, state, title, proof, created_at, changed_at)
      values (${neighbour}, ${newId()}, ${other.houseId}, ${other.accountId}, ${other.providerId}, 'connected', 'Дача', 'payer',
        ${context.now}, ${context.now})`.execute(context.db);
    const show = async (lines: { payable: number; [column: string]: unknown }[], number: string) => {
      const document = buildDocument(other, { number, lines });
      const [made] = await transaction(context.db, (trx) => exposeDocuments(trx, context, other.houseId, [document]));
      return words((await get(`/bills/${other.houseId}/${made!.documentId}`, actorOf(neighbour))).body);
    };
    const without = await show([{ payable: 10_000 }], 'A-1');
    expect(without).not.toMatch(/Долг или аванс|Пени и издержки|Итого:/);
    const full = await show(
      [
        { payable: 10_000, opening: 5_000, penalty: 150, courtCosts: 200, total: 15_350 },
        { payable: 20_000, opening: -50_000, total: 0 },
        { payable: 30_000 },
      ],
      'A-2',
    );
    expect(full).toContain('Долг на начало 50,00 ₽');
    expect(full).toContain('Пени +1,50 ₽');
    expect(full).toContain('Итого: за период 100,00 ₽ + 50,00 ₽ + 1,50 ₽ + 2,00 ₽ = 153,50 ₽');
    expect(full).toContain('Аванс на начало 500,00 ₽');
    expect(full).toContain('= −300,00 ₽: аванс покрывает всё, платить не нужно');
    expect(full).toMatch(/К оплате за период Долг или аванс \(−\) Пени и издержки Итого к оплате Оплачено/);
    // The sums of the columns: 600.00 for the period, an advance of 450.00, 3.50 of penalties, 453.50 as the lines say.
    expect(full).toMatch(/Итого 600,00 ₽ 600,00 ₽ −450,00 ₽ 3,50 ₽ 453,50 ₽/);
  });

  it('shows what was paid and what remains', async () => {
    await transaction(context.db, (trx) =>
      postReceipt(trx, context, {
        houseId: house.houseId,
        accountId: house.accountId,
        requisiteId: house.requisiteId,
        partId: newId<PartId>(),
        personId: person,
        amount: kopecks(100_000),
        period: null,
        receivedAt: context.now,
      }),
    );
    const text = words((await get(bill, actorOf(person))).body);
    expect(text).toContain('Осталось заплатить по этой квитанции 1 850,00 ₽');
    expect(text).toContain('Оплачено по этой квитанции 1 000,00 ₽');
  });
});

describe('the list', () => {
  it('says what to do when nothing is connected', async () => {
    const answer = await get('/bills', actorOf(await buildPerson(context)));
    expect(words(answer.body)).toContain('Подключить лицевой счёт');
  });

  it('shows each account under the person’s own name, with months and states, by pages', async () => {
    const months = Array.from(
      { length: 13 },
      (_, index) => `${index < 12 ? 2025 : 2024}-${String((index % 12) + 1).padStart(2, '0')}`,
    );
    const documents = months.map((period) => buildDocument(house, { period, lines: [1_000] }));
    await transaction(context.db, (trx) => exposeDocuments(trx, context, house.houseId, documents));
    const first = await get('/bills', actorOf(person));
    expect(words(first.body)).toContain('Квартира мамы');
    expect(words(first.body)).toContain('октябрь 2026');
    const next = /href="([^"]*after=[^"]*)"/.exec(first.body)![1]!.replaceAll('&amp;', '&');
    const second = words((await get(next, actorOf(person))).body);
    expect(second).toContain('январь 2024');
    expect(second).not.toContain('октябрь 2026');
  });

  it('marks a withdrawn bill, with the reason and the corrected one', async () => {
    await sql`update person set email = 'anna@example.test' where person_id = ${person}`.execute(context.db);
    const corrected = buildDocument(house, { lines: [7_000] });
    const [made] = await transaction(context.db, (trx) => exposeDocuments(trx, context, house.houseId, [corrected]));
    const old = words((await get(bill, actorOf(person))).body);
    expect(old).toContain('Эта квитанция отозвана, платить по ней не нужно');
    expect(old).toContain('Открыть исправленную квитанцию');
    const [reader, stranger] = [await buildPerson(context), await buildPerson(context)];
    for (const helperId of [reader, stranger]) {
      const { accountId } = house;
      await buildShare(context, { ownerId: person, accountId, helperId, rights: ['see'] });
      await sql`update person set email = 'helper@example.test' where person_id = ${helperId}`.execute(context.db);
    }
    await get(`/bills/${house.houseId}/${made!.documentId}`, actorOf(reader));
    await withdrawDocument(context, clerkOf(person, house.providerId), {
      houseId: house.houseId,
      documentId: made!.documentId,
      reason: 'Выставлена по ошибке',
    });
    const helpers = await context.db
      .selectFrom('mail_message')
      .select('person_id')
      .where('person_id', 'in', [reader, stranger])
      .execute();
    expect(helpers).toEqual([{ person_id: reader }]);
    expect(words((await get('/bills', actorOf(person))).body)).toContain('Отозвана');
    const told = await context.db
      .selectFrom('mail_message')
      .select(['subject', 'body'])
      .where('person_id', '=', person)
      .execute();
    expect(told.map(({ subject }) => subject)).toEqual(['Квитанция отменена, платить по ней не нужно']);
    expect(told[0]!.body.replaceAll('\u00a0', ' ')).toMatch(
      /октябрь 2026\. Причина: Выставлена по ошибке.*70,00 ₽ — отменено/s,
    );
  });
});
