import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildHouse, buildOrganisation } from '../../../tests/support/rows.ts';
import { STAFF_PURPOSES } from '../../platform/disclosure/index.ts';
import type { HouseId, OrganisationId } from '../../platform/ids.ts';
import { ACCOUNTS, BASES, PLACES } from './layouts/accounts.ts';
import { type Clerk, Desk } from './test-desk.ts';
import { odsHiding, odsOf, xlsxOf } from './test-workbooks.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

const guidOf = async (houseId: HouseId): Promise<string> =>
  (
    await desk.context.db
      .selectFrom('house')
      .select('fias_guid')
      .where('house_id', '=', houseId)
      .executeTakeFirstOrThrow()
  ).fias_guid;

const managed = (clerk: Clerk) => buildHouse(desk.context, { managerId: clerk.organisationId });

async function accountsOf(providerId: OrganisationId) {
  const { rows } = await sql<Record<string, unknown>>`
    select a.number, a.kind, a.els, a.service_id, a.payer, a.family_name, a.total_area::text, a.heated_area::text, a.residents, a.house_id,
      (select json_agg(json_build_array(p.category, p.number, r.number, l.share_percent::text) order by p.number)
        from account_place l join premises p using (house_id, premises_id) left join room r on r.room_id = l.room_id
        where l.account_id = a.account_id) as places,
      (select count(*)::int from account_basis b where b.account_id = a.account_id) as bases
    from account a where a.provider_id = ${providerId} order by a.number`.execute(desk.context.db);
  return rows;
}

const head = (record: string, more: Record<string, string> = {}) => ({
  record,
  number: `ЛС-${record}`,
  kind: 'ЛС УО',
  els: '',
  serviceId: '',
  familyName: 'Иванов',
  givenName: 'Пётр',
  snils: '112-233-445 95',
  totalArea: '45,60',
  residents: '2',
  ...more,
});

describe('refused rows', () => {
  test('every wrong cell is told with its sheet, row and column, and nothing of the record is loaded', async () => {
    const clerk = await desk.clerk();
    const guid = await guidOf(await managed(clerk));
    const upload = await desk.upload(
      clerk,
      'accounts',
      await xlsxOf(
        [
          ACCOUNTS,
          [
            head('1', { kind: 'ЛС ЖЭК', residents: '2,5', snils: '123' }),
            head('2', { number: '', serviceId: '77АВ12345', els: '7703123456' }),
            head('3', { givenName: '', documentKind: 'Читательский билет' }),
          ],
        ],
        [
          PLACES,
          [
            { record: '1', guid, number: '1' },
            { record: '2', guid: '00000000-0000-7000-8000-000000000000', number: '2' },
            { record: '3', guid, number: '', share: '101' },
            { record: '9', guid, number: '1' },
          ],
        ],
      ),
    );
    expect(upload.state).toBe('checked');
    expect(upload.documents).toMatchObject({ total: 4, bad: 4, new: 0 });
    const messages = (await desk.notes(upload)).map(({ sheet, row, message }) => `${sheet}:${row} ${message}`);
    expect(messages).toEqual([
      expect.stringMatching(/^0:2 укажите одно из: «ЛС УО», «ЛС РСО»/),
      '0:2 укажите 11 цифр (сейчас «123»)',
      '0:2 укажите целое число от 0 до 9999 (сейчас «2,5»)',
      '0:3 заполните ячейку',
      expect.stringMatching(/^0:3 На третьем и четвёртом месте должны быть буквы/),
      expect.stringMatching(/^0:3 укажите идентификатор ЖКУ из 13 знаков/),
      expect.stringMatching(/^0:4 укажите значение из списка: «Паспорт/),
      '0:4 укажите фамилию и имя плательщика',
      expect.stringMatching(/^1:3 такого GUID нет в адресном реестре/),
      '1:4 укажите число не больше 100 (сейчас «101»)',
      '1:4 укажите номер помещения',
      '1:5 на листе «Основные сведения» нет записи с этим номером',
    ]);
    expect(await accountsOf(clerk.organisationId)).toEqual([]);
  });

  test("another provider's numbers are taken, and nothing is told of whose they are", async () => {
    const theirs = await desk.clerk();
    const guid = await guidOf(await managed(theirs));
    const place = { record: '1', guid, number: '7' };
    const first = await desk.upload(theirs, 'accounts', await xlsxOf([ACCOUNTS, [head('1')]], [PLACES, [place]]));
    await desk.apply(theirs, first);
    const [account] = await accountsOf(theirs.organisationId);
    const clerk = await desk.clerk();
    const file = await xlsxOf(
      [ACCOUNTS, [head('1', { kind: 'ЛС РСО', serviceId: String(account!.service_id) })]],
      [PLACES, [place]],
    );
    const upload = await desk.upload(clerk, 'accounts', file);
    expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
      'этот идентификатор ЖКУ уже принадлежит другому лицевому счёту',
    ]);
    const uo = await desk.upload(clerk, 'accounts', await xlsxOf([ACCOUNTS, [head('1')]], [PLACES, [place]]));
    expect((await desk.notes(uo)).map(({ message }) => message)).toEqual([
      'домом управляет другая организация: счёт «ЛС УО» в нём завести нельзя',
    ]);
  });
});

