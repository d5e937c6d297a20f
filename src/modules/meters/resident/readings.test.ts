import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter, type MeterGiven } from '../../../../tests/support/meters.ts';
import {
  buildAccount,
  buildBill,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
  buildShare,
  clerkOf,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import {
  type AccountId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { placeKey, upsertPremises } from '../../houses/index.ts';
import { declineReading } from '../decide-deliveries.ts';
import { selectHistory } from '../queries/readings.ts';

let context: TestContext;
let app: FastifyInstance;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createApp(context);
});

interface World {
  personId: PersonId;
  houseId: HouseId;
  premisesId: PremisesId;
  providerId: OrganisationId;
  accountId: AccountId;
  cold: MeterId;
  hot: MeterId;
}
let world: World;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let visitor: Visitor;

async function buildWorld(given: Partial<MeterGiven> = {}): Promise<World> {
  const personId = await buildPerson(context);
  const providerId = await buildOrganisation(context, { phone: '+74951234567' });
  const houseId = await buildHouse(context, { managerId: providerId });
  const rows = [{ category: 'residential' as const, number: '7' }];
  const premisesId = (await upsertPremises(context.db, houseId, rows, context.now)).get(placeKey(rows[0]!))!;
  const accountId = await buildAccount(context, { houseId, providerId, premisesId, residents: 2 });
  await buildLink(context, { personId, houseId, accountId, providerId });
  const own = { houseId, premisesId, accounts: [{ accountId, providerId }] };
  const base = { on: '2026-10-20', t1: '100' };
  const cold = await buildMeter(context, { ...own, base, ...given });
  const hot = await buildMeter(context, { ...own, resource: '2', base: { ...base, t1: '50' } });
  return { personId, houseId, premisesId, providerId, accountId, cold, hot };
}

beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildWorld();
  visitor = await signIn(context, app, world.personId);
});

/** Sessions end by the same clock: the person signs in anew. */
async function moveTo(moment: string): Promise<void> {
  context.now = new Date(moment);
  visitor = await signIn(context, app, world.personId);
}

