import { beforeAll, describe, expect, test } from 'vitest';
import { buildAccount, buildHouse, buildProviderLine } from '../../../tests/support/rows.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type PremisesId } from '../../platform/ids.ts';
import { readLinks, readMeters } from '../meters/index.ts';
import { METERS, MORE_ACCOUNTS, MORE_RESOURCES, MORE_ROOMS } from './layouts/meters.ts';
import { type Clerk, Desk } from './test-desk.ts';
import { csvOf, xlsxOf, xlsxOfRows } from './test-workbooks.ts';
import type { Upload } from './upload.ts';

let desk: Desk;
let clerk: Clerk;
beforeAll(async () => {
  desk = await Desk.open();
  clerk = await desk.clerk();
});

interface Home {
  houseId: HouseId;
  address: string;
  premisesId: PremisesId;
  accountId: AccountId;
  account: string;
}

let homes = 0;
/** A flat with an account of the clerk's organisation, in a house of its own. */
async function aHome(providerId: OrganisationId = clerk.organisationId): Promise<Home> {
  homes += 1;
  const address = `127220, г. Москва, ул. Приборная, д. ${homes}`;
  const houseId = await buildHouse(desk.context, { address, shortAddress: `ул. Приборная, д. ${homes}` });
  await buildProviderLine(desk.context, providerId, houseId, `ул. Приборная, д. ${homes}`);
  const { premisesId, accountId, account } = await aFlat(houseId, '1', providerId);
  return { houseId, address, premisesId, accountId, account };
}

async function aFlat(houseId: HouseId, number: string, providerId: OrganisationId = clerk.organisationId) {
  const premisesId = newId<PremisesId>();
  await desk.context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number,
      updated_at: desk.context.clock(),
    })
    .execute();
  const account = `ПУ-${homes}-${number}`;
  const accountId = await buildAccount(desk.context, { houseId, providerId, premisesId, number: account });
  return { premisesId, accountId, account };
}

const meterRow = (home: Pick<Home, 'account'>, given: Record<string, string | null> = {}) => ({
  serial: '100200',
  kind: 'Индивидуальный',
  brand: 'СВК',
  model: '15-3',
  account: home.account,
  resource: 'Холодная вода',
  base1: '0',
  usedFrom: '10.10.2026',
  verifiedOn: '01.10.2026',
  interval: '6',
  ...given,
});

const metersOf = async (houseId: HouseId) => {
  const rows = await desk.context.db.selectFrom('meter').select('meter_id').where('house_id', '=', houseId).execute();
  return readMeters(
    desk.context.db,
    houseId,
    rows.map((row) => row.meter_id),
  );
};
const readingsOf = (houseId: HouseId) =>
  desk.context.db.selectFrom('reading').selectAll().where('house_id', '=', houseId).execute();
const messages = async (upload: Upload) => (await desk.notes(upload)).map(({ message }) => message);
const load = async (who: Clerk, file: Buffer, name?: string) => {
  const checked = await desk.upload(who, 'meters', file, name);
  expect(checked, `${checked.problem} ${JSON.stringify(await desk.notes(checked))}`).toMatchObject({
    state: 'checked',
    documents: { bad: 0 },
  });
  return desk.apply(who, checked, 'good_ones');
};

test.each<[string, (home: Home) => Record<string, string | null>, string]>([
  ['an account of others', () => ({ account: 'чужой-1' }), 'лицевой счёт не найден'],
  ['no account', ({ address }) => ({ account: null, address }), 'укажите лицевой счёт'],
  ['no resource', () => ({ resource: null }), 'укажите, что измеряет прибор'],
  ['a resource that there is not', () => ({ resource: 'Эфир' }), 'укажите одно из: «Холодная вода»'],
  ['an interval of 25 years', () => ({ interval: '25' }), 'укажите межповерочный интервал'],
  ['tariffs of water', () => ({ tariffs: 'Двухтарифный' }), 'несколько тарифов бывает только у электросчётчика'],
  ['another flat than the account has', () => ({ number: '77' }), 'у счёта другое помещение: 1'],
  ['a day that has not come', () => ({ verifiedOn: '01.01.2030' }), 'эта дата ещё не наступила'],
  ['no day of putting in use', () => ({ usedFrom: null }), 'укажите дату ввода в эксплуатацию'],
  ['a value that is no number', () => ({ base1: 'много' }), 'укажите показание числом'],
])('%s is refused in its cell', async (_what, given, message) => {
  const home = await aHome();
  const upload = await desk.upload(clerk, 'meters', await xlsxOf([METERS, [meterRow(home, given(home))]]));
  expect(upload.documents).toMatchObject({ bad: 1, new: 0 });
  expect((await messages(upload)).join('; ')).toContain(message);
  expect((await desk.notes(upload))[0]!.column).not.toBeNull();
});

