import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { newId } from '../../platform/ids.ts';
import { selectMeters } from './queries/meters.ts';
import { submitReadings } from './submit-readings.ts';
import { summariseHouse } from './summarise-house.ts';
import { valueField } from './workplace/entries.ts';

let context: TestContext;
let app: FastifyInstance;
let world: MeterWorld;
let path: string;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let clerk: Visitor;
let head: Visitor;
let stranger: Visitor;
let supplier: Visitor;

beforeAll(async () => {
  context = await createMeterContext();
  app = await createApp(context);
});
beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
  path = `/work/meters/${world.houseId}`;
  clerk = await signIn(context, app, world.clerk.personId, world.manager);
  head = await signIn(context, app, world.head.personId, world.manager);
  stranger = await signIn(context, app, world.strangerClerk.personId, world.stranger);
  supplier = await signIn(context, app, world.supplierClerk.personId, world.supplier);
});

const send = (t1: string) =>
  submitReadings(
    context,
    actorOf(world.personId),
    [{ houseId: world.houseId, meterId: world.cold, resource: '1', t1, t2: null, t3: null, confirmed: [] }],
    newId<never>() as string,
  );
const serialOf = async (meterId: MeterWorld['cold']) =>
  (await selectMeters(context.db, world.houseId, [meterId]))[0]!.serial;

describe('pages of a house that is not on the list', () => {
  test('are not found, one and all', async () => {
    for (const page of ['', '/decisions', '/balance', '/new', `/${world.cold}`, `/${world.cold}/verify`])
      expect((await stranger.get(path + page)).statusCode, page).toBe(404);
    for (const page of ['missing', 'due', 'window', 'export'])
      expect((await stranger.get(`/work/meters/${page}?house=${world.houseId}`)).statusCode, page).toBe(404);
    for (const form of ['/readings', '/decisions', '/ask', '/new', `/${world.cold}/seal`])
      expect((await stranger.post(path + form, { decision: 'all' }, '/work/meters/export')).statusCode, form).toBe(404);
    expect((await clerk.get(`${path}/${newId()}`)).statusCode).toBe(404);
    expect((await clerk.get(`${path}/${world.cold}/explode`)).statusCode).toBe(404);
  });

  test('nor is a device of others in a house of one’s own', async () => {
    expect((await supplier.get(`${path}/${world.hot}`)).statusCode).toBe(404);
    expect((await supplier.get(`${path}/${world.cold}`)).statusCode).toBe(200);
  });
});

describe('the register of a house', () => {
  test('lists the house’s device first, then flats; it names nobody', async () => {
    const { body } = await clerk.get(path);
    const order = ['Общедомовой прибор', 'кв.\u00a07'].map((words) => body.indexOf(words));
    expect(order[0]).toBeGreaterThan(0);
    expect(order[1]).toBeGreaterThan(order[0]!);
    expect(body).not.toContain('Петрова');
  });

  test('finds by flat, by a part of the number, by account, and filters', async () => {
    const cold = await serialOf(world.cold);
    const found = async (query: string) => {
      const { body } = await clerk.get(`${path}?${new URLSearchParams(query)}`);
      return [world.cold, world.hot, world.house].map((id) => body.includes(`${path}/${id}"`));
    };
    expect(await found('search=кв. 7')).toEqual([true, true, false]);
    expect(await found('search=12')).toEqual([false, false, false]);
    expect(await found(`search=${cold.toLowerCase()}`)).toEqual([true, false, false]);
    expect(await found('resource=2')).toEqual([false, true, false]);
    expect(await found('state=archived')).toEqual([false, false, false]);
    await send('110');
    expect(await found('state=missing')).toEqual([false, true, true]);
    expect(await found('state=sent')).toEqual([true, false, false]);
  });

  test('goes on after the device last shown', async () => {
    const { body } = await clerk.get(`${path}?after=${world.house}`);
    expect(body).not.toContain(`${path}/${world.house}"`);
    expect(body).toContain(`${path}/${world.cold}"`);
  });

  test('takes values for those who phone, and says field by field what is left', async () => {
    const [cold, hot, house] = [
      valueField(world.cold, '1', 't1'),
      valueField(world.hot, '2', 't1'),
      valueField(world.house, '1', 't1'),
    ];
    const serials = new Map<string, string>();
    for (const meterId of [world.house, world.hot]) serials.set(meterId, await serialOf(meterId));
    const mixed = await clerk.post(`${path}/readings`, { [cold]: '110,5', [hot]: '40', [house]: 'много' }, path);
    expect(mixed.statusCode).toBe(422);
    for (const words of [
      'Сохранено 1 показание',
      'меньше прошлого',
      'Укажите показание числом',
      'value="40"',
      'value="много"',
    ])
      expect(mixed.body).toContain(words);
    expect(mixed.body).not.toContain('value="110,5"');
    // The summary names devices in the order of the page: the house's first.
    const named = [world.house, world.hot].map((meterId) => mixed.body.indexOf(`№\u00a0${serials.get(meterId)}: `));
    expect([named[0]! > 0, named[1]! > named[0]!]).toEqual([true, true]);
    const answered = await clerk.post(
      `${path}/readings`,
      { [hot]: '40', [`confirm.${world.hot}.2`]: 'fall', period: '2026-10' },
      path,
    );
    expect([answered.statusCode, answered.headers.location]).toEqual([303, `${path}?saved=1`]);
    const empty = await clerk.post(`${path}/readings?state=missing`, {}, path);
    expect(empty.headers.location).toBe(`${path}?state=missing&saved=0`);
  });
});