test('all six kinds, several providers of one home, several premises of one account, shares and rooms', async () => {
  const manager = await desk.clerk();
  const houseId = await managed(manager);
  const guid = await guidOf(houseId);
  const kinds = ['ЛС УО', 'ЛС РСО', 'ЛС КР', 'ЛС РЦ', 'ЛС ОГВ/ОМС', 'ЛС ТКО'];
  const upload = await desk.upload(
    manager,
    'accounts',
    await xlsxOf(
      [ACCOUNTS, kinds.map((kind, index) => head(String(index + 1), { kind }))],
      [
        PLACES,
        [
          ...kinds.map((_, index) => ({
            record: String(index + 1),
            guid,
            number: '12',
            share: '50,5',
            category: '',
            roomNumber: '',
          })),
          { record: '1', guid, number: '3Н', share: '100', category: 'Нежилое помещение', roomNumber: '' },
          { record: '2', guid, number: '13', share: '', category: '', roomNumber: 'А' },
        ],
      ],
      [BASES, [{ record: '1', kind: 'Договор управления', identifier: 'ДУ-1' }]],
    ),
  );
  expect(upload.documents).toMatchObject({ new: 6, bad: 0 });
  const applied = await desk.apply(manager, upload);
  expect(applied).toMatchObject({ state: 'applied', documents: { applied: 6 } });
  const made = await accountsOf(manager.organisationId);
  expect(made.map(({ kind }) => kind)).toEqual([
    'uo',
    'rso',
    'capital_repair',
    'settlement_centre',
    'authority',
    'tko',
  ]);
  expect(made[0]).toMatchObject({
    payer: 'person',
    total_area: '45.6000',
    bases: 1,
    places: [
      ['residential', '12', null, '50.50'],
      ['non_residential', '3Н', null, '100.00'],
    ],
  });
  expect(made[1]!.places).toContainEqual(['residential', '13', 'А', null]);
  // The same premises and undivided payers share one ЕЛС; each account has a ЖКУ id of its own.
  expect(new Set(made.slice(2).map(({ els }) => els)).size).toBe(1);
  expect(new Set(made.map(({ service_id }) => service_id)).size).toBe(6);
  for (const { els, service_id } of made) expect(String(service_id)).toMatch(new RegExp(`^${els}-\\d\\d$`));

  const supplier = await desk.clerk(['2']);
  const other = await desk.upload(
    supplier,
    'accounts',
    await xlsxOf(
      [ACCOUNTS, [head('1', { kind: 'ЛС РСО' })]],
      [PLACES, [{ record: '1', guid, number: '12', share: '50,5' }]],
    ),
  );
  await desk.apply(supplier, other);
  const [theirs] = await accountsOf(supplier.organisationId);
  expect(theirs!.els).toBe(made[2]!.els);
  const { rows } =
    await sql`select accounts, manages from organisation_house where house_id = ${houseId} order by accounts`.execute(
      desk.context.db,
    );
  expect(rows).toEqual([
    { accounts: 1, manages: false },
    { accounts: 6, manages: true },
  ]);
});

test('divided accounts of one home do not share an ЕЛС', async () => {
  const clerk = await desk.clerk();
  const guid = await guidOf(await managed(clerk));
  const upload = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf(
      [
        ACCOUNTS,
        [head('1', { divided: 'Да' }), head('2', { divided: 'Да', snils: '643-027-854 40', familyName: 'Сидоров' })],
      ],
      [PLACES, ['1', '2'].map((record) => ({ record, guid, number: '5', share: '50' }))],
    ),
  );
  await desk.apply(clerk, upload, 'good_ones');
  const made = await accountsOf(clerk.organisationId);
  expect(new Set(made.map(({ els }) => els)).size).toBe(2);
});

