import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf, buildHouse } from '../../../tests/support/rows.ts';
import { Conflict, Forbidden, Invalid, NotFound, NotSignedIn } from '../../platform/errors.ts';
import type { MeterId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { archiveMeter, restoreMeter } from './archive-meter.ts';
import { breakMeter, correctMeter, type MeterKey, repairMeter, sealMeter } from './change-meter.ts';
import { enterReadings } from './enter-readings.ts';
import type { MeterState, Resource, Values } from './meter.ts';
import { selectVersions } from './queries/changes.ts';
import { selectConsumption } from './queries/consumption.ts';
import { selectMeters } from './queries/meters.ts';
import { selectDeliveries, selectHistory } from './queries/readings.ts';
import { registerMeter } from './register-meter.ts';
import { type Replacement, replaceMeter } from './replace-meter.ts';
import { verifyMeter } from './verify-meter.ts';

let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
});

const key = (meterId: MeterId = world.cold): MeterKey => ({ houseId: world.houseId, meterId });
const values = (t1: string, resource: Resource = '1'): ReadonlyMap<Resource, Values> =>
  new Map([[resource, { t1, t2: null, t3: null }]]);
const meterOf = async (meterId: MeterId = world.cold) => (await selectMeters(context.db, world.houseId, [meterId]))[0]!;
const replacement = (given: Partial<Replacement> = {}): Replacement => ({
  onDay: day('2026-11-10'),
  reason: '1',
  final: values('130'),
  base: values('0'),
  next: {
    serial: `Н-${Math.random()}`,
    brand: 'Капля',
    model: '',
    digits: 5,
    tariffs: 1,
    ratio: '1',
    verifiedOn: day('2026-06-01'),
    verificationInterval: 6,
  },
  ...given,
});
const months = async (meterId: MeterId) =>
  (await selectConsumption(context.db, world.houseId, [meterId], month('2026-01'))).map(
    ({ period, volume, method }) => `${period} ${Number(volume)} ${method}`,
  );
const enter = async (meterId: MeterId, t1: string, takenOn: string, kind: 'current' | 'control' = 'current') => {
  const [recorded] = await enterReadings(context, world.clerk, world.houseId, [
    { meterId, resource: '1', kind, takenOn: day(takenOn), t1, t2: null, t3: null, confirmed: ['jump'] },
  ]);
  expect(recorded?.state).toBe('saved');
};
const fieldsOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error = await work.then(
    () => null,
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(Invalid);
  return (error as Invalid).fields.map(({ field }) => field);
};

describe('who may change a device', () => {
  test('nobody without a desk', async () => {
    const seal = { onDay: day('2026-11-01') };
    await expect(sealMeter(context, { kind: 'anonymous' }, key(), seal)).rejects.toBeInstanceOf(NotSignedIn);
    await expect(sealMeter(context, actorOf(world.personId), key(), seal)).rejects.toBeInstanceOf(Forbidden);
  });

  test('not an organisation of another house, and none in another house', async () => {
    const seal = { onDay: day('2026-11-01') };
    await expect(sealMeter(context, world.strangerClerk, key(), seal)).rejects.toBeInstanceOf(NotFound);
    const otherHouse = await buildHouse(context, { managerId: world.manager });
    await expect(
      sealMeter(context, world.clerk, { houseId: otherHouse, meterId: world.cold }, seal),
    ).rejects.toBeInstanceOf(NotFound);
  });

  test('a provider whose accounts the device does not charge does not see it', async () => {
    await expect(
      sealMeter(context, world.supplierClerk, key(world.hot), { onDay: day('2026-11-01') }),
    ).rejects.toBeInstanceOf(NotFound);
  });

  test('of those who charge by one device only who entered it, until that one leaves the house', async () => {
    const seal = { onDay: day('2026-11-01') };
    await expect(sealMeter(context, world.supplierClerk, key(), seal)).rejects.toBeInstanceOf(Forbidden);
    await expect(replaceMeter(context, world.supplierClerk, key(), replacement())).rejects.toBeInstanceOf(Forbidden);
    await sealMeter(context, world.clerk, key(), seal);
    await context.db
      .deleteFrom('organisation_house')
      .where('organisation_id', '=', world.manager)
      .where('house_id', '=', world.houseId)
      .execute();
    await sealMeter(context, world.supplierClerk, key(), { onDay: day('2026-11-02') });
    expect(await meterOf()).toMatchObject({ sealedOn: '2026-11-02', sourceId: world.supplier });
  });

  test('the house device is its manager’s: a supplier sees it and leaves it alone', async () => {
    await expect(
      sealMeter(context, world.supplierClerk, key(world.house), { onDay: day('2026-11-01') }),
    ).rejects.toBeInstanceOf(Forbidden);
    await sealMeter(context, world.clerk, key(world.house), { onDay: day('2026-11-01') });
    expect((await meterOf(world.house)).sealedOn).toBe('2026-11-01');
  });
});