test('new devices are registered, and the answer file returns the number of each', async () => {
  const home = await aHome();
  const second = await aFlat(home.houseId, '2');
  const file = await xlsxOf([
    METERS,
    [
      meterRow(home, { meterNumber: null }),
      meterRow(second, { serial: '100201', resource: 'ГВС', unit: 'м3', remote: 'Нет', meterNumber: null }),
      {
        serial: 'ОД-1',
        kind: 'Коллективный (общедомовой)',
        address: home.address,
        resource: 'Тепловая энергия',
        unit: 'Гкал',
      },
      meterRow(home, {
        serial: 'Э-1',
        resource: 'Электрическая энергия',
        tariffs: 'Двухтарифный',
        base1: '10,5',
        base2: '3',
        ratio: '1',
      }),
    ],
  ]);
  const applied = await load(clerk, file);
  expect(applied.documents, JSON.stringify(await desk.notes(applied))).toMatchObject({ applied: 4, bad: 0 });
  const meters = await metersOf(home.houseId);
  expect(meters.map(({ serial, kind, tariffs }) => `${serial} ${kind} ${tariffs}`).sort()).toEqual([
    '100200 individual 1',
    '100201 individual 1',
    'ОД-1 house 1',
    'Э-1 individual 2',
  ]);
  const cold = meters.find(({ serial }) => serial === '100200')!;
  expect(cold).toMatchObject({
    premisesId: home.premisesId,
    verifyBy: '2032-10-01',
    resources: [{ resource: '1', unit: '113' }],
    accounts: [{ accountId: home.accountId, providerId: clerk.organisationId }],
  });
  expect(await readingsOf(home.houseId)).toHaveLength(3);
  const answer = await desk.answer(clerk, applied);
  expect(answer['Сведения о ПУ']![2]).toContain(cold.number);
  expect(answer['Сведения о ПУ']![2]!.at(-1)).toBe('Загружено');
});

test('the same file again changes nothing, and neither does the answer file', async () => {
  const home = await aHome();
  const rows = [meterRow(home), meterRow(home, { serial: '0042', resource: 'ГВС' })];
  const file = await xlsxOf([METERS, rows.map((row) => ({ ...row, meterNumber: null }))]);
  const applied = await load(clerk, file);
  expect((await desk.upload(clerk, 'meters', file)).documents).toMatchObject({ same: 2, bad: 0 });
  // A spreadsheet has eaten the zeros in front.
  const eaten = await xlsxOf([METERS, [meterRow(home), meterRow(home, { serial: '42', resource: 'ГВС' })]]);
  expect((await desk.upload(clerk, 'meters', eaten)).documents).toMatchObject({ same: 2, bad: 0 });
  const { readFile } = await import('node:fs/promises');
  const answered = await readFile(await desk.answerPath(clerk, applied));
  expect((await desk.upload(clerk, 'meters', answered)).documents).toMatchObject({ same: 2, bad: 0 });
  expect(await metersOf(home.houseId)).toHaveLength(2);
});

test('a correction changes the cells it has, shows them, and keeps the number', async () => {
  const home = await aHome();
  await load(clerk, await xlsxOf([METERS, [meterRow(home, { place: 'санузел' })]]));
  const [before] = await metersOf(home.houseId);
  const { model: _model, ...less } = meterRow(home, { brand: 'СВК-15', verifiedOn: '05.11.2026' });
  const upload = await desk.upload(clerk, 'meters', await xlsxOf([METERS, [less]]));
  expect(upload.documents).toMatchObject({ changed: 1 });
  expect(upload.details.differences?.map(({ what }) => what).sort()).toEqual(['Дата последней поверки', 'Марка']);
  await desk.apply(clerk, upload);
  const [after] = await metersOf(home.houseId);
  expect(after).toMatchObject({
    number: before!.number,
    brand: 'СВК-15',
    model: '15-3',
    place: 'санузел',
    verifyBy: '2032-11-05',
  });
});

