import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { newId, type OrganisationId, type ReadingId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { setRule } from '../../platform/rules/set-rule.ts';
import { acceptAll, declineReading } from './decide-deliveries.ts';
import { enterReadings } from './enter-readings.ts';
import { estimateHouse } from './estimate-months.ts';
import { exportReadings } from './export-readings.ts';
import type { Resource, Values } from './meter.ts';
import { selectConsumption } from './queries/consumption.ts';
import { replaceMeter } from './replace-meter.ts';
import { submitReadings } from './submit-readings.ts';
import { verifyMeter } from './verify-meter.ts';

/** Values and events where the window, the calendar and the month of a reading do not agree. */
let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  on('2026-10-20');
  world = await buildMeterWorld(context);
});

/** Noon in the house's zone. */
const on = (date: string) => {
  context.now = new Date(`${date}T09:00:00Z`);
};
const CONFIRMED = ['fall', 'jump', 'zero', 'rollover'] as const;

async function send(t1: string, meterId = world.cold): Promise<ReadingId> {
  const { houseId, personId } = world;
  const items = [{ houseId, meterId, resource: '1' as const, t1, t2: null, t3: null, confirmed: [...CONFIRMED] }];
  const [recorded] = await submitReadings(context, actorOf(personId), items, newId<never>());
  if (recorded?.state !== 'saved') throw new Error(`not saved: ${JSON.stringify(recorded)}`);
  return recorded.readingId;
}

const months = async (meterId = world.cold) =>
  Object.fromEntries(
    (await selectConsumption(context.db, world.houseId, [meterId], month('2020-01'))).map(({ period, volume }) => [
      period,
      Number(volume),
    ]),
  );

const takesIn = (organisationId: OrganisationId, value: string) =>
  transaction(context.db, (trx) =>
    setRule(trx, {
      ...{ key: 'reading.window', scope: 'organisation', scopeId: organisationId },
      ...{ from: day('2020-01-01'), value, unit: 'дни', source: 'Договор' },
    }),
  );
const bothTakeIn = async (value: string) => {
  for (const organisationId of [world.manager, world.supplier]) await takesIn(organisationId, value);
};

const values = (t1: string): ReadonlyMap<Resource, Values> => new Map([['1', { t1, t2: null, t3: null }]]);
const replaceOn = (onDay: string, final: string) =>
  replaceMeter(
    context,
    world.clerk,
    { houseId: world.houseId, meterId: world.cold },
    {
      onDay: day(onDay),
      reason: '2',
      final: values(final),
      base: values('0'),
      next: {
        ...{ serial: 'НОВЫЙ-1', brand: '', model: '', digits: 5, tariffs: 1, ratio: '1' },
        ...{ verifiedOn: day(onDay), verificationInterval: 6 },
      },
    },
  );
const verifyOn = (startedOn: string, onDay: string, start: string, end: string) =>
  verifyMeter(
    context,
    world.clerk,
    { houseId: world.houseId, meterId: world.cold },
    {
      ...{ startedOn: day(startedOn), onDay: day(onDay), sealedOn: null, interval: 6, reason: null },
      ...{ start: values(start), end: values(end) },
    },
  );

/** Values of the device in the file for billing. */
async function exported(period: string): Promise<string[][]> {
  const wanted = { period: month(period), houseId: world.houseId, layout: 'csv' } as const;
  let file = '';
  for await (const piece of await exportReadings(context, world.clerk, wanted)) file += piece;
  const rows = file.trim().split('\r\n').slice(1);
  return rows.map((row) => row.split(';')).map((cells) => [cells[8]!, cells[11]!, cells[14]!]);
}

test('a new device read before the window of the month before has closed loses nothing', async () => {
  await bothTakeIn('23..+3');
  on('2026-10-25');
  await send('110');
  on('2026-12-01');
  const fresh = await replaceOn('2026-12-01', '120');
  on('2026-12-02');
  await send('5', fresh);
  expect(await months(fresh)).toEqual({ '2026-11': 5 });
  on('2026-12-26');
  await send('20', fresh);
  expect(await months(fresh)).toEqual({ '2026-11': 5, '2026-12': 15 });
});

test('the last value of a device comes after one that was sent too late for its month', async () => {
  await bothTakeIn('15..25');
  await send('110');
  on('2026-11-28');
  await send('119');
  on('2026-11-29');
  await replaceOn('2026-11-29', '120');
  expect(await months()).toEqual({ '2026-10': 10, '2026-11': 4.5, '2026-12': 5.5 });
});

