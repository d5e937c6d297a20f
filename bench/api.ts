/** Readings by the API and one by one, against the bare SQL of the same work and of the same rows, all in one run. */
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createApp } from '../src/app.ts';
import { readHouse } from '../src/modules/houses/index.ts';
import { type NewReading, recordReadings } from '../src/modules/meters/index.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { createDatabase, transaction } from '../src/platform/database/database.ts';
import { type HouseId, type MeterId, newId } from '../src/platform/ids.ts';
import { addMonths, dayIn, firstDay, type Month, monthOf } from '../src/platform/month.ts';
import { createContext } from '../src/process.ts';
import { buildKey } from '../tests/support/system.ts';
import { copyRows, insertRows, replay, rowsOf } from './bare-readings.ts';
import { buildMeteredHouses, type Metered, type MeteredHouse } from './metered-houses.ts';
import { recording, type Statement } from './recording.ts';

const HOUSES = 10;
const METERS = 100;
/** Months that every device has before anything is measured: averages and questions have something to look at. */
const BEFORE = 6;
const ROUNDS = 5;
const SINGLE = 100;

interface World extends Metered {
  context: Context;
  pool: pg.Pool;
}

export interface ApiBench {
  readings: number;
  /** Speeds as shares of the speed of the other way: medians of the rounds. */
  single: number;
  call: number;
  rows: number;
  copy: number;
  detail: Record<string, number>;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const rounded = (number: number) => Math.round(number * 10) / 10;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export async function benchApi(environment: Record<string, string>): Promise<ApiBench> {
  const context = createContext(readConfig({ ...environment, RATE_LIMIT_PER_MINUTE: '1000000' }), 'bench');
  const pool = new pg.Pool({ connectionString: environment.DATABASE_URL!, max: 2 });
  const app = await createApp(context);
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const size = { houses: HOUSES, meters: METERS };
    const world = { context, pool, ...(await buildMeteredHouses(context, pool, size)) };
    const token = await buildKey(context, world.organisationId, world.head);
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1/readings`;
    const from = addMonths(monthOf(dayIn('Europe/Moscow', context.clock())), -BEFORE - 2 * ROUNDS - 1);
    for (let past = 0; past < BEFORE; past += 1)
      for (const houses of [world.ours, world.bare]) await callApi(url, token, houses, addMonths(from, past));
    return await measure(world, { url, token }, addMonths(from, BEFORE));
  } finally {
    await app.close();
    await pool.end();
    await context.db.destroy();
  }
}

/** Rounds take turns, a month each, so that what slows the machine slows all ways alike. The first round warms up. */
async function measure(world: World, door: { url: string; token: string }, from: Month): Promise<ApiBench> {
  const times = {
    api: [] as number[],
    same: [] as number[],
    rows: [] as number[],
    copy: [] as number[],
    one: [] as number[],
    oneBare: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const [whole, single] = [addMonths(from, 2 * round), addMonths(from, 2 * round + 1)];
    const statements = await recordHouses(world, whole);
    times.api.push(await timed(() => callApi(door.url, door.token, world.ours, whole)));
    times.same.push(await timed(() => replay(world.pool, statements)));
    const written = await rowsOf(
      world.pool,
      world.ours.map(({ houseId }) => houseId),
      whole,
    );
    times.rows.push(await timed(() => insertRows(world.pool, written, METERS)));
    times.copy.push(await timed(() => copyRows(world.pool, written)));
    const own = await recordSingle(world, single);
    times.one.push(await timed(() => recordOneByOne(world, single)));
    times.oneBare.push(await timed(() => replay(world.pool, own)));
    // Both sets have the month in full, so that the next round begins alike.
    for (const houses of [world.ours, world.bare]) await callApi(door.url, door.token, houses, single);
  }
  const share = (ours: readonly number[], other: readonly number[]) =>
    median(ours.map((time, round) => other[round]! / time).slice(1));
  const per = (all: readonly number[], count: number) => rounded((count * 1000) / median(all.slice(1)));
  const all = HOUSES * METERS;
  return {
    readings: all,
    single: share(times.one, times.oneBare),
    call: share(times.api, times.same),
    rows: share(times.api, times.rows),
    copy: share(times.api, times.copy),
    detail: {
      apiPerSecond: per(times.api, all),
      sameStatementsPerSecond: per(times.same, all),
      rowByRowPerSecond: per(times.rows, all),
      copyPerSecond: per(times.copy, all),
      singlePerSecond: per(times.one, SINGLE),
      singleBarePerSecond: per(times.oneBare, SINGLE),
    },
  };
}

/** Values that grow a little every month, as of a home that lives its life. */
const valueIn = (period: Month, place: number): string => {
  const months = (Number(period.slice(0, 4)) - 2020) * 12 + Number(period.slice(5));
  return `${months * 5 + (place % 3)}.${place % 10}`;
};
const takenOn = (period: Month) => firstDay(period);

async function callApi(url: string, token: string, houses: readonly MeteredHouse[], period: Month): Promise<void> {
  const readings = houses.flatMap(({ meters }) =>
    meters.map(({ number }, place) => ({
      ...{ meter: number, resource: '1', t1: valueIn(period, place), takenOn: takenOn(period) },
      confirm: ['zero', 'jump'],
    })),
  );
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': newId<never>(),
    },
    body: JSON.stringify({ readings }),
  });
  const answer = (await response.json()) as { saved: number; same: number };
  if (answer.saved + answer.same !== readings.length) throw new Error(JSON.stringify(answer).slice(0, 500));
}

const newReading = (meterId: MeterId, period: Month, place: number): NewReading => ({
  ...{ meterId, resource: '1', kind: 'current', takenOn: takenOn(period), period, t1: valueIn(period, place) },
  ...{ t2: null, t3: null, confirmed: ['zero', 'jump'] },
});

const author = ({ organisationId, head }: World) => ({
  source: 'organisation' as const,
  organisationId,
  personId: head,
});
const ROLL_BACK = new Error('only recorded');

/** The statements of recording some readings of a house, which leave nothing behind. */
async function recordStatements(
  world: World,
  house: MeteredHouse,
  readings: readonly NewReading[],
): Promise<Statement[]> {
  const log: Statement[] = [];
  const db = createDatabase(recording(world.pool, log), { namedStatements: false });
  const card = (await readHouse(world.context.db, house.houseId))!;
  const at = world.context.clock();
  await transaction(db, async (trx) => {
    await recordReadings(trx, card, readings, author(world), at);
    throw ROLL_BACK;
  }).catch((error) => {
    if (error !== ROLL_BACK) throw error;
  });
  return log.map(({ text, values }) => ({ text: text === 'rollback' ? 'commit' : text, values }));
}

async function recordHouses(world: World, period: Month): Promise<Statement[]> {
  const all: Statement[] = [];
  for (const house of world.bare) {
    const readings = house.meters.map(({ meterId }, place) => newReading(meterId, period, place));
    all.push(...(await recordStatements(world, house, readings)));
  }
  return all;
}

const some = (houses: readonly MeteredHouse[]) =>
  houses.flatMap((house) => house.meters.map((meter, place) => ({ house, meter, place }))).slice(0, SINGLE);

async function recordSingle(world: World, period: Month): Promise<Statement[]> {
  const all: Statement[] = [];
  for (const { house, meter, place } of some(world.bare))
    all.push(...(await recordStatements(world, house, [newReading(meter.meterId, period, place)])));
  return all;
}

async function recordOneByOne(world: World, period: Month): Promise<void> {
  const cards = new Map<HouseId, NonNullable<Awaited<ReturnType<typeof readHouse>>>>();
  for (const { houseId } of world.ours) cards.set(houseId, (await readHouse(world.context.db, houseId))!);
  for (const { house, meter, place } of some(world.ours))
    await transaction(world.context.db, (trx) =>
      recordReadings(
        trx,
        cards.get(house.houseId)!,
        [newReading(meter.meterId, period, place)],
        author(world),
        world.context.clock(),
      ),
    );
}