test('the other sheets add resources and accounts under the name of the device', async () => {
  const home = await aHome();
  const second = await aFlat(home.houseId, '2');
  const name = { address: home.address, serial: 'Т-1', kind: 'ИПУ', brand: 'СВК' };
  const file = await xlsxOf(
    [METERS, [{ ...meterRow(home, { resource: 'Тепловая энергия', unit: 'МВт·ч' }), ...name }]],
    [MORE_RESOURCES, [{ ...name, resource: 'ГВС', unit: 'м3', base: '7,25' }]],
    [MORE_ACCOUNTS, [{ ...name, account: second.account }]],
    [MORE_ROOMS, [{ ...name, roomStateId: '1' }]],
  );
  const applied = await load(clerk, file);
  expect(applied.documents, JSON.stringify(await desk.notes(applied))).toMatchObject({ applied: 1, bad: 0 });
  const [meter] = await metersOf(home.houseId);
  expect(meter!.resources).toEqual([
    { resource: '2', unit: '113' },
    { resource: '5', unit: '246' },
  ]);
  expect(meter!.accounts.map(({ accountId }) => accountId).sort()).toEqual([home.accountId, second.accountId].sort());
  expect(await messages(applied)).toEqual(['комнаты прибора берём из его лицевых счетов: эта строка не загружается']);
  expect((await desk.upload(clerk, 'meters', file)).documents).toMatchObject({ same: 1 });
  // The sheet of accounts says all of them: what is not on it any more is let go.
  const fewer = await xlsxOf(
    [METERS, [{ ...meterRow(home, { resource: 'Тепловая энергия', unit: 'МВт·ч' }), ...name }]],
    [MORE_ACCOUNTS, [{ ...name, account: home.account }]],
  );
  await load(clerk, fewer);
  expect((await metersOf(home.houseId))[0]!.accounts).toHaveLength(1);
});

test('a device of others is only tied to the own account, and its card stays', async () => {
  const home = await aHome();
  await load(clerk, await xlsxOf([METERS, [meterRow(home)]]));
  const supplier = await desk.clerk();
  await buildProviderLine(desk.context, supplier.organisationId, home.houseId, 'ул. Приборная');
  const number = `РСО-${homes}`;
  const accountId = await buildAccount(desk.context, {
    houseId: home.houseId,
    providerId: supplier.organisationId,
    premisesId: home.premisesId,
    number,
    kind: 'rso',
  });
  const file = await xlsxOf([METERS, [meterRow({ account: number }, { model: 'другая' })]]);
  const upload = await desk.upload(supplier, 'meters', file);
  expect(upload.documents).toMatchObject({ changed: 1 });
  expect((await messages(upload))[0]).toMatch(/^прибор уже завела организация «.*карточка не меняется, ваш счёт/);
  await desk.apply(supplier, upload);
  const [meter] = await metersOf(home.houseId);
  expect(meter).toMatchObject({ model: '15-3', sourceId: clerk.organisationId });
  expect(meter!.accounts.map((one) => one.accountId).sort()).toEqual([home.accountId, accountId].sort());
  expect((await desk.upload(supplier, 'meters', file)).documents).toMatchObject({ same: 1 });
  // In another flat the same serial number is no reason to be let in.
  const stranger = await aFlat(home.houseId, '3', supplier.organisationId);
  const wrong = await desk.upload(supplier, 'meters', await xlsxOf([METERS, [meterRow(stranger)]]));
  expect(wrong.documents).toMatchObject({ bad: 1 });
});

test('one device twice in a file is said at the second row', async () => {
  const home = await aHome();
  const upload = await desk.upload(
    clerk,
    'meters',
    await xlsxOf([METERS, [meterRow(home), meterRow(home), meterRow(home, { brand: 'Бетар' })]]),
  );
  expect(upload.documents).toMatchObject({ bad: 1, new: 1 });
  expect((await messages(upload))[0]).toContain('этот прибор уже есть в строке 2');
});

test('devices that define one volume together are tied', async () => {
  const home = await aHome();
  const house = (serial: string, given: Record<string, string>) => ({
    serial,
    kind: 'ОДПУ',
    address: home.address,
    resource: 'Отопление',
    ...given,
  });
  await load(clerk, await xlsxOf([METERS, [house('В-1', {})]]));
  const [inlet] = await metersOf(home.houseId);
  const tied = { several: 'Да', place: 'на выходе', linked: inlet!.number };
  const wrong = await desk.upload(
    clerk,
    'meters',
    await xlsxOf([METERS, [house('В-2', { ...tied, linked: '770000000000' })]]),
  );
  expect(wrong.documents).toMatchObject({ bad: 1 });
  await load(clerk, await xlsxOf([METERS, [house('В-2', tied)]]));
  const outlet = (await metersOf(home.houseId)).find(({ serial }) => serial === 'В-2')!;
  expect(await readLinks(desk.context.db, home.houseId, [outlet.meterId])).toEqual([
    { meterId: outlet.meterId, otherId: inlet!.meterId, side: 'out' },
  ]);
});

test('what a device that has long been in use shows counts from the day of the file', async () => {
  const home = await aHome();
  const today = desk.context.clock().toISOString().slice(0, 10);
  await load(
    clerk,
    await xlsxOf([
      METERS,
      [
        meterRow(home, { usedFrom: '01.02.2019', base1: '345' }),
        meterRow(home, { serial: '2', usedFrom: '01.02.2019', base1: '12', baseOn: '25.10.2026', resource: 'ГВС' }),
      ],
    ]),
  );
  expect((await readingsOf(home.houseId)).map(({ taken_on }) => taken_on).sort()).toEqual(['2026-10-25', today].sort());
});

