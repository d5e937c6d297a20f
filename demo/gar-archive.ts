/**
 * A made-up archive in the format of the state address register, of any size: for benchmarks and tests. The same numbers give the
 * same bytes. Everything a reader stumbles over in the real one is here: expired rows beside current ones, absent attributes,
 * parameters that nobody needs, ОКТМО and indexes at different heights, a plot of land in a path, and a delta.
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface GarPlan {
  folder: string;
  region: number;
  houses: number;
  /** Eight digits of the file names: «20260115». */
  date?: string;
}

export const HOUSES_ON_STREET = 40;
const STREETS_IN_TOWN = 50;
const TOWNS_IN_DISTRICT = 10;
const OPEN = 'UPDATEDATE="2026-01-15" STARTDATE="2020-01-01" ENDDATE="2079-06-06"';
const CLOSED = 'UPDATEDATE="2020-01-01" STARTDATE="2010-01-01" ENDDATE="2020-01-01"';
const NAMES =
  'Лесная Садовая Школьная Полевая Мира Гагарина Ленина Победы Берёзовая Зелёная Речная Кирова Озёрная Пушкина'.split(
    ' ',
  );

/** Ids of the objects: a range for each kind, so that a test can name what it looks for. */
export const garId = (region: number) => {
  const base = region * 100_000_000;
  return {
    region: base + 1,
    district: (n: number) => base + 1_000_000 + n,
    town: (n: number) => base + 2_000_000 + n,
    street: (n: number) => base + 3_000_000 + n,
    plot: (n: number) => base + 9_000_000 + n,
    house: (n: number) => base + 10_000_000 + n,
  };
};

export const garGuid = (id: number): string =>
  `${(id % 0xffffffff).toString(16).padStart(8, '0')}-0000-4000-8000-${id.toString(16).padStart(12, '0')}`;

const streetOf = (house: number) => Math.floor(house / HOUSES_ON_STREET);
const townOf = (street: number) => Math.floor(street / STREETS_IN_TOWN);
const districtOf = (town: number) => Math.floor(town / TOWNS_IN_DISTRICT);
/** Names repeat from town to town, as in life; within a town a number tells streets apart. */
export const streetName = (street: number): string => {
  const within = street % STREETS_IN_TOWN;
  const name = NAMES[within % NAMES.length]!;
  return within < NAMES.length ? name : `${Math.floor(within / NAMES.length) + 1}-я ${name}`;
};
export const townName = (town: number): string => `Городок${town}`;

interface Row {
  text: string;
}
const row = (name: string, attributes: string): Row => ({ text: `<${name} ${attributes} />` });