test('an empty form of a new device is told all that it lacks at once', async () => {
  const { statusCode, body } = await clerk.post(`${path}/new`, { kind: 'individual', tariffs: '1' }, `${path}/new`);
  expect(statusCode).toBe(422);
  for (const words of ['номер квартиры или помещения', 'Выберите, что измеряет прибор', 'Укажите заводской номер'])
    expect(body).toContain(words);
});

describe('the card of a device', () => {
  test('shows its life and readings, and leaves a trace when it is a home’s', async () => {
    const { body } = await clerk.get(`${path}/${world.cold}`);
    for (const words of ['Паспорт прибора', 'начальное показание', 'Жизнь прибора', 'Заменить прибор'])
      expect(body).toContain(words);
    await clerk.get(`${path}/${world.house}`);
    const events = await context.db
      .selectFrom('audit_event')
      .select(['action', 'account_id'])
      .where('person_id', '=', world.clerk.personId)
      .execute();
    expect(events).toEqual([{ action: 'meters.viewed', account_id: world.accountId }]);
  });

  test('a supplier takes values of the house’s device and changes nothing of it', async () => {
    const { body } = await supplier.get(`${path}/${world.house}`);
    expect(body).toContain('Контрольное показание');
    expect(body).not.toContain('Снять с учёта');
    expect((await supplier.get(`${path}/${world.house}/archive`)).headers.location).toBe(`${path}/${world.house}`);
    expect((await supplier.post(`${path}/${world.house}/seal`, { onDay: '01.11.2026' }, path)).statusCode).toBe(403);
  });

  test('a form keeps what was typed and names what is wrong; mended, it leads to the new device', async () => {
    const action = `${path}/${world.cold}/replace`;
    const wrong = await clerk.post(action, { onDay: '10.11.2026', brand: 'Капля', 'final-1-t1': 'x', tariffs: '1' });
    expect(wrong.statusCode).toBe(422);
    for (const words of ['value="Капля"', 'Выберите причину', 'Укажите заводской номер'])
      expect(wrong.body).toContain(words);
    const fields = {
      onDay: '10.11.2026',
      reason: '1',
      serial: 'Н-77',
      tariffs: '1',
      'final-1-t1': '130',
      'base-1-t1': '0',
    };
    const done = await clerk.post(action, fields);
    expect(done.statusCode).toBe(303);
    const card = await clerk.get(done.headers.location!);
    for (const words of ['Прибор заменён', 'Поставлен на место другого прибора']) expect(card.body).toContain(words);
    expect((await clerk.post(action, fields, path)).statusCode).toBe(409);
  });

  test('a control value asks about what is odd before it is kept', async () => {
    const action = `${path}/${world.cold}/control`;
    const asked = await clerk.post(action, { onDay: '17.11.2026', 'value-1-t1': '90' });
    expect(asked.statusCode).toBe(422);
    expect(asked.body).toContain('Да, показание верное');
    const kept = await clerk.post(action, { onDay: '17.11.2026', 'value-1-t1': '90', 'confirm-1': 'zero fall jump' });
    expect(kept.headers.location).toBe(`${path}/${world.cold}?done=control`);
  });
});

