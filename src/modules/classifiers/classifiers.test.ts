import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import type { Database } from '../../platform/database/database.ts';
import { nameOf, type PublishedList } from './classifiers.ts';
import { findItem, findItemByGuid, listItems, listRegions, loadClassifiers, loadRegions } from './index.ts';

let db: Database;
beforeAll(async () => {
  ({ db } = await createTestDatabase());
});

test('a code that no list has is found nowhere', async () => {
  await loadClassifiers(db);
  expect(await findItem(db, 22, '999')).toBeNull();
  expect(await findItem(db, 99999, '1')).toBeNull();
  expect(await listItems(db, 99999)).toEqual([]);
});

test('codes, GUIDs and parents are the state’s own, and a second load writes nothing', async () => {
  await loadClassifiers(db);
  expect(await findItem(db, 220, '2.1')).toMatchObject({
    guid: '958cfa1c-c3e2-47d7-8d56-8ecce2d2dbf0',
    name: 'Отсутствие отопления',
    parentGuid: '688185c0-c4ab-49cc-b0a3-fed1576664b8',
    actual: true,
  });
  expect(await findItemByGuid(db, 220, '688185C0-C4AB-49CC-B0A3-FED1576664B8')).toMatchObject({ code: '2' });
  const again = await loadClassifiers(db);
  expect(again.lists).toBeGreaterThan(280);
  expect(again.written).toBe(0);
});

test('every row of the file is loaded, also where one child stands under several parents', async () => {
  await loadClassifiers(db);
  const lists = JSON.parse(await readFile('data/nsi/nsi.json', 'utf8')) as PublishedList[];
  const count = (items: PublishedList['elements']): number =>
    items.reduce((sum, item) => sum + 1 + count(item.children ?? []), 0);
  for (const list of lists) expect(await listItems(db, list.registry)).toHaveLength(count(list.elements));
});

test('a row that left the file stays as withdrawn, and comes back in force with the file', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'nsi-')), 'nsi.json');
  const item = (code: string, guid: string) => ({ code, guid, actual: true, fields: { Причина: `п${code}` } });
  const first = item('1', '11111111-0000-4000-8000-000000000001');
  const second = item('2', '11111111-0000-4000-8000-000000000002');
  const load = async (elements: unknown[]) => {
    await writeFile(file, JSON.stringify([{ registry: 90_001, name: 'Причина', elements }]));
    await loadClassifiers(db, file);
    return (await listItems(db, 90_001)).map(({ code, actual }) => [code, actual]);
  };
  expect(await load([first, second])).toEqual([
    ['1', true],
    ['2', true],
  ]);
  expect(await load([second])).toEqual([
    ['2', true],
    ['1', false],
  ]);
  expect(await load([second])).toEqual([
    ['2', true],
    ['1', false],
  ]);
  expect(await load([first, second])).toEqual([
    ['1', true],
    ['2', true],
  ]);
});

test('a row is called by the field of its list', () => {
  expect(
    nameOf(
      { registry: 50, name: 'Вид жилищной услуги' },
      { code: '1', fields: { 'Единица измерения': '055', 'Вид жилищной  услуги': 'Плата' } },
    ),
  ).toBe('Плата');
  expect(nameOf({ registry: 23, name: 'Зоны' }, { code: '67', fields: {} })).toBe('67');
});

test('each region has a zone that the clock knows, and Moscow has its own', async () => {
  expect(await loadRegions(db)).toBe(86);
  expect(await loadRegions(db)).toBe(86);
  const regions = await listRegions(db);
  expect(regions).toHaveLength(86);
  for (const { zone } of regions) expect(() => new Intl.DateTimeFormat('ru', { timeZone: zone })).not.toThrow();
  expect(regions.find(({ code }) => code === '77')).toEqual({
    code: '77',
    name: 'Москва',
    oktmo: '45000000',
    zone: 'Europe/Moscow',
  });
});
