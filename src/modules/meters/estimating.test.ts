import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildMeter } from '../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
} from '../../../tests/support/rows.ts';
import {
  type AccountId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../platform/ids.ts';
import { addMonths, month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { estimateHouse } from './estimate-months.ts';
import { selectConsumption } from './queries/consumption.ts';
import { submitReadings } from './submit-readings.ts';
import { summariseHouse } from './summarise-house.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await context.db
    .insertInto('dated_rule')
    .values({
      rule_id: newId(),
      key: 'norm.1',
      scope: 'region',
      scope_id: '77',
      valid_from: null,
      valid_to: null,
      value: '4.745',
      unit: 'м³ на человека в месяц',
      source: 'Постановление о нормативах',
      mark: 'operator',
      mandatory: false,
    })
    .execute();
});

interface World {
  houseId: HouseId;
  providerId: OrganisationId;
  accountId: AccountId;
  personId: PersonId;
  premisesId: PremisesId;
  accounts: { accountId: AccountId; providerId: OrganisationId }[];
}
let world: World;

beforeEach(async () => {
  const houseId = await buildHouse(context);
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: '1',
      updated_at: context.now,
    })
    .execute();
  const providerId = await buildOrganisation(context);
  const accountId = await buildAccount(context, { houseId, providerId, premisesId, residents: 2 });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId });
  world = { houseId, providerId, accountId, personId, premisesId, accounts: [{ accountId, providerId }] };
});

async function send(meterId: MeterId, on: string, t1: string) {
  context.now = new Date(`${on}T09:00:00Z`);
  const item = { houseId: world.houseId, meterId, resource: '1', t1, t2: null, t3: null, confirmed: [] } as const;
  const [result] = await submitReadings(context, actorOf(world.personId), [item], newId());
  expect(result?.state).toBe('saved');
}
const estimate = (on: string) => {
  context.now = new Date(`${on}T01:00:00Z`);
  return estimateHouse(context, world.houseId);
};
const months = async (meterId: MeterId) =>
  (await selectConsumption(context.db, world.houseId, [meterId], month('2024-01'))).map((one) => ({
    ...one,
    volume: Number(one.volume),
    estimate: one.estimate && Number(one.estimate),
  }));

/** A device with a reading of 4 m³ in each of the months from May to October 2026. */
async function buildSteady(verifyBy: string | null = null): Promise<MeterId> {
  const meterId = await buildMeter(context, { ...world, base: { on: '2026-04-20', t1: '100' }, verifyBy });
  for (let index = 0; index < 6; index++)
    await send(meterId, `${addMonths(month('2026-05'), index)}-20`, String(104 + index * 4));
  return meterId;
}

test('nothing is estimated while the window is open; on the night after it closed the month is', async () => {
  const meterId = await buildSteady();
  expect(await estimate('2026-11-25')).toBe(0);
  expect(await estimate('2026-11-26')).toBe(1);
  expect(await estimate('2026-11-26')).toBe(0);
  expect((await months(meterId)).at(-1)).toMatchObject({
    period: '2026-11',
    volume: 4,
    method: 'average',
    basis: { cause: 'not_sent', months: ['2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10'] },
  });
});

test('three months by average, the fourth by the norm of the region and the people of the account', async () => {
  const meterId = await buildSteady();
  for (const night of ['2026-11-27', '2026-12-27', '2027-01-27', '2027-02-27']) await estimate(night);
  expect((await months(meterId)).slice(6).map(({ method, volume }) => [method, volume])).toEqual([
    ['average', 4],
    ['average', 4],
    ['average', 4],
    ['norm', 9.49],
  ]);
  expect((await months(meterId)).at(-1)?.basis.norm).toEqual({
    each: '4.745',
    count: '2',
    source: 'Постановление о нормативах',
  });
});

test('a reading replaces what was estimated, and the difference is to be seen', async () => {
  const meterId = await buildSteady();
  for (const night of ['2026-11-27', '2026-12-27']) await estimate(night);
  await send(meterId, '2027-01-20', '133');
  expect((await months(meterId)).slice(6).map(({ method, volume, estimate: was }) => [method, volume, was])).toEqual([
    ['shared', 3, 4],
    ['shared', 3, 4],
    ['shared', 3, null],
  ]);
});

test('readings of a device whose verification has ended do not count; after three months the raised norm', async () => {
  const meterId = await buildSteady('2026-11-01');
  for (const on of ['2026-11', '2026-12', '2027-01', '2027-02']) {
    await send(meterId, `${on}-20`, String(124 + Number(on.slice(5)) + (on.startsWith('2027') ? 12 : 0)));
    await estimate(`${on}-27`);
  }
  expect((await months(meterId)).slice(6).map(({ method, volume, basis }) => [method, volume, basis.cause])).toEqual([
    ['average', 4, 'verification'],
    ['average', 4, 'verification'],
    ['average', 4, 'verification'],
    ['norm', 14.235, 'verification'],
  ]);
});

test('a night that was missed is made up', async () => {
  const meterId = await buildSteady();
  expect(await estimate('2027-02-27')).toBe(4);
  expect((await months(meterId)).map(({ period }) => period).at(-1)).toBe('2027-02');
});

test('the roll-up of the house counts what was estimated by average, not by norm, in its median', async () => {
  await buildSteady();
  for (const night of ['2026-11-27', '2026-12-27', '2027-01-27', '2027-02-27']) await estimate(night);
  await summariseHouse(context, world.houseId);
  const rows = await context.db
    .selectFrom('house_consumption')
    .select(['period', 'homes', 'median'])
    .where('house_id', '=', world.houseId)
    .orderBy('period')
    .execute();
  expect(rows.at(-2)).toMatchObject({ period: '2027-01-01', homes: 1 });
  expect(rows.at(-1)).toMatchObject({ period: '2027-02-01', homes: 0, median: null });
});
