import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildMeterWorld, type MeterWorld } from '../../../../tests/support/meter-world.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import { transaction } from '../../../platform/database/database.ts';
import { newId, type PartId, type RequisiteId } from '../../../platform/ids.ts';
import { kopecks } from '../../../platform/money.ts';
import { day, month } from '../../../platform/month.ts';
import { exposeDocuments, postReceipt } from '../../billing/index.ts';
import { readHouse } from '../../houses/index.ts';
import { type Author, type NewReading, readMeters, recordReadings } from '../../meters/index.ts';
import { upsertRequisite } from '../../organisations/index.ts';
import { READINGS } from '../layouts/readings.ts';
import { type Clerk, Desk } from '../test-desk.ts';
import { xlsxOf } from '../test-workbooks.ts';
import type { Upload } from '../upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

type World = MeterWorld & { browser: Clerk; numbers: Record<'cold' | 'hot', string> };

async function aWorld(): Promise<World> {
  const world = await buildMeterWorld(desk.context);
  const [cold, hot] = await Promise.all(
    [world.cold, world.hot].map(async (id) => (await readMeters(desk.context.db, world.houseId, [id]))[0]!.number),
  );
  return { ...world, browser: await desk.employee('head', world.manager), numbers: { cold: cold!, hot: hot! } };
}

const tick = () => {
  desk.context.now = new Date(desk.context.now.getTime() + 60_000);
};

async function record(world: World, item: Partial<NewReading> & { t1: string }, author: Partial<Author> = {}) {
  tick();
  const house = (await readHouse(desk.context.db, world.houseId))!;
  const value = {
    meterId: world.cold,
    resource: '1',
    kind: 'current',
    t2: null,
    t3: null,
    confirmed: [],
    ...item,
  } as const;
  const [recorded] = await transaction(desk.context.db, (trx) =>
    recordReadings(
      trx,
      house,
      [{ takenOn: null, ...value }],
      { source: 'resident', organisationId: null, personId: world.personId, ...author },
      desk.context.now,
    ),
  );
  expect(recorded!.state).toBe('saved');
}

async function load(
  world: World,
  values: Partial<Record<'cold' | 'hot', string>>,
  period = '11.2026',
): Promise<Upload> {
  tick();
  const rows = Object.entries(values).map(([name, t1]) => ({
    number: world.numbers[name as 'cold' | 'hot'],
    t1,
    period,
    takenOn: `08.${period}`,
  }));
  const upload = await desk.upload(world.browser, 'readings', await xlsxOf([READINGS, rows]));
  expect(upload.documents, JSON.stringify(await desk.notes(upload))).toMatchObject({ bad: 0 });
  return desk.apply(world.browser, upload);
}

/** What counts now: values, how providers have them, months. */
async function standing({ houseId }: World) {
  const rows = async (query: ReturnType<typeof sql>) => (await query.execute(desk.context.db)).rows;
  return {
    readings: await rows(sql`select meter_id, resource, kind, period, t1, source, reading_id from reading
      where house_id = ${houseId} and state = 'active' order by reading_id`),
    deliveries:
      await rows(sql`select d.reading_id, d.provider_id, d.period, d.state from reading_delivery d join reading r
      using (house_id, reading_id) where d.house_id = ${houseId} and r.state = 'active' order by 1, 2`),
    months: await rows(sql`select meter_id, resource, period, volume, method, estimate, reading_id from consumption
      where house_id = ${houseId} order by 1, 2, 3`),
  };
}

describe('taking readings back is refused', () => {
  test('to an accountant, whose they are not', async () => {
    const world = await aWorld();
    const upload = await load(world, { cold: '110' });
    const accountant = await desk.employee('accountant', world.manager);
    expect((await accountant.get(`/work/uploads/${upload.uploadId}/undo`)).statusCode).toBe(404);
  });

  test('after one of them was corrected', async () => {
    const world = await aWorld();
    const first = await load(world, { cold: '110' });
    const second = await load(world, { cold: '111' });
    expect(await desk.lookIntoUndo(world.browser, first)).toContain('исправлено позже');
    expect((await desk.undo(world.browser, second)).state).toBe('undone');
    expect((await desk.undo(world.browser, first)).state).toBe('undone');
    expect((await standing(world)).readings).toHaveLength(3);
  });

  test('after a bill of their month was paid', async () => {
    const world = await aWorld();
    const upload = await load(world, { cold: '110' });
    tick();
    await paidBill(world);
    const page = await desk.lookIntoUndo(world.browser, upload);
    expect(page).toContain('После этих показаний выставлена квитанция');
    expect(page).toContain('Отменить нельзя');
  });
});

