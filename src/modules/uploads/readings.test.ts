import { beforeAll, describe, expect, test } from 'vitest';
import { buildMeter } from '../../../tests/support/meters.ts';
import { buildAccount, buildHouse, buildProviderLine } from '../../../tests/support/rows.ts';
import { type AccountId, type HouseId, type MeterId, newId, type PremisesId } from '../../platform/ids.ts';
import { readMeters } from '../meters/index.ts';
import { HOUSE_READINGS, READINGS } from './layouts/readings.ts';
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
async function aHome(): Promise<Home> {
  homes += 1;
  const address = `127220, г. Москва, ул. Счётная, д. ${homes}`;
  const houseId = await buildHouse(desk.context, { address, shortAddress: `ул. Счётная, д. ${homes}` });
  await buildProviderLine(desk.context, clerk.organisationId, houseId, `ул. Счётная, д. ${homes}`);
  const premisesId = newId<PremisesId>();
  await desk.context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: '1',
      updated_at: desk.context.clock(),
    })
    .execute();
  const account = `СЧ-${homes}`;
  const accountId = await buildAccount(desk.context, {
    houseId,
    providerId: clerk.organisationId,
    premisesId,
    number: account,
  });
  return { houseId, address, premisesId, accountId, account };
}

/** A device of the home that showed 100 on 1 September 2026. */
async function aMeter(home: Home, given: Partial<Parameters<typeof buildMeter>[1]> = {}) {
  const meterId = await buildMeter(desk.context, {
    houseId: home.houseId,
    premisesId: home.premisesId,
    accounts: [{ accountId: home.accountId, providerId: clerk.organisationId }],
    base: { on: '2026-09-01', t1: '100' },
    ...given,
  });
  const [meter] = await readMeters(desk.context.db, home.houseId, [meterId]);
  return meter!;
}

const OCTOBER = { period: '10.2026', takenOn: '20.10.2026' };
const file = (...rows: Record<string, string | null>[]) => xlsxOf([READINGS, rows]);
const readingsOf = (meterId: MeterId) =>
  desk.context.db
    .selectFrom('reading')
    .selectAll()
    .where('meter_id', '=', meterId)
    .where('kind', '<>', 'base')
    .orderBy('reading_id')
    .execute();
const said = async (upload: Upload) => (await desk.notes(upload)).map(({ message }) => message).join('; ');
async function check(book: Buffer, name?: string): Promise<Upload> {
  const upload = await desk.upload(clerk, 'readings', book, name);
  expect(upload, `${upload.problem} ${JSON.stringify(upload.details.open)}`).toMatchObject({ state: 'checked' });
  return upload;
}
async function load(book: Buffer, name?: string): Promise<Upload> {
  const upload = await check(book, name);
  expect(upload.documents, await said(upload)).toMatchObject({ bad: 0 });
  return desk.apply(clerk, upload);
}

describe('what is refused', () => {
  test.each<[string, Record<string, string | null>, string]>([
    ['a number that is nobody’s', { number: '999999999999' }, 'в Домовом нет'],
    [
      'a fall without a reason',
      { t1: '95' },
      'новое показание 95 меньше прошлого 100: проверьте цифры или укажите причину',
    ],
    ['a day that has not come', { takenOn: '01.12.2026' }, 'этот день ещё не наступил'],
    ['a second tariff of one', { t2: '5' }, 'у этого прибора нет тарифа Т2'],
    ['no number', { t1: 'сто' }, 'укажите показание числом'],
    ['more digits than the dial has', { t1: '1234567' }, 'на этом приборе 5 знаков до запятой'],
    ['another resource', { resource: 'Газ' }, 'укажите ресурс этого прибора: «Холодная вода»'],
  ])('%s', async (_what, given, message) => {
    const meter = await aMeter(await aHome());
    const upload = await check(await file({ number: meter.number, t1: '110', ...OCTOBER, ...given }));
    expect(upload.documents).toMatchObject({ bad: 1 });
    expect(await said(upload)).toContain(message);
    expect((await desk.notes(upload)).every(({ column }) => column !== null || given.resource || given.t2)).toBe(true);
    expect(await readingsOf(meter.meterId)).toEqual([]);
  });

  test('an account whose zeros a spreadsheet has dropped: the file says what is left of it', async () => {
    const upload = await check(await file({ account: '31008', resource: 'ХВС', t1: '101', ...OCTOBER }));
    expect(await said(upload)).toContain('нули в начале таблица могла убрать (сейчас «31008»)');
  });

  test('the second tariff missing on a device of two', async () => {
    const meter = await aMeter(await aHome(), {
      resource: '3',
      tariffs: 2,
      base: { on: '2026-09-01', t1: '10', t2: '5' },
    });
    const upload = await check(await file({ number: meter.number, t1: '12', t2: null, ...OCTOBER }));
    expect(upload.documents).toMatchObject({ bad: 1 });
    expect(await said(upload)).toBe('укажите показание Т2');
  });

  test('a device that charges no account of the organisation', async () => {
    const home = await aHome();
    const other = await desk.clerk();
    const meter = await aMeter(home, { accounts: [], sourceId: other.organisationId });
    const upload = await check(await file({ number: meter.number, t1: '110', ...OCTOBER }));
    expect(await said(upload)).toContain('прибор не найден среди приборов вашей организации');
  });

  test('one device twice for one month', async () => {
    const meter = await aMeter(await aHome());
    const row = { number: meter.number, ...OCTOBER };
    const upload = await check(await file({ ...row, t1: '110' }, { ...row, t1: '111' }));
    expect(upload.documents).toMatchObject({ new: 1, bad: 1 });
    expect(await said(upload)).toBe('показание этого прибора за тот же месяц уже есть в строке 2');
  });
});