describe('a new device', () => {
  const fields = {
    kind: 'individual',
    premises: '7',
    resource0: '1',
    serial: 'Р-9',
    tariffs: '1',
    usedFrom: '01.11.2026',
  };

  test('is put on the register by the flat’s number', async () => {
    const done = await clerk.post(`${path}/new`, { ...fields, base0t1: '0,5' });
    expect(done.statusCode).toBe(303);
    expect((await clerk.get(done.headers.location!)).body).toContain('Прибор добавлен');
  });

  test('is refused by field: no flat, an unknown one, one of other providers', async () => {
    for (const [given, words] of [
      [{ premises: '' }, 'Укажите номер квартиры'],
      [{ premises: '99' }, 'Такого помещения в доме нет'],
      [{ premises: '12' }, 'нет лицевых счетов'],
      [{ resource0: '' }, 'Выберите, что измеряет прибор'],
      [{ resource0: '3', unit0: '113' }, 'Выберите другую единицу'],
    ] as const) {
      const page = await clerk.post(`${path}/new`, { ...fields, ...given });
      expect(page.statusCode, words).toBe(422);
      expect(page.body).toContain(words);
    }
  });
});

describe('decisions', () => {
  test('are a row each; a refusal without a reason comes back to its row', async () => {
    await send('110');
    const page = await clerk.get(`${path}/decisions`);
    expect(page.body).toContain('Принять все: 1');
    const reading = /name="reading" value="([^"]+)"/.exec(page.body)![1]!;
    const empty = await clerk.post(`${path}/decisions`, { decision: 'decline', reading });
    expect([empty.statusCode, empty.body.includes('Напишите, что не так')]).toEqual([422, true]);
    const declined = await clerk.post(`${path}/decisions`, {
      decision: 'decline',
      reading,
      [`reason-${reading}`]: 'Передайте ещё раз',
      back: 'https://evil.test/',
    });
    expect(declined.headers.location).toBe(`${path}/decisions?declined=1`);
    expect((await clerk.get(`${path}/${world.cold}`)).body).toContain('Передайте ещё раз');
  });

  test('all at once', async () => {
    await send('110');
    const all = await clerk.post(`${path}/decisions`, { decision: 'all' });
    expect(all.headers.location).toBe(`${path}/decisions?accepted=1`);
    expect((await clerk.get(`${path}/decisions`)).body).toContain('Решать нечего');
  });
});

describe('lists over houses', () => {
  test('come from the roll-ups, and one house is a sheet for the round', async () => {
    await summariseHouse(context, world.houseId);
    for (const [list, words] of [
      ['', '0 из 3 за ноябрь'],
      ['/missing', '/work/meters/missing?house='],
      ['/due', 'Поверка ни у одного прибора не заканчивается'],
      ['/waiting', 'Все показания решены'],
    ] as const)
      expect((await clerk.get(`/work/meters${list}`)).body, list).toContain(words);
    const sheet = await clerk.get(`/work/meters/missing?house=${world.houseId}`);
    expect(sheet.body).toContain('Напомнить письмом');
    const asked = await clerk.post(`${path}/ask`, {}, `/work/meters/missing?house=${world.houseId}`);
    expect(asked.headers.location).toBe(`/work/meters/missing?house=${world.houseId}&asked=1`);
  });
});

describe('the export and the window', () => {
  test('a file comes of a form, with its name', async () => {
    await send('110');
    const page = await clerk.post('/work/meters/export', { period: '2026-11', layout: '1c', house: world.houseId });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-disposition']).toContain('readings-2026-11.csv');
    expect(page.body).toMatch(/^#DATE_BEGIN 01\.11\.2026\r\n#DATE_END 30\.11\.2026\r\n/);
    expect((await clerk.post('/work/meters/export', { period: 'когда-нибудь' })).statusCode).toBe(422);
  });

  test('the days are the head’s to name', async () => {
    const fields = { from: '2026-12', startDay: '15', startMonth: 'own', endDay: '20', endMonth: 'own' };
    expect((await clerk.get('/work/meters/window')).body).toContain('Дни приёма меняет руководитель');
    expect((await clerk.post('/work/meters/window', fields)).statusCode).toBe(403);
    const wrong = await head.post('/work/meters/window', { ...fields, endDay: '10' });
    expect([wrong.statusCode, wrong.body.includes('не раньше первого')]).toEqual([422, true]);
    const set = await head.post(`/work/meters/window?house=${world.houseId}`, fields);
    expect(set.headers.location).toBe(`/work/meters/window?saved=1&house=${world.houseId}`);
    const page = await head.get(set.headers.location!);
    expect(page.body).toContain('с 15-го по 20-е');
    expect(page.body).toContain('Вернуть общие дни организации');
  });
});