const words = (html: string) =>
  html
    .replace(/<(head|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');
const value = (meterId: MeterId, resource = '1', tariff = 't1') => `${tariff}.${meterId}.${resource}`;
const hidden = (html: string, name: string) =>
  new RegExp(`name="${name.replaceAll('.', '\\.')}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? null;
const post = (fields: Record<string, string>, key: string = newId(), by = visitor) =>
  by.post('/readings', { _key: key, ...fields });
const history = (meterId = world.cold, houseId = world.houseId) =>
  selectHistory(context.db, houseId, meterId, { after: null, limit: 50 });
const sent = async (meterId = world.cold) => (await history(meterId)).filter(({ kind }) => kind === 'current');

/** The form as a browser sends it with files. */
async function postWithPhoto(fields: Record<string, string>, photos: Record<string, Buffer>, by = visitor) {
  const page = await by.get('/readings');
  const body = new FormData();
  body.append('_token', hidden(page.body, '_token') ?? '');
  for (const [name, text] of Object.entries({ _key: newId() as string, ...fields })) body.append(name, text);
  for (const [name, bytes] of Object.entries(photos)) body.append(name, new Blob([new Uint8Array(bytes)]), 'IMG_1.jpg');
  const request = new Request('http://localhost/', { method: 'POST', body });
  return app.inject({
    method: 'POST',
    url: '/readings',
    cookies: by.cookies,
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}
const aPhoto = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#335577' } })
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '55/1 45/1 0/1' } })
    .toBuffer();

describe('refusals', () => {
  test('not signed in, a clerk, a form without its token', async () => {
    for (const url of ['/readings', '/meters', `/meters/${world.houseId}/${world.cold}`])
      expect((await app.inject(url)).headers.location).toMatch(/^\/sign-in/);
    const clerk = await signIn(context, app, await buildEmployee(context, world.providerId), world.providerId);
    expect((await clerk.get('/readings')).statusCode).toBe(403);
    expect((await clerk.get(`/meters/${world.houseId}/${world.cold}`)).statusCode).toBe(403);
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/readings',
      cookies: visitor.cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `${value(world.cold)}=105`,
    });
    expect(statusCode).toBe(403);
    expect(await sent()).toEqual([]);
  });

  test('a value of a device that is not theirs any more does not hold back the others', async () => {
    const answer = await post({ [value(world.cold)]: '105', [value(newId<MeterId>())]: '7,5' });
    expect(answer.statusCode).toBe(422);
    expect(words(answer.body)).toContain('Показание «7,5» не передано');
    expect(await sent()).toHaveLength(1);
  });

  test('a device of another is not found, by any address', async () => {
    const other = await signIn(context, app, await buildPerson(context));
    const theirs = await post({ [value(world.cold)]: '105' }, newId(), other);
    const nobodys = await post({ [value(newId<MeterId>())]: '105' }, newId(), other);
    expect([theirs.statusCode, nobodys.statusCode]).toEqual([422, 422]);
    expect(words(theirs.body)).toContain('Показание «105» не передано: этого прибора нет среди ваших');
    expect(words(theirs.body)).toBe(words(nobodys.body));
    for (const rest of ['', '/readings.csv', `/photos/${newId()}`])
      expect((await other.get(`/meters/${world.houseId}/${world.cold}${rest}`)).statusCode, rest).toBe(404);
    expect(await sent()).toEqual([]);
  });

  test('nothing typed, letters, a forgotten tariff: said at each field, and what was typed stays', async () => {
    const answer = await post({});
    expect([answer.statusCode, words(answer.body)]).toEqual([422, expect.stringContaining('хотя бы одного прибора')]);
    const own = { houseId: world.houseId, premisesId: world.premisesId };
    const accounts = [{ accountId: world.accountId, providerId: world.providerId }];
    const base = { on: '2026-10-20', t1: '10', t2: '20' };
    const light = await buildMeter(context, { ...own, accounts, resource: '3', tariffs: 2, base });
    const wrong = await post({ [value(world.cold)]: 'сто', [value(light, '3')]: '15', [value(world.hot, '2')]: '53' });
    expect(wrong.statusCode).toBe(422);
    expect(words(wrong.body)).toContain('Исправьте 2 ошибки');
    expect(wrong.body).toContain(`href="#field-t2-${light}-3"`);
    expect(wrong.body).toContain('value="сто"');
    expect(wrong.body).toContain('value="15"');
    // What was good is saved.
    expect((await sent(world.hot)).map(({ t1 }) => t1)).toEqual(['53']);
    expect(await sent(light)).toEqual([]);
  });

  test('a device that was taken away while the form stood open', async () => {
    await context.db
      .updateTable('meter')
      .set({ state: 'archived', archived_on: '2026-11-10', archive_reason: '2' })
      .where('meter_id', '=', world.cold)
      .execute();
    const answer = await post({ [value(world.cold)]: '105', [value(world.hot, '2')]: '53' });
    expect(answer.statusCode).toBe(422);
    expect(words(answer.body)).toContain('Прибор снят с учёта');
    expect(await sent()).toEqual([]);
    expect((await sent(world.hot)).length).toBe(1);
  });

  test('a form without a key of its own is not sent: nobody could tell a repeat', async () => {
    const answer = await post({ [value(world.cold)]: '105' }, 'no key');
    expect([answer.statusCode, words(answer.body)]).toEqual([409, expect.stringContaining('ещё раз')]);
    expect(answer.body).toContain('value="105"');
    expect(await sent()).toEqual([]);
  });
});

describe('sending', () => {
  test('saves, redirects, and says to whom and for what month it went', async () => {
    const answer = await post({ [value(world.cold)]: ' 0 105,250', [value(world.hot, '2')]: '' });
    expect(answer.statusCode).toBe(303);
    const [reading] = await sent();
    expect(reading).toMatchObject({ t1: '105.25', period: '2026-11', source: 'resident', personId: world.personId });
    expect(answer.headers.location).toBe(`/readings?saved=${reading!.readingId}`);
    const page = words((await visitor.get(answer.headers.location!)).body);
    expect(page).toMatch(
      /Показания переданы ООО «Двор \d+»: 1 показание передано, будет учтено в квитанции за ноябрь 2026/,
    );
    expect(page).toContain('За ноябрь передано 105,25 м³ , 18 ноября, передал житель. Расход 5,25 м³.');
    expect(page).toMatch(/получено Домовым, квитанция за ноябрь 2026/);
    expect(page).toContain('Осталось передать 1 показание');
  });

  test('the same form twice does nothing twice; from «Назад» with another value it asks to look again', async () => {
    const key = newId() as string;
    const [first, second] = await Promise.all([
      post({ [value(world.cold)]: '105' }, key),
      post({ [value(world.cold)]: '105' }, key),
    ]);
    expect([first.statusCode, second.statusCode]).toEqual([303, 303]);
    expect(first.headers.location).toBe(second.headers.location);
    const changed = await post({ [value(world.cold)]: '106' }, key);
    expect(changed.statusCode).toBe(409);
    expect(words(changed.body)).toContain('Эта форма уже была отправлена');
    expect(changed.body).toContain('value="106"');
    expect((await sent()).map(({ t1 }) => t1)).toEqual(['105']);
    const again = await post({ [value(world.cold)]: '106' }, hidden(changed.body, '_key')!);
    expect(again.statusCode).toBe(303);
    expect((await sent()).map(({ t1, state }) => [t1, state])).toEqual([
      ['106', 'active'],
      ['105', 'corrected'],
    ]);
  });

  test('from two tabs: the later one corrects', async () => {
    await Promise.all([post({ [value(world.cold)]: '105' }), post({ [value(world.cold)]: '106' })]);
    const active = (await sent()).filter(({ state }) => state === 'active');
    expect(active.length).toBe(1);
    expect((await sent()).length).toBe(2);
  });

  test('an unusual value asks where it stands; «Да, всё верно» is good for that value alone', async () => {
    const answer = await post({ [value(world.cold)]: '90', [value(world.hot, '2')]: '53' });
    expect(answer.statusCode).toBe(422);
    expect(words(answer.body)).toContain('меньше прошлого 100');
    expect(answer.body).toContain('value="90"');
    expect((await sent(world.hot)).length).toBe(1);
    const name = `sure.${world.cold}.1`;
    const sure = hidden(answer.body, name)!;
    expect(sure).toBe('fall~90~~');
    const key = hidden(answer.body, '_key')!;
    const changed = await post({ [value(world.cold)]: '80', [name]: sure }, key);
    expect([changed.statusCode, words(changed.body)]).toEqual([422, expect.stringContaining('меньше прошлого 100')]);
    const confirmed = await post({ [value(world.cold)]: '80', [name]: 'fall~80~~' });
    expect(confirmed.statusCode).toBe(303);
    expect((await sent())[0]).toMatchObject({ t1: '80', confirmed: ['fall'] });
  });

  test('a roll-over has its own words', async () => {
    world = await buildWorld({ base: { on: '2026-10-20', t1: '99998.5' } });
    visitor = await signIn(context, app, world.personId);
    const answer = await post({ [value(world.cold)]: '3,2' });
    expect(words(answer.body)).toContain('Да, счётчик прошёл через ноль');
    expect(words(answer.body)).toContain('Тогда расход 4,7');
    expect((await post({ [value(world.cold)]: '3,2', [`sure.${world.cold}.1`]: 'rollover~3.2~~' })).statusCode).toBe(
      303,
    );
    expect((await sent())[0]).toMatchObject({ rolledOver: true });
  });

  test('after the window the next month takes it, and the page says so before', async () => {
    await moveTo('2026-11-25T20:59:00Z');
    expect(words((await visitor.get('/readings')).body)).toContain(
      'сегодня последний день. Позже показание пойдёт в декабрь',
    );
    await moveTo('2026-11-25T21:01:00Z');
    const page = words((await visitor.get('/readings')).body);
    expect(page).toMatch(
      /сейчас не принимает\. Следующий приём с 1 по 25 декабря; показание, переданное сегодня, учтут за декабрь/,
    );
    await post({ [value(world.cold)]: '105' });
    expect((await sent())[0]!.period).toBe('2026-12');
  });

  test('a correction is offered until the window closes', async () => {
    await post({ [value(world.cold)]: '105' });
    const page = await visitor.get('/readings');
    expect(words(page.body)).toContain('Изменить (можно по 25 ноября)');
    expect(page.body).toContain(`name="${value(world.cold)}"`);
  });
});

describe('pictures', () => {
  test('go with the reading, cleaned, to the sender and the organisation that got it, and to nobody else', async () => {
    const answer = await postWithPhoto({ [value(world.cold)]: '105' }, { [`photo.${world.cold}.1`]: await aPhoto() });
    expect(answer.statusCode).toBe(303);
    const [reading] = await sent();
    const url = `/meters/${world.houseId}/${world.cold}/photos/${reading!.photoId}`;
    const mine = await visitor.get(url);
    expect(mine.statusCode).toBe(200);
    expect(mine.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'inline; filename="photo.jpg"',
      'cache-control': 'no-store',
    });
    expect((await sharp(mine.rawPayload).metadata()).exif).toBeUndefined();
    expect((await visitor.get(`/meters/${world.houseId}/${world.cold}`)).body).toContain(`src="${url}"`);
    const clerk = await signIn(context, app, await buildEmployee(context, world.providerId), world.providerId);
    expect((await clerk.get(url)).statusCode).toBe(200);
    const audited = await context.db
      .selectFrom('audit_event')
      .selectAll()
      .where('action', '=', 'meters.photo_viewed')
      .execute();
    expect(audited.map((event) => event.subject_person_id)).toEqual([world.personId]);
    const stranger = await buildOrganisation(context);
    const other = await signIn(context, app, await buildEmployee(context, stranger), stranger);
    expect((await other.get(url)).statusCode).toBe(404);
    const neighbour = await signIn(context, app, await buildPerson(context));
    expect((await neighbour.get(url)).statusCode).toBe(404);
    expect((await app.inject(url)).statusCode).toBe(303);
  });

  test('what is no picture is said at its field, and the value waits for it', async () => {
    const answer = await postWithPhoto(
      { [value(world.cold)]: '105', [value(world.hot, '2')]: '53' },
      { [`photo.${world.cold}.1`]: Buffer.from('<svg onload=alert(1)>') },
    );
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(`href="#field-photo-${world.cold}-1"`);
    expect(answer.body).toContain('value="105"');
    expect(await sent()).toEqual([]);
    expect((await sent(world.hot)).length).toBe(1);
  });

  test('a picture outlives a question and a mistake; a sealed word of another dial is worth nothing', async () => {
    const name = `photo.${world.cold}.1`;
    const asked = await postWithPhoto({ [value(world.cold)]: '90' }, { [name]: await aPhoto() });
    const kept = hidden(asked.body, `kept.${world.cold}.1`)!;
    expect(words(asked.body)).toContain('Фото приложено');
    const again = await post({ [value(world.cold)]: 'девяносто', [`kept.${world.cold}.1`]: kept });
    expect(hidden(again.body, `kept.${world.cold}.1`)).not.toBeNull();
    const foreign = await post({ [value(world.hot, '2')]: '53', [`kept.${world.hot}.2`]: kept });
    expect(foreign.statusCode).toBe(303);
    expect((await sent(world.hot))[0]!.photoId).toBeNull();
    await post({ [value(world.cold)]: '90', [`sure.${world.cold}.1`]: 'fall~90~~', [`kept.${world.cold}.1`]: kept });
    expect((await sent())[0]!.photoId).not.toBeNull();
    await moveTo('2026-11-19T09:01:00Z');
    await post({ [value(world.cold)]: '91', [`sure.${world.cold}.1`]: 'fall~91~~', [`kept.${world.cold}.1`]: kept });
    expect((await sent())[0]).toMatchObject({ t1: '91', photoId: null });
  });

  test('a picture is added to a value that stood already', async () => {
    await post({ [value(world.cold)]: '105' });
    await postWithPhoto({ [value(world.cold)]: '105' }, { [`photo.${world.cold}.1`]: await aPhoto() });
    const readings = await sent();
    expect(readings.length).toBe(1);
    expect(readings[0]!.photoId).not.toBeNull();
  });
});

describe('what the pages say', () => {
  test('without devices: why, who must act and their phone', async () => {
    const personId = await buildPerson(context);
    const { houseId, providerId } = world;
    const accountId = await buildAccount(context, { houseId, providerId });
    await buildLink(context, { personId, houseId, accountId, providerId });
    const other = await signIn(context, app, personId);
    for (const url of ['/readings', '/meters']) {
      const page = await other.get(url);
      expect(words(page.body)).toContain('Приборов учёта по вашим счетам пока нет');
      expect(page.body).toContain('tel:+74951234567');
    }
    const newcomer = await signIn(context, app, await buildPerson(context));
    expect((await newcomer.get('/readings')).body).toContain('href="/accounts/connect"');
  });

  test('a device: its card, every value with what became of it, in pages, and as a file', async () => {
    for (let day = 1; day <= 14; day += 1) {
      await moveTo(`2026-11-${String(day + 5).padStart(2, '0')}T09:00:00Z`);
      expect((await post({ [value(world.cold)]: String(100 + day) })).statusCode).toBe(303);
    }
    const url = `/meters/${world.houseId}/${world.cold}`;
    const page = await visitor.get(url);
    expect(words(page.body)).toContain('исправлено следующим');
    const older = /href="([^"#]*\?after=[^"#]*)/.exec(page.body)![1]!;
    const next = words((await visitor.get(older)).body);
    expect(next).toContain('начальное показание');
    expect((await visitor.get(`${url}?after=2026-13-45_x`)).statusCode).toBe(200);
    const file = await visitor.get(`${url}/readings.csv`);
    expect(file.headers['content-disposition']).toContain('attachment');
    expect(file.body.startsWith('\ufeffСнято;За месяц;Ресурс;Т1')).toBe(true);
    expect(file.body.split('\r\n').length).toBe(17);
  });

  test('a declined value is shown with the reason where the next one is typed', async () => {
    await post({ [value(world.cold)]: '105' });
    const { readingId } = (await sent())[0]!;
    const clerk = clerkOf(await buildEmployee(context, world.providerId), world.providerId);
    await buildProviderLine(context, world.providerId, world.houseId, 'ул. Лескова');
    await declineReading(context, clerk, world.houseId, readingId, 'На фото другой прибор');
    const page = words((await visitor.get('/readings')).body);
    expect(page).toMatch(/Показание 105 м³ отклонено ООО «Двор \d+»: На фото другой прибор/);
    expect(page).toContain('Осталось передать 2 показания');
    expect(words((await visitor.get(`/meters/${world.houseId}/${world.cold}`)).body)).toContain(
      'На фото другой прибор',
    );
    const file = await visitor.get(`/meters/${world.houseId}/${world.cold}/readings.csv`);
    expect(file.body).toMatch(/;ООО «Двор \d+»: отклонено\. На фото другой прибор\r\n/);
    await post({ [value(world.cold)]: '104' });
    expect(words((await visitor.get('/readings')).body)).not.toContain('отклонено');
  });

  test('the list: columns of the seed, a warning of the verification, archived devices apart', async () => {
    await context.db.updateTable('meter').set({ verify_by: '2026-12-10' }).where('meter_id', '=', world.cold).execute();
    await context.db
      .updateTable('meter')
      .set({ state: 'archived', archived_on: '2026-11-10', archive_reason: '2' })
      .where('meter_id', '=', world.hot)
      .execute();
    const page = words((await visitor.get('/meters')).body);
    expect(page).toMatch(/Коммунальный ресурс Номер прибора Последние показания Дата/);
    expect(page).toMatch(/поверка до 10 декабря 2026 г\., осталось 22 дня После этого дня показания не учитываются/);
    expect(page).toMatch(/Снятые приборы: 1 прибор .*Горячая вода/);
    await context.db.updateTable('meter').set({ verify_by: '2026-11-01' }).where('meter_id', '=', world.cold).execute();
    expect(words((await visitor.get('/readings')).body)).toContain('Поверка прибора закончилась 1 ноября 2026');
  });

  test('accounts of one provider in two homes are two cards; a bill without the service names no price', async () => {
    const second = await buildHouse(context);
    const { providerId, personId } = world;
    const accountId = await buildAccount(context, { houseId: second, providerId });
    await buildLink(context, { personId, houseId: second, accountId, providerId, title: 'Дача' });
    await buildBill(context, { houseId: second, accountId, providerId, payable: 100 });
    await buildMeter(context, {
      houseId: second,
      premisesId: null,
      kind: 'house',
      accounts: [{ accountId, providerId }],
      base: { on: '2026-10-20', t1: '7' },
    });
    const page = words((await visitor.get('/readings')).body);
    expect(page).toContain('Дача');
    expect(page).toMatch(/кв\. 7/);
    expect(page).not.toContain('₽');
  });
});

test('of somebody else’s account are offered with the right alone; without it the page says which is lacking', async () => {
  const { personId: ownerId, accountId } = world;
  const [helperId, reader] = [await buildPerson(context), await buildPerson(context)];
  const helper = await signIn(context, app, helperId);
  expect((await helper.get('/readings')).body).toContain('ещё не подключён ни один лицевой счёт');
  await buildShare(context, { ownerId, accountId, helperId, rights: ['see', 'pay'] });
  const { body } = await helper.get('/readings');
  expect(body).toContain('Вам открыли доступ без права передавать показания');
  expect(body).not.toMatch(/ещё не подключён|name="value/);
  await buildShare(context, { ownerId, accountId, helperId: reader, rights: ['see', 'readings'] });
  expect((await (await signIn(context, app, reader)).get('/readings')).body).not.toContain('без права');
  await context.db
    .updateTable('account_link')
    .set({ ends_at: context.now })
    .where('person_id', '=', helperId)
    .execute();
  expect((await helper.get('/readings')).body).toContain('ещё не подключён ни один лицевой счёт');
});
