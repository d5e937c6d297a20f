import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildMeter } from '../../../tests/support/meters.ts';
import {
  actingOf,
  actorOf,
  buildAccount,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
} from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Forbidden, NotFound, NotSignedIn } from '../../platform/errors.ts';
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
import type { OwnReading, Recorded } from './index.ts';
import { selectConsumption } from './queries/consumption.ts';
import { selectHistory } from './queries/readings.ts';
import { recordReadings } from './record-readings.ts';
import { submitReadings } from './submit-readings.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

interface World {
  houseId: HouseId;
  premisesId: PremisesId;
  manager: OrganisationId;
  supplier: OrganisationId;
  accountId: AccountId;
  supplied: AccountId;
  personId: PersonId;
  cold: MeterId;
  hot: MeterId;
}
let world: World;

async function buildFlat(houseId: HouseId): Promise<PremisesId> {
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: String(Math.floor(Math.random() * 1e9)),
      updated_at: context.now,
    })
    .execute();
  return premisesId;
}

beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  const houseId = await buildHouse(context);
  const premisesId = await buildFlat(houseId);
  const manager = await buildOrganisation(context);
  const supplier = await buildOrganisation(context);
  const accountId = await buildAccount(context, { houseId, providerId: manager, premisesId });
  const supplied = await buildAccount(context, { houseId, providerId: supplier, premisesId, kind: 'rso' });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId: manager });
  const accounts = [
    { accountId, providerId: manager },
    { accountId: supplied, providerId: supplier },
  ];
  const cold = await buildMeter(context, { houseId, premisesId, accounts, base: { on: '2026-10-20', t1: '100' } });
  const hot = await buildMeter(context, {
    houseId,
    premisesId,
    accounts: accounts.slice(0, 1),
    resource: '2',
    base: { on: '2026-10-20', t1: '50' },
  });
  world = { houseId, premisesId, manager, supplier, accountId, supplied, personId, cold, hot };
});

const reading = (t1: string, changes: Partial<OwnReading> = {}): OwnReading => ({
  houseId: world.houseId,
  meterId: world.cold,
  resource: '1',
  t1,
  t2: null,
  t3: null,
  confirmed: [],
  ...changes,
});
const submit = (items: readonly OwnReading[], key: string = newId(), personId = world.personId) =>
  submitReadings(context, actorOf(personId), items, key);
const state = (results: readonly Recorded[]) => results.map((one) => one.state);
const months = async (meterId = world.cold) =>
  (await selectConsumption(context.db, world.houseId, [meterId], month('2024-01'))).map(
    ({ period, volume, method }) => [period, Number(volume), method],
  );
const history = (meterId = world.cold) =>
  selectHistory(context.db, world.houseId, meterId, { after: null, limit: 100 });
const deliveries = async () =>
  (
    await sql<{ provider_id: string; period: string; state: string }>`
      select provider_id, to_char(reading_delivery.period, 'YYYY-MM') as period, reading_delivery.state from reading_delivery
      join reading using (house_id, reading_id) where reading_delivery.house_id = ${world.houseId} order by reading.entered_at, provider_id`.execute(
      context.db,
    )
  ).rows;