async function paidBill({ houseId, accountId, manager }: World): Promise<void> {
  const { db } = desk.context;
  const requisiteId: RequisiteId = await upsertRequisite(db, {
    organisationId: manager,
    bik: '044525225',
    bankAccount: '40702810438000060473',
  });
  const body = {
    payer: {},
    totals: {},
    requisites: [{ requisiteId, recipient: 'УО', bik: '044525225', bankAccount: '40702810438000060473' }],
    lines: [{ position: 1, group: 'communal' as const, service: 'ХВС', accrued: 10_000, payable: 10_000, requisiteId }],
  };
  const document = {
    accountId,
    providerId: manager,
    number: '1',
    uid: null,
    kind: 'current' as const,
    period: month('2026-11'),
  };
  await transaction(db, async (trx) => {
    await exposeDocuments(trx, desk.context, houseId, [
      { ...document, replacesId: null, issuedAt: desk.context.now, body },
    ]);
    const part = { houseId, accountId, requisiteId, partId: newId<PartId>(), personId: null, period: null };
    await postReceipt(trx, desk.context, { ...part, amount: kopecks(5_000), receivedAt: desk.context.now });
  });
}

test('former values, their deliveries and the months come back; the file’s are declined with the reason', async () => {
  const world = await aWorld();
  await record(
    world,
    { t1: '104', takenOn: day('2026-10-08'), period: month('2026-10') },
    { source: 'organisation', organisationId: world.manager, personId: null },
  );
  await record(world, { t1: '108' });
  await record(
    world,
    { t1: '109', takenOn: day('2026-11-07'), period: month('2026-11') },
    { source: 'organisation', organisationId: world.manager, personId: null },
  );
  const before = await standing(world);
  const upload = await load(world, { cold: '125', hot: '70' });
  expect(await standing(world)).not.toEqual(before);
  tick();
  const done = await desk.undo(world.browser, upload, 'Файл за другой дом');
  expect(done.state).toBe('undone');
  expect(await standing(world)).toEqual(before);
  const { rows } = await sql`select distinct r.state, d.state as delivery, d.reason from reading r
    join reading_delivery d using (house_id, reading_id) where r.upload_id = ${upload.uploadId}`.execute(
    desk.context.db,
  );
  expect(rows).toEqual([{ state: 'declined', delivery: 'declined', reason: 'Файл за другой дом' }]);
});

test('a month that was estimated before the file is estimated again', async () => {
  const world = await aWorld();
  const accounts = [{ accountId: world.accountId, providerId: world.manager }];
  const { houseId, premisesId, manager } = world;
  const old = { houseId, premisesId, accounts, resource: '2' as const, base: { on: '2026-06-01', t1: '50' } };
  const meterId = await buildMeter(desk.context, old);
  for (const [period, t1] of Object.entries({ '2026-06': '60', '2026-07': '70', '2026-08': '80', '2026-09': '90' }))
    await record(
      world,
      { meterId, resource: '2', t1, takenOn: day(`${period}-28`), period: month(period) },
      { source: 'organisation', organisationId: manager, personId: null },
    );
  const [meter] = await readMeters(desk.context.db, houseId, [meterId]);
  const upload = await load({ ...world, numbers: { ...world.numbers, hot: meter!.number } }, { hot: '120' }, '10.2026');
  const october = async () =>
    (
      await sql`select method, trim_scale(volume)::text as volume from consumption
        where meter_id = ${meterId} and period = '2026-10-01'`.execute(desk.context.db)
    ).rows;
  expect(await october()).toEqual([{ method: 'reading', volume: '30' }]);
  await desk.undo(world.browser, upload);
  expect(await october()).toEqual([{ method: 'average', volume: '10' }]);
});