test('values are recorded for the month of the column, or of the day', async () => {
  const home = await aHome();
  const [cold, hot] = [await aMeter(home), await aMeter(home, { resource: '2' })];
  const applied = await load(
    await file(
      { number: cold.number, t1: '110,5', takenOn: '20.10.2026' },
      { number: hot.number, t1: '107', period: '10.2026' },
    ),
  );
  expect(applied.documents).toMatchObject({ applied: 2 });
  expect(await readingsOf(cold.meterId)).toMatchObject([
    {
      period: '2026-10-01',
      taken_on: '2026-10-20',
      t1: '110.5000000',
      source: 'organisation',
      organisation_id: clerk.organisationId,
      person_id: clerk.personId,
      upload_id: applied.uploadId,
    },
  ]);
  expect(await readingsOf(hot.meterId)).toMatchObject([{ period: '2026-10-01', taken_on: '2026-10-31' }]);
});

test('the dry run leaves nothing; the same file again changes nothing; another value corrects', async () => {
  const meter = await aMeter(await aHome());
  const row = { number: meter.number, ...OCTOBER };
  const book = await file({ ...row, t1: '110' });
  expect((await check(book)).documents).toMatchObject({ new: 1 });
  expect(await readingsOf(meter.meterId)).toEqual([]);
  await load(book);
  expect((await check(book)).documents).toMatchObject({ same: 1 });
  const corrected = await check(await file({ ...row, t1: '111' }));
  expect(corrected.documents).toMatchObject({ changed: 1 });
  expect(corrected.details.differences).toEqual([
    {
      title: `ПУ № ${meter.serial}, холодная вода`,
      what: 'Показание Т1 за октябрь\u00a02026',
      before: '110',
      after: '111',
    },
  ]);
  await desk.apply(clerk, corrected);
  expect((await readingsOf(meter.meterId)).map(({ state }) => state)).toEqual(['corrected', 'active']);
});