describe('refusals', () => {
  test('not signed in, acting for an organisation', async () => {
    await expect(submitReadings(context, { kind: 'anonymous' }, [reading('104')], 'k')).rejects.toThrow(NotSignedIn);
    const clerk = actorOf(world.personId, { acting: actingOf(world.manager) });
    await expect(submitReadings(context, clerk, [reading('104')], 'k')).rejects.toThrow(Forbidden);
  });

  test('a device of a neighbour is not there, and nothing of the form is written', async () => {
    const other = await buildPerson(context);
    await expect(submit([reading('104')], newId(), other)).rejects.toThrow(NotFound);
    await expect(submit([reading('104'), reading('1', { meterId: newId<MeterId>() })])).rejects.toThrow(NotFound);
    expect(await history()).toHaveLength(1);
  });

  test('what is wrong is named by its field; what is good beside it is saved', async () => {
    const [cold, hot] = await submit([
      reading('104', { t2: '1' }),
      reading('53', { meterId: world.hot, resource: '2' }),
    ]);
    expect(cold).toEqual({ state: 'wrong', errors: [{ field: 't2', message: 'У этого прибора нет тарифа Т2' }] });
    expect(hot).toMatchObject({ state: 'saved', volume: '3', period: '2026-11' });
  });

  test('a second tariff that is missing, more digits than the dial has', async () => {
    const accounts = [{ accountId: world.accountId, providerId: world.manager }];
    const light = await buildMeter(context, { ...world, accounts, resource: '3', tariffs: 2 });
    const own = { meterId: light, resource: '3' } as const;
    expect(await submit([reading('10', own)])).toMatchObject([{ state: 'wrong', errors: [{ field: 't2' }] }]);
    expect(await submit([reading('1000000')])).toMatchObject([{ state: 'wrong', errors: [{ field: 't1' }] }]);
  });

  test('a device in the archive', async () => {
    await sql`update meter set state = 'archived', archived_on = '2026-11-01' where meter_id = ${world.cold}`.execute(
      context.db,
    );
    expect(await submit([reading('104')])).toMatchObject([{ state: 'wrong', errors: [{ field: 'meter' }] }]);
  });
});

describe('a reading', () => {
  test('goes to every provider and makes its month', async () => {
    expect(await submit([reading('104.5')])).toMatchObject([{ state: 'saved', volume: '4.5', period: '2026-11' }]);
    expect(await months()).toEqual([['2026-11', 4.5, 'reading']]);
    const all = await deliveries();
    expect(new Set(all.map((one) => one.provider_id))).toEqual(new Set([world.manager, world.supplier]));
    expect(all.every((one) => one.state === 'received' && one.period === '2026-11')).toBe(true);
  });

  test('corrected until the window closes: the former one and its deliveries stay as such', async () => {
    await submit([reading('104.5')]);
    context.now = new Date('2026-11-20T09:00:00Z');
    expect(await submit([reading('104')])).toMatchObject([{ state: 'saved', volume: '4' }]);
    expect((await history()).map((one) => [one.t1, one.state])).toEqual([
      ['104', 'active'],
      ['104.5', 'corrected'],
      ['100', 'active'],
    ]);
    expect((await deliveries()).map((one) => one.state)).toEqual(['replaced', 'replaced', 'received', 'received']);
    expect(await months()).toEqual([['2026-11', 4, 'reading']]);
  });

  test('the same value again changes nothing', async () => {
    await submit([reading('104.5')]);
    expect(state(await submit([reading('104.50')]))).toEqual(['same']);
    expect(await history()).toHaveLength(2);
  });

  test('at the second the window closes in the house’s own zone', async () => {
    context.now = new Date('2026-11-25T20:59:59.999Z');
    expect(await submit([reading('104')])).toMatchObject([{ period: '2026-11' }]);
    context.now = new Date('2026-11-25T21:00:00.000Z');
    expect(await submit([reading('105')])).toMatchObject([{ period: '2026-12' }]);
    expect((await history()).filter((one) => one.state === 'active')).toHaveLength(3);
  });

  test('each provider takes it by its own window', async () => {
    await sql`insert into dated_rule (rule_id, key, scope, scope_id, value, source, mark)
      values (${newId()}, 'reading.window', 'organisation', ${world.supplier}, '10..17', 'договор', 'operator')`.execute(
      context.db,
    );
    await submit([reading('104')]);
    expect(new Map((await deliveries()).map((one) => [one.provider_id, one.period]))).toEqual(
      new Map<string, string>([
        [world.manager, '2026-11'],
        [world.supplier, '2026-12'],
      ]),
    );
  });

  test('what is unusual is asked about, and taken when it is confirmed', async () => {
    expect(await submit([reading('100')])).toMatchObject([{ state: 'asks', questions: [{ kind: 'zero' }] }]);
    expect(await history()).toHaveLength(1);
    expect(await submit([reading('100', { confirmed: ['zero'] })])).toMatchObject([{ state: 'saved', volume: '0' }]);
    expect(await submit([reading('90')])).toMatchObject([{ state: 'asks', questions: [{ kind: 'fall' }] }]);
  });

  test('cold and hot in each other’s place is one question', async () => {
    const swapped = [reading('51'), reading('104', { meterId: world.hot, resource: '2' })];
    const results = await submit(swapped);
    expect(results).toMatchObject([{ questions: [{ kind: 'swapped' }] }, { questions: [{ kind: 'swapped' }] }]);
  });

  test('the dial went around', async () => {
    const accounts = [{ accountId: world.accountId, providerId: world.manager }];
    const old = await buildMeter(context, { ...world, accounts, base: { on: '2026-10-20', t1: '99998.5' } });
    expect(await submit([reading('3.2', { meterId: old })])).toMatchObject([{ questions: [{ kind: 'rollover' }] }]);
    const [saved] = await submit([reading('3.2', { meterId: old, confirmed: ['rollover'] })]);
    expect(saved).toMatchObject({ state: 'saved', volume: '4.7' });
    expect(await months(old)).toEqual([['2026-11', 4.7, 'reading']]);
  });
});

