import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildMeter } from '../../../../tests/support/meters.ts';
import { buildHouse, buildLink, buildPerson } from '../../../../tests/support/rows.ts';
import { transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, PremisesId } from '../../../platform/ids.ts';
import { readAccountImages } from '../../accounts/index.ts';
import { importGar } from '../../addresses/index.ts';
import { readHouse, readHouseImages } from '../../houses/index.ts';
import { readMeterImages, recordReadings } from '../../meters/index.ts';
import { forgetOldTraces } from '../jobs.ts';
import { ACCOUNTS, PLACES } from '../layouts/accounts.ts';
import { ENTRANCES, FLATS, HOUSE, LIFTS, ROOMS } from '../layouts/houses.ts';
import { METERS } from '../layouts/meters.ts';
import { CARD } from '../layouts/organisation.ts';
import { type Clerk, Desk } from '../test-desk.ts';
import { type Filled, xlsxOf } from '../test-workbooks.ts';
import type { Upload, UploadKind } from '../upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  await importGar(desk.context, 'data/gar/demo-77');
});

const tick = (minutes = 1) => {
  desk.context.now = new Date(desk.context.now.getTime() + minutes * 60_000);
};

async function load(head: Clerk, kind: UploadKind, ...filled: Filled): Promise<Upload> {
  tick();
  const upload = await desk.upload(head, kind, await xlsxOf(...filled));
  expect(upload.documents, JSON.stringify([upload.problem, await desk.notes(upload)])).toMatchObject({ bad: 0 });
  return desk.apply(head, upload);
}

const guidOf = async (houseId: HouseId) => (await readHouse(desk.context.db, houseId))!.fiasGuid;

const account = (record: string, more: Record<string, string> = {}) => ({
  ...{
    record,
    number: `ЛС-${record}`,
    kind: 'ЛС УО',
    familyName: 'Иванов',
    givenName: 'Пётр',
    totalArea: '45,60',
    residents: '2',
  },
  ...more,
});

/** Everything that is said of a house, its accounts and devices, without the moments of writing. */
async function standing(houseId: HouseId) {
  const { db } = desk.context;
  const ids = async <Id>(table: 'account' | 'meter') =>
    (
      await sql<{
        id: Id;
      }>`select ${sql.ref(`${table}_id`)} as id from ${sql.table(table)} where house_id = ${houseId} order by 1`.execute(
        db,
      )
    ).rows.map(({ id }) => id);
  const lists =
    await sql`select organisation_id, manages, premises, accounts from organisation_house where house_id = ${houseId}`.execute(
      db,
    );
  const numbers =
    await sql`select number, account_id from provider_account where house_id = ${houseId} order by 1`.execute(db);
  return {
    parts: (await readHouseImages(db, houseId)).sort((a, b) => (a.id < b.id ? -1 : 1)),
    accounts: [...(await readAccountImages(db, houseId, await ids<AccountId>('account')))].sort(),
    meters: [...(await readMeterImages(db, houseId, await ids<MeterId>('meter')))].sort(),
    lists: lists.rows,
    numbers: numbers.rows,
  };
}

