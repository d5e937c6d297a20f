import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildHouse } from '../../../tests/support/rows.ts';
import type { HouseId } from '../../platform/ids.ts';
import { importGar } from '../addresses/index.ts';
import { ACCOUNTS, PLACES } from './layouts/accounts.ts';
import { ENTRANCES, FLATS, HOUSE, LIFT_FACTS, LIFTS, NON_RESIDENTIAL, ROOMS } from './layouts/houses.ts';
import { Desk } from './test-desk.ts';
import { csvOf, odsOf, xlsxOf } from './test-workbooks.ts';

const ADDRESS = 'г. Москва, проезд Петровско-Разумовский, д. 12';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  await importGar(desk.context, 'data/gar/demo-77');
});

const wholeHouse = (address: string) =>
  [
    [
      HOUSE,
      [
        {
          address,
          guid: '',
          state: 'Исправный',
          totalArea: '3456,7',
          yearInUse: '1979',
          storeysMax: '9',
          heritage: 'Нет',
        },
      ],
    ],
    [NON_RESIDENTIAL, [{ address, number: '3Н', commonProperty: 'Да', totalArea: '20' }]],
    [ENTRANCES, [{ address, number: '1', storeys: '9' }]],
    [
      FLATS,
      [
        {
          address,
          number: '1',
          entranceNumber: '1',
          characteristic: 'Отдельная квартира',
          totalArea: '45,6',
          livingArea: '30',
        },
        {
          address,
          number: '2',
          entranceNumber: '1',
          characteristic: 'Квартира коммунального заселения',
          totalArea: '60',
          livingArea: '',
        },
      ],
    ],
    [ROOMS, [{ address, premisesNumber: '2', number: 'А', area: '15' }]],
    [LIFTS, [{ address, entranceNumber: '1', factoryNumber: 'Л-77', kind: 'Пассажирский' }]],
    [LIFT_FACTS, [{ address, entranceNumber: '1', factoryNumber: 'Л-77', name: 'Грузоподъёмность', value: '400 кг' }]],
  ] as const;

test.each([
  ['houses', HOUSE, { address: ADDRESS, totalArea: '100' }],
  ['flats', FLATS, { address: ADDRESS, number: '1', characteristic: 'Отдельная квартира', totalArea: '45,6' }],
] as const)('the one sheet of a .csv is told by its headings: %s', async (_, of, cells) => {
  const clerk = await desk.clerk();
  const upload = await desk.upload(clerk, 'houses', csvOf([of, [cells]]), 'дома.csv');
  expect(upload.problem).toBeNull();
  expect(upload.details.sheets).toMatchObject([{ name: 'CSV', section: of.key }]);
});

