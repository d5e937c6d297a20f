import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readDemoOptions } from '../src/cli/demo.ts';
import { divideHalfUp, kopecks } from '../src/platform/money.ts';
import type { Month } from '../src/platform/month.ts';
import { charge } from './amounts.ts';
import { addBulkHouse } from './bulk-house.ts';
import { lastBilledMonth, monthsUntil } from './calendar.ts';
import { DISTRICT, houseFacts } from './district.ts';
import type { Making } from './make-district.ts';
import { makeHouse } from './make-district.ts';
import { bulkManager } from './organisations.ts';
import { personIdOf } from './people.ts';
import { idsOf } from './random.ts';
import { COLUMNS, type Rows } from './rows.ts';

const now = new Date('2026-11-23T09:00:00Z');
const months = monthsUntil('2026-10' as Month, 6);
const making = (seed: string): Making => ({ seed, now, months, say: () => undefined });

const hashOf = (rows: Rows): string => {
  const hash = createHash('sha256');
  for (const [table, lines] of rows) hash.update(table).update(lines.join('\n'));
  return hash.digest('hex');
};

function bulkHouse(seed: string, index: number): string {
  const rows: Rows = new Map();
  addBulkHouse(rows, { ...making(seed), accounts: 300 }, { index, flats: 100, manager: bulkManager(0), address: null });
  return hashOf(rows);
}

const districtHouse = (seed: string): string => hashOf(rowsOfHouse(seed, now, months));

function rowsOfHouse(seed: string, at: Date, billed: readonly Month[]): Rows {
  const rows: Rows = new Map();
  const address = { full: 'г. Москва, Учебная ул., д. 1', short: 'Учебная ул., д. 1', postalIndex: null } as never;
  let [els, snils] = [0, 0];
  const district = {
    rows,
    months: billed,
    now: at,
    nextEls: () => els++,
    recordedBy: personIdOf('upravlyaev'),
    onAccount: () => undefined,
  };
  makeHouse(district, seed, 0, houseFacts(DISTRICT[0]!, 0, address), () => snils++);
  return rows;
}

test('the same seed makes the same rows, another seed others', () => {
  expect(bulkHouse('a', 2)).toBe(bulkHouse('a', 2));
  expect(bulkHouse('a', 2)).not.toBe(bulkHouse('b', 2));
  expect(bulkHouse('a', 2)).not.toBe(bulkHouse('a', 1));
  expect(districtHouse('a')).toBe(districtHouse('a'));
  expect(districtHouse('a')).not.toBe(districtHouse('b'));
});

test.each(['2026-12-01T00:30', '2026-12-03T10:00', '2026-12-31T23:59', '2028-02-29T12:00'])(
  'made on %s, nothing has been read yet that is read later',
  (moment) => {
    const at = new Date(`${moment}:00+03:00`);
    const rows = rowsOfHouse('a', at, monthsUntil(lastBilledMonth(at), 9));
    const [takenOn, enteredAt] = ['taken_on', 'entered_at'].map((name) => COLUMNS.reading.split(' ').indexOf(name));
    const readings = rows.get('reading')!.map((line) => line.split('\t'));
    expect(readings.length).toBeGreaterThan(900);
    expect(readings.filter((row) => row[takenOn!]! > moment || row[enteredAt!]! > at.toISOString())).toEqual([]);
    const [from, period] = ['verified_on', 'verify_by'].map((name) => COLUMNS.meter.split(' ').indexOf(name));
    const meters = rows.get('meter')!.map((line) => line.split('\t'));
    expect(meters.filter((row) => row[from!]! > moment || row[period!]! <= row[from!]!)).toEqual([]);
    const months = new Set(readings.map((row) => row[COLUMNS.reading.split(' ').indexOf('period')]));
    expect(months.has(`${moment.slice(0, 7)}-01`)).toBe(Number(moment.slice(8, 10)) > 15);
  },
);

test('ids have the shape of version 7 and sort in the order in which they were made', () => {
  const makeId = idsOf('any');
  const ids = Array.from({ length: 5000 }, (_, index) => makeId(new Date(now.getTime() + (index > 4500 ? 1 : 0))));
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
});

test('a charge in plain numbers is the one of exact money', () => {
  for (let volume = 1; volume < 9_999_999; volume = volume * 3 + 7)
    for (const tariff of [1, 315, 7044, 336_981])
      expect(kopecks(charge(volume, tariff))).toBe(divideHalfUp(BigInt(volume) * BigInt(tariff), 10_000n));
});

test('the newest bill is of the month before, from the morning of the 5th on', () => {
  expect(lastBilledMonth(new Date('2026-11-05T05:59:00Z'))).toBe('2026-09');
  expect(lastBilledMonth(new Date('2026-11-05T06:00:00Z'))).toBe('2026-10');
  expect(lastBilledMonth(new Date('2027-01-20T06:00:00Z'))).toBe('2026-12');
});

test('options of the command: what is wrong is said, and what is possible', () => {
  expect(() => readDemoOptions(['--accounts', 'много'])).toThrow(
    '--accounts: нужно целое число от 0 до 1000000, а дано «много»',
  );
  expect(() => readDemoOptions(['--accounts', '1000001'])).toThrow('от 0 до 1000000');
  expect(() => readDemoOptions(['--months', '0'])).toThrow('--months');
  expect(() => readDemoOptions(['--seed', 'раз два'])).toThrow('--seed');
  expect(() => readDemoOptions(['--acounts', '5'])).toThrow('--accounts N');
  expect(readDemoOptions([])).toEqual({});
  expect(readDemoOptions(['--accounts', '100', '--months', '3', '--seed', 'x'])).toEqual({
    accounts: 100,
    months: 3,
    seed: 'x',
  });
});