describe('accounts', () => {
  const oneHouse = async () => {
    const head = await desk.head();
    const houseId = await buildHouse(desk.context, { managerId: head.organisationId });
    const guid = await guidOf(houseId);
    const place = (record: string, number: string) => ({ record, guid, number });
    return { head, houseId, place };
  };

  test('changed ones get back what they said; made ones are closed as an error, their flats too; a new file opens them', async () => {
    const { head, houseId, place } = await oneHouse();
    await load(head, 'accounts', [ACCOUNTS, [account('1')]], [PLACES, [place('1', '1')]]);
    const before = await standing(houseId);
    const filled: Filled = [
      [ACCOUNTS, [account('1', { familyName: 'Петров', residents: '7' }), account('2')]],
      [PLACES, [place('1', '1'), place('2', '99')]],
    ];
    const upload = await load(head, 'accounts', ...filled);
    const page = await desk.lookIntoUndo(head, upload);
    expect(page).toContain('Счетов будет закрыто');
    await desk.undo(head, upload, 'Файл прошлого года');
    const after = await standing(houseId);
    expect(after.accounts[0]).toEqual(before.accounts[0]);
    expect(after.accounts[1]![1]).toMatchObject({
      closed_on: '2026-11-10',
      close_reason_code: '10',
      close_note: 'Загрузка отменена: Файл прошлого года',
    });
    expect(after.lists).toEqual(before.lists);
    expect(
      after.parts.filter(({ fields }) => fields.closed_on === '2026-11-10').map(({ fields }) => fields.number),
    ).toEqual(['99']);
    await load(head, 'accounts', ...filled);
    const again = await standing(houseId);
    expect(again.accounts.map(([, fields]) => fields.closed_on)).toEqual([null, null]);
    expect(again.parts.filter(({ fields }) => fields.closed_on)).toEqual([]);
  });

  test.each(['payer', 'code'])(
    'a payer whom the file had named away is connected again, by %s as before, and told',
    async (proof) => {
      const { head, houseId, place } = await oneHouse();
      const payer = { familyName: 'Петрова', givenName: 'Анна', middleName: 'Ивановна', snils: '112-233-445 95' };
      await load(head, 'accounts', [ACCOUNTS, [account('1', payer)]], [PLACES, [place('1', '1')]]);
      const accountId = (await standing(houseId)).accounts[0]![0] as AccountId;
      const personId = await buildPerson(desk.context, { snils: '11223344595' });
      await buildLink(desk.context, { personId, houseId, accountId, providerId: head.organisationId });
      await sql`update account_link set proof = ${proof} where person_id = ${personId}`.execute(desk.context.db);
      const links = async () =>
        (
          await sql<{ state: string; proof: string }>`
          select state, proof from account_link where person_id = ${personId} order by link_id`.execute(desk.context.db)
        ).rows.map((link) => `${link.state} ${link.proof}`);
      const upload = await load(
        head,
        'accounts',
        [ACCOUNTS, [account('1', { familyName: 'Сидоров', givenName: 'Олег', snils: '087-654-303 00' })]],
        [PLACES, [place('1', '1')]],
      );
      expect(await links()).toEqual([`suspended ${proof}`]);
      await desk.undo(head, upload);
      expect(await links()).toEqual([`removed ${proof}`, `connected ${proof}`]);
      const { rows } =
        await sql`select object from notice where person_id = ${personId} and object like '%:resumed'`.execute(
          desk.context.db,
        );
      expect(rows).toHaveLength(1);
    },
  );

  test('is refused while somebody uses what it made, or has changed it since', async () => {
    const { head, houseId, place } = await oneHouse();
    const upload = await load(head, 'accounts', [ACCOUNTS, [account('1')]], [PLACES, [place('1', '1')]]);
    const [id] = (await standing(houseId)).accounts[0]!;
    const personId = await buildPerson(desk.context);
    await buildLink(desk.context, { personId, houseId, accountId: id as AccountId, providerId: head.organisationId });
    expect(await desk.lookIntoUndo(head, upload)).toContain('Житель подключил этот счёт');
    await sql`update account_link set state = 'removed' where person_id = ${personId}`.execute(desk.context.db);
    const later = await load(
      head,
      'accounts',
      [ACCOUNTS, [account('1', { residents: '5' })]],
      [PLACES, [place('1', '1')]],
    );
    expect(await desk.lookIntoUndo(head, upload)).toContain(`/work/uploads/${later.uploadId}/undo"`);
    expect((await desk.undo(head, later)).state).toBe('undone');
    expect((await desk.undo(head, upload)).state).toBe('undone');
  });
});