async function houseOf(organisationId: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select h.house_id, h.short_address, h.state_code, h.total_area::text, h.year_in_use, h.storeys_max, h.heritage,
      (select json_agg(json_build_array(category, number, total_area::text, characteristic_code) order by category, number)
        from premises p where p.house_id = h.house_id) as premises,
      (select json_agg(json_build_array(number, area::text)) from room r where r.house_id = h.house_id) as rooms,
      (select json_agg(number) from entrance e where e.house_id = h.house_id) as entrances,
      (select json_agg(json_build_array(factory_number, kind_code, details)) from lift l where l.house_id = h.house_id) as lifts,
      (select premises from organisation_house o where o.house_id = h.house_id and manages) as counted
    from house h where manager_id = ${organisationId}`.execute(desk.context.db);
  return rows;
}

describe('refused houses', () => {
  test('one that others manage, one without the power to manage, one that is nowhere', async () => {
    const others = await desk.clerk();
    const guid = '11111111-2222-7333-8444-555555555555';
    await buildHouse(desk.context, { fiasGuid: guid, managerId: others.organisationId });
    const clerk = await desk.clerk();
    const theirs = await desk.upload(clerk, 'houses', await xlsxOf([HOUSE, [{ address: 'какой-то', guid }]]));
    expect((await desk.notes(theirs)).map(({ message }) => message)).toEqual([
      expect.stringContaining('управляет другая организация'),
    ]);
    const supplier = await desk.clerk(['2']);
    const powerless = await desk.upload(supplier, 'houses', await xlsxOf([HOUSE, [{ address: ADDRESS, guid: '' }]]));
    expect((await desk.notes(powerless)).map(({ message }) => message)).toEqual([
      expect.stringContaining('нет полномочий управлять домами'),
    ]);
    const nowhere = await desk.upload(
      clerk,
      'houses',
      await xlsxOf([HOUSE, [{ address: 'г. Москва, проезд Петровско-Разумовский, д. 999', guid: '' }]]),
    );
    expect((await desk.notes(nowhere)).map(({ message }) => message)).toEqual([
      expect.stringContaining('такого дома нет в адресном реестре'),
    ]);
  });

  test('parts that hang in the air and numbers given twice', async () => {
    const clerk = await desk.clerk();
    const upload = await desk.upload(
      clerk,
      'houses',
      await xlsxOf(
        [HOUSE, [{ address: ADDRESS, yearInUse: 'давно' }]],
        [
          FLATS,
          [
            { address: ADDRESS, number: '1' },
            { address: ADDRESS, number: '1' },
          ],
        ],
        [ROOMS, [{ address: ADDRESS, premisesNumber: '5', number: 'А' }]],
        [LIFT_FACTS, [{ address: ADDRESS, entranceNumber: '1', factoryNumber: 'нет', name: 'Скорость' }]],
      ),
    );
    expect(upload.documents).toMatchObject({ bad: 1 });
    expect((await desk.notes(upload)).map(({ row, message }) => `${row} ${message}`)).toEqual([
      '2 укажите целое число от 1600 до 2100 (сейчас «давно»)',
      '3 этот номер уже есть в строке 2',
      '2 в доме нет жилого помещения 5: добавьте его на лист «Жилые помещения»',
      '2 в доме нет такого лифта: добавьте его на лист «Лифты»',
    ]);
  });
});

test.each(['xlsx', 'ods'])(
  'a house with all its parts, by its address (%s); the same file again changes nothing',
  async (format) => {
    const clerk = await desk.clerk();
    const address = format === 'ods' ? 'Москва, Милашенкова ул., 4' : ADDRESS;
    const file = await (format === 'ods' ? odsOf : xlsxOf)(...wholeHouse(address));
    const upload = await desk.upload(clerk, 'houses', file, `дома.${format}`);
    expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([]);
    expect(upload.documents).toMatchObject({ new: 1, bad: 0 });
    expect(await houseOf(clerk.organisationId)).toEqual([]);
    const applied = await desk.apply(clerk, upload);
    expect(applied).toMatchObject({ state: 'applied', documents: { applied: 1 } });
    expect(await houseOf(clerk.organisationId)).toMatchObject([
      {
        state_code: '2',
        total_area: '3456.7000',
        year_in_use: 1979,
        storeys_max: 9,
        heritage: false,
        premises: [
          ['non_residential', '3Н', '20.0000', null],
          ['residential', '1', '45.6000', '1'],
          ['residential', '2', '60.0000', '2'],
        ],
        rooms: [['А', '15.0000']],
        entrances: ['1'],
        lifts: [['Л-77', '5011', { Грузоподъёмность: '400 кг' }]],
        counted: 3,
      },
    ]);
    const answer = await desk.answer(clerk, applied);
    for (const sheet of ['Характеристики МКД', 'Жилые помещения', 'Информация о лифтах'])
      expect(answer[sheet]![2]!.at(-1)).toBe('Загружено');
    const again = await desk.upload(clerk, 'houses', file, `дома.${format}`);
    expect(again.documents).toMatchObject({ same: 1, new: 0, changed: 0, bad: 0 });
  },
);

test('a sheet alone changes its part only, and the change is told in words', async () => {
  const clerk = await desk.clerk();
  const first = await desk.upload(clerk, 'houses', await xlsxOf(...wholeHouse('ул. Фонвизина, д. 12')));
  await desk.apply(clerk, first);
  const upload = await desk.upload(
    clerk,
    'houses',
    await xlsxOf([
      FLATS,
      [
        { address: 'ул. Фонвизина, д. 12', number: '1', totalArea: '46' },
        { address: 'ул. Фонвизина, д. 12', number: '3', totalArea: '20' },
      ],
    ]),
  );
  expect(upload.documents).toMatchObject({ changed: 1, bad: 0 });
  expect(
    upload.details.differences!.map(({ what, before, after }) =>
      `${what}: ${before} → ${after}`.replaceAll('\u00a0', ' '),
    ),
  ).toEqual(['Новые помещения: нет → кв. 3', 'кв. 1, общая площадь: 45.6 → 46']);
  await desk.apply(clerk, upload);
  const [house] = await houseOf(clerk.organisationId);
  expect(house).toMatchObject({ counted: 4, total_area: '3456.7000' });
  expect(house!.premises).toContainEqual(['residential', '1', '46.0000', '1']);
});

test('accounts make the house that only the register of addresses knows, and its premises', async () => {
  const clerk = await desk.clerk(['2']);
  const address = 'Москва, ул. Академика Королева, 12, кв. 7';
  const upload = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf(
      [
        ACCOUNTS,
        [
          { record: '1', number: 'РСО-1', kind: 'ЛС РСО' },
          { record: '2', number: 'РСО-2', kind: 'ЛС РСО' },
        ],
      ],
      [
        PLACES,
        [
          { record: '1', address },
          { record: '2', address: address.replace('кв. 7', 'кв. 8') },
        ],
      ],
    ),
  );
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([]);
  await desk.apply(clerk, upload);
  const { rows } = await sql<{ house_id: HouseId; manager_id: string | null; premises: string[]; accounts: number }>`
    select h.house_id, h.manager_id, (select json_agg(number order by number) from premises p where p.house_id = h.house_id) as premises,
      o.accounts from house h join organisation_house o using (house_id) where o.organisation_id = ${clerk.organisationId}`.execute(
    desk.context.db,
  );
  expect(rows).toMatchObject([{ manager_id: null, premises: ['7', '8'], accounts: 2 }]);
});
