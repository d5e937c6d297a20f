import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { garGuid, garId, streetName, writeGarArchive, writeGarDelta } from '../../../../demo/gar-archive.ts';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { loadRegions } from '../../classifiers/index.ts';
import { childrenOf, findAddress, findGoneAddresses, housesOf, importGar, searchAddresses } from '../index.ts';

const HOUSES = 2_000;
const REGION = 72;
const id = garId(REGION);
const houseGuid = (n: number) => garGuid(id.house(n));
const streetGuid = (n: number) => garGuid(id.street(n));

const newFolder = () => mkdtemp(join(tmpdir(), 'gar-'));
let full: string;
let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRegions(context.db);
  full = await writeGarArchive({ folder: await newFolder(), region: REGION, houses: HOUSES });
});

const counts = async () => ({
  objects: await context.db
    .selectFrom('address_object')
    .select((e) => e.fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow(),
  houses: await context.db
    .selectFrom('address_house')
    .select((e) => e.fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow(),
});

describe('what is refused', () => {
  test('a source that is not there, and one that is no archive', async () => {
    await expect(importGar(context, '/no/such/folder')).rejects.toThrow('Нет такого файла');
    await expect(importGar(context, join(full, 'version.txt'))).rejects.toThrow('не ZIP-архив');
    await expect(importGar(context, await newFolder())).rejects.toThrow('нет файлов');
    await expect(importGar(context, full, { regions: [99] })).rejects.toThrow('нет файлов');
  });

  test('a delta before the full archive', async () => {
    const { regions } = await importGar(context, full, { kind: 'delta' });
    expect(regions[0]).toMatchObject({ state: 'failed' });
    expect(regions[0]!.failure).toContain('полный архив');
  });
});

describe('a full archive', () => {
  beforeAll(async () => {
    const { regions } = await importGar(context, full);
    expect(regions[0]).toMatchObject({ state: 'done', version: '2026.01.15', failure: null });
  });

  test('every house is there once, a second load writes nothing', async () => {
    const before = await counts();
    expect(before.houses.n).toBe(BigInt(HOUSES));
    const { regions } = await importGar(context, full);
    expect(regions[0]!.counts).toMatchObject({
      'object written': 0,
      'house written': 0,
      'house gone': 0,
      'object gone': 0,
      unlinked: 0,
    });
    expect(await counts()).toEqual(before);
  });

  test('an address has its index, ОКТМО, municipality, cadastral number and time zone', async () => {
    expect(await findAddress(context.db, houseGuid(0))).toMatchObject({
      full: '600000, Примерная обл., г. Городок0, ул. Лесная, д. 1А, к. 2',
      short: 'ул. Лесная, д. 1А, к. 2',
      postalIndex: '600000',
      oktmo: '72600000',
      regionCode: '72',
      zone: 'Asia/Yekaterinburg',
      municipality: { name: 'Районный0 м.р-н', oktmo: '72600000' },
      cadastralNumber: '72:17:1700000:0',
      isApartmentHouse: true,
      goneOn: null,
    });
    expect(await findAddress(context.db, houseGuid(0).toUpperCase())).not.toBeNull();
  });

  test('a house without an index takes the street’s; one on a plot of land stands on the street', async () => {
    expect(await findAddress(context.db, houseGuid(1))).toMatchObject({ postalIndex: '600000' });
    const onPlot = await findAddress(context.db, houseGuid(999));
    expect(onPlot?.path.at(-1)?.guid).toBe(streetGuid(Math.floor(999 / 40)));
  });

  test('an expired name is not shown', async () => {
    const streets = await childrenOf(context.db, garGuid(id.town(0)), 8);
    expect(streets).toHaveLength(50);
    expect(streets.some(({ label }) => label.includes('Старая'))).toBe(false);
    expect(streets.find(({ guid }) => guid === streetGuid(0))?.label).toBe('ул. Лесная');
  });

  test('the search finds a street by name, town and number', async () => {
    const { houses } = await searchAddresses(context.db, `городок0 лесная 2`);
    expect(houses[0]).toMatchObject({ exact: true, short: expect.stringContaining('ул. Лесная, д. 2') });
    expect(houses[0]!.path.map(({ label }) => label)).toContain('г. Городок0');
    expect((await searchAddresses(context.db, '2-я лесная 5, городок0')).houses[0]?.short).toContain('2-я Лесная');
  });

  test('a file that is cut off fails the load, the old data stays and the journal says so', async () => {
    const broken = await newFolder();
    await cp(full, broken, { recursive: true });
    const folder = join(broken, '72');
    const name = (await readdir(folder)).find((file) => file.startsWith('AS_MUN'))!;
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.slice(0, text.length / 2));
    const before = await counts();
    const { regions } = await importGar(context, broken);
    expect(regions[0]).toMatchObject({ state: 'failed' });
    expect(await counts()).toEqual(before);
    expect((await findAddress(context.db, houseGuid(0)))?.goneOn).toBeNull();
    const journal = await context.db.selectFrom('address_load').selectAll().where('state', '=', 'failed').execute();
    expect(journal).toHaveLength(1);
    expect(journal[0]!.failure).toContain('cut off');
  });

  test('an archive with fewer than half of the houses is taken for a mistake', async () => {
    const small = await writeGarArchive({ folder: await newFolder(), region: REGION, houses: 100 });
    const { regions } = await importGar(context, small);
    expect(regions[0]).toMatchObject({ state: 'failed' });
    expect(regions[0]!.failure).toContain('--delta');
    expect((await findAddress(context.db, houseGuid(HOUSES - 1)))?.goneOn).toBeNull();
  });

  test('a ZIP gives the same as the folder', async () => {
    const zip = join(await newFolder(), 'gar_xml.zip');
    const packed = new ZipFile();
    for (const entry of await readdir(full, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const path = join(entry.parentPath, entry.name);
        packed.addFile(path, relative(full, path), { forceZip64Format: true });
      }
    packed.end({ forceZip64Format: true, comment: '' });
    await pipeline(packed.outputStream, createWriteStream(zip));
    const { regions } = await importGar(context, zip, { regions: [REGION] });
    expect(regions[0]).toMatchObject({
      state: 'done',
      version: '2026.01.15',
      counts: { 'house written': 0, 'object written': 0, unlinked: 0 },
    });
  });

  test('one region’s folder is an archive too', async () => {
    const { regions } = await importGar(context, join(full, '72'));
    expect(regions[0]).toMatchObject({
      region: 72,
      state: 'done',
      version: '2026.01.15',
      counts: { 'house written': 0 },
    });
  });

  describe('and its delta', () => {
    test('closes, moves, adds and renames, and can be repeated', async () => {
      const delta = await writeGarDelta({
        folder: await newFolder(),
        region: REGION,
        houses: HOUSES,
        date: '20260122',
      });
      const before = await counts();
      for (const repetition of [0, 1]) {
        const { regions } = await importGar(context, delta.folder, { kind: 'delta' });
        expect(regions[0]).toMatchObject({ state: 'done', version: '2026.01.22', counts: { unlinked: 0 } });
        if (repetition === 1)
          expect(regions[0]!.counts).toMatchObject({ 'house written': 0, 'house gone': 0, 'object written': 0 });
      }
      expect((await counts()).houses.n).toBe(before.houses.n + BigInt(delta.added.length));
      for (const guid of delta.closed) expect((await findAddress(context.db, guid))?.goneOn).toBe('2026-11-10');
      const gone = await findGoneAddresses(context.db, [...delta.closed, ...delta.moved]);
      expect([...gone.keys()].sort()).toEqual([...delta.closed].sort());
      const moved = await findAddress(context.db, delta.moved[0]!);
      expect(moved?.path.at(-1)?.guid).toBe(streetGuid(Math.floor(51 / 40) + 1));
      expect((await findAddress(context.db, delta.added[0]!))?.path.at(-1)?.label).toBe(`ул. ${delta.renamed.name}`);
      expect((await searchAddresses(context.db, `${delta.renamed.name} 3 городок0`)).houses[0]?.path.at(-1)?.guid).toBe(
        delta.renamed.street,
      );
      expect(
        (await searchAddresses(context.db, `${streetName(0)} 2 городок0`)).houses.some(
          ({ path }) => path.at(-1)?.guid === delta.renamed.street,
        ),
      ).toBe(false);
      expect((await findAddress(context.db, delta.indexEnded))?.postalIndex).toBe('600000');
      expect((await housesOf(context.db, delta.renamed.street)).some(({ guid }) => delta.closed.includes(guid))).toBe(
        false,
      );
    });

    test('an older delta is left out', async () => {
      const old = await writeGarDelta({ folder: await newFolder(), region: REGION, houses: HOUSES, date: '20260101' });
      expect((await importGar(context, old.folder, { kind: 'delta' })).regions[0]).toMatchObject({ state: 'skipped' });
    });

    test('the full archive brings a closed house back', async () => {
      await importGar(context, full);
      expect((await findAddress(context.db, houseGuid(1)))?.goneOn).toBeNull();
    });
  });
});

test('rows cut off from their parents are reported and not taken into use', async () => {
  const own = await createTestContext();
  const { regions } = await importGar(own, 'src/modules/addresses/fixtures', { premises: true });
  expect(regions[0]).toMatchObject({ region: 72, state: 'done', version: '2023.07.07' });
  expect(regions[0]!.counts.unlinked).toBeGreaterThan(0);
  expect(regions[0]!.unlinked[0]).toMatchObject({ kind: 'object', reason: 'no place' });
  expect(await own.db.selectFrom('address_object').selectAll().execute()).toEqual([]);
  const written = await own.db.selectFrom('address_unlinked').selectAll().execute();
  expect(written.length).toBe(regions[0]!.counts.unlinked);
});

test('what moved to another region is taken along, and stays there when loaded again', async () => {
  const own = await createTestContext();
  const folder = await newFolder();
  const houses = () => own.db.selectFrom('address_house').select('region').distinct().execute();
  const small = await writeGarArchive({ folder, region: REGION, houses: 100 });
  await importGar(own, join(small, '72'));
  expect(await houses()).toEqual([{ region: 72 }]);
  await cp(join(small, '72'), join(small, '73'), { recursive: true });
  const moved = await importGar(own, join(small, '73'));
  expect(moved.regions[0]).toMatchObject({ state: 'done', counts: { 'house written': 100, unlinked: 0 } });
  expect(await houses()).toEqual([{ region: 73 }]);
  const again = await importGar(own, join(small, '73'));
  expect(again.regions[0]).toMatchObject({ state: 'done', counts: { 'house written': 0, 'object written': 0 } });
});

test('a file cut off far behind what the database has taken fails the load and nothing else', async () => {
  const own = await createTestContext();
  const folder = await newFolder();
  const rows = writeGarArchive({ folder, region: REGION, houses: 30_000 });
  const region = join(await rows, '72');
  const name = (await readdir(region)).find((file) => file.startsWith('AS_MUN'))!;
  const text = await readFile(join(region, name), 'utf8');
  await writeFile(join(region, name), text.slice(0, -20));
  const { regions } = await importGar(own, region);
  expect(regions[0]).toMatchObject({ state: 'failed', failure: 'the file is cut off' });
  expect(await own.db.selectFrom('address_house').selectAll().execute()).toEqual([]);
});

describe('the register’s own cases', () => {
  const attributes = 'OPERTYPEID="10" PREVID="0" UPDATEDATE="2020-01-01" STARTDATE="2020-01-01"';
  const alive = `${attributes} ENDDATE="2079-06-06" ISACTUAL="1" ISACTIVE="1"`;
  const object = (n: number, level: number, type: string, name: string, rest = `NEXTID="0" ${alive}`, row = n) =>
    `<OBJECT ID="${row}" OBJECTID="${n}" OBJECTGUID="${garGuid(n)}" CHANGEID="${row}" NAME="${name}" TYPENAME="${type}" LEVEL="${level}" ${rest} />`;
  const house = (n: number, rest: string) =>
    `<HOUSE ID="${n}" OBJECTID="${n}" OBJECTGUID="${garGuid(n)}" CHANGEID="1" ${rest} NEXTID="0" ${alive} />`;
  const place = (n: number, parent: number, rest = '') =>
    `<ITEM ID="${n}" OBJECTID="${n}" PARENTOBJID="${parent}" CHANGEID="1" ${rest} ${attributes} ENDDATE="2079-06-06" ISACTIVE="1" />`;
  let own: TestContext;

  beforeAll(async () => {
    own = await createTestContext();
    const folder = join(await newFolder(), '50');
    await mkdir(folder);
    const write = (kind: string, root: string, rows: string[]) =>
      writeFile(
        join(folder, `AS_${kind}_20260101_x.XML`),
        `<?xml version='1.0' encoding='UTF-8'?>\n<!-- > made up -->\n<${root} note = 'a > b'>\n${rows.join('\n')}</${root}>`,
      );
    await write('ADDR_OBJ', 'ADDRESSOBJECTS', [
      object(1, 1, 'обл', 'Московская'),
      object(2, 2, 'р-н', 'Истринский'),
      object(3, 6, 'д', 'Покровка'),
      object(4, 7, 'тер. СНТ', '&quot;Заря&quot; &amp; К'),
      object(5, 8, 'ул', 'Прежняя', `NEXTID="51" ${attributes} ENDDATE="2021-01-01" ISACTUAL="0" ISACTIVE="0"`, 50),
      object(5, 8, 'ул', 'Нынешняя', `NEXTID="52" ${alive}`, 51),
      object(6, 8, 'проезд', 'Набережная'),
      // In force as well, but an earlier change.
      object(6, 8, 'проезд', 'Прибрежная', `NEXTID="0" ${alive}`, 4),
    ]);
    await write('ADDR_OBJ_PARAMS', 'PARAMS', [
      `<PARAM ID="1" OBJECTID="5" CHANGEID="1" CHANGEIDEND="0" TYPEID="5" VALUE="143500" STARTDATE="2020-01-01" ENDDATE="2079-06-06" />`,
      `<PARAM ID="2" OBJECTID="1" CHANGEID="1" CHANGEIDEND="0" TYPEID="7" VALUE="46000000" STARTDATE="2020-01-01" ENDDATE="2079-06-06" />`,
      `<PARAM ID="3" OBJECTID="5" CHANGEID="1" CHANGEIDEND="9" TYPEID="5" VALUE="999999" STARTDATE="2020-01-01" ENDDATE="2079-06-06" />`,
      `<PARAM ID="4" OBJECTID="5" CHANGEID="1" CHANGEIDEND="0" TYPEID="10" VALUE="50000000000000100" STARTDATE="2020-01-01" ENDDATE="2079-06-06" />`,
    ]);
    await write('HOUSES', 'HOUSES', [
      house(10, 'HOUSENUM="12" ADDTYPE1="1" ADDNUM1="2" ADDTYPE2="2" ADDNUM2="1" HOUSETYPE="2"'),
      house(11, 'HOUSENUM="5" HOUSETYPE="2"'),
      house(12, 'HOUSENUM="5" HOUSETYPE="7"'),
      house(13, 'HOUSENUM="12К2" HOUSETYPE="2"'),
      house(14, 'HOUSENUM="7/2" HOUSETYPE="2"'),
      house(15, 'ADDTYPE1="1" ADDNUM1="3" HOUSETYPE="10"'),
      house(16, 'HOUSENUM="8" HOUSETYPE="2"'),
    ]);
    await write('APARTMENTS', 'APARTMENTS', [
      `<APARTMENT ID="20" OBJECTID="20" OBJECTGUID="${garGuid(20)}" CHANGEID="1" NUMBER="66" APARTTYPE="1" ${alive} />`,
    ]);
    const tree = [
      place(1, 0),
      place(2, 1),
      place(3, 2),
      place(4, 3),
      place(5, 4),
      place(6, 3),
      place(10, 5),
      place(11, 5),
      place(12, 5),
      place(13, 6),
      place(14, 5),
      place(15, 5),
      place(16, 3),
      place(20, 11),
      place(16, 3),
    ];
    await write('ADM_HIERARCHY', 'ITEMS', tree);
    const { regions } = await importGar(own, folder, { premises: true });
    expect(regions[0]).toMatchObject({ state: 'done', failure: null, version: '2026.01.01', counts: { unlinked: 0 } });
  });

  const print = async (n: number) => (await findAddress(own.db, garGuid(n)))?.full;
  const find = async (text: string) =>
    (await searchAddresses(own.db, text)).houses.filter((one) => one.exact).map((one) => one.house);

  test('a street under a planning element, the index of the street, ОКТМО of the region, a row with NEXTID', async () => {
    expect(await print(10)).toBe(
      '143500, Московская обл., Истринский р-н, д. Покровка, тер. СНТ "Заря" & К, ул. Нынешняя, д. 12, к. 2, стр. 1',
    );
    expect(await findAddress(own.db, garGuid(10))).toMatchObject({
      oktmo: '46000000',
      municipality: null,
      zone: 'Europe/Moscow',
    });
    expect(await print(15)).toContain('ул. Нынешняя, к. 3');
    expect(await print(16)).toBe('Московская обл., Истринский р-н, д. Покровка, д. 8');
  });

  test('two houses of one number in different types: both are found, the dwelling house first, the named type before it', async () => {
    expect(await find('нынешняя 5')).toEqual(['д. 5', 'стр. 5']);
    expect(await find('нынешняя стр 5')).toEqual(['стр. 5', 'д. 5']);
  });

  test.each([
    ['нынешняя 12 к. 2 стр. 1', 'д. 12, к. 2, стр. 1'],
    ['нынешняя 12к2с1', 'д. 12, к. 2, стр. 1'],
    ['Покровка, Нынешняя ул., дом 12 корпус 2 строение 1, кв. 7', 'д. 12, к. 2, стр. 1'],
    ['нынешняя, 7 корп 2', 'д. 7/2'],
    ['набережная 12K2', 'д. 12К2'],
    ['проезд набережная, 12 к 2', 'д. 12К2'],
    ['покровка 8', 'д. 8'],
    ['д. Покровка, д. 8', 'д. 8'],
  ])('%s is %s', async (text, house) => {
    expect((await find(text))[0]).toBe(house);
  });

  test('the old name of the street finds nothing, nor does that of an earlier change', async () => {
    expect(await find('прежняя 5')).toEqual([]);
    expect(await find('прибрежная 12К2')).toEqual([]);
  });

  test('premises are kept with the type of the register', async () => {
    const rows = await own.db.selectFrom('address_premises').selectAll().execute();
    expect(rows).toMatchObject([{ number: '66', kind: 1, house_id: 11n }]);
  });
});