describe('what is unusual', () => {
  test('no use and a dial past its end are taken, with a remark in the status column', async () => {
    const home = await aHome();
    const still = await aMeter(home);
    const full = await aMeter(home, { resource: '2', base: { on: '2026-09-01', t1: '99998.5' } });
    const applied = await load(
      await file(
        { number: still.number, t1: '100', ...OCTOBER, reason: null },
        { number: full.number, t1: '3,2', ...OCTOBER, reason: null },
      ),
    );
    expect(await readingsOf(still.meterId)).toMatchObject([{ confirmed: ['zero'] }]);
    expect(await readingsOf(full.meterId)).toMatchObject([{ confirmed: ['rollover'], rolled_over: true }]);
    const sheet = (await desk.answer(clerk, applied))['Импорт показаний ИПУ']!;
    expect(sheet[2]!.at(-1)).toMatch(/^Загружено\. Проверьте: столбец .*: показание не изменилось$/);
    expect(sheet[3]!.at(-1)).toMatch(/новое 3,2: счётчик прошёл через ноль$/);
  });

  test('a fall is taken when the row says why', async () => {
    const meter = await aMeter(await aHome());
    const row = { number: meter.number, t1: '95', ...OCTOBER, reason: 'прошлое передали с ошибкой' };
    const upload = await load(await file(row));
    expect(await readingsOf(meter.meterId)).toMatchObject([{ confirmed: ['fall'] }]);
    expect(await said(upload)).toContain('причина: прошлое передали с ошибкой');
  });

  test('a strict organisation takes nothing unusual without a reason', async () => {
    const strict = await desk.clerk();
    await desk.context.db
      .insertInto('dated_rule')
      .values({
        rule_id: newId(),
        key: 'reading.unusual_in_files',
        scope: 'organisation',
        scope_id: strict.organisationId,
        value: 'refuse',
        unit: '',
        source: 'Выбор организации',
        mark: 'operator',
        mandatory: false,
      })
      .execute();
    const home = await aHome();
    const number = `СТ-${homes}`;
    const accountId = await buildAccount(desk.context, {
      houseId: home.houseId,
      providerId: strict.organisationId,
      premisesId: home.premisesId,
      number,
    });
    const meter = await aMeter(home, { accounts: [{ accountId, providerId: strict.organisationId }] });
    const row = { number: meter.number, t1: '100', ...OCTOBER };
    const refused = await desk.upload(strict, 'readings', await file(row));
    expect(refused.documents).toMatchObject({ bad: 1 });
    expect(await said(refused)).toContain('объясните в столбце «Причина»');
    const taken = await desk.upload(strict, 'readings', await file({ ...row, reason: 'жильцы уехали' }));
    expect(taken.documents).toMatchObject({ new: 1, bad: 0 });
  });
});

test('a row without a value is passed over', async () => {
  const meter = await aMeter(await aHome());
  const upload = await check(await file({ number: meter.number, t1: null, ...OCTOBER }));
  expect(upload.documents).toMatchObject({ same: 1, bad: 0 });
  expect(await said(upload)).toBe('показание не указано, строка пропущена');
});

describe('how a device is named', () => {
  test('by the serial number with the account, by the account with the resource', async () => {
    const home = await aHome();
    const cold = await aMeter(home, { serial: '000777' });
    const hot = await aMeter(home, { resource: '2' });
    await load(
      await file(
        { serial: '777', account: home.account, t1: '101', ...OCTOBER },
        { account: home.account, resource: 'ГВС', t1: '102', ...OCTOBER },
      ),
    );
    expect(await readingsOf(cold.meterId)).toHaveLength(1);
    expect(await readingsOf(hot.meterId)).toHaveLength(1);
  });

  test('a house device by the address and the serial number, on the sheet of its own', async () => {
    const home = await aHome();
    const meter = await aMeter(home, {
      premisesId: null,
      accounts: [],
      sourceId: clerk.organisationId,
      serial: 'ОД-9',
    });
    const row = { address: home.address, serial: 'ОД-9', t1: '150', ...OCTOBER };
    await load(await xlsxOf([HOUSE_READINGS, [row]]));
    expect(await readingsOf(meter.meterId)).toHaveLength(1);
  });

  test('several devices that fit are told apart by nobody', async () => {
    const home = await aHome();
    await aMeter(home);
    await aMeter(home);
    const upload = await check(await file({ account: home.account, resource: 'ХВС', t1: '101', ...OCTOBER }));
    expect(await said(upload)).toContain('под это подходят несколько приборов');
  });
});