describe('states of a device', () => {
  const ways = {
    break: () => breakMeter(context, world.clerk, key(), { onDay: day('2026-11-02'), reason: '1' }),
    repair: () => repairMeter(context, world.clerk, key(), { onDay: day('2026-11-12') }),
    archive: () =>
      archiveMeter(context, world.clerk, key(), { onDay: day('2026-11-12'), reason: '8', final: new Map() }),
    restore: () => restoreMeter(context, world.clerk, key(), { onDay: day('2026-11-13'), reason: '1' }),
    replace: () => replaceMeter(context, world.clerk, key(), replacement()),
    seal: () => sealMeter(context, world.clerk, key(), { onDay: day('2026-11-02') }),
    correct: () => correctMeter(context, world.clerk, key(), { place: 'кухня' }),
    verify: () =>
      verifyMeter(context, world.clerk, key(), {
        startedOn: day('2026-11-02'),
        onDay: day('2026-11-02'),
        sealedOn: null,
        interval: 6,
        reason: null,
        start: values('110'),
        end: values('110'),
      }),
  };
  type Way = keyof typeof ways;
  const ALLOWED: Record<MeterState, readonly Way[]> = {
    working: ['break', 'archive', 'replace', 'seal', 'correct', 'verify'],
    broken: ['repair', 'archive', 'replace', 'seal', 'correct'],
    archived: ['restore'],
  };
  const reach: Record<MeterState, () => Promise<unknown>> = {
    working: async () => undefined,
    broken: ways.break,
    archived: ways.archive,
  };

  test.each(
    (Object.keys(ALLOWED) as MeterState[]).flatMap((state) =>
      (Object.keys(ways) as Way[]).map((way) => ({ state, way, may: ALLOWED[state].includes(way) })),
    ),
  )('$state: $way $may', async ({ state, way, may }) => {
    await reach[state]();
    const before = await meterOf();
    if (may) await ways[way]();
    else {
      await expect(ways[way]()).rejects.toBeInstanceOf(Conflict);
      expect(await meterOf()).toEqual(before);
    }
  });

  test('each change is a version with its day, its organisation and its person', async () => {
    await ways.break();
    await ways.repair();
    const [repaired, broken] = await selectVersions(context.db, world.houseId, world.cold, 10);
    expect([broken?.change, broken?.onDay]).toEqual(['broken', '2026-11-02']);
    expect(repaired).toMatchObject({
      change: 'repaired',
      onDay: '2026-11-12',
      organisationId: world.manager,
      personId: world.clerk.personId,
    });
    expect((await meterOf()).versionId).toBe(repaired?.versionId);
  });

  test('a day to come, a day before it hung there and an unknown reason are named, all at once', async () => {
    expect(await fieldsOf(breakMeter(context, world.clerk, key(), { onDay: day('2026-11-19'), reason: '77' }))).toEqual(
      ['onDay', 'reason'],
    );
    expect(await fieldsOf(sealMeter(context, world.clerk, key(), { onDay: day('2020-01-01') }))).toEqual(['onDay']);
    await ways.break();
    expect(await fieldsOf(repairMeter(context, world.clerk, key(), { onDay: day('2026-11-01') }))).toEqual(['onDay']);
  });

  test('a broken device counts no more from its day', async () => {
    await enter(world.cold, '110', '2026-10-20');
    await enter(world.cold, '125', '2026-11-15');
    expect(await months(world.cold)).toEqual(['2026-10 10 reading', '2026-11 15 reading']);
    await ways.break();
    expect(await months(world.cold)).toEqual(['2026-10 10 reading']);
  });
});