describe('houses', () => {
  const ADDRESS = 'г. Москва, проезд Петровско-Разумовский, д. 12';
  const described = (more: Record<string, string> = {}, flats: readonly string[] = ['1', '2']): Filled => [
    [HOUSE, [{ address: ADDRESS, guid: '', totalArea: '3456,7', yearInUse: '1979', storeysMax: '9', ...more }]],
    [ENTRANCES, [{ address: ADDRESS, number: '1', storeys: '9' }]],
    [
      FLATS,
      flats.map((number) => ({
        address: ADDRESS,
        number,
        entranceNumber: '1',
        totalArea: '45,6',
        characteristic: 'Отдельная квартира',
      })),
    ],
    [ROOMS, [{ address: ADDRESS, premisesNumber: flats.at(-1)!, number: 'А', area: '15' }]],
    [LIFTS, [{ address: ADDRESS, entranceNumber: '1', factoryNumber: 'Л-77', kind: 'Пассажирский' }]],
  ];

  test('the card and the parts come back, what the file made goes; a house of the file alone stays an address', async () => {
    const head = await desk.head();
    const first = await load(head, 'houses', ...described());
    const houseId = (
      await sql<{ id: HouseId }>`select house_id as id from house where manager_id = ${head.organisationId}`.execute(
        desk.context.db,
      )
    ).rows[0]!.id;
    const before = await standing(houseId);
    const upload = await load(head, 'houses', ...described({ totalArea: '1', storeysMax: '12' }, ['1', '2', '3']));
    expect(await standing(houseId)).not.toEqual(before);
    expect(await desk.lookIntoUndo(head, first)).toContain('Изменено позже');
    await desk.undo(head, upload);
    expect(await standing(houseId)).toEqual(before);
    const versions = await sql<{
      count: number;
    }>`select count(*)::int as count from house_version where house_id = ${houseId}`.execute(desk.context.db);
    expect(versions.rows[0]!.count).toBe(2);
    await desk.undo(head, first);
    const bare = await standing(houseId);
    expect(bare.parts.map(({ entity }) => entity)).toEqual(['house']);
    expect(bare.parts[0]!.fields).toMatchObject({ manager_id: null, total_area: null, year_in_use: null });
    expect(bare.lists).toEqual([]);
  });

  test('is refused while an account stands on a flat of the file', async () => {
    const head = await desk.head();
    const upload = await load(head, 'houses', ...described());
    const houseId = (
      await sql<{ id: HouseId }>`select house_id as id from house where manager_id = ${head.organisationId}`.execute(
        desk.context.db,
      )
    ).rows[0]!.id;
    await load(
      head,
      'accounts',
      [ACCOUNTS, [account('1')]],
      [PLACES, [{ record: '1', guid: await guidOf(houseId), number: '2' }]],
    );
    const page = await desk.lookIntoUndo(head, upload);
    expect(page).toContain('К помещению уже относятся счета');
    expect((await desk.decideUndo(head, upload, page)).statusCode).toBe(409);
  });
});