test.each(['xlsx', 'ods'])(
  'the answer (%s) carries statuses and issued numbers; loaded again it changes nothing',
  async (format) => {
    const clerk = await desk.clerk();
    const guid = await guidOf(await managed(clerk));
    const filled = [
      [ACCOUNTS, [head('1'), head('2', { residents: 'много' })]],
      [PLACES, ['1', '2'].map((record) => ({ record, guid, number: record }))],
    ] as const;
    const upload = await desk.upload(
      clerk,
      'accounts',
      await (format === 'ods' ? odsOf : xlsxOf)(...filled),
      `счета.${format}`,
    );
    expect(upload).toMatchObject({ state: 'checked', documents: { new: 1, bad: 1 } });
    const before = (await desk.answer(clerk, upload))['Основные сведения']!;
    expect(before[2]!.at(-1)).toBe('Будет загружено');
    expect(before[3]!.at(-1)).toMatch(/^Ошибка: столбец [A-Z] «Количество проживающих, чел\.»: укажите целое число/);
    const applied = await desk.apply(clerk, upload, 'good_ones');
    expect(applied).toMatchObject({ state: 'applied', documents: { applied: 1, bad: 1 } });
    const path = await desk.answerPath(clerk, applied);
    const after = await desk.answer(clerk, applied);
    const [account] = await accountsOf(clerk.organisationId);
    expect(after['Основные сведения']![2]).toContain(account!.service_id);
    expect(after['Основные сведения']![2]).toContain(account!.els);
    expect(after['Основные сведения']![2]!.at(-1)).toBe('Загружено');
    expect(after.Помещения![3]!.at(-1)).toBe('Не загружено: ошибка в другой строке этой же записи');

    const { readFile } = await import('node:fs/promises');
    const again = await desk.upload(clerk, 'accounts', await readFile(path), 'ответ.xlsx');
    expect(again.documents).toMatchObject({ same: 1, new: 0, changed: 0, bad: 1 });
    const page = await clerk.get(`/work/uploads/${again.uploadId}`);
    expect(page.body).toContain('Загрузить нечего');
  },
);

test('a change is told as «было → стало», columns that the file lacks stay, an empty cell empties', async () => {
  const clerk = await desk.clerk();
  const guid = await guidOf(await managed(clerk));
  const first = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf([ACCOUNTS, [head('1', { heatedArea: '40' })]], [PLACES, [{ record: '1', guid, number: '1' }]]),
  );
  await desk.apply(clerk, first);
  const second = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf([
      ACCOUNTS,
      [
        {
          record: '7',
          number: 'ЛС-1',
          kind: 'ЛС УО',
          familyName: 'Петров',
          givenName: 'Пётр',
          totalArea: '',
          residents: '3',
        },
      ],
    ]),
  );
  expect(second.documents).toMatchObject({ changed: 1, bad: 0 });
  expect(second.details.differences).toEqual([
    { title: 'ЛС № ЛС-1', what: 'Фамилия', before: 'Иванов', after: 'Петров' },
    { title: 'ЛС № ЛС-1', what: 'Общая площадь', before: '45.6', after: 'не указано' },
    { title: 'ЛС № ЛС-1', what: 'Количество проживающих', before: '2', after: '3' },
  ]);
  const path = `/work/uploads/${second.uploadId}`;
  const colleague = await desk.clerk([], clerk.organisationId);
  // Whoever brought the file has it back; a colleague says for what, and the people of its houses read of it.
  expect((await clerk.get(`${path}/result`)).statusCode).toBe(200);
  expect((await colleague.get(`${path}/result`)).headers.location).toBe(
    `${path}/disclose?from=${encodeURIComponent(`${path}/answer`)}`,
  );
  const hidden = (await colleague.get(path)).body;
  // No link that would download the question in place of the file.
  expect([hidden.includes(`${path}/result`), hidden.includes(`${path}/disclose?from=`)]).toEqual([false, true]);
  expect([hidden.includes('И***ов'), hidden.includes('>Иванов<'), hidden.includes('45.6')]).toEqual([
    true,
    false,
    true,
  ]);
  const asked = await colleague.post(`${path}/disclose?from=${path}/answer`, { purpose: 'register' }, path);
  expect(asked.headers.location).toBe(`${path}/answer`);
  expect((await colleague.get(`${path}/result`)).statusCode).toBe(200);
  expect((await colleague.get(path)).body).toContain('>Иванов<');
  const looks = await desk.context.db
    .selectFrom('home_look')
    .select(['purpose', 'about_id', 'house_id', 'provider_id'])
    .where('thing_id', '=', second.uploadId as never)
    .execute();
  expect(looks).toMatchObject([
    { purpose: STAFF_PURPOSES.register, about_id: looks[0]!.house_id, provider_id: clerk.organisationId },
  ]);
  await desk.apply(clerk, second);
  expect(await accountsOf(clerk.organisationId)).toMatchObject([
    {
      family_name: 'Петров',
      residents: 3,
      total_area: null,
      heated_area: '40.0000',
      places: [['residential', '1', null, null]],
    },
  ]);
});