describe('replacing a device', () => {
  test('the month is the sum of two parts, and both values stand in one event', async () => {
    await enter(world.cold, '110', '2026-10-20');
    const next = await replaceMeter(context, world.clerk, key(), replacement());
    await enter(next, '4', '2026-11-17');
    expect(await months(world.cold)).toEqual(['2026-10 10 reading', '2026-11 20 reading']);
    expect(await months(next)).toEqual(['2026-11 4 reading']);
    const old = await meterOf();
    expect(old).toMatchObject({ state: 'archived', archivedOn: '2026-11-10', archiveReason: '1', replacedBy: next });
    const fresh = await meterOf(next);
    expect(fresh).toMatchObject({ state: 'working', usedFrom: '2026-11-10', verifyBy: '2032-06-01', kind: old.kind });
    expect(fresh.accounts).toEqual(old.accounts);
    expect(fresh.number).not.toBe(old.number);
  });

  test('every provider hears of the last and the first value', async () => {
    const next = await replaceMeter(context, world.clerk, key(), replacement());
    for (const [meterId, kind] of [
      [world.cold, 'final'],
      [next, 'base'],
    ] as const) {
      const readings = await selectHistory(context.db, world.houseId, meterId, { after: null, limit: 5 });
      const mark = readings.find((reading) => reading.kind === kind)!;
      const deliveries = await selectDeliveries(context.db, world.houseId, [mark.readingId]);
      expect(Object.fromEntries(deliveries.map(({ providerId, state }) => [providerId, state]))).toEqual({
        [world.manager]: 'accepted',
        [world.supplier]: 'received',
      });
    }
  });

  test('twice, one after the other and both at once, it is replaced once', async () => {
    const both = await Promise.allSettled([
      replaceMeter(context, world.clerk, key(), replacement()),
      replaceMeter(context, world.head, key(), replacement()),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const one of both) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Conflict);
    await expect(replaceMeter(context, world.clerk, key(), replacement())).rejects.toBeInstanceOf(Conflict);
    const devices = await context.db
      .selectFrom('meter')
      .select('state')
      .where('house_id', '=', world.houseId)
      .where('premises_id', '=', world.premisesId)
      .execute();
    expect(devices.filter(({ state }) => state !== 'archived')).toHaveLength(2);
  });

  test('wrong values leave everything as it was: nothing is half done', async () => {
    const before = await meterOf();
    const wrong = replacement({ final: values('90'), base: new Map(), reason: '8' });
    expect(await fieldsOf(replaceMeter(context, world.clerk, key(), wrong))).toEqual([
      'reason',
      'final-1-t1',
      'base-1-t1',
    ]);
    expect(
      await fieldsOf(
        replaceMeter(context, world.clerk, key(), { ...replacement(), next: { ...replacement().next, serial: ' ' } }),
      ),
    ).toEqual(['serial']);
    expect(await meterOf()).toEqual(before);
    expect(await selectHistory(context.db, world.houseId, world.cold, { after: null, limit: 5 })).toHaveLength(1);
  });

  test('a reading that comes for the old device after that is told where to go', async () => {
    await replaceMeter(context, world.clerk, key(), replacement());
    const [late] = await enterReadings(context, world.clerk, world.houseId, [
      {
        meterId: world.cold,
        resource: '1',
        kind: 'current',
        takenOn: null,
        t1: '140',
        t2: null,
        t3: null,
        confirmed: [],
      },
    ]);
    expect(late).toMatchObject({ state: 'wrong', errors: [{ field: 'meter' }] });
  });
});