describe('layouts of others', () => {
  test('the Moscow segment', async () => {
    const home = await aHome();
    const head = [
      'Ссылочный номер ПУ. Обязательно для заполнения, если для ПУ указываются данные на дополнительных листах',
      'Заводской (серийный) номер ПУ',
      'Вид ПУ',
      'Марка ПУ',
      'Модель ПУ',
      'Адрес дома, помещения, комнаты',
      'UNOM',
      'Тип помещения',
      'Номер помещения. Обязательно для заполнения, если Тип ПУ = Индивидуальный / Общий (квартирный)',
      'Номер комнаты. Обязательно для заполнения, если Тип ПУ = Комнатный',
      'Номер лицевого счета/Единый лицевой счет/Идентификатор ЖКУ. Обязательно для всех типов ПУ, кроме ОДПУ',
      'Наличие возможности дистанционного снятия показаний',
      'Вид коммунального ресурса',
      'Единица измерения. Обязательно, если расход коммунального ресурса может измеряться в разных единицах',
      'Вид ПУ по количеству тарифов',
      'Последнее полученное показание (Т1). Не заполняется, если «Наличие технической возможности» = Да',
      'Дата установки',
      'Дата ввода в эксплуатацию',
      'Дата последней поверки',
      'Дата опломбирования ПУ заводом-изготовителем',
      'Межповерочный интервал',
      'Номер прибора учета в Регсегменте',
    ];
    const cells = [
      '7',
      'М-7',
      'Индивидуальный',
      'Метер',
      'СВ-15',
      home.address,
      '12345',
      'Жилое',
      '1',
      '',
      home.account,
      'Нет',
    ];
    const rest = [
      'Холодная вода',
      '',
      'Однотарифный',
      '3,5',
      '01.03.2024',
      '05.03.2024',
      '01.02.2024',
      '',
      '6 лет',
      '',
    ];
    const upload = await desk.upload(
      clerk,
      'meters',
      await xlsxOfRows(
        { name: 'Сведения о ПУ', rows: [head, [...cells, ...rest]] },
        {
          name: 'Доп. комм. ресурсы',
          rows: [
            [
              'Ссылочный номер ПУ',
              'Адрес дома',
              'Вид коммунального ресурса',
              'Единица измерения',
              'Последнее полученное показание',
            ],
            ['7', home.address, 'Горячая вода', '', '1'],
          ],
        },
      ),
    );
    expect(upload, JSON.stringify(upload.details)).toMatchObject({ state: 'checked' });
    expect(upload.documents, JSON.stringify(await desk.notes(upload))).toMatchObject({ new: 1, bad: 0 });
    await desk.apply(clerk, upload);
    const [meter] = await metersOf(home.houseId);
    expect(meter).toMatchObject({ serial: 'М-7', brand: 'Метер', verificationInterval: 6 });
    expect(meter!.resources.map(({ resource }) => resource)).toEqual(['1', '2']);
  });

  test('an export of condo, in a text table', async () => {
    const home = await aHome();
    const head =
      'Адрес;Помещение;Тип помещения;Лицевой счет;Тип счетчика;Номер счетчика;Количество тарифов;Показание 1;Показание 2;Показание 3;Показание 4;Дата передачи показаний;Дата поверки;Дата следующей поверки;Дата установки;Дата ввода в эксплуатацию;Дата опломбирования;Дата контрольных показаний;Место установки счетчика;Автоматический';
    const row = `${home.address};1;Квартира;${home.account};ГВС;К-1;1;12,5;;;;2026-10-20;2024-05-01;2030-05-01;2024-05-10;2024-05-11;2024-05-12;;кухня;нет`;
    const upload = await desk.upload(clerk, 'meters', Buffer.from(`\ufeff${head}\r\n${row}\r\n`), 'condo.csv');
    expect(upload, JSON.stringify(upload.details)).toMatchObject({ state: 'checked' });
    expect(upload.documents, JSON.stringify(await desk.notes(upload))).toMatchObject({ new: 1, bad: 0 });
    await desk.apply(clerk, upload);
    const [meter] = await metersOf(home.houseId);
    expect(meter).toMatchObject({
      serial: 'К-1',
      kind: 'individual',
      place: 'кухня',
      verifyBy: '2030-05-01',
      sealedOn: '2024-05-12',
    });
    expect(await readingsOf(home.houseId)).toMatchObject([{ kind: 'base', taken_on: '2026-10-20', t1: '12.5000000' }]);
  });

  test('one sheet as .csv of our own headings', async () => {
    const home = await aHome();
    const applied = await load(clerk, csvOf([METERS, [meterRow(home)]]), 'пу.csv');
    expect(applied.documents).toMatchObject({ applied: 1 });
  });
});