describe('devices', () => {
  const meter = (more: Record<string, string> = {}) => ({
    ...{
      serial: '100200',
      kind: 'Индивидуальный',
      brand: 'СВК',
      model: '15-3',
      account: 'ЛС-1',
      resource: 'Холодная вода',
    },
    ...{ base1: '7', usedFrom: '10.10.2026', verifiedOn: '01.10.2026', interval: '6', ...more },
  });

  async function oneFlat() {
    const head = await desk.head();
    const houseId = await buildHouse(desk.context, { managerId: head.organisationId });
    await load(
      head,
      'accounts',
      [ACCOUNTS, [account('1')]],
      [PLACES, [{ record: '1', guid: await guidOf(houseId), number: '1' }]],
    );
    const [accountId, fields] = (await standing(houseId)).accounts[0]!;
    const [{ premises_id: premisesId }] = fields.places as [{ premises_id: PremisesId }];
    return { head, houseId, premisesId, accountId: accountId as AccountId };
  }

  test('made ones are archived as a mistake with their first values; cards of the others say what they said', async () => {
    const { head, houseId, premisesId, accountId } = await oneFlat();
    const { organisationId: providerId } = head;
    const old = await buildMeter(desk.context, {
      houseId,
      premisesId,
      accounts: [{ accountId, providerId }],
      serial: '500',
      base: { on: '2026-09-01', t1: '100' },
    });
    const before = await standing(houseId);
    const [known] = (
      await sql<{ number: string }>`select number from meter where meter_id = ${old}`.execute(desk.context.db)
    ).rows;
    const upload = await load(head, 'meters', [
      METERS,
      [meter(), meter({ meterNumber: known!.number, serial: '500', model: 'другая', verifiedOn: '05.10.2026' })],
    ]);
    expect((await standing(houseId)).meters).toHaveLength(2);
    await desk.undo(head, upload, 'Не тот дом');
    const after = await standing(houseId);
    expect(after.meters.find(([id]) => id === old)).toEqual(before.meters[0]);
    expect(after.meters.find(([id]) => id !== old)![1]).toMatchObject({ state: 'archived', archive_reason: '4' });
    const { rows } = await sql`select r.state, r.kind from reading r join meter m using (house_id, meter_id)
      where m.house_id = ${houseId} and m.meter_id <> ${old}`.execute(desk.context.db);
    expect(rows).toEqual([{ state: 'declined', kind: 'base' }]);
    const versions =
      await sql`select change from meter_version where house_id = ${houseId} and meter_id = ${old} order by version_id`.execute(
        desk.context.db,
      );
    expect(versions.rows.at(-1)).toEqual({ change: 'corrected' });
  });

  test('is refused after a resident has sent a value of a new device', async () => {
    const { head, houseId } = await oneFlat();
    const upload = await load(head, 'meters', [METERS, [meter()]]);
    const [meterId] = (await standing(houseId)).meters[0]!;
    const house = (await readHouse(desk.context.db, houseId))!;
    const value = {
      meterId: meterId as MeterId,
      resource: '1',
      kind: 'current',
      takenOn: null,
      t1: '9',
      t2: null,
      t3: null,
      confirmed: [],
    } as const;
    const author = { source: 'resident', organisationId: null, personId: await buildPerson(desk.context) } as const;
    await transaction(desk.context.db, (trx) => recordReadings(trx, house, [value], author, desk.context.now));
    expect(await desk.lookIntoUndo(head, upload)).toContain('По прибору передано');
  });
});

describe('the card of the organisation', () => {
  const ogrnOf = async ({ organisationId }: Clerk) =>
    (
      await sql<{ ogrn: string }>`select ogrn from organisation where organisation_id = ${organisationId}`.execute(
        desk.context.db,
      )
    ).rows[0]!.ogrn;
  const phoneOf = async ({ organisationId }: Clerk) =>
    (
      await sql<{
        phone: string | null;
      }>`select phone from organisation where organisation_id = ${organisationId}`.execute(desk.context.db)
    ).rows[0]!.phone;

  test('says what it said; another change since refuses', async () => {
    const head = await desk.head();
    const ogrn = await ogrnOf(head);
    const first = await load(head, 'organisation', [CARD, [{ ogrn, phone: '+7 495 000-00-01' }]]);
    const second = await load(head, 'organisation', [CARD, [{ ogrn, phone: '+7 495 000-00-02' }]]);
    expect(await desk.lookIntoUndo(head, first)).toContain('Изменено позже');
    await desk.undo(head, second);
    expect(await phoneOf(head)).toBe('+7 495 000-00-01');
    await desk.undo(head, first);
    expect(await phoneOf(head)).toBeNull();
  });
});

test('what an old upload found is forgotten after half a year, and the page says that it cannot be taken back', async () => {
  const head = await desk.head();
  const ogrn = (
    await sql<{ ogrn: string }>`select ogrn from organisation where organisation_id = ${head.organisationId}`.execute(
      desk.context.db,
    )
  ).rows[0]!.ogrn;
  const upload = await load(head, 'organisation', [CARD, [{ ogrn, phone: '+7 495 000-00-03' }]]);
  const path = `/work/uploads/${upload.uploadId}/undo`;
  await forgetOldTraces.run(desk.context, desk.context.log);
  expect((await head.get(path)).body).toContain('Проверить');
  const later = { ...desk.context, clock: () => new Date(desk.context.now.getTime() + 190 * 86_400_000) };
  await forgetOldTraces.run(later, desk.context.log);
  expect((await head.get(path)).body).toContain('Эту загрузку отменить нельзя');
  const { rows } = await sql`select from upload_change where upload_id = ${upload.uploadId}`.execute(desk.context.db);
  expect(rows).toEqual([]);
});