describe('twice and at once', () => {
  test('one key, one effect; other values under it are refused', async () => {
    const first = await submit([reading('104')], 'form');
    expect(await submit([reading('104')], 'form')).toEqual(first);
    await expect(submit([reading('105')], 'form')).rejects.toThrow(Conflict);
  });

  test('the same form a hundred times in parallel', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => submit([reading('104')], 'many')));
    for (const one of all) expect(one).toEqual(all[0]);
    expect(await history()).toHaveLength(2);
  });

  test('from two tabs with two values: one stands, the other is corrected', async () => {
    await Promise.all([submit([reading('104')]), submit([reading('105')])]);
    const all = await history();
    expect(all.map((one) => one.state).sort()).toEqual(['active', 'active', 'corrected']);
    const [standing] = all.filter((one) => one.state === 'active' && one.kind === 'current');
    expect(await months()).toEqual([['2026-11', Number(standing!.t1) - 100, 'reading']]);
  });

  const house = () => ({ houseId: world.houseId, regionCode: '77', oktmo: null, zone: 'Europe/Moscow' });
  const enter = (t1: string, kind: 'current' | 'control' = 'current') =>
    transaction(context.db, (trx) =>
      recordReadings(
        trx,
        house(),
        [{ ...reading(t1), kind, takenOn: null }],
        { source: 'organisation', organisationId: world.manager, personId: newId<PersonId>() },
        context.now,
      ),
    );

  test('a resident and a clerk at once: both are kept, the months agree with one of them', async () => {
    await Promise.all([submit([reading('104')]), enter('105')]);
    const all = (await history()).filter((one) => one.kind === 'current');
    expect(all.map((one) => one.source).sort()).toEqual(['organisation', 'resident']);
    const [[, volume]] = (await months()) as [[string, number, string]];
    expect([4, 5]).toContain(volume);
    expect((await deliveries()).filter((one) => one.state !== 'replaced').length).toBe(2);
  });

  test('a control value is the last word of its day', async () => {
    await enter('103', 'control');
    await submit([reading('104')]);
    expect(await months()).toEqual([['2026-11', 3, 'reading']]);
  });

  test('values of one call that repeat a device are told apart', async () => {
    const results = await submit([reading('104'), reading('105')]);
    expect(state(results)).toEqual(['saved', 'wrong']);
  });
});

test('a reading after three months without one shares what ran', async () => {
  context.now = new Date('2027-01-18T09:00:00Z');
  await submit([reading('112')]);
  expect(await months()).toEqual([
    ['2026-11', 4, 'shared'],
    ['2026-12', 4, 'shared'],
    ['2027-01', 4, 'shared'],
  ]);
  context.now = new Date('2027-01-19T09:00:00Z');
  await submit([reading('115')]);
  expect((await months()).map(([, volume]) => volume)).toEqual([5, 5, 5]);
});

test('two years month by month add up to the last value less the first', async () => {
  let value = 100;
  for (let index = 0; index < 24; index++) {
    context.now = new Date(`${addMonths(month('2026-11'), index)}-20T09:00:00Z`);
    value += 3 + (index % 4);
    await submit([reading(String(value))]);
  }
  const all = await months();
  expect(all).toHaveLength(24);
  expect(all.reduce((sum, [, volume]) => sum + Number(volume), 0)).toBe(value - 100);
});
