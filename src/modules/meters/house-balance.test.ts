import { beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { buildMeter } from '../../../tests/support/meters.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { month } from '../../platform/month.ts';
import { placeKey, readHouse, upsertPremises } from '../houses/index.ts';
import { enterReadings } from './enter-readings.ts';
import { causesOf, diagnose, differenceOf, readBalance } from './house-balance.ts';

const NONE = { withoutDevice: 0, silent: 0, lapsed: 0, failed: 0, noAccess: 0 };
const say = (house: string | null, homes: string | null, given: Partial<typeof NONE> = {}, houseDevices = 1) =>
  diagnose({
    month: { period: month('2026-10'), house, homes },
    houseDevices,
    withDevice: 10,
    causes: { ...NONE, ...given },
    usualPercent: '10',
  });

describe('the difference', () => {
  test('is the house less its homes, in percent of the house', () => {
    expect(differenceOf({ house: '120', homes: '100' })).toEqual({ volume: '20', percent: '16.7' });
    expect(differenceOf({ house: '100', homes: '120' })).toEqual({ volume: '-20', percent: '-20' });
    expect(differenceOf({ house: '0', homes: '5' })).toEqual({ volume: '-5', percent: null });
    expect(differenceOf({ house: null, homes: '5' })).toBeNull();
    expect(differenceOf({ house: '5', homes: null })).toBeNull();
  });
});

describe('the diagnosis', () => {
  test('calls small losses usual, up to the very percent', () => {
    expect(say('100', '90')).toMatchObject({ tone: 'good', reasons: [] });
    expect(say('100', '89.9')).toMatchObject({ tone: 'warn' });
    expect(say('100', '60')).toMatchObject({ tone: 'danger' });
  });

  test('names who is not measured, the silent first; with everybody measured it looks for a leak', () => {
    const { title, reasons } = say('100', '60', { silent: 2, lapsed: 1, withoutDevice: 5 });
    expect(title).toBe('Разница 40 %: больше обычных 10 %');
    expect(reasons.map((reason) => reason.replace('\u00a0', ' ').split(':')[0])).toEqual([
      '2 квартиры',
      '5 квартир',
      '1 квартира',
    ]);
    expect(say('100', '60').reasons[0]).toMatch(/утечку/);
    expect(say('100', '80', { withoutDevice: 1 }).reasons.at(-1)).toMatch(/утечку/);
    expect(say('100', '80', { withoutDevice: 2 }).reasons).toHaveLength(1);
  });

  test('tells homes above the house apart, and a house that says nothing', () => {
    expect(say('100', '120').title).toMatch(/^Квартиры показали больше, чем дом: на 20/);
    expect(say(null, '120').title).toMatch(/^Показания общедомового прибора в октябре/);
    expect(say(null, '120', {}, 0)).toMatchObject({ tone: 'info' });
    expect(say('0', '0')).toMatchObject({ tone: 'good' });
    expect(say('100', null)).toMatchObject({ tone: 'info', title: 'Сумма квартир видна управляющей организации' });
  });

  test('a home with two silent devices is one home', () => {
    const home = { premisesId: 'a', meterId: 'x', method: 'average', cause: 'not_sent' } as never;
    const other = { premisesId: 'a', meterId: 'y', method: 'norm', cause: 'not_sent' } as never;
    expect(causesOf([home, other])).toEqual({ ...NONE, silent: 1 });
  });
});

describe('a house', () => {
  let context: TestContext;
  beforeAll(async () => {
    context = await createMeterContext();
    context.now = new Date('2026-11-18T09:00:00Z');
  });

  const wanted = { resource: null, period: null, now: month('2026-11') };
  const value = { resource: '1', kind: 'current', takenOn: null, t2: null, t3: null, confirmed: [] } as const;
  /** The house as an organisation of it sees it. */
  const seenBy = async (world: MeterWorld, organisationId: OrganisationId) => {
    const house = (await readHouse(context.db, world.houseId))!;
    return { house, organisationId, manages: organisationId === house.managerId };
  };

  test('tells no provider the sum where it would tell of a home that is not its own; its manager it does', async () => {
    const world = await buildMeterWorld(context);
    const accounts = [{ accountId: world.accountId, providerId: world.manager }];
    const values = [
      { ...value, meterId: world.house, t1: '1100' },
      { ...value, meterId: world.cold, t1: '108' },
    ];
    const addHomes = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const number = String(100 + values.length);
        const row = { category: 'residential' as const, number };
        const places = await upsertPremises(context.db, world.houseId, [row], context.now);
        const premisesId = places.get(placeKey(row))!;
        const base = { on: '2026-09-20', t1: '0' };
        const meterId = await buildMeter(context, { houseId: world.houseId, premisesId, accounts, base });
        values.push({ ...value, meterId, t1: '4' });
      }
      const recorded = await enterReadings(context, world.clerk, world.houseId, values);
      expect(new Set(recorded.map(({ state }) => state))).not.toContain('asks');
    };
    const sumFor = async (organisationId: OrganisationId) =>
      (await readBalance(context.db, await seenBy(world, organisationId), wanted)).balance?.month.homes;
    await addHomes(0);
    expect([await sumFor(world.supplier), await sumFor(world.manager)]).toEqual(['4', '4']);
    await addHomes(9);
    expect([await sumFor(world.supplier), await sumFor(world.manager)]).toEqual([null, '22']);
    const { balance } = await readBalance(context.db, await seenBy(world, world.supplier), wanted);
    expect(balance?.months.map(({ homes }) => homes)).toEqual([null, null]);
    expect(JSON.stringify(balance?.diagnosis)).not.toMatch(/%|\d,\d/);
    await addHomes(1);
    expect(await sumFor(world.supplier)).toBe('24');
  });

  test('is balanced by resource and month, with the homes that say nothing', async () => {
    const world = await buildMeterWorld(context);
    const own = await seenBy(world, world.manager);
    expect(await readBalance(context.db, own, wanted)).toEqual({ resources: [], balance: null });
    const recorded = await enterReadings(context, world.clerk, world.houseId, [
      { ...value, meterId: world.house, t1: '1020' },
      { ...value, meterId: world.cold, t1: '108' },
    ]);
    expect(recorded.map(({ state }) => state)).toEqual(['saved', 'saved']);
    const { resources, balance } = await readBalance(context.db, own, wanted);
    expect(resources).toEqual(['1']);
    expect(balance).toMatchObject({
      month: { period: '2026-11', house: '10', homes: '4' },
      homes: 1,
      withDevice: 1,
      unmeasured: [],
      diagnosis: { tone: 'danger' },
    });
  });
});
