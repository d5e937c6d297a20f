import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf } from '../../../tests/support/rows.ts';
import { newId, type ReadingId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { breakMeter, repairMeter } from './change-meter.ts';
import { acceptReading, declineReading } from './decide-deliveries.ts';
import { estimateHouse } from './estimate-months.ts';
import type { Resource, Values } from './meter.ts';
import { selectConsumption } from './queries/consumption.ts';
import { submitReadings } from './submit-readings.ts';
import { verifyMeter } from './verify-meter.ts';

/** Months that are counted anew after the device, or what is known of it, has changed. */
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

async function send(t1: string): Promise<ReadingId> {
  const { houseId, personId, cold: meterId } = world;
  const confirmed = ['fall', 'jump', 'zero', 'rollover'] as const;
  const items = [{ houseId, meterId, resource: '1' as const, t1, t2: null, t3: null, confirmed }];
  const [recorded] = await submitReadings(context, actorOf(personId), items, newId<never>());
  if (recorded?.state !== 'saved') throw new Error(`not saved: ${JSON.stringify(recorded)}`);
  return recorded.readingId;
}
const values = (t1: string): ReadonlyMap<Resource, Values> => new Map([['1', { t1, t2: null, t3: null }]]);
const key = () => ({ houseId: world.houseId, meterId: world.cold });
const declineByBoth = async (readingId: ReadingId) => {
  for (const clerk of [world.clerk, world.supplierClerk])
    await declineReading(context, clerk, world.houseId, readingId, 'Проверьте цифры');
};
const methods = async () =>
  (await selectConsumption(context.db, world.houseId, [world.cold], month('2026-10'))).map(
    ({ period, volume, method, basis }) => `${period} ${Number(volume)} ${basis.cause ?? method}`,
  );

/** Values of October 2026 to January 2027, ten a month. @returns the last one */
async function sendSteadily(): Promise<ReadingId> {
  let last: ReadingId;
  for (const [date, value] of [
    ['2026-10-20', '110'],
    ['2026-11-20', '120'],
    ['2026-12-20', '130'],
    ['2027-01-20', '140'],
  ] as const) {
    on(date);
    last = await send(value);
  }
  return last!;
}

test('months of a breakage that was repaired stay estimates when they are counted anew', async () => {
  await sendSteadily();
  on('2027-02-10');
  await breakMeter(context, world.clerk, key(), { onDay: day('2027-02-10'), reason: '1' });
  for (const date of ['2027-02-26', '2027-03-26']) {
    on(date);
    await estimateHouse(context, world.houseId);
  }
  on('2027-04-05');
  await repairMeter(context, world.clerk, key(), { onDay: day('2027-04-05') });
  on('2027-04-20');
  const readingId = await send('200');
  const stand = ['2027-01 10 reading', '2027-02 10 failed', '2027-03 10 failed'];
  expect((await methods()).slice(3)).toEqual([...stand, '2027-04 20 shared']);
  await declineByBoth(readingId);
  expect((await methods()).slice(3)).toEqual(stand);
  await acceptReading(context, world.clerk, world.houseId, readingId);
  expect((await methods()).slice(3)).toEqual([...stand, '2027-04 20 shared']);
});

test('months are estimated at once when a breakage is told of late', async () => {
  await sendSteadily();
  on('2027-02-10');
  await breakMeter(context, world.clerk, key(), { onDay: day('2027-01-10'), reason: '1' });
  expect((await methods()).slice(2)).toEqual(['2026-12 10 reading', '2027-01 10 failed']);
});

test('months of a lapse stay estimates after the next verification, whatever was sent then and is declined now', async () => {
  const term = { verified_on: '2021-01-05', verification_interval: 6, verify_by: '2027-01-05' };
  await context.db.updateTable('meter').set(term).where('meter_id', '=', world.cold).execute();
  const card = JSON.stringify({ verifiedOn: '2021-01-05', verificationInterval: 6 });
  await context.db.updateTable('meter_version').set({ card }).where('meter_id', '=', world.cold).execute();
  const late = await sendSteadily();
  on('2027-01-26');
  await estimateHouse(context, world.houseId);
  on('2027-02-03');
  await verifyMeter(context, world.clerk, key(), {
    ...{ startedOn: day('2027-02-03'), onDay: day('2027-02-03'), sealedOn: null, interval: 6, reason: null },
    ...{ start: values('144'), end: values('144') },
  });
  on('2027-02-20');
  const readingId = await send('150');
  expect((await methods()).slice(2)).toEqual(['2026-12 10 reading', '2027-01 10 verification', '2027-02 10 reading']);
  await declineByBoth(late);
  expect((await methods()).slice(3)).toEqual(['2027-01 10 verification', '2027-02 13 shared']);
  await declineByBoth(readingId);
  expect((await methods()).slice(3)).toEqual(['2027-01 10 verification', '2027-02 7 shared']);
});

test('months stand as they were charged when the value that covered them is declined', async () => {
  await sendSteadily();
  for (const date of ['2027-02-26', '2027-03-26']) {
    on(date);
    await estimateHouse(context, world.houseId);
  }
  const charged = await methods();
  on('2027-04-20');
  const readingId = await send('185');
  expect((await methods()).slice(4)).toEqual(['2027-02 15 shared', '2027-03 15 shared', '2027-04 15 shared']);
  await declineByBoth(readingId);
  expect(await methods()).toEqual(charged);
  expect(charged.slice(4)).toEqual(['2027-02 10 not_sent', '2027-03 10 not_sent']);
});

test('months of a device that gives volumes are estimated when one behind a later one is declined', async () => {
  await context.db.updateTable('meter').set({ gives_volume: true }).where('meter_id', '=', world.cold).execute();
  const sent: ReadingId[] = [];
  for (const [date, value] of [
    ['2026-10-20', '7'],
    ['2026-11-20', '8'],
    ['2026-12-20', '9'],
    ['2027-01-20', '60'],
    ['2027-02-20', '10'],
  ] as const) {
    on(date);
    sent.push(await send(value));
  }
  await declineByBoth(sent[3]!);
  expect((await methods()).slice(2)).toEqual(['2026-12 9 reading', '2027-01 8 not_sent', '2027-02 10 reading']);
});
