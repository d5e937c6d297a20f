import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { loadRegions } from '../classifiers/index.ts';
import { childrenOf, findAddress, findAddresses, importGar, resolveAddressText, searchAddresses } from './index.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRegions(context.db);
  const report = await importGar(context, 'data/gar/demo-77');
  expect(report.regions).toMatchObject([{ region: 77, state: 'done', failure: null }]);
});

const first = async (text: string) => (await searchAddresses(context.db, text)).houses[0]?.short;

describe('what is not found', () => {
  test.each(['', '   ', '12', '%', '_', "'; drop table address_house", 'ул', '🏠', '\\', '0'.repeat(5000)])(
    '%j finds no house',
    async (text) => {
      expect((await searchAddresses(context.db, text)).houses.filter((house) => house.exact)).toEqual([]);
    },
  );
  test('a house number that the street does not have is no exact answer', async () => {
    const { houses } = await searchAddresses(context.db, 'милашенкова 9999');
    expect(houses.some((house) => house.exact)).toBe(false);
  });
});

describe('one line finds the house', () => {
  test.each([
    ['петровско разумовский 12', 'проезд Петровско-Разумовский, д. 12'],
    ['Петровско-Разумовский проезд, д. 12', 'проезд Петровско-Разумовский, д. 12'],
    ['127220, г. Москва, проезд Петровско-Разумовский, д. 12, кв. 5', 'проезд Петровско-Разумовский, д. 12'],
    ['12 петровско-разумовский', 'проезд Петровско-Разумовский, д. 12'],
    ['пр-д петровско-разумовский 12', 'проезд Петровско-Разумовский, д. 12'],
    ['петровкоразумовский 12', 'проезд Петровско-Разумовский, д. 12'],
    ['королева 12', 'ул. Академика Королёва, д. 12'],
    ['Академика Королёва 12', 'ул. Академика Королёва, д. 12'],
    ['ул. Академика Королева 12 москва', 'ул. Академика Королёва, д. 12'],
    ['милошенкова 4', 'ул. Милашенкова, д. 4'],
    ['москва милашенкова ул 4', 'ул. Милашенкова, д. 4'],
    ['фонвизина 12 подъезд', 'ул. Фонвизина, д. 12'],
  ])('%s', async (text, short) => {
    expect(await first(text)).toBe(short);
  });
});

test('a street without a number shows its houses in their order, and itself', async () => {
  const { houses, places } = await searchAddresses(context.db, 'милашенкова');
  expect(places[0]).toMatchObject({ full: 'г. Москва, ул. Милашенкова', level: 8 });
  expect(houses.slice(0, 3).map(({ house }) => house)).toEqual(['д. 1', 'д. 2', 'д. 3, к. 3']);
});

test('Latin letters find the Russian ones, and parts may be written together', async () => {
  for (const text of ['гончарова 17к1', 'гончарова 17K1', 'Гончарова, д.17 корп.1', 'ул гончарова 17 k 1'])
    expect((await searchAddresses(context.db, text)).houses[0]).toMatchObject({ house: 'д. 17, к. 1', exact: true });
});

test('a house is found by its GUID, and its neighbours are not', async () => {
  const { houses } = await searchAddresses(context.db, 'милашенкова 4');
  const again = await searchAddresses(context.db, ` ${houses[0]!.guid.toUpperCase()} `);
  expect(again.houses.map(({ guid }) => guid)).toEqual([houses[0]!.guid]);
});

test('another region has none of it', async () => {
  expect((await searchAddresses(context.db, 'милашенкова 4', { regionCode: '50' })).houses).toEqual([]);
});

test('the caller’s own house comes first among equals', async () => {
  const { houses } = await searchAddresses(context.db, 'гончарова 17');
  const own = houses.at(-1)!;
  expect((await searchAddresses(context.db, 'гончарова 17', { own: [own.guid] })).houses[0]!.guid).toBe(own.guid);
});

test('every printed address of the set, and every GUID, names its house and no other', async () => {
  const [moscow] = await childrenOf(context.db, null, 1);
  const streets = await childrenOf(context.db, moscow!.guid, 8);
  expect(streets).toHaveLength(32);
  let houses = 0;
  for (const street of streets)
    for (const { guid } of await childrenOf(context.db, street.guid, 10)) {
      const address = (await findAddress(context.db, guid))!;
      expect(await resolveAddressText(context.db, `${address.full}, кв. 7`), address.full).toMatchObject({
        kind: 'found',
        address: { guid },
        flat: '7',
      });
      expect(await resolveAddressText(context.db, guid)).toMatchObject({ kind: 'found', address: { guid } });
      houses++;
    }
  expect(houses).toBe(356);
});

test('a text that names no house, or more than one, is no answer', async () => {
  expect(await resolveAddressText(context.db, 'ул. Небывалая, д. 1')).toMatchObject({ kind: 'none', candidates: [] });
  expect(await resolveAddressText(context.db, 'Москва')).toMatchObject({ kind: 'none' });
  expect(await resolveAddressText(context.db, '00000000-0000-4000-8000-000000000000')).toMatchObject({ kind: 'none' });
});

test('addresses of several houses come by GUID, unknown ones are absent', async () => {
  const { houses } = await searchAddresses(context.db, 'милашенкова');
  const found = await findAddresses(context.db, [
    ...houses.map(({ guid }) => guid),
    '00000000-0000-4000-8000-000000000000',
    'x',
  ]);
  expect([...found.keys()].sort()).toEqual(houses.map(({ guid }) => guid).sort());
  expect(await findAddress(context.db, 'x')).toBeNull();
});