async function writeRows(path: string, root: string, rows: Iterable<Row>): Promise<void> {
  const file: WriteStream = createWriteStream(path, { highWaterMark: 1 << 20 });
  let text = `\u{feff}<?xml version="1.0" encoding="utf-8"?><${root}>`;
  for (const { text: one } of rows) {
    text += one;
    if (text.length < 1 << 19) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(`${text}</${root}>`);
  await once(file, 'finish');
}

const object = (
  id: number,
  change: number,
  level: number,
  type: string,
  name: string,
  state = `${OPEN} ISACTUAL="1" ISACTIVE="1"`,
) =>
  row(
    'OBJECT',
    `ID="${id * 10 + (change % 10)}" OBJECTID="${id}" OBJECTGUID="${garGuid(id)}" CHANGEID="${change}" NAME="${name}" TYPENAME="${type}" LEVEL="${level}" OPERTYPEID="10" PREVID="0" NEXTID="0" ${state}`,
  );

const EXPIRED = `${CLOSED} ISACTUAL="0" ISACTIVE="0"`;
const CURRENT = `${OPEN} ISACTUAL="1" ISACTIVE="1"`;

function house(n: number, id: number, change: number, state: string): Row {
  const number = 1 + (n % HOUSES_ON_STREET);
  const parts = n % 5 === 0 ? ' ADDNUM1="2" ADDTYPE1="1"' : n % 7 === 0 ? ' ADDNUM1="1" ADDTYPE1="2"' : '';
  const letter = n % 11 === 0 ? 'А' : '';
  return row(
    'HOUSE',
    `ID="${id * 10 + (change % 10)}" OBJECTID="${id}" OBJECTGUID="${garGuid(id)}" CHANGEID="${change}" HOUSENUM="${number}${letter}"${parts} HOUSETYPE="2" OPERTYPEID="10" PREVID="0" NEXTID="0" ${state}`,
  );
}

const hierarchy = (id: number, parent: number, change: number, extra: string, path: string, active = 1) =>
  row(
    'ITEM',
    `ID="${id * 10 + (change % 10)}" OBJECTID="${id}" PARENTOBJID="${parent}" CHANGEID="${change}" ${extra} PREVID="0" NEXTID="0" ${active ? OPEN : CLOSED} ISACTIVE="${active}" PATH="${path}"`,
  );

const parameter = (id: number, type: number, value: string, change = 1, state = OPEN, changeEnd = 0) =>
  row(
    'PARAM',
    `ID="${id * 10 + type}" OBJECTID="${id}" CHANGEID="${change}" CHANGEIDEND="${changeEnd}" TYPEID="${type}" VALUE="${value}" ${state}`,
  );

interface Sizes {
  streets: number;
  towns: number;
  districts: number;
}
const sizesOf = (houses: number): Sizes => {
  const streets = Math.ceil(houses / HOUSES_ON_STREET);
  const towns = Math.ceil(streets / STREETS_IN_TOWN);
  return { streets, towns, districts: Math.ceil(towns / TOWNS_IN_DISTRICT) };
};

function* objects({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  const { streets, towns, districts } = sizesOf(houses);
  yield object(id.region, 1, 1, 'обл', 'Примерная');
  for (let n = 0; n < districts; n++) yield object(id.district(n), 1, 3, 'м.р-н', `Районный${n}`);
  for (let n = 0; n < towns; n++) yield object(id.town(n), 1, 5, 'г', townName(n));
  for (let n = 0; n < streets; n++) {
    if (n % 10 === 0) yield object(id.street(n), 1, 8, 'ул', `Старая ${streetName(n)}`, EXPIRED);
    yield object(id.street(n), 2, 8, 'ул', streetName(n));
  }
}

function* houseRows({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  for (let n = 0; n < houses; n++) {
    if (n % 8 === 0) yield house(n + 1, id.house(n), 1, EXPIRED);
    yield house(n, id.house(n), 2, CURRENT);
  }
}

function* administrative({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  const { streets, towns } = sizesOf(houses);
  const code = `REGIONCODE="${region}" AREACODE="0" CITYCODE="0" PLACECODE="0" PLANCODE="0" STREETCODE="0"`;
  yield hierarchy(id.region, 0, 1, code, `${id.region}`);
  for (let n = 0; n < towns; n++) yield hierarchy(id.town(n), id.region, 1, code, `${id.region}.${id.town(n)}`);
  const streetPath = (n: number) => `${id.region}.${id.town(townOf(n))}.${id.street(n)}`;
  for (let n = 0; n < streets; n++) yield hierarchy(id.street(n), id.town(townOf(n)), 1, code, streetPath(n));
  for (let n = 0; n < houses; n++) {
    const street = streetOf(n);
    // Now and then a house stands on a plot of land, which is not loaded: the street above takes its place.
    const plot = n % 1000 === 999;
    const parent = plot ? id.plot(n) : id.street(street);
    const path = plot ? `${streetPath(street)}.${parent}.${id.house(n)}` : `${streetPath(street)}.${id.house(n)}`;
    yield hierarchy(id.house(n), parent, 1, code, path);
  }
}

const oktmoOf = (region: number, district: number) =>
  `${region.toString().padStart(2, '0')}${(600_000 + district).toString()}`;

function* municipal({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  const { streets, towns, districts } = sizesOf(houses);
  const path = (n: number) => `${id.region}.${id.district(districtOf(n))}.${id.town(n)}`;
  yield hierarchy(id.region, 0, 1, '', `${id.region}`);
  for (let n = 0; n < districts; n++)
    yield hierarchy(id.district(n), id.region, 1, `OKTMO="${oktmoOf(region, n)}"`, `${id.region}.${id.district(n)}`);
  for (let n = 0; n < towns; n++)
    yield hierarchy(id.town(n), id.district(districtOf(n)), 1, `OKTMO="${oktmoOf(region, districtOf(n))}"`, path(n));
  for (let n = 0; n < streets; n++)
    yield hierarchy(id.street(n), id.town(townOf(n)), 1, '', `${path(townOf(n))}.${id.street(n)}`);
  for (let n = 0; n < houses; n++) {
    const [street, town] = [streetOf(n), townOf(streetOf(n))];
    const oktmo = n % 3 === 0 ? '' : `OKTMO="${oktmoOf(region, districtOf(town))}"`;
    yield hierarchy(id.house(n), id.street(street), 1, oktmo, `${path(town)}.${id.street(street)}.${id.house(n)}`);
  }
}

function* objectParameters({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  const { streets } = sizesOf(houses);
  for (let n = 0; n < streets; n++) {
    yield parameter(id.street(n), 5, `${600_000 + (townOf(n) % 90_000)}`);
    yield parameter(id.street(n), 6, '71410000000');
    yield parameter(
      id.street(n),
      10,
      `${region}${(1_000_000 + townOf(n)).toString()}${(n % 10_000).toString().padStart(4, '0')}0000`,
    );
  }
}

function* houseParameters({ region, houses }: GarPlan): Generator<Row> {
  const id = garId(region);
  for (let n = 0; n < houses; n++) {
    const one = id.house(n);
    if (n % 2 === 0) yield parameter(one, 5, `${600_000 + (townOf(streetOf(n)) % 90_000)}`);
    if (n % 20 === 0) yield parameter(one, 5, '101000', 1, CLOSED, 2);
    yield parameter(one, 6, '71410000000');
    if (n % 3 === 0) yield parameter(one, 7, oktmoOf(region, districtOf(townOf(streetOf(n)))));
    yield parameter(one, 8, `${region}:17:${1_700_000 + (n % 90_000)}:${n}`);
    yield parameter(one, 13, `${region}7100000010067000040${n.toString().padStart(12, '0')}`);
    if (n % 2 === 0) yield parameter(one, 19, '1');
  }
}

const fileName = (kind: string, date: string) => `AS_${kind}_${date}_00000000-0000-4000-8000-000000000000.XML`;

/** Writes a full archive of one region: version.txt and the region's folder. @returns the folder */
export async function writeGarArchive(plan: GarPlan): Promise<string> {
  const date = plan.date ?? '20260115';
  return writeFolder(plan, date, [
    ['ADDR_OBJ', 'ADDRESSOBJECTS', objects(plan)],
    ['HOUSES', 'HOUSES', houseRows(plan)],
    ['ADM_HIERARCHY', 'ITEMS', administrative(plan)],
    ['MUN_HIERARCHY', 'ITEMS', municipal(plan)],
    ['ADDR_OBJ_PARAMS', 'PARAMS', objectParameters(plan)],
    ['HOUSES_PARAMS', 'PARAMS', houseParameters(plan)],
  ]);
}

async function writeFolder(
  { folder, region }: GarPlan,
  date: string,
  files: [string, string, Iterable<Row>][],
): Promise<string> {
  const own = join(folder, region.toString().padStart(2, '0'));
  await mkdir(own, { recursive: true });
  await writeFile(join(folder, 'version.txt'), date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1.$2.$3'));
  for (const [kind, root, rows] of files) await writeRows(join(own, fileName(kind, date)), root, rows);
  return folder;
}

export interface GarDelta {
  folder: string;
  /** Houses that the delta closes. */
  closed: string[];
  /** Houses that moved to the next street. */
  moved: string[];
  /** Houses that are new, on the first street. */
  added: string[];
  /** The street that got a new name, and the name. */
  renamed: { street: string; name: string };
  /** A house whose own index ended: it takes its street's. */
  indexEnded: string;
}

/** Writes a delta to the archive of the same plan: rows out of order, re-parented and closed ones, a new name, an ended parameter. */
export async function writeGarDelta(plan: GarPlan & { date: string }): Promise<GarDelta> {
  const id = garId(plan.region);
  const changed = Array.from({ length: Math.floor(plan.houses / 50) }, (_, index) => index * 50 + 1);
  const closed = changed.filter((_, index) => index % 2 === 0);
  const moved = changed.filter((_, index) => index % 2 === 1);
  const added = [plan.houses + 1, plan.houses + 2];
  const code = `REGIONCODE="${plan.region}"`;
  const name = 'Новоимённая';
  await writeFolder(plan, plan.date, [
    [
      'ADDR_OBJ',
      'ADDRESSOBJECTS',
      [object(id.street(0), 101, 8, 'ул', name), object(id.street(0), 2, 8, 'ул', streetName(0), EXPIRED)],
    ],
    [
      'HOUSES',
      'HOUSES',
      [
        ...closed.map((n) =>
          house(n, id.house(n), 102, `${OPEN.replace('2079-06-06', '2026-01-20')} ISACTUAL="1" ISACTIVE="0"`),
        ),
        ...closed.map((n) => house(n, id.house(n), 2, EXPIRED)),
        ...added.map((n) => house(n, id.house(n), 103, CURRENT)),
      ],
    ],
    [
      'ADM_HIERARCHY',
      'ITEMS',
      [
        ...moved.flatMap((n) => {
          const to = id.street(streetOf(n) + 1);
          return [
            hierarchy(id.house(n), to, 104, code, `${id.region}.${id.town(0)}.${to}.${id.house(n)}`),
            hierarchy(id.house(n), id.street(streetOf(n)), 1, code, '', 0),
          ];
        }),
        ...added.map((n) =>
          hierarchy(id.house(n), id.street(0), 103, code, `${id.region}.${id.town(0)}.${id.street(0)}.${id.house(n)}`),
        ),
      ],
    ],
    ['HOUSES_PARAMS', 'PARAMS', [parameter(id.house(0), 5, '600000', 105, CLOSED, 105)]],
  ]);
  const guids = (numbers: number[]) => numbers.map((n) => garGuid(id.house(n)));
  return {
    folder: plan.folder,
    closed: guids(closed),
    moved: guids(moved),
    added: guids(added),
    renamed: { street: garGuid(id.street(0)), name },
    indexEnded: garGuid(id.house(0)),
  };
}