test('so does a verification: what the stand showed is nobody’s', async () => {
  await bothTakeIn('15..25');
  await send('110');
  on('2026-11-28');
  await send('119');
  on('2026-11-30');
  await verifyOn('2026-11-29', '2026-11-30', '120', '0.5');
  expect(await months()).toEqual({ '2026-10': 10, '2026-11': 4.5, '2026-12': 5.5 });
  on('2026-12-20');
  await send('10.5');
  expect(Object.values(await months()).reduce((sum, volume) => sum + volume)).toBe(30);
});

test('months of a verification that had lapsed keep their charges when the device is verified after all', async () => {
  const term = { verifiedOn: '2019-12-31', verificationInterval: 6 };
  await context.db
    .updateTable('meter_version')
    .set({ card: JSON.stringify(term) })
    .where('house_id', '=', world.houseId)
    .execute();
  await context.db
    .updateTable('meter')
    .set({ verified_on: '2019-12-31', verification_interval: 6, verify_by: '2025-12-31', used_from: '2025-08-01' })
    .where('house_id', '=', world.houseId)
    .execute();
  await context.db
    .updateTable('reading')
    .set({ period: '2025-08-01', taken_on: '2025-08-20' })
    .where('house_id', '=', world.houseId)
    .execute();
  for (const [date, value] of [
    ['2025-09-20', '110'],
    ['2025-10-20', '120'],
    ['2025-11-20', '130'],
    ['2025-12-20', '140'],
  ] as const) {
    on(date);
    await send(value);
  }
  for (const date of ['2026-01-28', '2026-02-28', '2026-03-28']) {
    on(date);
    await estimateHouse(context, world.houseId);
  }
  on('2026-04-10');
  await verifyOn('2026-04-09', '2026-04-10', '300', '300');
  expect(await months()).toMatchObject({ '2025-12': 10, '2026-01': 10, '2026-02': 10, '2026-03': 10, '2026-04': 40 });
});

test('a provider whose window has closed keeps its value when the resident sends another to the one who still takes', async () => {
  await takesIn(world.manager, '15..22');
  await takesIn(world.supplier, '1..-1');
  await send('110');
  on('2026-11-20');
  await send('120');
  await acceptAll(context, world.clerk, world.houseId);
  on('2026-11-26');
  await send('125');
  expect(await exported('2026-11')).toEqual([['120', '20.11.2026', '']]);
  expect(await months()).toEqual({ '2026-10': 10, '2026-11': 15 });
  on('2026-12-20');
  await send('130');
  // The value of 26 November was of the manager's December, until this one came.
  expect(await acceptAll(context, world.clerk, world.houseId)).toBe(1);
  expect(await exported('2026-12')).toEqual([['130', '20.12.2026', '5']]);
});

test('the file for billing and the months agree on the word, whoever entered it later', async () => {
  await send('110');
  on('2026-11-20');
  await send('130');
  on('2026-11-22');
  const { cold: meterId, houseId } = world;
  const item = { meterId, resource: '1', t1: '120', t2: null, t3: null, kind: 'current', confirmed: [] } as const;
  await enterReadings(context, world.clerk, houseId, [{ ...item, takenOn: day('2026-11-19') }]);
  expect(await exported('2026-11')).toEqual([['130', '20.11.2026', '20']]);
  expect(await months()).toEqual({ '2026-10': 10, '2026-11': 20 });
});

test('after a silence of nearly two years all its months are shared with what was charged, and all go with the value', async () => {
  await context.db
    .updateTable('reading')
    .set({ period: '2025-01-01', taken_on: '2025-01-20' })
    .where('house_id', '=', world.houseId)
    .execute();
  for (const [date, value] of [
    ['2025-02-20', '110'],
    ['2025-03-20', '120'],
    ['2025-04-20', '130'],
  ] as const) {
    on(date);
    await send(value);
  }
  on('2025-06-01');
  await estimateHouse(context, world.houseId);
  on('2026-11-20');
  const readingId = await send('320');
  const [may] = await selectConsumption(context.db, world.houseId, [world.cold], month('2025-05'));
  expect(may).toMatchObject({ period: '2025-05', method: 'shared' });
  expect(Number(may!.estimate)).toBe(10);
  for (const clerk of [world.clerk, world.supplierClerk])
    await declineReading(context, clerk, world.houseId, readingId, 'Проверьте цифры');
  // What was charged by estimate stands again.
  expect(await months()).toEqual({ '2025-02': 10, '2025-03': 10, '2025-04': 10, '2025-05': 10 });
});