describe('layouts of others', () => {
  test('the state’s template and the Moscow segment', async () => {
    const home = await aHome();
    const meter = await aMeter(home, { resource: '3', tariffs: 2, base: { on: '2026-09-01', t1: '10', t2: '5' } });
    const state = await xlsxOfRows({
      name: 'Импорт показаний ИПУ',
      rows: [
        [
          'Адрес дома',
          'Номер ПУ в ГИС ЖКХ',
          'Коммунальный ресурс',
          'Период, за который передаются показания',
          'Значение показания Т1',
          'Т2',
          'Т3',
          'Дата снятия показания',
          'Тех. возможность авто-расчета потребляемого объема',
        ],
        [home.address, meter.number, 'Электрическая энергия', '09.2026', '20', '8', '', '25.09.2026', 'Нет'],
      ],
    });
    expect((await load(state)).documents).toMatchObject({ applied: 1 });
    const moscow = await xlsxOfRows({
      name: 'Импорт показаний',
      rows: [
        [
          'Адрес дома',
          'Номер прибора учета в Регсегменте',
          'Коммунальный ресурс',
          'Значение показания (Т1)',
          'Значение показания (Т2), является обязательным для двух- и трехтарифного ПУ',
          'Значение показания (Т3), является обязательным для трехтарифного ПУ',
          'Дата снятия показания',
        ],
        [home.address, meter.number, 'Электрическая энергия', '30', '11', '', '20.10.2026'],
      ],
    });
    await load(moscow);
    expect((await readingsOf(meter.meterId)).map(({ period, t1, t2 }) => [period, t1, t2])).toEqual([
      ['2026-09-01', '20.0000000', '8.0000000'],
      ['2026-10-01', '30.0000000', '11.0000000'],
    ]);
  });

  test('an export of condo', async () => {
    const home = await aHome();
    const meter = await aMeter(home, { serial: 'К-5', resource: '2' });
    const head =
      'Адрес;Помещение;Тип помещения;Лицевой счет;Тип счетчика;Номер счетчика;Количество тарифов;Показание 1;Показание 2;Показание 3;Показание 4;Дата передачи показаний;Дата поверки;Дата следующей поверки;Дата установки;Дата ввода в эксплуатацию;Дата опломбирования;Дата контрольных показаний;Место установки счетчика;Автоматический';
    const row = `${home.address};1;Квартира;${home.account};ГВС;К-5;1;112,5;;;;2026-10-20;;;;;;;кухня;нет`;
    await load(Buffer.from(`\ufeff${head}\r\n${row}\r\n`), 'condo.csv');
    expect(await readingsOf(meter.meterId)).toMatchObject([{ t1: '112.5000000', taken_on: '2026-10-20' }]);
  });

  test('the lines of 1C, which have no headings and a row for each tariff', async () => {
    const home = await aHome();
    const cold = await aMeter(home, { serial: '1С-1' });
    const electric = await aMeter(home, {
      serial: '1С-2',
      resource: '3',
      tariffs: 2,
      base: { on: '2026-09-01', t1: '10', t2: '5' },
    });
    const line = (service: string, serial: string, name: string, value: string) =>
      [home.account, '', '', '', `${home.address}, кв. 1`, service, serial, name, '[]', value, '20.10.2026'].join(';');
    const book = Buffer.from(
      [
        '#DATE_BEGIN 01.10.2026',
        '#DATE_END 31.10.2026',
        line('1', '1С-1', 'ХВС', '112,5'),
        line('3', '1С-2', 'ЭЭ Т1', '20'),
        line('3', '1С-2', 'ЭЭ Т2', '7'),
        '',
      ].join('\r\n'),
    );
    const applied = await load(book, 'показания.csv');
    expect(applied.documents).toMatchObject({ total: 2, applied: 2 });
    expect(await readingsOf(cold.meterId)).toMatchObject([{ t1: '112.5000000' }]);
    expect(await readingsOf(electric.meterId)).toMatchObject([{ t1: '20.0000000', t2: '7.0000000' }]);
    const answer = Object.values(await desk.answer(clerk, applied))[0]!;
    expect(answer[3]!.at(-1)).toBe('Загружено');
    expect((await check(book, 'показания.csv')).documents).toMatchObject({ same: 2 });
  });

  test('one sheet as .csv of our own headings', async () => {
    const meter = await aMeter(await aHome());
    const upload = await load(csvOf([READINGS, [{ number: meter.number, t1: '110', ...OCTOBER }]]), 'показания.csv');
    expect(upload.documents).toMatchObject({ applied: 1 });
  });
});

test('a device that was taken away between the check and the loading is refused then', async () => {
  const home = await aHome();
  const [stays, goes] = [await aMeter(home), await aMeter(home, { resource: '2' })];
  const upload = await check(
    await file({ number: stays.number, t1: '110', ...OCTOBER }, { number: goes.number, t1: '110', ...OCTOBER }),
  );
  await desk.context.db
    .updateTable('meter')
    .set({ state: 'archived', archived_on: '2026-11-01' })
    .where('meter_id', '=', goes.meterId)
    .execute();
  const applied = await desk.apply(clerk, upload, 'good_ones');
  expect(applied.documents).toMatchObject({ applied: 1, bad: 1 });
  expect(await said(applied)).toContain('прибор снят с учёта');
});