describe('verification', () => {
  test('what ran on the stand counts for nothing, and the next term counts from its end', async () => {
    await enter(world.cold, '110', '2026-10-20');
    await verifyMeter(context, world.clerk, key(), {
      startedOn: day('2026-11-03'),
      onDay: day('2026-11-06'),
      sealedOn: day('2026-11-06'),
      interval: 6,
      reason: null,
      start: values('114'),
      end: values('119.5'),
    });
    await enter(world.cold, '125.5', '2026-11-17');
    expect(await months(world.cold)).toEqual(['2026-10 10 reading', '2026-11 10 reading']);
    expect(await meterOf()).toMatchObject({ verifiedOn: '2026-11-06', verifyBy: '2032-11-06', sealedOn: '2026-11-06' });
  });

  test('ends not before it began, is not recorded twice, needs both values', async () => {
    const verification = {
      startedOn: day('2026-11-06'),
      onDay: day('2026-11-03'),
      sealedOn: null,
      interval: 25,
      reason: '77',
      start: values('90'),
      end: new Map() as ReadonlyMap<Resource, Values>,
    };
    expect(await fieldsOf(verifyMeter(context, world.clerk, key(), verification))).toEqual([
      'onDay',
      'reason',
      'start-1-t1',
      'end-1-t1',
    ]);
    const good = {
      ...verification,
      onDay: day('2026-11-06'),
      interval: 6,
      reason: null,
      start: values('104'),
      end: values('104'),
    };
    await verifyMeter(context, world.clerk, key(), good);
    expect(await fieldsOf(verifyMeter(context, world.clerk, key(), good))).toContain('onDay');
  });
});

describe('the archive', () => {
  test('takes no reason of a replacement, and gives back what nobody has replaced', async () => {
    const archiving = { onDay: day('2026-11-10'), reason: '2', final: new Map() as ReadonlyMap<Resource, Values> };
    expect(await fieldsOf(archiveMeter(context, world.clerk, key(), archiving))).toEqual(['reason']);
    await archiveMeter(context, world.clerk, key(), { ...archiving, reason: '4', final: values('120') });
    expect(await months(world.cold)).toEqual(['2026-10 10 shared', '2026-11 10 shared']);
    expect(
      await fieldsOf(restoreMeter(context, world.clerk, key(), { onDay: day('2026-11-01'), reason: '9' })),
    ).toEqual(['onDay', 'reason']);
    await restoreMeter(context, world.clerk, key(), { onDay: day('2026-11-11'), reason: '2' });
    expect(await meterOf()).toMatchObject({ state: 'working', archivedOn: null, archiveReason: null });
  });

  test('gives no replaced device back while the other works', async () => {
    const next = await replaceMeter(context, world.clerk, key(), replacement());
    const restore = () => restoreMeter(context, world.clerk, key(), { onDay: day('2026-11-12'), reason: '2' });
    await expect(restore()).rejects.toMatchObject({ code: 'meter_replaced' });
    await archiveMeter(context, world.clerk, key(next), { onDay: day('2026-11-12'), reason: '4', final: new Map() });
    await restore();
    expect(await meterOf()).toMatchObject({ state: 'working', replacedBy: null });
  });
});

describe('registering', () => {
  const card = {
    kind: 'individual' as const,
    serial: 'Р-1',
    brand: '',
    model: '',
    premisesId: null,
    roomId: null,
    place: '',
    tariffs: 1,
    ratio: '1',
    digits: 5,
    givesVolume: false,
    remote: false,
    remoteNote: null,
    temperatureSensor: false,
    temperatureNote: null,
    pressureSensor: false,
    pressureNote: null,
    installedOn: null,
    usedFrom: day('2026-11-01'),
    factorySealedOn: null,
    sealedOn: null,
    verifiedOn: null,
    verificationInterval: null,
    resources: [{ resource: '1' as const, unit: '113', base: { t1: '3', t2: null, t3: null } }],
  };

  test('links the device to the organisation’s own accounts of the flat', async () => {
    await expect(registerMeter(context, world.strangerClerk, world.houseId, card)).rejects.toBeInstanceOf(NotFound);
    const meterId = await registerMeter(context, world.clerk, world.houseId, { ...card, premisesId: world.premisesId });
    expect((await meterOf(meterId)).accounts).toEqual([{ accountId: world.accountId, providerId: world.manager }]);
  });

  test('says where the organisation has no accounts, and what is wrong in the card', async () => {
    const empty = { ...card, premisesId: world.neighbourId };
    expect(await fieldsOf(registerMeter(context, world.clerk, world.houseId, empty))).toEqual(['premises']);
    const wrong = { ...card, premisesId: world.premisesId, serial: '', digits: 99 };
    expect(await fieldsOf(registerMeter(context, world.clerk, world.houseId, wrong))).toEqual(['serial', 'digits']);
  });
});
