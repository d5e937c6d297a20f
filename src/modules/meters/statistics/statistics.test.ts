import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildBill,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import {
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../../platform/ids.ts';
import { month } from '../../../platform/month.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { submitReadings } from '../submit-readings.ts';
import { summariseHouse } from '../summarise-house.ts';
import { readStatistics, statisticsOf } from './read-statistics.ts';

describe('one resource over a year', () => {
  const norm = () => ({ each: '4.745', count: '2', source: 'норматив' });
  const charge = { serviceCode: '1', unit: 'м³', volume: '7', payable: 70_000n };

  test('devices first, else the bill; last year beside; the cost is the bill’s', () => {
    const { months } = statisticsOf('1', month('2026-11'), {
      used: [
        { resource: '1', period: month('2026-10'), volume: '4', methods: ['reading'] },
        { resource: '1', period: month('2025-10'), volume: '5', methods: ['average'] },
      ],
      charges: [
        { ...charge, period: month('2026-10') },
        { ...charge, period: month('2026-09') },
        { ...charge, period: month('2026-09'), unit: 'Гкал', volume: '0.1', payable: 5_000n },
      ],
      medians: [],
      norm,
    });
    expect(months).toHaveLength(12);
    expect(months[0]?.period).toBe('2025-12');
    expect(months.at(-2)).toEqual({
      period: '2026-10',
      volume: '4',
      methods: ['reading'],
      lastYear: '5',
      norm: '9.49',
      median: null,
      cost: 70_000n,
    });
    expect(months.at(-3)).toMatchObject({ volume: '7', methods: null, cost: 75_000n });
    expect(months.at(-1)).toMatchObject({ volume: null, cost: null });
  });
});

let context: TestContext;
let app: FastifyInstance;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createApp(context, { assetsFolder: 'tests/support' });
});
afterAll(() => app.close());

interface Flat {
  personId: PersonId;
  premisesId: PremisesId;
  meterId: MeterId;
}
let houseId: HouseId;
let providerId: OrganisationId;

async function buildFlat(index: number): Promise<Flat> {
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: String(index),
      updated_at: context.now,
    })
    .execute();
  const accountId = await buildAccount(context, { houseId, providerId, premisesId, residents: 2 });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId });
  const base = { on: '2026-09-20', t1: '100' };
  const meterId = await buildMeter(context, { houseId, premisesId, accounts: [{ accountId, providerId }], base });
  context.now = new Date('2026-10-20T09:00:00Z');
  const item = { houseId, meterId, resource: '1', t1: String(101 + index), t2: null, t3: null, confirmed: [] } as const;
  await submitReadings(context, actorOf(personId), [item], newId());
  return { personId, premisesId, meterId };
}

beforeEach(async () => {
  houseId = await buildHouse(context);
  providerId = await buildOrganisation(context);
});

test('the median of the house only when ten homes make it', async () => {
  const flats: Flat[] = [];
  for (let index = 1; index <= 9; index++) flats.push(await buildFlat(index));
  await summariseHouse(context, houseId);
  const read = async () => {
    const { resources } = await readStatistics(context, actorOf(flats[0]!.personId), null);
    return resources[0]?.months.find(({ period }) => period === '2026-10');
  };
  expect(await read()).toMatchObject({ volume: '2.0000000', median: null });
  await buildFlat(10);
  await summariseHouse(context, houseId);
  expect(Number((await read())?.median)).toBe(6.5);
});

test('a neighbour’s home is not shown, whatever the address says', async () => {
  const [own, neighbour] = [await buildFlat(1), await buildFlat(2)];
  const statistics = await readStatistics(context, actorOf(own.personId), neighbour.premisesId);
  expect(statistics.homes.map(({ key }) => key)).toEqual([own.premisesId]);
  expect(statistics.home?.key).toBe(own.premisesId);
});

test('the two parts of a replacement are one month', async () => {
  const { personId, premisesId, meterId } = await buildFlat(1);
  await sql`update meter set state = 'archived', archived_on = '2026-10-21' where meter_id = ${meterId}`.execute(
    context.db,
  );
  const { rows } = await sql<{
    account_id: never;
  }>`select account_id from meter_account where meter_id = ${meterId}`.execute(context.db);
  const accounts = [{ accountId: rows[0]!.account_id, providerId }];
  const next = await buildMeter(context, { houseId, premisesId, accounts, base: { on: '2026-10-21', t1: '0' } });
  context.now = new Date('2026-10-24T09:00:00Z');
  const item = { houseId, meterId: next, resource: '1', t1: '1', t2: null, t3: null, confirmed: [] } as const;
  await submitReadings(context, actorOf(personId), [item], newId());
  const { resources } = await readStatistics(context, actorOf(personId), null);
  expect(Number(resources[0]?.months.find(({ period }) => period === '2026-10')?.volume)).toBe(3);
});

test('the page and the file; a newcomer is told what to do', async () => {
  const { personId } = await buildFlat(1);
  const browser = await signIn(context, app, personId);
  const page = await browser.get('/statistics');
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Холодная вода');
  expect(page.body).toMatch(/<print-button hidden.*Распечатать/);
  const file = await browser.get('/statistics.csv');
  expect(file.body).toContain(';Холодная вода;м³;2026-10;2,0000000;по показаниям;');
  const newcomer = await signIn(context, app, await buildPerson(context));
  expect((await newcomer.get('/statistics')).body).toContain('Пока нечего сравнивать');
});

test('costs come from exposed bills alone', async () => {
  const { personId } = await buildFlat(1);
  const { rows } = await sql<{
    account_id: never;
  }>`select account_id from account_link where person_id = ${personId}`.execute(context.db);
  await buildBill(context, { houseId, accountId: rows[0]!.account_id, providerId, payable: 12_345, period: '2026-10' });
  const { resources } = await readStatistics(context, actorOf(personId), null);
  // The factory's only line is no communal service: nothing of it is a resource's cost.
  expect(resources[0]?.months.every(({ cost }) => cost === null)).toBe(true);
});