test('an account keeps the numbers it has, whatever the file says', async () => {
  const clerk = await desk.clerk();
  const guid = await guidOf(await managed(clerk));
  const place = [PLACES, [{ record: '1', guid, number: '1' }]] as const;
  await desk.apply(clerk, await desk.upload(clerk, 'accounts', await xlsxOf([ACCOUNTS, [head('1')]], place)));
  const [account] = await accountsOf(clerk.organisationId);
  const upload = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf([ACCOUNTS, [head('1', { serviceId: '77ХХ000001-07' })]], place),
  );
  expect(upload.documents).toMatchObject({ same: 1, bad: 0 });
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
    `у счёта уже есть идентификатор ЖКУ ${account!.service_id}, он останется`,
  ]);
});

test('given numbers are taken as they are, with Latin look-alikes turned', async () => {
  const clerk = await desk.clerk();
  const guid = await guidOf(await managed(clerk));
  const upload = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf(
      [ACCOUNTS, [head('1', { serviceId: '77xx 100001-03' }), head('2', { els: '77ХХ100001', kind: 'ЛС КР' })]],
      [PLACES, ['1', '2'].map((record) => ({ record, guid, number: '9' }))],
    ),
  );
  await desk.apply(clerk, upload);
  expect(await accountsOf(clerk.organisationId)).toMatchObject([
    { els: '77ХХ100001', service_id: '77ХХ100001-03' },
    { els: '77ХХ100001', service_id: '77ХХ100001-01' },
  ]);
});

test('a house that only the register knows is made with its accounts; others are told with what is near', async () => {
  const clerk = await desk.clerk(['2']);
  const organisationId = await buildOrganisation(desk.context);
  expect(organisationId).not.toBe(clerk.organisationId);
  const upload = await desk.upload(
    clerk,
    'accounts',
    await xlsxOf(
      [ACCOUNTS, [head('1', { kind: 'ЛС РСО' })]],
      [PLACES, [{ record: '1', address: 'г. Москва, ул. Несуществующая, д. 1', number: '1' }]],
    ),
  );
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
    expect.stringContaining('такого дома нет в адресном реестре'),
  ]);
});

describe('what nobody may have meant is told before loading', () => {
  const page = async (clerk: Clerk, { uploadId }: { uploadId: string }) =>
    (await clerk.get(`/work/uploads/${uploadId}`)).body.replaceAll('\u00a0', ' ');
  const file = (guid: string, numbers: readonly string[]) =>
    [
      [ACCOUNTS, numbers.map((_, index) => head(String(index + 1)))],
      [PLACES, numbers.map((number, index) => ({ record: String(index + 1), guid, number }))],
    ] as const;

  test('premises that would be made: counted once each and named; where the house is described, at their rows too', async () => {
    const clerk = await desk.clerk();
    const guid = await guidOf(await managed(clerk));
    const first = await desk.upload(clerk, 'accounts', await xlsxOf(...file(guid, ['71', '72', '72'])));
    expect(first.details.newPlaces).toMatchObject({ count: 2, first: [/кв\.\s71$/, /кв\.\s72$/].map(matching) });
    expect(await desk.notes(first)).toEqual([]);
    expect(await page(clerk, first)).toContain('Будут заведены новые помещения: 2');
    await desk.apply(clerk, first);
    const again = await desk.upload(clerk, 'accounts', await xlsxOf(...file(guid, ['71', '72', '72'])));
    expect(again.details.newPlaces).toMatchObject({ count: 0 });
    expect(await page(clerk, again)).not.toContain('новые помещения');
    const mistyped = await desk.upload(clerk, 'accounts', await xlsxOf(...file(guid, ['17', '72', '72'])));
    expect(mistyped.details.newPlaces).toMatchObject({ count: 1 });
    expect((await desk.notes(mistyped)).map(({ message }) => message.replaceAll('\u00a0', ' '))).toEqual([
      'помещения «кв. 17» в доме ещё нет, оно будет заведено: проверьте номер',
    ]);
    expect(mistyped.documents).toMatchObject({ bad: 0 });
  });

  test('rows that a filter hides', async () => {
    const clerk = await desk.clerk();
    const guid = await guidOf(await managed(clerk));
    const hiding = async (rows: readonly number[]) => {
      const upload = await desk.upload(clerk, 'accounts', await odsHiding(rows, ...file(guid, ['1', '2'])));
      return { upload, body: await page(clerk, upload) };
    };
    const open = await hiding([]);
    expect(open.upload.details.hiddenRows).toBe(0);
    expect(open.body).not.toContain('скрытые строки');
    const rows = open.upload.details.sheets!.map(({ headingRows }) => headingRows.bottom + 2);
    const { upload, body } = await hiding(rows);
    expect(upload.details.hiddenRows).toBe(2);
    expect(upload.documents).toMatchObject({ total: 2, new: 2 });
    expect(body).toContain('Прочитаны и скрытые строки: 2');
  });
});

const matching = (pattern: RegExp) => expect.stringMatching(pattern);
